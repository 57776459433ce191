import { type AffineExpression, affine, affineMap, type AffineMap, substituteAffine } from "../../ir/affine.ts";
import type { IrReader, OpId, Operation, ValueId } from "../../ir/module.ts";
import { isShaped, staticShape } from "../../ir/types.ts";
import { type IndexedOperand, isElementwise, readStructured, type StructuredOp } from "../structured/generic.ts";
import { behindReshapes, isProductSum, isRowReduction, powersOf, quotientIn, rowQuotientOf } from "./recognise.ts";

/** Attention as it was found, over the loops of `weft.online_attention`. */
export interface AttentionMatch {
  /** The sum of weighted values, which is replaced. */
  readonly sum: StructuredOp;
  /** The operation that divides by the sums of weights afterwards, and which of its inputs are the sum and the weights' sums. */
  readonly division: { readonly structured: StructuredOp; readonly divisor: number } | undefined;
  readonly query: IndexedOperand;
  readonly key: IndexedOperand;
  readonly value: IndexedOperand;
  readonly output: AffineMap;
  /** What makes scores of sums of products: an operation, which of its inputs are the products, and its loops. */
  readonly scores:
    | {
        readonly structured: StructuredOp;
        readonly products: number;
        readonly extras: readonly { readonly input: number; readonly operand: IndexedOperand }[];
        /** The position along each of its loops: of a loop of attention that is a row or t, or zero. */
        readonly places: readonly AffineExpression[];
      }
    | undefined;
  /** The number of row loops. */
  readonly rows: number;
  readonly zeroIfMasked: boolean;
}

/** Finds attention that ends in a sum of values weighted by probabilities (or by what becomes them when divided); undefined elsewhere. */
export function matchAttention(reader: IrReader, op: Operation): AttentionMatch | undefined {
  const sum = readStructured(reader, op);
  if (!sum || !isProductSum(reader, sum)) return undefined;
  for (const weights of [0, 1]) {
    const match = new Matcher(reader, sum, weights).match();
    if (match) return match;
  }
  return undefined;
}

class Matcher {
  readonly #reader: IrReader;
  readonly #sum: StructuredOp;
  readonly #weights: number;
  /** Operations that are gone afterwards: nothing else may read their results. */
  readonly #inner: Operation[] = [];

  constructor(reader: IrReader, sum: StructuredOp, weights: number) {
    this.#reader = reader;
    this.#sum = sum;
    this.#weights = weights;
  }

