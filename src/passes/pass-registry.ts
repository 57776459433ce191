import type { AnyPass } from "./pass.ts";

/** The passes a tool knows, by name. */
export class PassRegistry {
  readonly passes: readonly AnyPass[];
  readonly #byName: ReadonlyMap<string, AnyPass>;

  constructor(passes: readonly AnyPass[]) {
    this.passes = passes.toSorted((left, right) => (left.name < right.name ? -1 : 1));
    this.#byName = new Map(passes.map((pass) => [pass.name, pass]));
    if (this.#byName.size !== passes.length) {
      const repeated = this.passes.find((pass, index) => this.passes[index + 1]?.name === pass.name);
      throw new Error(`two passes are named ${repeated?.name}`);
    }
  }
  find(name: string): AnyPass | undefined {
    return this.#byName.get(name);
  }
  names(): Iterable<string> {
    return this.#byName.keys();
  }
}
