import { affine, affineMap, type AffineMap, projectedDimensions, substituteAffine } from "../../ir/affine.ts";
import { arith, linalg } from "../../ir/dialects/index.ts";
import type { IteratorType } from "../../ir/dialects/linalg.ts";
import { bodyOf, type IrReader, type Operation, type ValueId, walk } from "../../ir/module.ts";
import { Rewriter } from "../../ir/rewriter.ts";
import { i32, i8, staticShape, tensorType, type TensorType } from "../../ir/types.ts";
import { valueOfConstant } from "../../interpreter/interpret.ts";
import { webGpuTargetOf } from "../../targets/webgpu.ts";
import { type HostTensor, readElement, tensorFromNumbers } from "../../support/numeric/host-tensor.ts";
import { eraseDeadDefinitions } from "../dce/erase-dead.ts";
import { pass } from "../pass.ts";
import { buildConstant } from "../structured/constant-scalar.ts";
import { BodyCloner, buildGeneric, readStructured, type StructuredOp } from "../structured/generic.ts";
import { isAnchor } from "../structured/reuse.ts";

/** Bytes of a word. */
const perWord = 4;

/**
 * Lays out the constant factor of sums of products of 8-bit integers so that four neighbouring terms of the sum are one word, and
 * splits the loop of the sum in words and their bytes: `B[k][n]` becomes `B'[k / 4][n][k mod 4]`. Both factors of four products are
 * words then, which devices with packed dot products multiply at once. Only for devices that prefer that.
 */
export const packReductionWords = pass({
  name: "pack-reduction-words",
  summary: "lay out constant 8-bit factors in words along the sum, for devices with packed dot products",
  statistics: { packed: "factors laid out" },
  run(module, _, context) {
    if (!webGpuTargetOf(module).preferences.packedDots) return module;
    const rewriter = new Rewriter(module);
    for (const { id, name } of Array.from(walk(rewriter, context.root))) {
      if (name !== linalg.generic.name || !rewriter.exists(id)) continue;
      const found = findPackable(rewriter, rewriter.operation(id));
      if (!found) continue;
      const { op } = found.sum;
      pack(rewriter, found);
      eraseDeadDefinitions(rewriter, context.registry, op.operands);
      context.count("packed");
    }
    return context.commit(rewriter);
  },
});

interface Packable {
  readonly sum: StructuredOp;
  /** The loop of the sum along which both factors are split in words. */
  readonly loop: number;
  /** Which input is the constant factor. */
  readonly weight: number;
  readonly weights: HostTensor;
}

function findPackable(reader: IrReader, op: Operation): Packable | undefined {
  const sum = readStructured(reader, op);
  if (!isAnchor(sum) || !multipliesIntegers(reader, sum)) return undefined;
  const loop = sum.iterators.lastIndexOf("reduction");
  const bound = sum.bounds[loop]!;
  if (bound % perWord !== 0 || bound === perWord) return undefined;
  for (const [weight, { value, map }] of sum.inputs.entries()) {
    const weights = constantBytes(reader, value);
    const dimensions = projectedDimensions(map);
    if (!weights || !dimensions?.includes(loop) || new Set(dimensions).size !== dimensions.length) continue;
    const others = sum.inputs.filter((input, position) => position !== weight && readsLoop(input.map, loop));
    if (others.length === 1 && isInWords(reader, others[0]!.value, others[0]!.map, loop))
      return { sum, loop, weight, weights };
  }
  return undefined;
}

/** Whether the body multiplies for a sum of 32-bit integers, wherever in the loops it is. */
function multipliesIntegers(reader: IrReader, { op, arguments: values, inputs }: StructuredOp): boolean {
  if (reader.typeOf(values[inputs.length]!) !== i32) return false;
  const body = bodyOf(reader, op);
  return body.some(({ name }) => name === arith.muli.name) && body.every(({ name }) => name !== linalg.index.name);
}

