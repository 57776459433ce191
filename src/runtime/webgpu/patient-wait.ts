/** Longest pause between two looks at a pending result, in milliseconds. */
const longestPause = 0.5;

/** What nobody ever wakes. */
const never = new Int32Array(new SharedArrayBuffer(4));

/**
 * Waits for something that Dawn is to settle. In Node, Dawn asks the driver for news in every turn of the event loop for as long as a
 * promise of its is pending, which keeps a core busy: the very core that a renderer in software computes on. Until the promise is
 * settled each turn sleeps here for a moment, longer and longer but never as long as a person or a timer would notice.
 */
export function patiently<T>(pending: Promise<T>): Promise<T> {
  let isSettled = false;
  let pause = 0.02;
  const turn = (): void => {
    if (isSettled) return;
    Atomics.wait(never, 0, 0, pause);
    pause = Math.min(longestPause, pause * 1.5);
    setImmediate(turn);
  };
  setImmediate(turn);
  return pending.finally(() => (isSettled = true));
}
