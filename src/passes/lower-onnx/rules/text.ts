import { onnx } from "../../../ir/dialects/onnx/index.ts";
import { i1, stringType } from "../../../ir/types.ts";
import { type HostTensor, tensorFromNumbers, tensorFromStrings } from "../../../support/numeric/host-tensor.ts";
import { broadcastHost } from "../host-broadcast.ts";
import { lowering, type Lowering, type LoweringView } from "../lowering.ts";
import { fullMatcher } from "../regular-expression.ts";
import { PatternError } from "../regular-expression-syntax.ts";
import type { Tensor } from "../tensor.ts";

/** The elements of a tensor of strings, which must be known. */
function stringsOf(view: Pick<LoweringView, "known" | "invalid">, x: Tensor, name: string): readonly string[] {
  if (x.element !== stringType) view.invalid(`${name} is no tensor of strings`);
  return view.known(x, name).data as readonly string[];
}

/** Languages whose letters change case in a way of their own. */
const specialLanguages: ReadonlySet<string> = new Set(["az", "lt", "tr"]);

/** Changes the case of letters; undefined for a name that stands for no change. */
function caseChange(action: string, locale: string | undefined): ((text: string) => string) | undefined {
  const language = (locale ?? "").slice(0, 2).toLowerCase();
  const tag = specialLanguages.has(language) ? language : "en";
  if (action === "LOWER") return (text) => text.toLocaleLowerCase(tag);
  if (action === "UPPER") return (text) => text.toLocaleUpperCase(tag);
  return undefined;
}

/** Python's `str.split`: by a delimiter, or by runs of white space, at most `limit` times. */
function split(text: string, delimiter: string, limit: number): readonly string[] {
  const parts: string[] = [];
  let rest = delimiter === "" ? text.trimStart() : text;
  while (parts.length < limit) {
    const gap = delimiter === "" ? /\s+/u.exec(rest) : undefined;
    const at = gap ? gap.index : delimiter === "" ? -1 : rest.indexOf(delimiter);
    if (at < 0) break;
    parts.push(rest.slice(0, at));
    rest = rest.slice(at + (gap ? gap[0].length : delimiter.length));
  }
  // White space at the end is no part; what a limit leaves over keeps its own.
  return delimiter === "" && rest === "" ? parts : [...parts, rest];
}

export const textRules: readonly Lowering[] = [
  lowering(onnx.StringConcat, (view) => {
    const { X, Y } = view.inputs;
    stringsOf(view, X, "X");
    stringsOf(view, Y, "Y");
    const { shape, operands } = broadcastHost([view.known(X, "X"), view.known(Y, "Y")]);
    const [left, right] = operands as [readonly string[], readonly string[]];
    return [view.t.constant(tensorFromStrings(shape, left.map((text, index) => text + right[index]!)))]; // prettier-ignore
  }),
  lowering(onnx.StringSplit, (view) => {
    const { X } = view.inputs;
    const { delimiter = "", maxsplit } = view.attributes;
    const limit = maxsplit === undefined || maxsplit < 0 ? Infinity : maxsplit;
    const parts = stringsOf(view, X, "X").map((text) => split(text, delimiter, limit));
    const most = parts.reduce((longest, list) => Math.max(longest, list.length), 0);
    const padded = parts.flatMap((list) => Array.from({ length: most }, (_, index) => list[index] ?? ""));
    return [
      view.t.constant(tensorFromStrings([...X.shape, most], padded)),
      view.t.constant(tensorFromNumbers("i64", X.shape, parts.map((list) => list.length))), // prettier-ignore
    ];
  }),
  lowering(onnx.StringNormalizer, (view) => {
    const { X } = view.inputs;
    const { case_change_action: action, is_case_sensitive, locale, stopwords = [] } = view.attributes;
    if (X.rank !== 1 && !(X.rank === 2 && X.shape[0] === 1)) view.invalid(`its operand has shape [${X.shape}]`);
    const change = caseChange(action, locale);
    if (!change && action !== "NONE") view.invalid(`case_change_action ${action} is none of LOWER, UPPER and NONE`);
    const compared = is_case_sensitive !== 0 ? (text: string) => text : caseChange("LOWER", locale)!;
    const dropped = new Set(stopwords.map(compared));
    const kept = stringsOf(view, X, "X").filter((text) => !dropped.has(compared(text)));
    const result = kept.length === 0 ? [""] : kept.map((text) => change?.(text) ?? text);
    return [view.t.constant(tensorFromStrings(X.rank === 1 ? [result.length] : [1, result.length], result))];
  }),
  lowering(onnx.RegexFullMatch, (view) => {
    const { X } = view.inputs;
    const { pattern } = view.attributes;
    if (pattern === undefined) return view.invalid("it has no pattern");
    const matches = matcherOf(view, pattern);
    const data = Uint8Array.from(stringsOf(view, X, "X"), (text) => Number(matches(text)));
    return [view.t.constant({ elementType: "i1", shape: X.shape, data } satisfies HostTensor, i1)];
  }),
  lowering(onnx.ImageDecoder, (view) => view.unsupported("there are no decoders of image files here")),
];

function matcherOf(view: Pick<LoweringView, "invalid">, pattern: string): (text: string) => boolean {
  try {
    return fullMatcher(pattern);
  } catch (error) {
    if (error instanceof PatternError) return view.invalid(`its pattern is not one of RE2's: ${error.message}`);
    throw error;
  }
}
