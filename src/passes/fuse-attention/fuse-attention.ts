import { affineMap, type AffineMap } from "../../ir/affine.ts";
import { locationOf } from "../../ir/create-module.ts";
import { arith, linalg, weft } from "../../ir/dialects/index.ts";
import { type IrReader, type Operation, type ValueId, walk } from "../../ir/module.ts";
import { Rewriter } from "../../ir/rewriter.ts";
import { elementOf, f32, indexType, type TensorType } from "../../ir/types.ts";
import { eraseDeadDefinitions } from "../dce/erase-dead.ts";
import { pass, type PassContext } from "../pass.ts";
import { buildEmpty } from "../structured/build-tensor.ts";
import { buildConstant } from "../structured/constant-scalar.ts";
import {
  BodyCloner,
  bodyOperations,
  buildGeneric,
  isElementwise,
  readStructured,
  type StructuredOp,
} from "../structured/generic.ts";
import { type AttentionMatch, matchAttention } from "./match-attention.ts";

/**
 * Finds softmax(f(Q·Kᵀ))·V, as the operator and as graphs spell it, and makes one operation of it that walks through the keys once:
 * scores and probabilities, one for each query and key, are never in memory.
 */
export const fuseAttention = pass({
  name: "fuse-attention",
  summary: "make one operation of products, softmax and weighted values, without scores in memory",
  statistics: { fused: "attentions found" },
  run(module, _, context) {
    const rewriter = new Rewriter(module);
    for (const op of Array.from(walk(rewriter, context.root))) {
      if (op.name !== linalg.generic.name || !rewriter.exists(op.id)) continue;
      const match = matchAttention(rewriter, rewriter.operation(op.id));
      if (!match || !canClone(rewriter, match)) continue;
      fuse(rewriter, context, match);
      context.count("fused");
    }
    return context.commit(rewriter);
  },
});

/** Whether the body that makes scores is plain scalar code. */
const canClone = (rewriter: Rewriter, { scores }: AttentionMatch): boolean =>
  !scores || bodyOperations(rewriter, scores.structured.op).every((op) => op.regions.length === 0);

function fuse(rewriter: Rewriter, context: PassContext, match: AttentionMatch): void {
  const { sum, division } = match;
  const follower = division ? onlyQuotient(rewriter, division.structured) : copyOf(rewriter, sum.op);
  const output = follower && outputThrough(match.output, follower.structured, follower.input);
  const last = output ? follower.structured.op : sum.op;
  rewriter.insertionPoint = { kind: "before", op: last.id };
  rewriter.location = locationOf("fuse-attention", ...(match.scores ? [match.scores.structured.op] : []), sum.op);
  const result = buildAttention(
    rewriter,
    match,
    output ?? match.output,
    rewriter.typeOf(last.results[0]!) as TensorType,
  );
  const sums = division && division.structured.inputs[division.divisor]!.value;
  if (division && !output) divideByOne(rewriter, division.structured, division.divisor);
  const operands = rewriter.operation(last.id).operands;
  rewriter.replace(rewriter.operation(last.id), [result]);
  eraseDeadDefinitions(rewriter, context.registry, [
    ...(rewriter.exists(sum.op.id) ? sum.op.results : []),
    ...(sums === undefined ? [] : [sums]),
    ...operands,
  ]);
}

interface Follower {
  readonly structured: StructuredOp;
  /** Which of its inputs is the sum. */
  readonly input: number;
}

/** The one reader of a result, where it only moves elements. */
function copyOf(reader: IrReader, op: Operation): Follower | undefined {
  const [use, ...others] = reader.uses(op.results[0]!);
  const structured = use && others.length === 0 ? readStructured(reader, reader.operation(use.op)) : undefined;
  if (!structured || structured.inputs.length !== 1 || structured.outputs.length !== 1) return undefined;
  if (!isElementwise(reader, structured) || bodyOperations(reader, structured.op).length > 0) return undefined;
  return structured.yielded[0] === structured.arguments[0] ? { structured, input: 0 } : undefined;
}

