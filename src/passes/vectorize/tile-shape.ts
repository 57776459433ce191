/** Positions of loops that are written out. */
export type Point = ReadonlyMap<number, number>;

/** Neighbouring iterations of the vector loop that go into one vector; one lane means scalars. */
export interface Chunk {
  readonly offset: number;
  readonly lanes: number;
}

/** `size` iterations in vectors of at most `lanes`, the rest in ever narrower ones. */
export function chunksOf(size: number, lanes: number): readonly Chunk[] {
  const chunks: Chunk[] = [];
  let offset = 0;
  for (let width = lanes; width >= 1; width /= 2)
    while (size - offset >= width) {
      chunks.push({ offset, lanes: width });
      offset += width;
    }
  return chunks;
}

/** All points of some loops, the last loop fastest. */
export function pointsOf(loops: readonly number[], bounds: readonly number[]): readonly ReadonlyMap<number, number>[] {
  return loops.reduce<readonly ReadonlyMap<number, number>[]>(
    (points, loop) =>
      points.flatMap((point) => Array.from({ length: bounds[loop]! }, (_, at) => new Map([...point, [loop, at]]))),
    [new Map()],
  );
}
