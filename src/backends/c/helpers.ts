import { type Helper as AnyHelper, HelperSet as AnyHelperSet } from "../printing/helpers.ts";

/** A piece of C that generated code needs: a typedef or a static inline function. */
export interface Helper extends AnyHelper {
  readonly requires?: readonly Helper[];
  /** Standard headers, such as `math.h`. */
  readonly includes?: readonly string[];
}

/** The helpers that generated code asked for, and the headers. */
export class HelperSet extends AnyHelperSet {
  readonly #includes = new Set<string>();

  override add(helper: Helper): string {
    for (const include of helper.includes ?? []) this.include(include);
    return super.add(helper);
  }
  include(header: string): void {
    this.#includes.add(header);
  }
  get includes(): readonly string[] {
    return [...this.#includes].sort();
  }
  get code(): string {
    return this.codes.join("\n");
  }
}
