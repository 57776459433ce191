import { type Operation, type ValueId, bodyOf } from "../../ir/module.ts";
import { staticSizes } from "../../ir/analysis/memref-layout.ts";
import { memref } from "../../ir/dialects/memref.ts";
import { tensor } from "../../ir/dialects/tensor.ts";
import type { TensorType } from "../../ir/types.ts";
import { CompileError } from "../../support/diagnostic.ts";
import { reshapeLike, sliceOf, staticSubview } from "./buffer-views.ts";
import { bufferizeDiagnostics } from "./diagnostics.ts";
import { copyBuffer, fillBuffer, indexConstant, loopsOver, padBuffer } from "./emit-tensor.ts";
import type { BufferizationRules, FunctionContext } from "./function-context.ts";
import { yieldOf } from "./program-order.ts";
import { ownType } from "./tensor-views.ts";

/** Rules of the tensor dialect, and of constants. */
export const tensorRules: BufferizationRules = {
  "arith.constant": (context, op) => {
    if (!context.isTensor(op.results[0]!)) context.rebuild(op, []);
  },
  "tensor.empty": () => {},
  "tensor.dim": bufferizeDim,
  "tensor.extract": (context, op) => {
    const [buffer, ...indices] = context.mapAll(op.operands);
    context.scalars.set(op.results[0]!, memref.load.build(context.rewriter, { memref: buffer!, indices }, {}).result);
  },
  "tensor.insert": (context, op) => {
    const buffer = context.prepare(op.operands[1]!, op.results[0]!);
    const [value, , ...indices] = context.mapAll(op.operands.with(1, op.results[0]!));
    memref.store.build(context.rewriter, { value: value!, memref: buffer, indices }, {});
  },
  "tensor.from_elements": bufferizeFromElements,
  "tensor.splat": (context, op) =>
    fillBuffer(context.rewriter, context.map(op.operands[0]!), context.buffers.of(op.results[0]!)),
  "tensor.generate": bufferizeGenerate,
  "tensor.pad": bufferizePad,
  "tensor.concat": bufferizeConcat,
  "tensor.extract_slice": bufferizeExtractSlice,
  "tensor.insert_slice": bufferizeInsertSlice,
  "tensor.expand_shape": bufferizeReshape,
  "tensor.collapse_shape": bufferizeReshape,
  "tensor.reshape": bufferizeReshape,
  "tensor.cast": bufferizeReshape,
};

function bufferizeDim(context: FunctionContext, op: Operation): void {
  const index = context.source.definition(op.operands[1]!);
  const constant = index?.properties["value"];
  const sizes = staticSizes(context.source.typeOf(op.operands[0]!) as TensorType);
  const made =
    constant?.kind === "integer"
      ? indexConstant(context.rewriter, sizes[Number(constant.value)] ?? 0)
      : memref.dim.build(
          context.rewriter,
          { source: context.map(op.operands[0]!), index: context.map(op.operands[1]!) },
          {},
        ).result;
  context.scalars.set(op.results[0]!, made);
}

function bufferizeFromElements(context: FunctionContext, op: Operation): void {
  const buffer = context.buffers.of(op.results[0]!);
  const shape = staticSizes(context.source.typeOf(op.results[0]!) as TensorType);
  op.operands.forEach((element, position) => {
    let rest = position;
    const places: number[] = [];
    for (const size of [...shape].reverse()) {
      places.unshift(rest % size);
      rest = Math.floor(rest / size);
    }
    const indices = places.map((place) => indexConstant(context.rewriter, place));
    memref.store.build(context.rewriter, { value: context.map(element), memref: buffer, indices }, {});
  });
}

function bufferizeGenerate(context: FunctionContext, op: Operation): void {
  const buffer = context.buffers.of(op.results[0]!);
  const parameters = context.source.block(op.regions[0]![0]!).arguments;
  loopsOver(context.rewriter, staticSizes(context.source.typeOf(op.results[0]!) as TensorType), (_, indices) => {
    parameters.forEach((parameter, index) => context.scalars.set(parameter, indices[index]!));
    const value = bodyValue(context, op);
    memref.store.build(context.rewriter, { value, memref: buffer, indices }, {});
  });
}

/** The body of a tensor.generate or tensor.pad in place; returns what it yields. */
function bodyValue(context: FunctionContext, op: Operation): ValueId {
  for (const inner of bodyOf(context.source, op)) if (inner.name !== "tensor.yield") context.operation(inner);
  return context.map(yieldOf(context.source, op).operands[0]!);
}

