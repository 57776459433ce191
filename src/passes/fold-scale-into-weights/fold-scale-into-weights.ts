import { projectedDimensions, projectionMap } from "../../ir/affine.ts";
import { locationOf } from "../../ir/create-module.ts";
import { arith, linalg } from "../../ir/dialects/index.ts";
import { bodyOf, type IrReader, type Operation, type ValueId, walk } from "../../ir/module.ts";
import { Rewriter } from "../../ir/rewriter.ts";
import { f32, staticShape, type TensorType, tensorType } from "../../ir/types.ts";
import { valueOfConstant } from "../../interpreter/interpret.ts";
import { allocateTensor, elementCount, type HostTensor, toNumbers } from "../../support/numeric/host-tensor.ts";
import { eraseDeadDefinitions } from "../dce/erase-dead.ts";
import { pass } from "../pass.ts";
import {
  BodyCloner,
  buildGeneric,
  isElementwise,
  isPermutation,
  readStructured,
  type StructuredOp,
} from "../structured/generic.ts";
import { buildConstant, uniformValue } from "../structured/constant-scalar.ts";
import { isAnchor } from "../structured/reuse.ts";
import { affineChain, composeChain } from "./channel-affine.ts";

/**
 * Multiplies the constant weights of a convolution or matrix product by the scale that follows it, and adds what is left of shifts
 * once: `(Σ x·w)·a + b` becomes `Σ x·(w·a) + b`. Products and sums of scales and shifts are taken in f64 and rounded to f32 once,
 * so results differ from the original by rounding only (each weight by half a unit in the last place).
 */
export const foldScaleIntoWeights = pass({
  name: "fold-scale-into-weights",
  summary: "fold a constant scale after a convolution or matrix product into its weights",
  statistics: { folded: "scales folded" },
  run(module, _, context) {
    const rewriter = new Rewriter(module);
    for (const { id, name } of Array.from(walk(rewriter, context.root))) {
      if (name !== linalg.generic.name || !rewriter.exists(id)) continue;
      const found = findScale(rewriter, rewriter.operation(id));
      if (!found) continue;
      const read = [...found.anchor.op.operands, ...found.elementwise.op.operands];
      applyScale(rewriter, found);
      eraseDeadDefinitions(rewriter, context.registry, read);
      context.count("folded");
    }
    return context.commit(rewriter);
  },
});

/** A contraction with constant weights, and the operation after it that scales its result. */
interface FoldableScale {
  readonly anchor: StructuredOp;
  readonly elementwise: StructuredOp;
  /** Which input of the element-wise operation is the contraction's result. */
  readonly input: number;
  /** Which input of the contraction holds the weights. */
  readonly weight: number;
  readonly weights: HostTensor;
  readonly links: ReturnType<typeof affineChain>;
  /** The loops of the contraction that the constants depend on, in order. */
  readonly loops: readonly number[];
  /** For each point of `loops` in row-major order: what the result is multiplied by, and what is added. */
  readonly scales: Float64Array;
  readonly shifts: Float64Array;
}

function findScale(reader: IrReader, op: Operation): FoldableScale | undefined {
  const elementwise = readStructured(reader, op);
  if (!elementwise || !isElementwise(reader, elementwise)) return undefined;
  for (const [input, { value, map }] of elementwise.inputs.entries()) {
    const anchor = readStructured(reader, reader.definition(value));
    if (!isAnchor(anchor) || anchor.op.parent !== op.parent || reader.uses(value).length !== 1) continue;
    if (!isPermutation(map) || !startsAtZero(reader, anchor)) continue;
    const found = scaleOf(reader, anchor, elementwise, input);
    if (found) return found;
  }
  return undefined;
}

const isIdentity = (scales: Float64Array): boolean => scales.every((scale) => scale === 1);

/** Whether the contraction's sum begins with zero, so that scaling the products scales the sum. */
function startsAtZero(reader: IrReader, anchor: StructuredOp): boolean {
  const initial = uniformValue(reader, anchor.outputs[0]!.value);
  if (initial?.kind === "number") return initial.value === 0;
  const attribute = initial && arith.constant.match(reader, reader.definition(initial.value))?.attributes.value;
  return attribute?.kind === "float" && attribute.value === 0;
}

