import { identifierFrom, NameTable } from "../printing/names.ts";

/** Words a C or C++ compiler keeps for itself, and names of the headers that generated code includes. */
const reserved: ReadonlySet<string> = new Set(
  (
    "auto break case char const continue default do double else enum extern float for goto if inline int long register " +
    "restrict return short signed sizeof static struct switch typedef union unsigned void volatile while asm typeof " +
    "alignas alignof bool constexpr false nullptr static_assert thread_local true typeof_unqual class new delete this " +
    "template namespace operator private protected public virtual friend try catch throw using explicit export " +
    "i386 offsetof and or not xor bitand bitor compl and_eq or_eq xor_eq not_eq main linux unix errno stdin stdout stderr " +
    "signgam y0 y1 yn j0 j1 jn gamma"
  ).split(" "),
);

/** A C identifier for any text; none is a keyword, or a name that the language reserves (those with a leading underscore). */
export const cIdentifier = (text: string): string =>
  // Longer names in capitals could be macros of a header.
  identifierFrom(text, (name) => reserved.has(name) || /^[A-Z0-9_]{3,}$/.test(name));

/** A table of C names, which differ from each other whatever their case. */
export const cNames = (taken: Iterable<string> = []): NameTable =>
  new NameTable(cIdentifier, { taken, ignoresCase: true });

/** Text inside a comment: one line of printable ASCII, in which no comment ends or starts, no trigraph and no line splice is left. */
export function cCommentText(text: string, longest = 160): string {
  const safe = text
    .slice(0, longest + 1)
    .replace(/[^\x20-\x7e]/g, "?")
    .replace(/\*(?=\/)/g, "* ")
    .replace(/\/(?=\*)/g, "/ ")
    .replace(/\?(?=\?)/g, "? ")
    .replace(/\\/g, "/");
  // A backslash that became a slash can meet an asterisk.
  const closed = safe.replace(/\*(?=\/)/g, "* ").replace(/\/(?=\*)/g, "/ ");
  // No asterisk at the end, where the comment's own delimiter follows.
  return (closed.length > longest ? `${closed.slice(0, longest - 3)}...` : closed).replace(/[*/\s]+$/, "");
}

/** A C string literal of the text's UTF-8 bytes. Octal escapes end after three digits, so nothing after them joins in. */
export function cString(text: string): string {
  let literal = "";
  for (const byte of Buffer.from(text, "utf8")) {
    const character = String.fromCharCode(byte);
    const plain = byte >= 0x20 && byte < 0x7f && !'"\\?'.includes(character);
    literal += plain ? character : `\\${byte.toString(8).padStart(3, "0")}`;
  }
  return `"${literal}"`;
}
