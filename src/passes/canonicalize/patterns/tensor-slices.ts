import { yieldedBy } from "../../structured/yielded.ts";
import { tensor } from "../../../ir/dialects/tensor.ts";
import { dynamicEntry } from "../../../ir/index-list.ts";
import type { IrReader, Operation, ValueId } from "../../../ir/module.ts";
import { type Pattern, pattern } from "../../../ir/pattern.ts";
import type { Rewriter } from "../../../ir/rewriter.ts";
import { isShaped, staticShape, type TensorType } from "../../../ir/types.ts";

interface SliceAttributes {
  readonly static_offsets: readonly number[];
  readonly static_sizes: readonly number[];
  readonly static_strides: readonly number[];
}
const isStatic = (slice: SliceAttributes): boolean =>
  [slice.static_offsets, slice.static_sizes, slice.static_strides].every((entries) => !entries.includes(dynamicEntry));

/** Whether a slice takes all of a tensor of this shape. */
const isWhole = (slice: SliceAttributes, shape: readonly (number | "?")[]): boolean =>
  slice.static_offsets.every((offset) => offset === 0) &&
  slice.static_strides.every((stride) => stride === 1) &&
  slice.static_sizes.every((size, axis) => size === shape[axis]);

const sameSlice = (left: SliceAttributes, right: SliceAttributes): boolean =>
  isStatic(left) &&
  isStatic(right) &&
  (["static_offsets", "static_sizes", "static_strides"] as const).every((name) =>
    left[name].every((entry, axis) => entry === right[name][axis]),
  );

function replaceBy(rewriter: Rewriter, op: Operation, value: ValueId | undefined): boolean {
  if (value === undefined) return false;
  rewriter.replace(op, [value]);
  return true;
}
const tensorType = (reader: IrReader, id: ValueId): TensorType => reader.typeOf(id) as TensorType;

const slices: readonly Pattern[] = [
  pattern(tensor.extract_slice)("extract-whole", ({ op, operands, attributes }, rewriter) => {
    const type = tensorType(rewriter, operands.source);
    if (type !== rewriter.typeOf(op.results[0]!) || !isWhole(attributes, type.shape)) return false;
    return replaceBy(rewriter, op, operands.source);
  }),
  pattern(tensor.extract_slice)("extract-of-extract", ({ op, operands, attributes }, rewriter) => {
    const inner = tensor.extract_slice.match(rewriter, rewriter.definition(operands.source));
    if (!inner || !isStatic(attributes) || !isStatic(inner.attributes)) return false;
    // Slices that drop dimensions are left alone.
    const rank = inner.attributes.static_offsets.length;
    if (tensorType(rewriter, operands.source).shape.length !== rank) return false;
    const { static_offsets, static_strides } = inner.attributes;
    const made = tensor.extract_slice.build(
      rewriter,
      { source: inner.operands.source },
      {
        static_offsets: attributes.static_offsets.map(
          (offset, axis) => static_offsets[axis]! + offset * static_strides[axis]!,
        ),
        static_sizes: attributes.static_sizes,
        static_strides: attributes.static_strides.map((stride, axis) => stride * static_strides[axis]!),
      },
      { resultTypes: [rewriter.typeOf(op.results[0]!)] },
    );
    return replaceBy(rewriter, op, made.result);
  }),
  pattern(tensor.extract_slice)("extract-of-insert", ({ op, operands, attributes }, rewriter) => {
    const inner = tensor.insert_slice.match(rewriter, rewriter.definition(operands.source));
    if (!inner || !sameSlice(attributes, inner.attributes)) return false;
    if (rewriter.typeOf(inner.operands.source) !== rewriter.typeOf(op.results[0]!)) return false;
    return replaceBy(rewriter, op, inner.operands.source);
  }),
  pattern(tensor.insert_slice)("insert-whole", ({ op, operands, attributes }, rewriter) => {
    const type = tensorType(rewriter, op.results[0]!);
    if (type !== rewriter.typeOf(operands.source) || !isWhole(attributes, type.shape)) return false;
    return replaceBy(rewriter, op, operands.source);
  }),
  pattern(tensor.insert_slice)("insert-what-was-there", ({ op, operands, attributes }, rewriter) => {
    const source = tensor.extract_slice.match(rewriter, rewriter.definition(operands.source));
    if (source?.operands.source !== operands.dest || !sameSlice(attributes, source.attributes)) return false;
    return replaceBy(rewriter, op, operands.dest);
  }),
];

