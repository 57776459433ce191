import type { Builder } from "../../../src/ir/builder.ts";
import { arith, memref, vector } from "../../../src/ir/dialects/index.ts";
import type { Module, ValueId } from "../../../src/ir/module.ts";
import { i1, memRefType, type Type, vectorType } from "../../../src/ir/types.ts";
import { splatAttribute } from "../../../src/passes/legalize/lane-arithmetic.ts";
import { index, kernelModule, loop, type Parameter } from "./kernel-module.ts";

/** One function of a few elements, to be applied along buffers. */
export interface Lane {
  readonly name: string;
  readonly result: Type;
  readonly operands: readonly Type[];
  /** `type` gives an element type the shape of the computation: itself, or a vector of it. */
  readonly build: (builder: Builder, operands: readonly ValueId[], type: (element: Type) => Type) => ValueId;
}

/** An operation of given element types without attributes. */
export const plain = (name: string, operands: readonly Type[], result: Type): Lane => ({
  name,
  operands,
  result,
  build: (b, values, type) => b.create({ name, operands: values, resultTypes: [type(result)] }).results[0]!,
});

/**
 * A module that applies every lane function along `count` elements: inputs `lane.index.operand`, outputs `lane.index`. With lanes > 1
 * in vectors, the rest under a mask.
 */
export function elementwiseModule(functions: readonly Lane[], count: number, lanes = 1): Module {
  const parameters: Parameter[] = [];
  functions.forEach((lane, number) => {
    lane.operands.forEach((type, operand) =>
      parameters.push({ name: `${lane.name}.${number}.${operand}`, type: memRefType([count], type) }),
    );
    parameters.push({ name: `${lane.name}.${number}`, type: memRefType([count], lane.result), output: true });
  });
  return kernelModule(parameters, (b, values) => {
    let next = 0;
    for (const lane of functions) {
      const inputs = lane.operands.map(() => values[next++]!);
      const output = values[next++]!;
      if (lanes === 1)
        loop(b, count, [], (inner, at) => {
          const loaded = inputs.map((buffer) => memref.load.build(inner, { memref: buffer, indices: [at] }, {}).result);
          memref.store.build(
            inner,
            { value: lane.build(inner, loaded, (type) => type), memref: output, indices: [at] },
            {},
          );
          return [];
        });
      else vectorLoops(b, lane, inputs, output, count, lanes);
    }
  });
}

function vectorLoops(
  b: Builder,
  lane: Lane,
  inputs: readonly ValueId[],
  output: ValueId,
  count: number,
  lanes: number,
): void {
  const type = (element: Type): Type => vectorType([lanes], element);
  const whole = count - (count % lanes);
  loop(
    b,
    whole,
    [],
    (inner, at) => {
      const loaded = inputs.map(
        (base, operand) =>
          vector.load.build(inner, { base, indices: [at] }, {}, { resultTypes: [type(lane.operands[operand]!)] })
            .result,
      );
      vector.store.build(inner, { valueToStore: lane.build(inner, loaded, type), base: output, indices: [at] }, {});
      return [];
    },
    lanes,
  );
  if (whole === count) return;
  const at = index(b, whole);
  const mask = vector.create_mask.build(
    b,
    { operands: [index(b, count - whole)] },
    {},
    { resultTypes: [type(i1)] },
  ).result;
  const loaded = inputs.map((base, operand) => {
    const element = lane.operands[operand]!;
    const zero = arith.constant.build(
      b,
      {},
      { value: splatAttribute(type(element), 0) },
      { resultTypes: [type(element)] },
    ).result;
    return vector.maskedload.build(b, { base, indices: [at], mask, pass_thru: zero }, {}).result;
  });
  vector.maskedstore.build(b, { base: output, indices: [at], mask, valueToStore: lane.build(b, loaded, type) }, {});
}
