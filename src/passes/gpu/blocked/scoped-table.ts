/** Values by name, those of an inner region forgotten at its end. */
export class ScopedTable<V> {
  readonly #levels: Map<string, V>[] = [new Map()];

  get(key: string): V | undefined {
    for (let level = this.#levels.length - 1; level >= 0; level--) {
      const found = this.#levels[level]!.get(key);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  /** The value of the name in sight, made at the present place when there is none. */
  of(key: string, make: () => V): V {
    const known = this.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.#levels.at(-1)!.set(key, made);
    return made;
  }
  /** Runs `body` as an inner region. */
  nested<T>(body: () => T): T {
    this.#levels.push(new Map());
    try {
      return body();
    } finally {
      this.#levels.pop();
    }
  }
}
