/** How many of the first `count` positions satisfy a condition that holds up to some position and for none after it; found by halving. */
export function partitionPoint(count: number, holds: (position: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
