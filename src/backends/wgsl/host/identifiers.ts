/** Words of JavaScript, and names that generated code uses. */
const reserved: ReadonlySet<string> = new Set(
  (
    "arguments as async await break case catch class const continue debugger default delete do else enum eval export extends false " +
    "finally for from function get if implements import in instanceof interface let new null of package private protected public " +
    "return set static super switch this throw true try typeof undefined var void while with yield " +
    "Array BigInt Infinity Math NaN Number Object"
  ).split(" "),
);

/** A JavaScript identifier for any text: characters other than ASCII letters and digits become `_`, and 40 characters are kept. */
export function jsIdentifier(text: string): string {
  const safe = text
    .slice(0, 200)
    .replace(/[^A-Za-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, 40)
    .replace(/_+$/, "");
  if (safe === "") return "unnamed";
  return /^[0-9]/.test(safe) || reserved.has(safe) || /^[A-Z]\w*Array$/.test(safe) ? `x_${safe}` : safe;
}

/** Hands out names that differ from each other. */
export class JsNames {
  readonly #taken = new Set<string>();

  /** An identifier like `text` that was not handed out before. */
  unique(text: string): string {
    const wanted = jsIdentifier(text);
    let name = wanted;
    for (let number = 2; this.#taken.has(name); number++) name = `${wanted}_${number}`;
    this.#taken.add(name);
    return name;
  }
  /** `v0`, `v1`, …: a name with a number. */
  numbered(prefix: string): string {
    let name: string;
    do name = `${prefix}${this.#next++}`;
    while (this.#taken.has(name));
    this.#taken.add(name);
    return name;
  }
  #next = 0;
}

/** Text inside a line comment: one line of printable ASCII. */
export function jsCommentText(text: string, longest = 160): string {
  const safe = text.slice(0, longest + 1).replace(/[^\x20-\x7e]/g, "?");
  return (safe.length > longest ? `${safe.slice(0, longest - 3)}...` : safe).trimEnd();
}
