/** Hands out names that nothing in a model has yet. */
export class FreshNames {
  readonly #taken: Set<string>;
  readonly #counters = new Map<string, number>();

  constructor(taken: Iterable<string>) {
    this.#taken = new Set(taken);
  }

  /** `wish` itself if it is free, else `wish_1`, `wish_2`, … */
  take(wish: string): string {
    let name = wish;
    while (this.#taken.has(name) || name === "") {
      const count = (this.#counters.get(wish) ?? 0) + 1;
      this.#counters.set(wish, count);
      name = `${wish}_${count}`;
    }
    this.#taken.add(name);
    return name;
  }
}