function scaleOf(
  reader: IrReader,
  anchor: StructuredOp,
  elementwise: StructuredOp,
  input: number,
): FoldableScale | undefined {
  const weight = productOperands(reader, anchor).find((position) =>
    constantTensor(reader, anchor.inputs[position]!.value),
  );
  const weightDimensions = weight === undefined ? undefined : projectedDimensions(anchor.inputs[weight]!.map);
  if (weight === undefined || !weightDimensions) return undefined;
  const toAnchorLoop = alignment(anchor, elementwise, input);
  const constants = new ChannelConstants(reader, elementwise, toAnchorLoop);
  const links = affineChain(reader, elementwise.arguments[input]!, (value) => constants.has(value));
  const loops = [...new Set(links.flatMap(({ constant }) => constants.loopsOf(constant)))].toSorted((a, b) => a - b);
  if (links.length === 0 || !loops.every((loop) => weightDimensions.includes(loop))) return undefined;
  const sizes = loops.map((loop) => anchor.bounds[loop]!);
  const [scales, shifts] = [new Float64Array(elementCount(sizes)), new Float64Array(elementCount(sizes))];
  for (let point = 0; point < scales.length; point++) {
    const position = positionOf(point, sizes);
    const at = new Map(loops.map((loop, index) => [loop, position[index]!]));
    const step = composeChain(links, (value) => constants.at(value, at));
    scales[point] = step.scale;
    shifts[point] = step.shift;
  }
  // One addition is as simple as it gets.
  if (links.length === 1 && isIdentity(scales)) return undefined;
  if (!scales.every(Number.isFinite) || !shifts.every(Number.isFinite)) return undefined;
  const weights = constantTensor(reader, anchor.inputs[weight]!.value)!;
  return { anchor, elementwise, input, weight, weights, links, loops, scales, shifts };
}

/** The inputs that a body `sum + a·b` over f32 multiplies; none when the body is another. */
function productOperands(reader: IrReader, anchor: StructuredOp): readonly number[] {
  const [product, sum, ...others] = bodyOf(reader, anchor.op).slice(0, -1);
  const multiply = arith.mulf.match(reader, product);
  const add = arith.addf.match(reader, sum);
  if (!multiply || !add || others.length > 0 || anchor.yielded[0] !== add.results.result) return [];
  const accumulator = anchor.arguments[anchor.inputs.length]!;
  const terms = [add.operands.lhs, add.operands.rhs];
  if (!terms.includes(accumulator) || !terms.includes(multiply.results.result)) return [];
  if (reader.typeOf(accumulator) !== f32) return [];
  const factors = [multiply.operands.lhs, multiply.operands.rhs].map((value) => anchor.arguments.indexOf(value));
  return factors[0] !== factors[1] && factors.every((position) => position >= 0 && position < anchor.inputs.length)
    ? factors
    : [];
}

/** For each loop of the element-wise operation, the loop of the contraction that runs along the same dimension. */
function alignment(anchor: StructuredOp, elementwise: StructuredOp, input: number): ReadonlyMap<number, number> {
  const read = projectedDimensions(elementwise.inputs[input]!.map)!;
  const written = projectedDimensions(anchor.outputs[0]!.map) ?? [];
  return new Map(read.map((loop, dimension) => [loop, written[dimension] ?? -1]));
}

/** The f32 elements of a constant tensor. */
function constantTensor(reader: IrReader, id: ValueId): HostTensor | undefined {
  const attribute = arith.constant.match(reader, reader.definition(id))?.attributes.value;
  const type = reader.typeOf(id);
  if (!attribute || type.kind !== "tensor" || type.element !== f32 || !staticShape(type)) return undefined;
  return valueOfConstant(reader, attribute, type) as HostTensor;
}

/** The constants that the body of an element-wise operation sees: inputs that are constant tensors, and constant scalars. */
class ChannelConstants {
  readonly #tensors = new Map<
    ValueId,
    { readonly numbers: Float64Array; readonly shape: readonly number[]; readonly loops: readonly number[] }
  >();
  readonly #reader: IrReader;

  constructor(reader: IrReader, elementwise: StructuredOp, toAnchorLoop: ReadonlyMap<number, number>) {
    this.#reader = reader;
    elementwise.inputs.forEach(({ value, map }, index) => {
      const tensor = constantTensor(reader, value);
      const loops = projectedDimensions(map)?.map((loop) => toAnchorLoop.get(loop) ?? -1);
      if (!tensor || !loops || loops.includes(-1)) return;
      const numbers = toNumbers(tensor);
      this.#tensors.set(elementwise.arguments[index]!, { numbers, shape: tensor.shape, loops });
    });
  }