/** A division, where it does nothing else. */
function onlyQuotient(reader: IrReader, structured: StructuredOp): Follower | undefined {
  if (structured.inputs.length !== 2 || structured.outputs.length !== 1) return undefined;
  for (const [input, argument] of structured.arguments.slice(0, 2).entries()) {
    const [use] = reader.uses(argument);
    const quotient = use && arith.divf.match(reader, reader.operation(use.op));
    if (!quotient || quotient.operands.lhs !== argument) continue;
    // Unguarded it is what is yielded, guarded the choice after it is.
    const [result] = structured.yielded;
    const isLast =
      result === quotient.results.result ||
      reader.uses(quotient.results.result).every(({ op }) => reader.operation(op).results[0] === result);
    if (isLast) return { structured, input };
  }
  return undefined;
}

/** How attention writes what follows it instead of its own result; undefined when that has not the same axes. */
function outputThrough(own: AffineMap, { inputs, outputs }: StructuredOp, input: number): AffineMap | undefined {
  const read = inputs[input]!.map.results;
  const results = outputs[0]!.map.results.map((written) => {
    const axis = read.findIndex(
      (result) => result.kind === "dimension" && written.kind === "dimension" && result.position === written.position,
    );
    return own.results[axis];
  });
  const isWhole = results.length === own.results.length && results.every((result) => result !== undefined);
  return isWhole ? affineMap(own.dimensions, results) : undefined;
}

/** Makes a division, which does more than that, divide by one. */
function divideByOne(rewriter: Rewriter, structured: StructuredOp, divisor: number): void {
  const { op, inputs, outputs } = structured;
  const before = rewriter.insertionPoint;
  rewriter.insertionPoint = { kind: "before", op: op.id };
  const one = buildConstant(rewriter, 1, f32);
  const made = buildGeneric(rewriter, {
    inputs: inputs.toSpliced(divisor, 1),
    outputs,
    iterators: structured.iterators,
    attributes: op.attributes,
    location: op.location,
    body: (values, results) => {
      const cloner = new BodyCloner(rewriter);
      const given = [...values.toSpliced(divisor, 0, one), ...results];
      const mapping = new Map(structured.arguments.map((argument, position) => [argument, given[position]!]));
      return cloner.clone(op, mapping, (loop) => cloner.index(loop));
    },
  });
  rewriter.replace(op, made.results);
  rewriter.insertionPoint = before;
}

function buildAttention(rewriter: Rewriter, match: AttentionMatch, output: AffineMap, type: TensorType): ValueId {
  const { query, key, value, scores, rows, zeroIfMasked } = match;
  const operands = [query, key, value, ...(scores?.extras.map(({ operand }) => operand) ?? [])];
  const made = weft.online_attention.build(
    rewriter,
    { inputs: operands.map((operand) => operand.value), outputs: [buildEmpty(rewriter, type)] },
    { indexing_maps: [...operands.map(({ map }) => map), output], zero_if_masked: zeroIfMasked },
    {
      resultTypes: [type],
      regions: {
        body: [
          {
            arguments: [
              f32,
              ...operands.slice(3).map((operand) => elementOf(rewriter.typeOf(operand.value))),
              ...Array.from({ length: rows + 1 }, () => indexType),
            ],
            body: (_, values) => {
              const score = scores ? scoreOf(rewriter, scores, values) : values[0]!;
              weft.yield.build(rewriter, { values: [score] }, {});
            },
          },
        ],
      },
    },
  );
  return made.results[0]!;
}

/** What makes a score of the products, from the body's arguments: products, extra inputs, positions. */
function scoreOf(
  rewriter: Rewriter,
  { structured, products, extras, places }: NonNullable<AttentionMatch["scores"]>,
  values: readonly ValueId[],
): ValueId {
  const mapping = new Map<ValueId, ValueId>([[structured.arguments[products]!, values[0]!]]);
  extras.forEach(({ input }, position) => mapping.set(structured.arguments[input]!, values[1 + position]!));
  const positions = values.slice(1 + extras.length);
  return new BodyCloner(rewriter).clone(structured.op, mapping, (loop) => {
    const place = places[loop]!;
    return place.kind === "dimension" ? positions[place.position]! : buildConstant(rewriter, 0, indexType);
  })[0]!;
}
