import { integerAttribute } from "../../../ir/attributes.ts";
import { arith, linalg, tensor } from "../../../ir/dialects/index.ts";
import type { IrReader, Operation, ValueId } from "../../../ir/module.ts";
import { type Pattern, pattern } from "../../../ir/pattern.ts";
import type { Rewriter } from "../../../ir/rewriter.ts";
import { indexType, staticShape, type TensorType } from "../../../ir/types.ts";
import {
  BodyCloner,
  boundsAllLoops,
  buildGeneric,
  type IndexedOperand,
  isElementwise,
  isPermutation,
  readStructured,
  type StructuredOp,
} from "../../structured/generic.ts";
import { buildEmpty, buildFill } from "../../structured/build-tensor.ts";

/** Makes the same operation with some of its inputs and outputs; what is dropped must not be read by the body. */
function rebuild(
  rewriter: Rewriter,
  structured: StructuredOp,
  keepsInput: (index: number) => boolean,
  outputs: readonly (IndexedOperand | undefined)[] = structured.outputs,
): Operation {
  const kept = structured.inputs.map((_, index) => index).filter(keepsInput);
  const keptOutputs = outputs.map((_, index) => index).filter((index) => outputs[index] !== undefined);
  return buildGeneric(rewriter, {
    inputs: kept.map((index) => structured.inputs[index]!),
    outputs: keptOutputs.map((index) => outputs[index]!),
    iterators: structured.iterators,
    attributes: structured.op.attributes,
    body: (inputs, outputValues) => {
      const mapping = new Map<ValueId, ValueId>();
      kept.forEach((index, position) => mapping.set(structured.arguments[index]!, inputs[position]!));
      keptOutputs.forEach((index, position) =>
        mapping.set(structured.arguments[structured.inputs.length + index]!, outputValues[position]!),
      );
      const cloner = new BodyCloner(rewriter);
      const yielded = cloner.clone(structured.op, mapping, (loop) => cloner.index(loop));
      return keptOutputs.map((index) => yielded[index]!);
    },
  });
}

const isRead = (reader: IrReader, structured: StructuredOp, argument: number): boolean =>
  reader.uses(structured.arguments[argument]!).length > 0;

/** A rule for generics on tensors of static shape. */
const onStructured = (name: string, body: (structured: StructuredOp, rewriter: Rewriter) => boolean): Pattern =>
  pattern(linalg.generic)(name, ({ op }, rewriter) => {
    const structured = readStructured(rewriter, op);
    return structured !== undefined && body(structured, rewriter);
  });

const generics: readonly Pattern[] = [
  onStructured("copy-of-same", (structured, rewriter) => {
    const [output] = structured.outputs;
    const source = structured.inputs[structured.arguments.indexOf(structured.yielded[0]!)];
    if (!source || structured.outputs.length !== 1 || !isElementwise(rewriter, structured)) return false;
    const sameType = rewriter.typeOf(source.value) === rewriter.typeOf(structured.op.results[0]!);
    if (!sameType || source.map.text !== output!.map.text) return false;
    rewriter.replace(structured.op, [source.value]);
    return true;
  }),
  onStructured("drop-unread-inputs", (structured, rewriter) => {
    const kept = structured.inputs.map((_, index) => isRead(rewriter, structured, index));
    // An input that alone tells how far a loop runs stays.
    for (let index = 0; index < kept.length; index++) {
      const maps = [...structured.inputs.filter((_, input) => kept[input]), ...structured.outputs].map(
        ({ map }) => map,
      );
      if (boundsAllLoops(structured.bounds.length, maps)) break;
      kept[index] = true;
    }
    if (kept.every(Boolean)) return false;
    rewriter.replace(structured.op, rebuild(rewriter, structured, (index) => kept[index]!).results);
    return true;
  }),
  onStructured("merge-same-inputs", (structured, rewriter) => {
    const keys = new Set(structured.inputs.map(({ value, map }) => `${value} ${map.text}`));
    if (keys.size === structured.inputs.length) return false;
    rewriter.replace(structured.op, rebuild(rewriter, structured, () => true).results);
    return true;
  }),
  onStructured("drop-unread-results", (structured, rewriter) => {
    const { op, outputs, inputs } = structured;
    if (outputs.length < 2) return false;
    const kept = outputs.map((output, index) => {
      const used = rewriter.uses(op.results[index]!).length > 0 || isRead(rewriter, structured, inputs.length + index);
      return used ? output : undefined;
    });
    const left = kept.filter((output) => output !== undefined);
    if (left.length === outputs.length || left.length === 0) return false;
    if (
      !boundsAllLoops(
        structured.bounds.length,
        [...inputs, ...left].map(({ map }) => map),
      )
    )
      return false;
    const made = rebuild(rewriter, structured, () => true, kept);
    let next = 0;
    // Results without readers need no replacement.
    rewriter.replace(
      op,
      kept.map((output, index) => (output ? made.results[next++]! : op.results[index]!)),
    );
    return true;
  }),
  onStructured("overwritten-output", (structured, rewriter) => {
    const index = structured.outputs.findIndex(
      ({ value, map }, output) =>
        isPermutation(map) &&
        !isRead(rewriter, structured, structured.inputs.length + output) &&
        !tensor.empty.match(rewriter, rewriter.definition(value)),
    );
    if (index < 0) return false;
    const type = rewriter.typeOf(structured.outputs[index]!.value) as TensorType;
    rewriter.setOperand(structured.op.id, structured.inputs.length + index, buildEmpty(rewriter, type));
    return true;
  }),
  onStructured("generic-that-fills", (structured, rewriter) => {
    const { op, yielded, outputs, body } = structured;
    if (outputs.length !== 1 || !isElementwise(rewriter, structured)) return false;
    const value = rewriter.value(yielded[0]!);
    const inside = value.kind === "argument" ? value.block === body : rewriter.operation(value.op).parent === body;
    if (inside) return false;
    rewriter.replace(op, [buildFill(rewriter, yielded[0]!, rewriter.typeOf(op.results[0]!) as TensorType)]);
    return true;
  }),
];

const named: readonly Pattern[] = [
  pattern(linalg.fill)("overwritten-output", ({ op, operands, results }, rewriter) => {
    const [output] = operands.outputs;
    const type = output === undefined ? undefined : rewriter.typeOf(output);
    if (type?.kind !== "tensor" || !staticShape(type) || results.results.length !== 1) return false;
    if (tensor.empty.match(rewriter, rewriter.definition(output!))) return false;
    rewriter.setOperand(op.id, operands.inputs.length, buildEmpty(rewriter, type));
    return true;
  }),
  pattern(linalg.copy)("copy-of-same", ({ op, operands, results }, rewriter) => {
    const [source] = operands.inputs;
    if (results.results.length !== 1 || source === undefined) return false;
    if (rewriter.typeOf(source) !== rewriter.typeOf(results.results[0]!)) return false;
    rewriter.replace(op, [source]);
    return true;
  }),
  pattern(linalg.index)("index-of-single-iteration", ({ op, attributes }, rewriter) => {
    const holder = rewriter.operation(rewriter.block(op.parent!).parent);
    const structured = readStructured(rewriter, holder);
    if (structured?.bounds[attributes.dim] !== 1) return false;
    const zero = arith.constant.build(
      rewriter,
      {},
      { value: integerAttribute(0, indexType) },
      { resultTypes: [indexType] },
    );
    rewriter.replace(op, [zero.result]);
    return true;
  }),
];

export const linalgPatterns: readonly Pattern[] = [...generics, ...named];
