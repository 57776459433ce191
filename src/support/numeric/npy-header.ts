import { CompileError, defineDiagnostics, message } from "../diagnostic.ts";
import type { Location } from "../location.ts";

/** What is wrong with a `.npy` file. */
export const npyDiagnostics = defineDiagnostics("npy", {
  "not-npy": {
    severity: "error",
    message: message`the file does not begin with "\\x93NUMPY"`,
    help: "save the array with numpy.save; an .npz archive must be unpacked first",
  },
  version: {
    severity: "error",
    message: message`format version ${"major"}.${"minor"} is unknown`,
    help: "save the array in format version 1.0, 2.0 or 3.0",
  },
  header: {
    severity: "error",
    message: message`malformed header at byte ${"offset"}: ${"what"}`,
    help: "save the array again with numpy.save",
  },
  dtype: {
    severity: "error",
    message: message`dtype ${"dtype"} has no element type here`,
    help: "convert the array with astype to a float, integer, bool or unicode dtype before saving it",
  },
  size: {
    severity: "error",
    message: message`shape (${"shape"}) of dtype ${"dtype"} needs ${"expected"} bytes, the file holds ${"actual"}`,
    help: "the file is cut short or holds something else after the array; save the array again",
  },
  character: {
    severity: "error",
    message: message`element ${"element"} holds ${"code"}, which is no Unicode code point`,
    help: "save the array again with numpy.save",
  },
  "trailing-nul": {
    severity: "error",
    message: message`element ${"element"} ends in a NUL, which numpy's strings cannot hold`,
    help: "remove the NUL, or store the text in another format",
  },
  "padded-size": {
    severity: "error",
    message: message`${"count"} strings as wide as the longest take ${"bytes"} bytes, over the limit of ${"limit"}`,
    help: "shorten the longest string, or store the text in another format",
  },
});

