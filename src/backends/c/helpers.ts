/** A piece of C that generated code needs: a typedef or a static inline function. Printed once, after what it requires. */
export interface Helper {
  /** Decides identity. */
  readonly name: string;
  readonly code: string;
  readonly requires?: readonly Helper[];
  /** Standard headers, such as `math.h`. */
  readonly includes?: readonly string[];
}

/** The helpers that generated code asked for, in an order in which each comes after what it requires. */
export class HelperSet {
  readonly #helpers = new Map<string, Helper>();
  readonly #includes = new Set<string>();

  /** Adds a helper (once) and returns its name. */
  add(helper: Helper): string {
    if (this.#helpers.has(helper.name)) return helper.name;
    for (const required of helper.requires ?? []) this.add(required);
    for (const include of helper.includes ?? []) this.include(include);
    this.#helpers.set(helper.name, helper);
    return helper.name;
  }
  include(header: string): void {
    this.#includes.add(header);
  }
  get includes(): readonly string[] {
    return [...this.#includes].sort();
  }
  get code(): string {
    return [...this.#helpers.values()].map((helper) => helper.code).join("\n");
  }
}
