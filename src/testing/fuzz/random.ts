/** A source of random numbers that gives the same ones for the same seed (Vigna, "SplitMix", its 32-bit form by Steele and others). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }
  /** A whole number from 0 up to `limit`, that not included. */
  below(limit: number): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    let mixed = this.#state ^ (this.#state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    mixed ^= mixed >>> 15;
    return Math.floor(((mixed >>> 0) / 2 ** 32) * limit);
  }
  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }
}
