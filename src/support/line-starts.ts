import { partitionPoint } from "./partition-point.ts";

/** Where each line of a text begins. */
export function lineStartsOf(text: string): Uint32Array {
  const starts: number[] = [0];
  for (let index = text.indexOf("\n"); index >= 0; index = text.indexOf("\n", index + 1)) starts.push(index + 1);
  return Uint32Array.from(starts);
}

/** The last line that starts at or before the offset. */
export function lineOf(starts: Uint32Array, offset: number): number {
  return Math.max(0, partitionPoint(starts.length, (line) => starts[line]! <= offset) - 1);
}