function bufferizePad(context: FunctionContext, op: Operation): void {
  const view = tensor.pad.match(context.source, op)!;
  const { static_low: low, static_high: high } = view.attributes;
  if ([...low, ...high].some((amount) => amount < 0))
    throw new CompileError([bufferizeDiagnostics.at("negative-padding", op.location, {})]);
  const target = context.buffers.of(op.results[0]!);
  const parameters = context.source.block(op.regions[0]![0]!).arguments;
  const source = context.buffers.of(view.operands.source);
  if (parameters.every((parameter) => context.source.uses(parameter).length === 0))
    return padBuffer(
      context.rewriter,
      source,
      target,
      low,
      bodyValue(context, op),
      context.isPlaced(view.operands.source, { kind: "window", of: op.results[0]!, offsets: low }),
    );
  // The new elements depend on where they are: compute all, then write the source over its part.
  loopsOver(context.rewriter, staticSizes(context.source.typeOf(op.results[0]!) as TensorType), (_, indices) => {
    parameters.forEach((parameter, index) => context.scalars.set(parameter, indices[index]!));
    memref.store.build(context.rewriter, { value: bodyValue(context, op), memref: target, indices }, {});
  });
  const sizes = staticSizes(context.source.typeOf(view.operands.source) as TensorType);
  copyBuffer(context.rewriter, source, staticSubview(context.rewriter, target, low, sizes));
}

function bufferizeConcat(context: FunctionContext, op: Operation): void {
  const result = op.results[0]!;
  const dimension = tensor.concat.match(context.source, op)!.attributes.dim;
  let offset = 0;
  for (const input of op.operands) {
    const sizes = staticSizes(context.source.typeOf(input) as TensorType);
    const offsets = sizes.map((_, position) => (position === dimension ? offset : 0));
    if (!context.isPlaced(input, { kind: "window", of: result, offsets }) && !sizes.includes(0)) {
      const window = staticSubview(context.rewriter, context.buffers.of(result), offsets, sizes);
      copyBuffer(context.rewriter, context.buffers.of(input), window);
    }
    offset += sizes[dimension]!;
  }
}

function bufferizeExtractSlice(context: FunctionContext, op: Operation): void {
  const result = op.results[0]!;
  const view = tensor.extract_slice.match(context.source, op)!;
  const { offsets, sizes, strides } = view.operands;
  const spec = {
    ...view.attributes,
    offsets: context.mapAll(offsets),
    sizes: context.mapAll(sizes),
    strides: context.mapAll(strides),
  };
  const shape = staticSizes(context.source.typeOf(result) as TensorType);
  const window = sliceOf(context.rewriter, context.buffers.of(view.operands.source), spec, shape);
  if (context.analysis.storage.place(result).kind === "view") context.buffers.set(result, window);
  else copyBuffer(context.rewriter, window, context.buffers.of(result));
}

function bufferizeInsertSlice(context: FunctionContext, op: Operation): void {
  const view = tensor.insert_slice.match(context.source, op)!;
  const { offsets, sizes, strides, source, dest } = view.operands;
  const buffer = context.prepare(dest, op.results[0]!);
  const spec = {
    ...view.attributes,
    offsets: context.mapAll(offsets),
    sizes: context.mapAll(sizes),
    strides: context.mapAll(strides),
  };
  const shape = staticSizes(context.source.typeOf(source) as TensorType);
  if (shape.includes(0)) return;
  copyBuffer(context.rewriter, context.buffers.of(source), sliceOf(context.rewriter, buffer, spec, shape));
}

function bufferizeReshape(context: FunctionContext, op: Operation): void {
  const [source, result] = [op.operands[0]!, op.results[0]!];
  if (context.analysis.storage.place(result).kind === "view")
    return context.buffers.set(result, reshapeLike(context.rewriter, op, context.buffers.of(source)));
  // The source's elements do not lie in a row: gather them, then they can be seen in the new shape.
  const gathered = context.temporary(op, ownType(context.source.typeOf(source) as TensorType));
  copyBuffer(context.rewriter, context.buffers.of(source), gathered);
  copyBuffer(context.rewriter, reshapeLike(context.rewriter, op, gathered), context.buffers.of(result));
}
