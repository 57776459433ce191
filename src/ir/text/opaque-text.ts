import { isReadDialect } from "./bodies/index.ts";

/** A nested attribute or type of a text that is kept as it was written. */
export interface NestedSymbol {
  readonly start: number;
  readonly end: number;
}

const closers: Readonly<Record<string, string>> = { "<": ">", "(": ")", "[": "]", "{": "}" };
const wordCharacter = /[A-Za-z0-9_$.-]/;
const mayNest = /affine_(?:map|set)<|[#!][A-Za-z_]|\bloc\(/;
/** A dialect's attribute or type without a body. */
const bare = /^[#!][A-Za-z_][\w$-]*\.[\w$.-]*[\w$]$/;
/** What starts a nested symbol, or a string, which may hold anything. */
const starts = /"|\baffine_(?:map|set)(?=<)|[#!][A-Za-z_][A-Za-z0-9_$.]*|\bloc(?=\()/g;

/** Where affine maps and sets, locations, and dialects' attributes and types with a body stand in a text; outermost ones only. */
export function nestedSymbols(text: string): readonly NestedSymbol[] {
  const found: NestedSymbol[] = [];
  const dialect = /^[#!]([\w$-]+)/.exec(text)?.[1];
  if (dialect !== undefined && !isReadDialect(dialect)) return found;
  if (!mayNest.test(text.slice(1))) return found;
  starts.lastIndex = 1;
  for (let match = starts.exec(text); match !== null; match = starts.exec(text)) {
    if (match[0] === '"') {
      starts.lastIndex = endOfString(text, match.index);
      continue;
    }
    if (match.index > 0 && wordCharacter.test(text[match.index - 1]!)) continue;
    const after = match.index + match[0].length;
    const isPlain = (match[0].startsWith("#") || match[0].startsWith("!")) && text[after] !== "<";
    const end = isPlain ? after : endOfBalanced(text, after);
    if (end === undefined) break;
    if (isPlain && !bare.test(match[0])) continue;
    found.push({ start: match.index, end });
    starts.lastIndex = end;
  }
  return found;
}

/** One past the closing quote; the text's end where there is none. */
function endOfString(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index++) {
    if (text[index] === "\\") index++;
    else if (text[index] === '"') return index + 1;
  }
  return text.length;
}

/** One past the bracket that closes the one at `start`; undefined where brackets do not match. */
function endOfBalanced(text: string, start: number): number | undefined {
  const expected: string[] = [];
  for (let index = start; index < text.length; index++) {
    const character = text[index]!;
    const closer = closers[character];
    if (closer !== undefined) expected.push(closer);
    else if (character === '"') index = endOfString(text, index) - 1;
    else if (character === "-" && text[index + 1] === ">") index++;
    else if (character === ">" && expected.at(-1) !== ">") continue;
    else if (character === ">" || character === ")" || character === "]" || character === "}") {
      if (expected.pop() !== character) return undefined;
      if (expected.length === 0) return index + 1;
    }
  }
  return undefined;
}