const joins: readonly Pattern[] = [
  pattern(tensor.concat)("concat-of-one", ({ op, operands }, rewriter) => {
    const [only] = operands.inputs;
    if (operands.inputs.length !== 1 || rewriter.typeOf(only!) !== rewriter.typeOf(op.results[0]!)) return false;
    return replaceBy(rewriter, op, only);
  }),
  pattern(tensor.concat)("concat-of-empty", ({ op, operands, attributes }, rewriter) => {
    const kept = operands.inputs.filter((input) => tensorType(rewriter, input).shape[attributes.dim] !== 0);
    if (kept.length === operands.inputs.length || kept.length === 0) return false;
    return replaceBy(rewriter, op, rebuildConcat(rewriter, op, kept, attributes.dim));
  }),
  pattern(tensor.concat)("concat-of-concat", ({ op, operands, attributes }, rewriter) => {
    const parts = operands.inputs.map((input) => {
      const inner = tensor.concat.match(rewriter, rewriter.definition(input));
      const joins = inner?.attributes.dim === attributes.dim && rewriter.hasOneUse(input);
      return joins ? inner.operands.inputs : [input];
    });
    if (parts.every((part) => part.length === 1)) return false;
    return replaceBy(rewriter, op, rebuildConcat(rewriter, op, parts.flat(), attributes.dim));
  }),
  pattern(tensor.pad)("pad-of-nothing", ({ op, operands, attributes }, rewriter) => {
    const borders = [...attributes.static_low, ...attributes.static_high];
    if (attributes.nofold || borders.some((size) => size !== 0)) return false;
    if (rewriter.typeOf(operands.source) !== rewriter.typeOf(op.results[0]!)) return false;
    return replaceBy(rewriter, op, operands.source);
  }),
  pattern(tensor.pad)("pad-of-pad", ({ op, operands, attributes, regions }, rewriter) => {
    const inner = tensor.pad.match(rewriter, rewriter.definition(operands.source));
    if (!inner || !rewriter.hasOneUse(operands.source) || attributes.nofold || inner.attributes.nofold) return false;
    const borders = [attributes, inner.attributes].flatMap((pad) => [...pad.static_low, ...pad.static_high]);
    if (borders.includes(dynamicEntry)) return false;
    const value = yieldedBy(rewriter, op)[0];
    // Both must pad with one value from outside.
    if (value === undefined || value !== yieldedBy(rewriter, inner.op)[0]) return false;
    const block = rewriter.value(value).kind === "argument" ? undefined : rewriter.definition(value)!.parent;
    if (block === undefined || block === regions.region[0] || block === inner.regions.region[0]) return false;
    const sum = (left: readonly number[], right: readonly number[]) => left.map((size, axis) => size + right[axis]!);
    const shape = staticShape(tensorType(rewriter, op.results[0]!));
    if (!shape) return false;
    const made = tensor.pad.build(
      rewriter,
      { source: inner.operands.source },
      {
        static_low: sum(attributes.static_low, inner.attributes.static_low),
        static_high: sum(attributes.static_high, inner.attributes.static_high),
      },
      {
        resultTypes: [rewriter.typeOf(op.results[0]!)],
        regions: {
          region: [
            {
              arguments: rewriter.block(regions.region[0]!).arguments.map((argument) => rewriter.typeOf(argument)),
              body: (builder) => void tensor.yield.build(builder, { value }, {}),
            },
          ],
        },
      },
    );
    return replaceBy(rewriter, op, made.result);
  }),
];

function rebuildConcat(
  rewriter: Rewriter,
  op: Operation,
  inputs: readonly ValueId[],
  dim: number,
): ValueId | undefined {
  const type = rewriter.typeOf(op.results[0]!);
  if (!isShaped(type)) return undefined;
  return tensor.concat.build(rewriter, { inputs }, { dim }, { resultTypes: [type] }).result;
}

export const tensorSlicePatterns: readonly Pattern[] = [...slices, ...joins];
