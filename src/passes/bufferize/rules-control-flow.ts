import type { BlockSpec } from "../../ir/builder.ts";
import type { Operation, ValueId } from "../../ir/module.ts";
import { layoutOf } from "../../ir/analysis/memref-layout.ts";
import { func } from "../../ir/dialects/func.ts";
import { scf } from "../../ir/dialects/scf.ts";
import { type MemRefType, memRefType, type TensorType } from "../../ir/types.ts";
import { copyBuffer } from "./emit-tensor.ts";
import type { BufferizationRules, FunctionContext } from "./function-context.ts";
import { ownType } from "./tensor-views.ts";

/** Rules of loops, branches, calls and returns. */
export const controlFlowRules: BufferizationRules = {
  "scf.for": bufferizeFor,
  "scf.while": bufferizeWhile,
  "scf.if": bufferizeIf,
  "func.call": bufferizeCall,
  "func.return": bufferizeReturn,
};

/** Copies the values that a region ends with to where they must be, as if all at once. */
function moveAll(context: FunctionContext, last: Operation, from: readonly ValueId[], to: readonly ValueId[]): void {
  const { storage } = context.analysis;
  const moves = from
    .map((source, index) => ({ source, target: to[index]! }))
    .filter(({ source, target }) => context.isTensor(source) && storage.named(source) !== storage.named(target));
  const sources = moves.map(({ source }) => {
    const buffer = context.buffers.of(source);
    if (!moves.some((move) => storage.shares(move.target, source))) return buffer;
    const saved = context.temporary(last, ownType(context.source.typeOf(source) as TensorType));
    copyBuffer(context.rewriter, buffer, saved);
    return saved;
  });
  moves.forEach(({ target }, index) => copyBuffer(context.rewriter, sources[index]!, context.buffers.of(target)));
}

function initialise(context: FunctionContext, inits: readonly ValueId[], carried: readonly ValueId[]): void {
  inits.forEach((init, index) => {
    if (context.isTensor(init)) context.prepare(init, carried[index]!);
  });
}

function bufferizeFor(context: FunctionContext, op: Operation): void {
  const [lowerBound, upperBound, step] = context.mapAll(op.operands.slice(0, 3));
  const inits = op.operands.slice(3);
  const [induction, ...carried] = context.source.block(op.regions[0]![0]!).arguments;
  initialise(context, inits, carried);
  const scalars = context.scalarsOf(carried);
  const made = scf.for.build(
    context.rewriter,
    {
      lowerBound: lowerBound!,
      upperBound: upperBound!,
      step: step!,
      initArgs: context.mapAll(context.scalarsOf(inits)),
    },
    { unsignedCmp: op.properties["unsignedCmp"] !== undefined },
    {
      regions: {
        region: [
          {
            arguments: [induction!, ...scalars].map((value) => context.source.typeOf(value)),
            body: (_, values) => {
              [induction!, ...scalars].forEach((old, index) => context.scalars.set(old, values[index]!));
              context.loopBody(op, 0, (last) => {
                moveAll(context, last, last.operands, carried);
                scf.yield.build(context.rewriter, { results: context.mapAll(context.scalarsOf(last.operands)) }, {});
              });
            },
          },
        ],
      },
      extra: op.attributes,
      location: op.location,
    },
  );
  context.bindResults(op, made.op);
}

