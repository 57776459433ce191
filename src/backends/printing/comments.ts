import type { Operation } from "../../ir/module.ts";
import type { Location } from "../../support/location.ts";

/** Text inside a line comment: one line of printable ASCII, as long as given at most. */
export function lineCommentText(text: string, longest = 160): string {
  const safe = text.slice(0, longest + 1).replace(/[^\x20-\x7e]/g, "?");
  return (safe.length > longest ? `${safe.slice(0, longest - 3)}...` : safe).trimEnd();
}

/** Says where in the model code comes from, once for what stands together. */
export class OriginComments {
  readonly #describe: (location: Location) => string;
  #last: string;

  /**
   * @param describe a text for a person; empty where nothing is known
   * @param root what the code around comes from, which needs no comment inside
   */
  constructor(describe: (location: Location) => string, root: Operation) {
    this.#describe = describe;
    this.#last = describe(root.location);
  }
  /** What to say before an operation's code; undefined when it comes from where the code before it does, or nothing is known. */
  before(op: Operation): string | undefined {
    const text = this.#describe(op.location);
    if (text === this.#last || text === "") return undefined;
    this.#last = text;
    return text;
  }
}