/** The dictionary at the front of a `.npy` file. */
export interface NpyHeader {
  /** As numpy writes it, such as `<f4`. */
  readonly descr: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Where the elements begin. */
  readonly dataOffset: number;
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // "\x93NUMPY"
/** More dimensions than this numpy cannot have (NPY_MAXDIMS). */
const maxRank = 64;

/**
 * Reads the header: magic, version, length and a Python dictionary literal with the keys `descr`, `fortran_order` and
 * `shape` (numpy.lib.format).
 * @throws CompileError with a {@link npyDiagnostics} diagnostic.
 */
export function readNpyHeader(bytes: Uint8Array, location: Location): NpyHeader {
  const malformed = (offset: number, what: string): CompileError =>
    new CompileError([npyDiagnostics.at("header", location, { offset, what })]);
  if (magic.some((byte, i) => bytes[i] !== byte)) throw new CompileError([npyDiagnostics.at("not-npy", location, {})]);
  const [major, minor] = [bytes[6], bytes[7]];
  if (major === undefined || minor === undefined) throw malformed(bytes.length, "the file ends before the version");
  if (major < 1 || major > 3 || minor !== 0) {
    throw new CompileError([npyDiagnostics.at("version", location, { major, minor })]);
  }
  const lengthBytes = major === 1 ? 2 : 4;
  const begin = 8 + lengthBytes;
  if (bytes.length < begin) throw malformed(bytes.length, "the file ends before the header's length");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = begin + (lengthBytes === 2 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (end > bytes.length) throw malformed(8, `the header should end at byte ${end} of ${bytes.length}`);
  // Latin-1 (1.0, 2.0) and UTF-8 (3.0) differ only in the field names of structured dtypes, which are refused.
  const text = new TextDecoder("latin1").decode(bytes.subarray(begin, end));
  return { ...parseDictionary(text, (at, what) => malformed(begin + at, what)), dataOffset: end };
}

type Token =
  | { readonly kind: "string"; readonly text: string; readonly at: number }
  | { readonly kind: "word"; readonly text: string; readonly at: number }
  | { readonly kind: "integer"; readonly value: number; readonly at: number }
  | { readonly kind: "punctuation"; readonly text: string; readonly at: number }
  | { readonly kind: "end"; readonly at: number };

/** Strings without escapes, names, integers (with Python 2's `L`) and punctuation. */
const tokenPattern = /\s*(?:'([^'\\\n]*)'|"([^"\\\n]*)"|([A-Za-z_]+)|(\d+)L?|([{}()[\]:,])|$)/y;

/** A parser of the header's dictionary: it goes no deeper than the format, so nesting cannot exhaust the stack. */
function parseDictionary(
  text: string,
  malformed: (at: number, what: string) => CompileError,
): Omit<NpyHeader, "dataOffset"> {
  const scanner = new RegExp(tokenPattern);
  let ahead = scan();

  function scan(): Token {
    const at = scanner.lastIndex;
    const match = scanner.exec(text);
    if (match === null) throw malformed(at, `unexpected ${quoted(text.slice(at))}`);
    const [, single, double, word, digits, punctuation] = match;
    if (single !== undefined || double !== undefined) return { kind: "string", text: single ?? double ?? "", at };
    if (word !== undefined) return { kind: "word", text: word, at };
    if (digits !== undefined) return { kind: "integer", value: Number(digits), at };
    if (punctuation !== undefined) return { kind: "punctuation", text: punctuation, at };
    return { kind: "end", at };
  }
  function next(): Token {
    const token = ahead;
    ahead = scan();
    return token;
  }
  function take(punctuation: string): boolean {
    if (ahead.kind !== "punctuation" || ahead.text !== punctuation) return false;
    next();
    return true;
  }
  function expect(punctuation: string): void {
    if (!take(punctuation)) throw malformed(ahead.at, `expected "${punctuation}"`);
  }

  function parseDescr(): string {
    const token = next();
    if (token.kind === "string") return token.text;
    if (token.kind === "punctuation" && token.text === "[") throw malformed(token.at, "a structured dtype is not read");
    throw malformed(token.at, "descr is not a string");
  }
  function parseOrder(): boolean {
    const token = next();
    if (token.kind === "word" && token.text === "True") return true;
    if (token.kind === "word" && token.text === "False") return false;
    throw malformed(token.at, "fortran_order is neither True nor False");
  }
  function parseShape(): readonly number[] {
    expect("(");
    const shape: number[] = [];
    while (!take(")")) {
      const token = next();
      if (token.kind !== "integer") throw malformed(token.at, "shape is not a tuple of sizes");
      if (!Number.isSafeInteger(token.value)) throw malformed(token.at, "a dimension is too large");
      if (shape.push(token.value) > maxRank) throw malformed(token.at, `shape has more than ${maxRank} dimensions`);
      if (!take(",")) {
        // `(3)` is a number in Python, not a tuple.
        if (shape.length === 1) throw malformed(ahead.at, 'expected ","');
        expect(")");
        break;
      }
    }
    return shape;
  }

  let descr: string | undefined;
  let fortranOrder: boolean | undefined;
  let shape: readonly number[] | undefined;
  expect("{");
  while (!take("}")) {
    const key = next();
    if (key.kind !== "string") throw malformed(key.at, "a key is not a string");
    expect(":");
    if (key.text === "descr" && descr === undefined) descr = parseDescr();
    else if (key.text === "fortran_order" && fortranOrder === undefined) fortranOrder = parseOrder();
    else if (key.text === "shape" && shape === undefined) shape = parseShape();
    else throw malformed(key.at, `key ${quoted(key.text)} is unknown or given twice`);
    if (!take(",")) {
      expect("}");
      break;
    }
  }
  if (ahead.kind !== "end") throw malformed(ahead.at, "text follows the dictionary");
  if (descr === undefined || fortranOrder === undefined || shape === undefined) {
    throw malformed(ahead.at, "descr, fortran_order or shape is missing");
  }
  return { descr, fortranOrder, shape };
}

/** Text from a file as it may be shown: escaped, in ASCII, and short. */
export function quoted(text: string): string {
  const short = text.length > 40 ? `${text.slice(0, 40)}...` : text;
  return JSON.stringify(short).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/**
 * The bytes before the elements, padded with spaces so that the elements begin at a multiple of 64. Version 1.0, or 2.0
 * where the dictionary is longer than 1.0 can say.
 */
export function writeNpyHeader(descr: string, shape: readonly number[]): Uint8Array {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${sizes}), }`;
  const version = dictionary.length + 64 < 2 ** 16 ? 1 : 2;
  const begin = version === 1 ? 10 : 12;
  const end = Math.ceil((begin + dictionary.length + 1) / 64) * 64;
  const header = new Uint8Array(end);
  header.set([...magic, version, 0]);
  const view = new DataView(header.buffer);
  if (version === 1) view.setUint16(8, end - begin, true);
  else view.setUint32(8, end - begin, true);
  header.fill(0x20, begin);
  header.set(new TextEncoder().encode(dictionary), begin);
  header[end - 1] = 0x0a;
  return header;
}