  match(): AttentionMatch | undefined {
    const reader = this.#reader;
    const weights = this.#sum.inputs[this.#weights]!;
    const softmax = this.#softmax(weights.value);
    if (!softmax) return undefined;
    const scores = behindReshapes(reader, softmax.scores);
    this.#inner.push(...scores.reshapes);
    if (shapeText(reader, scores.value) !== shapeText(reader, weights.value)) return undefined;
    const found = this.#products(scores.value);
    if (!found || !this.#isOwn(softmax.division?.structured.op)) return undefined;
    const axes = this.#axes(weights.map);
    if (!axes) return undefined;
    const { products, body } = found;
    const bodyLoops = body ? loopsOfResult(body.structured, axes.ofScores) : undefined;
    const productAxes = body
      ? body.structured.inputs[body.products]!.map.results.map((result) => substituteAffine(result, bodyLoops!))
      : axes.ofScores;
    const loops = this.#productLoops(products, productAxes, axes.channel);
    if (!loops) return undefined;
    const query = products.inputs.findIndex(({ map }) => !usesLoop(map, loops, axes.key));
    if (query < 0) return undefined;
    const through = ({ value, map }: IndexedOperand, expressions: readonly AffineExpression[]): IndexedOperand => ({
      value,
      map: affineMap(
        axes.count,
        map.results.map((result) => substituteAffine(result, expressions)),
      ),
    });
    const extras = body?.structured.inputs.flatMap((operand, input) =>
      input === body.products ? [] : [{ input, operand: through(operand, bodyLoops!) }],
    );
    return {
      sum: this.#sum,
      division: softmax.division,
      query: through(products.inputs[query]!, loops),
      key: through(products.inputs[1 - query]!, loops),
      value: through(this.#sum.inputs[1 - this.#weights]!, axes.ofSum),
      output: through(this.#sum.outputs[0]!, axes.ofSum).map,
      scores: body && { ...body, extras: extras!, places: bodyLoops! },
      rows: axes.key,
      zeroIfMasked: softmax.zeroIfMasked,
    };
  }

  #structured(value: ValueId): StructuredOp | undefined {
    const op = this.#reader.definition(value);
    return op?.parent === this.#sum.op.parent ? readStructured(this.#reader, op) : undefined;
  }

  /** From weights back to scores: a quotient of powers by their sums, or powers that are divided after the sum. */
  #softmax(weights: ValueId):
    | {
        readonly scores: ValueId;
        readonly zeroIfMasked: boolean;
        readonly division: AttentionMatch["division"];
      }
    | undefined {
    const reader = this.#reader;
    const behind = behindReshapes(reader, weights);
    const last = this.#structured(behind.value);
    const quotient = last && rowQuotientOf(reader, last);
    const powersOp = quotient ? this.#structured(quotient.elements) : last;
    const powers = powersOp && powersOf(reader, powersOp);
    if (!last || !powers) return undefined;
    const powersValue = powersOp.op.results[0]!;
    const division = quotient ? undefined : this.#division(powersValue);
    const sumsValue = quotient?.sums ?? division?.sums;
    const sums = sumsValue === undefined ? undefined : this.#structured(sumsValue);
    const maxima = this.#structured(powers.maxima);
    if (!sums || !maxima || !isRowReduction(reader, sums, "sum") || !isRowReduction(reader, maxima, "maximum"))
      return undefined;
    if (sums.inputs[0]!.value !== powersValue || maxima.inputs[0]!.value !== powers.scores) return undefined;
    const zeroIfMasked = division?.zeroIfZero ?? false;
    // A row whose scores are all -∞ has powers of NaN, or of zero where the maximum is replaced; then sums decide.
    if (zeroIfMasked && !powers.guarded) return undefined;
    this.#inner.push(...behind.reshapes, last.op, powersOp.op, sums.op, maxima.op);
    return {
      scores: powers.scores,
      zeroIfMasked,
      division: division && { structured: division.structured, divisor: division.divisor },
    };
  }

  /** The one reader of the sum, where it divides by the powers' sums. */
  #division(powers: ValueId) {
    const reader = this.#reader;
    const [use, ...others] = reader.uses(this.#sum.op.results[0]!);
    const structured = use && others.length === 0 ? readStructured(reader, reader.operation(use.op)) : undefined;
    if (!structured || !use || !isElementwise(reader, structured)) return undefined;
    for (const [divisor, { value }] of structured.inputs.entries()) {
      const sums = this.#structured(value);
      if (divisor === use.index || sums?.inputs[0]?.value !== powers) continue;
      if (!this.#dividesRows(structured, use.index, divisor)) continue;
      const quotient = quotientIn(reader, structured.arguments[use.index]!, structured.arguments[divisor]!);
      if (quotient) return { structured, divisor, sums: value, ...quotient };
    }
    return undefined;
  }

  /** Whether an element of the sum and the divisor that it meets are of one row. */
  #dividesRows(structured: StructuredOp, dividend: number, divisor: number): boolean {
    // Loops of the division by the sum's dimensions, then rows of the weights by the loops of the sum.
    const dimensions = structured.inputs[dividend]!.map.results;
    const loops = structured.inputs[divisor]!.map.results;
    const written = this.#sum.outputs[0]!.map.results;
    const rows = this.#sum.inputs[this.#weights]!.map.results.slice(0, -1);
    return (
      loops.length === rows.length &&
      loops.every((loop, axis) => {
        const row = rows[axis]!;
        if (loop.kind === "constant" || row.kind === "constant") return loop.kind === row.kind;
        const at = dimensions.findIndex(
          (result) => result.kind === "dimension" && loop.kind === "dimension" && result.position === loop.position,
        );
        const own = written[at];
        return own?.kind === "dimension" && row.kind === "dimension" && own.position === row.position;
      })
    );
  }

  /** The sum of products behind scores, and what is done to it. */
  #products(scores: ValueId) {
    const reader = this.#reader;
    const direct = this.#structured(scores);
    if (!direct) return undefined;
    if (isProductSum(reader, direct)) {
      this.#inner.push(direct.op);
      return { products: direct, body: undefined };
    }
    if (!isElementwise(reader, direct) || direct.outputs.length !== 1) return undefined;
    for (const [input, { value }] of direct.inputs.entries()) {
      const products = this.#structured(value);
      if (!products || !isProductSum(reader, products)) continue;
      this.#inner.push(direct.op, products.op);
      return { products, body: { structured: direct, products: input } };
    }
    return undefined;
  }

  /** Whether nothing reads what would be gone. */
  #isOwn(division: Operation | undefined): boolean {
    const readers = new Set<OpId>([...this.#inner.map(({ id }) => id), this.#sum.op.id]);
    if (division) readers.add(division.id);
    return this.#inner.every(({ results }) =>
      results.every((result) => this.#reader.uses(result).every(({ op }) => readers.has(op))),
    );
  }

  /** The loops of attention: what the loops of the sum, and the axes of the scores, are in their terms. */
  #axes(weights: AffineMap) {
    const { bounds, iterators, outputs } = this.#sum;
    const key = weights.results.at(-1)!;
    if (key.kind !== "dimension" || iterators[key.position] === "parallel") return undefined;
    const others = bounds.flatMap((bound, loop) =>
      iterators[loop] !== "parallel" && loop !== key.position && bound !== 1 ? [loop] : [],
    );
    const written = outputs[0]!.map.results.flatMap((result) => (result.kind === "dimension" ? [result.position] : []));
    if (others.length > 0 || written.length !== outputs[0]!.map.results.length) return undefined;
    const rowLoops: number[] = [];
    for (const result of weights.results.slice(0, -1)) {
      if (result.kind === "dimension") {
        if (rowLoops.includes(result.position) || !written.includes(result.position)) return undefined;
        rowLoops.push(result.position);
      } else if (result.kind !== "constant") return undefined;
    }
    const rest = written.filter((loop) => !rowLoops.includes(loop));
    const width = rest.findLast((loop) => bounds[loop] !== 1) ?? rest.at(-1);
    if (width === undefined || rest.some((loop) => loop !== width && bounds[loop] !== 1)) return undefined;
    const rows = [...rest.filter((loop) => loop !== width), ...rowLoops];
    const zero = affine.constant(0);
    const ofSum = bounds.map((_, loop): AffineExpression => {
      if (loop === key.position) return affine.dimension(rows.length);
      if (loop === width) return affine.dimension(rows.length + 2);
      return rows.includes(loop) ? affine.dimension(rows.indexOf(loop)) : zero;
    });
    const ofScores = weights.results.map((result) => substituteAffine(result, ofSum));
    return { count: rows.length + 3, key: rows.length, channel: rows.length + 1, ofSum, ofScores };
  }

  /** The loops of the products in terms of attention's; undefined when they are more than rows, keys and one sum. */
  #productLoops(
    products: StructuredOp,
    axes: readonly AffineExpression[],
    channel: number,
  ): readonly AffineExpression[] | undefined {
    const summed = products.bounds.flatMap((bound, loop) =>
      products.iterators[loop] !== "parallel" && bound !== 1 ? [loop] : [],
    );
    const [only = products.iterators.findLastIndex((iterator) => iterator !== "parallel")] = summed;
    if (summed.length > 1 || only < 0) return undefined;
    const loops = [...loopsOfResult(products, axes)];
    loops[only] = affine.dimension(channel);
    return loops;
  }
}

/** An operation's loops, given what each axis of its result is: loops that its result does not have run once. */
function loopsOfResult(
  { bounds, outputs }: StructuredOp,
  axes: readonly AffineExpression[],
): readonly AffineExpression[] {
  const loops: AffineExpression[] = bounds.map(() => affine.constant(0));
  outputs[0]!.map.results.forEach((result, axis) => {
    if (result.kind === "dimension") loops[result.position] = axes[axis]!;
  });
  return loops;
}

const usesLoop = (map: AffineMap, loops: readonly AffineExpression[], wanted: number): boolean =>
  map.results.some((result) => {
    const expression = substituteAffine(result, loops);
    return expression.kind === "dimension" && expression.position === wanted;
  });

function shapeText(reader: IrReader, value: ValueId): string | undefined {
  const type = reader.typeOf(value);
  return isShaped(type) ? staticShape(type)?.join("x") : undefined;
}
