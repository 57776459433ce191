import { tokenize } from "../../ir/text/lexer.ts";
import type { Random } from "./random.ts";

/** One way of damaging a text; `others` are texts to take parts of. */
type Mutation = (text: string, random: Random, others: readonly string[]) => string;

const splice = (text: string, start: number, end: number, inserted: string): string =>
  text.slice(0, start) + inserted + text.slice(end);

/** Characters with a meaning, and some that have none. */
const characters = [...'{}()<>[]"%^#!@:,=-+*?/\\ \n0x9ae._$\0é\u{1f600}\u2028\ufeff\r\t;`~'];

const characterLevel: Mutation = (text, random) => {
  const at = random.below(text.length + 1);
  switch (random.below(5)) {
    case 0:
      return splice(text, at, at + 1, String.fromCharCode((text.charCodeAt(at) || 0) ^ (1 << random.below(7))));
    case 1:
      return splice(text, at, at + 1 + random.below(4), "");
    case 2:
      return splice(text, at, at, text.slice(at, at + 1 + random.below(40)));
    case 3:
      return splice(text, at, at, random.pick(characters));
    default:
      return splice(text, at, at + 1, random.pick(characters));
  }
};

/** Pieces of the syntax of all kinds. */
export const fragments: readonly string[] = [
  ...[
    "{",
    "}",
    "(",
    ")",
    "<",
    ">",
    "[",
    "]",
    "->",
    ":",
    "::",
    ",",
    "=",
    "%0",
    "%a:2",
    "%0#1",
    "^bb0",
    "@f",
    "#map",
    "!t",
    "?",
  ],
  ...[
    "i32",
    "f32",
    "index",
    "tensor<4x?xf32>",
    "memref<*xi8>",
    "vector<[4]xi1>",
    "tuple<>",
    "complex<f32>",
    "none",
    "()",
  ],
  ...[
    "dense<",
    "dense<[1, [2]]>",
    "dense_resource<x>",
    "sparse<[0], 1>",
    "array<i32: 1>",
    "affine_map<(d0)[s0] -> (d0 floordiv s0)>",
  ],
  ...[
    "affine_set<(d0) : (d0 >= 0)>",
    "strided<[1]>",
    "unit",
    "true",
    "loc(unknown)",
    "loc(fused[",
    "distinct[0]<1>",
    "#d.a<",
    "!d.t<",
  ],
  ...[
    "module",
    "func.func",
    "func.return",
    "scf.if",
    "scf.for",
    "linalg.generic",
    "arith.constant",
    "builtin.module",
    '"a.b"',
    '""',
  ],
  ...[
    "{-#",
    "#-}",
    "// -----",
    "-",
    "0x",
    "0xFFFFFFFFFFFFFFFFFF",
    "1e999",
    "-0.0",
    "99999999999999999999",
    "attributes",
    "private",
  ],
];

const tokenLevel: Mutation = (text, random) => {
  const { count, starts, ends } = tokenize(text);
  if (count < 2) return text + random.pick(fragments);
  const token = (): readonly [number, number] => {
    const index = random.below(count - 1);
    return [starts[index]!, ends[index]!];
  };
  const [start, end] = token();
  switch (random.below(5)) {
    case 0:
      return splice(text, start, end, "");
    case 1:
      return splice(text, end, end, ` ${text.slice(start, end)}`);
    case 2:
      return splice(text, start, end, ` ${random.pick(fragments)} `);
    case 3:
      return splice(text, end, end, ` ${random.pick(fragments)} `);
    default:
      return splice(text, start, end, text.slice(...token()));
  }
};

const numbers = [
  "0",
  "-1",
  "1",
  "2",
  "255",
  "256",
  "2147483648",
  "4294967296",
  "9223372036854775808",
  "1e400",
  "0.1",
  "0x7FF0000000000001",
];

const numberLevel: Mutation = (text, random) => {
  const found = [...text.matchAll(/\d+/g)];
  if (found.length === 0) return `${text} 1`;
  const { 0: digits, index } = random.pick(found);
  const number = random.below(4) === 0 ? "7".repeat(1 + random.below(3000)) : random.pick(numbers);
  return splice(text, index, index + digits.length, number);
};

const lineLevel: Mutation = (text, random) => {
  const lines = text.split("\n");
  const at = random.below(lines.length);
  const other = random.below(lines.length);
  switch (random.below(4)) {
    case 0:
      return lines.toSpliced(at, 1 + random.below(3)).join("\n");
    case 1:
      return lines.toSpliced(other, 0, ...lines.slice(at, at + 1 + random.below(5))).join("\n");
    case 2:
      return lines.with(at, lines[other]!).with(other, lines[at]!).join("\n");
    default:
      return lines.toSpliced(at, 1, lines[at]! + (lines[at + 1] ?? "")).join("\n");
  }
};

const truncation: Mutation = (text, random) => {
  const at = random.below(text.length + 1);
  return random.below(2) === 0 ? text.slice(0, at) : text.slice(at);
};

const brackets: readonly (readonly [string, string])[] = [
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
  ["<", ">"],
  ["tuple<", ">"],
  ["dense<[", "]>"],
  ['"a"() ({', "}) : () -> ()"],
  ["loc(fused[", "])"],
  ["{a = ", "}"],
  ["#d.a<", ">"],
  ["-", ""],
];

const nesting: Mutation = (text, random) => {
  const { count, starts, ends } = tokenize(text);
  const index = random.below(count);
  const depth = 1 + random.below(random.below(10) === 0 ? 20_000 : 200);
  const [open, close] = random.pick(brackets);
  const inner = text.slice(starts[index], ends[index]);
  const closed = random.below(3) === 0 ? "" : close.repeat(depth);
  return splice(text, starts[index]!, ends[index]!, open.repeat(depth) + inner + closed);
};

const joining: Mutation = (text, random, others) => {
  const other = random.pick(others);
  const [here, there] = [random.below(text.length + 1), random.below(other.length + 1)];
  const line = (of: string, at: number): number => of.lastIndexOf("\n", at) + 1;
  switch (random.below(3)) {
    case 0:
      return text.slice(0, here) + other.slice(there);
    case 1:
      return text.slice(0, line(text, here)) + other.slice(line(other, there));
    default: {
      const start = line(other, there);
      return splice(text, line(text, here), line(text, here), other.slice(start, start + random.below(2000)));
    }
  }
};

const mutations: readonly Mutation[] = [
  ...[characterLevel, characterLevel, tokenLevel, tokenLevel, tokenLevel],
  ...[numberLevel, lineLevel, lineLevel, truncation, nesting, joining],
];

/** How many times a text is damaged: once more often than not, so that some texts stay right. */
const times = [1, 1, 1, 1, 2, 2, 3, 4];

/** A text damaged in one way or in several. */
export function mutate(text: string, random: Random, others: readonly string[]): string {
  let damaged = text;
  for (let count = random.pick(times); count > 0; count--) damaged = random.pick(mutations)(damaged, random, others);
  return damaged;
}
