/** A declaration that generated code needs, such as a function. Printed once, after what it requires. */
export interface Helper {
  /** Decides identity; the name that code calls it by. */
  readonly name: string;
  readonly code: string;
  readonly requires?: readonly Helper[];
}

/** The helpers that generated code asked for, in an order in which each comes after what it requires. */
export class HelperSet {
  readonly #helpers = new Map<string, Helper>();

  /** Adds a helper (once) and returns its name. */
  add(helper: Helper): string {
    if (this.#helpers.has(helper.name)) return helper.name;
    for (const required of helper.requires ?? []) this.add(required);
    this.#helpers.set(helper.name, helper);
    return helper.name;
  }
  get codes(): readonly string[] {
    return [...this.#helpers.values()].map((helper) => helper.code);
  }
}