function bufferizeWhile(context: FunctionContext, op: Operation): void {
  const [before, after] = op.regions.map((region) => context.source.block(region[0]!).arguments);
  initialise(context, op.operands, before!);
  const region = (index: number, parameters: readonly ValueId[], finish: (last: Operation) => void): BlockSpec => {
    const scalars = context.scalarsOf(parameters);
    return {
      arguments: scalars.map((value) => context.source.typeOf(value)),
      body: (_, values) => {
        scalars.forEach((old, position) => context.scalars.set(old, values[position]!));
        // What the first region forwards lives on in the second: buffers are allocated outside the loop.
        context.regionBody(op, index, finish);
      },
    };
  };
  const made = context.rewriter.create({
    name: op.name,
    operands: context.mapAll(context.scalarsOf(op.operands)),
    resultTypes: context.scalarsOf(op.results).map((result) => context.source.typeOf(result)),
    attributes: op.attributes,
    location: op.location,
    regions: [
      [
        region(0, before!, (last) => {
          const [condition, ...forwarded] = last.operands;
          moveAll(context, last, forwarded, after!);
          const args = context.mapAll(context.scalarsOf(forwarded));
          scf.condition.build(context.rewriter, { condition: context.map(condition!), args }, {});
        }),
      ],
      [
        region(1, after!, (last) => {
          moveAll(context, last, last.operands, before!);
          scf.yield.build(context.rewriter, { results: context.mapAll(context.scalarsOf(last.operands)) }, {});
        }),
      ],
    ],
  });
  context.bindResults(op, made);
}

function bufferizeIf(context: FunctionContext, op: Operation): void {
  const branch = (region: number): readonly BlockSpec[] =>
    op.regions[region]!.map(() => ({
      arguments: [],
      body: () =>
        context.regionBody(op, region, (last) => {
          last.operands.forEach((value, index) => deliver(context, value, op.results[index]!));
          scf.yield.build(context.rewriter, { results: context.mapAll(context.scalarsOf(last.operands)) }, {});
        }),
    }));
  const made = scf.if.build(
    context.rewriter,
    { condition: context.map(op.operands[0]!) },
    {},
    {
      resultTypes: context.scalarsOf(op.results).map((result) => context.source.typeOf(result)),
      regions: { thenRegion: branch(0), elseRegion: branch(1) },
      extra: op.attributes,
      location: op.location,
    },
  );
  context.bindResults(op, made.op);
}

/** Brings a branch's value to where the branch's result is, unless it was computed there. */
function deliver(context: FunctionContext, value: ValueId, result: ValueId): void {
  if (!context.isTensor(value)) return;
  const { storage } = context.analysis;
  if (storage.named(value) === storage.named(result)) return;
  if (context.isPlaced(value, { kind: "whole", of: result })) return;
  copyBuffer(context.rewriter, context.buffers.of(value), context.buffers.of(result));
}

function bufferizeCall(context: FunctionContext, op: Operation): void {
  const { callee } = func.call.match(context.source, op)!.attributes;
  const plain = (type: MemRefType): MemRefType => memRefType(type.shape, type.element);
  const inputs = context.mapAll(op.operands).map((operand) => {
    const type = context.rewriter.typeOf(operand);
    if (type.kind !== "memref" || type.layout === undefined) return operand;
    const gathered = context.temporary(op, plain(type));
    copyBuffer(context.rewriter, operand, gathered);
    return gathered;
  });
  const outputs = op.results
    .filter((result) => context.isTensor(result))
    .map((result) => {
      const buffer = context.buffers.of(result);
      const type = context.rewriter.typeOf(buffer) as MemRefType;
      return {
        buffer,
        passed: layoutOf(type) && type.layout === undefined ? buffer : context.temporary(op, plain(type)),
      };
    });
  const made = func.call.build(
    context.rewriter,
    { operands: [...inputs, ...outputs.map(({ passed }) => passed)] },
    { callee },
    { resultTypes: context.scalarsOf(op.results).map((result) => context.source.typeOf(result)), extra: op.attributes },
  );
  for (const { buffer, passed } of outputs) copyBuffer(context.rewriter, passed, buffer);
  context.bindResults(op, made.op);
}

function bufferizeReturn(context: FunctionContext, op: Operation): void {
  op.operands.forEach((value, index) => {
    if (!context.isTensor(value) || context.isPlaced(value, { kind: "output", index })) return;
    copyBuffer(context.rewriter, context.buffers.of(value), context.outputs[index]!);
  });
  func.return.build(context.rewriter, { operands: context.mapAll(context.scalarsOf(op.operands)) }, {});
}
