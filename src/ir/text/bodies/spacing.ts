import type { BodyReader } from "./reader.ts";

const openers: ReadonlySet<string> = new Set(["<", "(", "[", "{"]);
const closers: ReadonlySet<string> = new Set([">", ")", "]", "}"]);
const comparisons: ReadonlySet<string> = new Set(["<", ">", "=", "!"]);

/**
 * Reads tokens up to one that `isEnd` holds for at the outermost level, or to the end of the body. White space becomes what
 * upstream's printers leave: a space after commas and around `=` and `->`, none inside brackets.
 */
export function spaced(reader: BodyReader, isEnd: () => boolean = () => false): string {
  let text = "";
  let depth = 0;
  let previous = "";
  while (!reader.atEnd() && !(depth === 0 && isEnd())) {
    const isSpaced = reader.isSpaced();
    const nested = reader.nested();
    const token = nested ?? reader.token();
    if (nested === undefined && openers.has(token)) depth++;
    else if (nested === undefined && closers.has(token) && --depth < 0) reader.fail("brackets do not match");
    text += spaceBetween(previous, nested === undefined ? token : "nested", isSpaced) + token;
    previous = nested === undefined ? token : "nested";
  }
  return text;
}

function spaceBetween(before: string, after: string, isSpaced: boolean): string {
  if (before === "" || after === "," || openers.has(before) || closers.has(after)) return "";
  if (before === "," || before === "->" || after === "->") return " ";
  const isEqualSign = before === "=" || after === "=";
  if (after === "=" && !isSpaced && comparisons.has(before)) return "";
  return isSpaced || isEqualSign ? " " : "";
}
