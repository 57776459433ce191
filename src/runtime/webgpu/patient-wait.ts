/** First and longest pause between two looks at what is pending, in milliseconds. */
const firstPause = 0.02;
const longestPause = 0.5;

/** What nobody ever wakes. */
const never = new Int32Array(new SharedArrayBuffer(4));

let waiting = 0;
let pause = firstPause;
let isTurning = false;

function turn(): void {
  isTurning = waiting > 0;
  if (!isTurning) return;
  Atomics.wait(never, 0, 0, pause);
  pause = Math.min(longestPause, pause * 1.5);
  setImmediate(turn);
}

/**
 * Waits for something that Dawn is to settle. In Node, Dawn asks the driver for news in every turn of the event loop for as long as a
 * promise of its is pending, which keeps a core busy: the very core that a renderer in software computes on. While something is
 * waited for, each turn sleeps here for a moment, longer and longer but never as long as a person or a timer would notice.
 */
export async function patiently<T>(pending: Promise<T>): Promise<T> {
  waiting++;
  pause = firstPause;
  if (!isTurning) {
    isTurning = true;
    setImmediate(turn);
  }
  try {
    return await pending;
  } finally {
    waiting--;
  }
}