const readsLoop = ({ results }: AffineMap, loop: number): boolean =>
  results.some((result) => result.kind !== "dimension" || result.position === loop);

/** Whether neighbours along the loop are neighbours in memory, the first of each four at the start of a word. */
function isInWords(reader: IrReader, value: ValueId, map: AffineMap, loop: number): boolean {
  const type = reader.typeOf(value);
  const dimensions = projectedDimensions(map);
  return (
    type.kind === "tensor" &&
    type.element === i8 &&
    dimensions !== undefined &&
    dimensions.indexOf(loop) === dimensions.length - 1 &&
    Number(type.shape.at(-1)) % perWord === 0
  );
}

/** The elements of a constant tensor of bytes. */
function constantBytes(reader: IrReader, id: ValueId): HostTensor | undefined {
  const attribute = arith.constant.match(reader, reader.definition(id))?.attributes.value;
  const type = reader.typeOf(id);
  if (!attribute || type.kind !== "tensor" || type.element !== i8 || !staticShape(type)) return undefined;
  return valueOfConstant(reader, attribute, type) as HostTensor;
}

function pack(rewriter: Rewriter, { sum, loop, weight, weights }: Packable): void {
  const { op, inputs, outputs, iterators, bounds } = sum;
  rewriter.location = op.location;
  rewriter.insertionPoint = { kind: "before", op: op.id };
  // Loops after the one that is split come one later; its bytes are the loop right after its words.
  const moved = bounds.map((_, position) => affine.dimension(position > loop ? position + 1 : position));
  const [words, bytes] = [affine.dimension(loop), affine.dimension(loop + 1)];
  const whole = affine.add(affine.multiply(words, affine.constant(perWord)), bytes);
  const loops = moved.map((dimension, position) => (position === loop ? whole : dimension));
  const split = ({ results }: AffineMap): AffineMap =>
    affineMap(
      bounds.length + 1,
      results.map((result) => substituteAffine(result, loops)),
    );
  const dimensions = projectedDimensions(inputs[weight]!.map)!;
  const axis = dimensions.indexOf(loop);
  const others = dimensions.filter((dimension) => dimension !== loop).map((dimension) => moved[dimension]!);
  const packed = inWords(weights, axis);
  const type = tensorType(packed.shape, i8) as TensorType;
  const made = buildGeneric(rewriter, {
    inputs: inputs.map(({ value, map }, position) =>
      position === weight
        ? {
            value: buildConstant(rewriter, packed, type),
            map: affineMap(bounds.length + 1, [words, ...others, bytes]),
          }
        : { value, map: split(map) },
    ),
    outputs: outputs.map(({ value, map }) => ({ value, map: split(map) })),
    iterators: iterators.flatMap((iterator, position): readonly IteratorType[] =>
      position === loop ? [iterator, iterator] : [iterator],
    ),
    attributes: op.attributes,
    location: op.location,
    body: (newInputs, newOutputs) => {
      const mapping = new Map(
        sum.arguments.map((argument, index) => [argument, [...newInputs, ...newOutputs][index]!]),
      );
      return new BodyCloner(rewriter).clone(op, mapping, () => -1 as ValueId);
    },
  });
  rewriter.replace(op, made.results);
}

/** The tensor with one axis split in words, which come first, and their bytes, which come last. */
function inWords(tensor: HostTensor, axis: number): HostTensor & { readonly shape: readonly number[] } {
  const { shape } = tensor;
  const inner = shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  const outer = shape.slice(0, axis).reduce((product, size) => product * size, 1);
  const length = shape[axis]!;
  const values: number[] = [];
  for (let word = 0; word < length / perWord; word++)
    for (let before = 0; before < outer; before++)
      for (let after = 0; after < inner; after++)
        for (let byte = 0; byte < perWord; byte++)
          values.push(Number(readElement(tensor, (before * length + word * perWord + byte) * inner + after)));
  return tensorFromNumbers("i8", [length / perWord, ...shape.filter((_, at) => at !== axis), perWord], values);
}
