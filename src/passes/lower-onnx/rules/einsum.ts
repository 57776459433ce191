import { onnx } from "../../../ir/dialects/onnx/index.ts";
import type { Type } from "../../../ir/types.ts";
import { contract, type Factor, labelSizes } from "../contract.ts";
import { lowering, type Lowering, type LoweringView } from "../lowering.ts";
import type { Tensor } from "../tensor.ts";
import { computationType } from "./arithmetic.ts";

type View = Pick<LoweringView, "t" | "invalid">;

/** An equation with every dimension named: letters as they are, those of an ellipsis by their distance from its end. */
interface Equation {
  readonly inputs: readonly (readonly string[])[];
  readonly output: readonly string[];
}

const ellipsis = "...";

/** The dimensions of one term; `ellipsisRank` is how many an ellipsis stands for. */
function termLabels(view: View, term: string, ellipsisRank: number): readonly string[] {
  const [before, after, ...more] = term.split(ellipsis);
  if (more.length > 0) view.invalid(`the term ${term} has more than one ellipsis`);
  const letters = `${before}${after ?? ""}`;
  if (!/^[A-Za-z]*$/.test(letters)) view.invalid(`the term ${term} has characters other than letters and an ellipsis`);
  if (after === undefined) return [...letters];
  return [...before!, ...Array.from({ length: ellipsisRank }, (_, axis) => `...${ellipsisRank - 1 - axis}`), ...after];
}

/** Reads an equation for operands of the given ranks. */
function parseEquation(view: View, text: string, ranks: readonly number[]): Equation {
  const [left, right, ...more] = text.replaceAll(" ", "").split("->");
  if (more.length > 0) view.invalid(`the equation ${text} has more than one arrow`);
  const terms = left!.split(",");
  if (terms.length !== ranks.length) view.invalid(`${text} has ${terms.length} terms for ${ranks.length} operands`);
  const letterCount = (term: string): number => term.replace(ellipsis, "").length;
  let ellipsisRank = 0;
  const inputs = terms.map((term, index) => {
    if (term.split(ellipsis).length > 2) view.invalid(`the term ${term} has more than one ellipsis`);
    const rest = ranks[index]! - letterCount(term);
    const own = term.includes(ellipsis) ? rest : 0;
    if (own < 0 || (own === 0 && rest !== 0))
      view.invalid(`the term ${term} does not fit an operand of rank ${ranks[index]}`);
    ellipsisRank = Math.max(ellipsisRank, own);
    return termLabels(view, term, own);
  });
  const output = right === undefined ? implicitOutput(inputs, ellipsisRank) : termLabels(view, right, ellipsisRank);
  if (new Set(output).size !== output.length) view.invalid(`the result ${right} repeats a dimension`);
  return { inputs, output };
}

/** Without an arrow: the ellipsis, then the letters that appear once, by their code. */
function implicitOutput(inputs: readonly (readonly string[])[], ellipsisRank: number): readonly string[] {
  const letters = inputs.flat().filter((label) => label.length === 1);
  const once = letters.filter((letter) => letters.indexOf(letter) === letters.lastIndexOf(letter));
  return [...Array.from({ length: ellipsisRank }, (_, axis) => `...${ellipsisRank - 1 - axis}`), ...once.sort()];
}

/** A factor without the dimensions that neither the result nor any other factor has: they are summed first. */
function withoutOwn(view: View, factor: Factor, needed: ReadonlySet<string>, accumulator: Type): Factor {
  const labels = [...new Set(factor.labels)];
  const kept = labels.filter((label) => needed.has(label));
  if (kept.length === labels.length && labels.length === factor.labels.length) return factor;
  return { tensor: contract(view, [factor], kept, accumulator), labels: kept };
}

/** Factors multiplied two at a time, from the left, each time summing what is needed no more. */
function einsum(view: View, tensors: readonly Tensor[], equation: Equation, accumulator: Type): Tensor {
  const all = tensors.map((tensor, index): Factor => ({ tensor, labels: equation.inputs[index]! }));
  const sizes = labelSizes(view, all);
  for (const label of equation.output)
    if (!sizes.has(label)) view.invalid(`the result has the dimension ${label}, which no operand has`);
  const neededBy = (others: readonly Factor[]): ReadonlySet<string> =>
    new Set([...equation.output, ...others.flatMap((factor) => factor.labels)]);
  let factors = all.length === 1 ? all : all.map((factor) => withoutOwn(view, factor, neededBy(all.filter((other) => other !== factor)), accumulator)); // prettier-ignore
  while (factors.length > 2) {
    const [first, second, ...rest] = factors as [Factor, Factor, ...Factor[]];
    const needed = neededBy(rest);
    const labels = [...new Set([...first.labels, ...second.labels])].filter((label) => needed.has(label));
    factors = [{ tensor: contract(view, [first, second], labels, accumulator), labels }, ...rest];
  }
  return contract(view, factors, equation.output, accumulator);
}

export const einsumRules: readonly Lowering[] = [
  lowering(onnx.Einsum, (view) => {
    const { Inputs } = view.inputs;
    const { element } = Inputs[0]!;
    const equation = parseEquation(
      view,
      view.attributes.equation,
      Inputs.map(({ rank }) => rank),
    );
    return [view.t.cast(einsum(view, Inputs, equation, computationType(element)), element)];
  }),
];
