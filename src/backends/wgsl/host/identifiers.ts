import { identifierFrom, NameTable } from "../../printing/names.ts";

/** Words of JavaScript, and names that generated code uses. */
const reserved: ReadonlySet<string> = new Set(
  (
    "arguments as async await break case catch class const continue debugger default delete do else enum eval export extends false " +
    "finally for from function get if implements import in instanceof interface let new null of package private protected public " +
    "return set static super switch this throw true try typeof undefined var void while with yield " +
    "Array BigInt Infinity Math NaN Number Object"
  ).split(" "),
);

/** A JavaScript identifier for any text; none is a word of the language, or the name of a typed array. */
const jsIdentifier = (text: string): string =>
  identifierFrom(text, (name) => reserved.has(name) || /^[A-Z]\w*Array$/.test(name));

/** A table of JavaScript names. */
export const jsNames = (): NameTable => new NameTable(jsIdentifier);