  has(value: ValueId): boolean {
    return this.#tensors.has(value) || this.#scalar(value) !== undefined;
  }
  loopsOf(value: ValueId): readonly number[] {
    return this.#tensors.get(value)?.loops ?? [];
  }
  /** The constant's value where the loops are at `position`. */
  at(value: ValueId, position: ReadonlyMap<number, number>): number {
    const tensor = this.#tensors.get(value);
    if (!tensor) return this.#scalar(value)!;
    return tensor.numbers[
      tensor.loops.reduce((index, loop, axis) => index * tensor.shape[axis]! + position.get(loop)!, 0)
    ]!;
  }
  #scalar(value: ValueId): number | undefined {
    const attribute = arith.constant.match(this.#reader, this.#reader.definition(value))?.attributes.value;
    return attribute?.kind === "float" && attribute.type === f32 ? attribute.value : undefined;
  }
}

/** The position in an array of these sizes of its n-th element in row-major order. */
function positionOf(point: number, sizes: readonly number[]): readonly number[] {
  const position = sizes.map(() => 0);
  for (let axis = sizes.length - 1; axis >= 0; axis--) {
    position[axis] = point % sizes[axis]!;
    point = Math.floor(point / sizes[axis]!);
  }
  return position;
}

function applyScale(rewriter: Rewriter, found: FoldableScale): void {
  const { anchor, elementwise, input, weight, loops, scales, shifts } = found;
  rewriter.location = locationOf("fold-scale-into-weights", anchor.op, elementwise.op);
  rewriter.insertionPoint = { kind: "before", op: anchor.op.id };
  const weightType = rewriter.typeOf(anchor.inputs[weight]!.value);
  if (!isIdentity(scales))
    rewriter.setOperand(anchor.op.id, weight, buildConstant(rewriter, scaledWeights(found), weightType));
  rewriter.insertionPoint = { kind: "before", op: elementwise.op.id };
  const shiftType = tensorType(
    loops.map((loop) => anchor.bounds[loop]!),
    f32,
  ) as TensorType;
  const shift = {
    elementType: "f32",
    shape: shiftType.shape as readonly number[],
    data: Float32Array.from(shifts),
  } as const;
  const backward = new Map([...alignment(anchor, elementwise, input)].map(([loop, other]) => [other, loop]));
  const shiftMap = projectionMap(
    elementwise.bounds.length,
    loops.map((loop) => backward.get(loop)!),
  );
  const isShifted = shifts.some((value) => value !== 0);
  const added = isShifted ? [{ value: buildConstant(rewriter, shift, shiftType), map: shiftMap }] : [];
  const made = buildGeneric(rewriter, {
    inputs: [...elementwise.inputs, ...added],
    outputs: elementwise.outputs,
    iterators: elementwise.iterators,
    attributes: elementwise.op.attributes,
    body: (values, outputs) => bodyWithoutChain(rewriter, found, values, outputs),
  });
  rewriter.replace(elementwise.op, made.results);
}

/** The element-wise body with its chain of constants replaced by the addition of the shift, the last of `values` if there is any. */
function bodyWithoutChain(
  rewriter: Rewriter,
  { elementwise, input, links }: FoldableScale,
  values: readonly ValueId[],
  outputs: readonly ValueId[],
): readonly ValueId[] {
  const mapping = new Map<ValueId, ValueId>();
  [...values.slice(0, elementwise.inputs.length), ...outputs].forEach((value, index) =>
    mapping.set(elementwise.arguments[index]!, value),
  );
  const shift = values[elementwise.inputs.length];
  const lhs = values[input]!;
  const replacement = shift === undefined ? lhs : arith.addf.build(rewriter, { lhs, rhs: shift }, {}).result;
  const cloner = new BodyCloner(rewriter);
  const last = links.at(-1)!.op.results[0]!;
  const yielded = cloner.clone(elementwise.op, mapping, (loop) => cloner.index(loop));
  const cloned = mapping.get(last)!;
  rewriter.replaceAllUses(cloned, replacement);
  // The chain's copies have no readers left; the last comes first.
  for (const { op } of links.toReversed()) rewriter.erase(rewriter.definition(mapping.get(op.results[0]!)!)!);
  return yielded.map((value) => (value === cloned ? replacement : value));
}

/** Each weight times the scale of its channels, rounded to f32 once. */
function scaledWeights({ anchor, weight, weights, loops, scales }: FoldableScale): HostTensor {
  const dimensions = projectedDimensions(anchor.inputs[weight]!.map)!;
  const axes = loops.map((loop) => dimensions.indexOf(loop));
  const numbers = toNumbers(weights);
  const scaled = allocateTensor("f32", weights.shape);
  for (let index = 0; index < numbers.length; index++) {
    const position = positionOf(index, weights.shape);
    const channel = axes.reduce((at, axis) => at * weights.shape[axis]! + position[axis]!, 0);
    scaled.data[index] = numbers[index]! * scales[channel]!;
  }
  return scaled;
}
