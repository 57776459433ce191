import { expect } from "vitest";
import { affineMap, type AffineMap, affine, identityMap } from "../../src/ir/affine.ts";
import { type Attribute, denseAttribute, floatAttribute, integerAttribute } from "../../src/ir/attributes.ts";
import type { BlockSpec, Builder } from "../../src/ir/builder.ts";
import { createFunction, createModule } from "../../src/ir/create-module.ts";
import { arith, linalg, scf, tensor } from "../../src/ir/dialects/index.ts";
import type { IteratorType } from "../../src/ir/dialects/linalg.ts";
import type { Module, ValueId } from "../../src/ir/module.ts";
import {
  elementOf,
  type FloatType,
  hostElementType,
  type IndexType,
  indexType,
  type IntegerType,
  isShaped,
  type Type,
} from "../../src/ir/types.ts";
import { interpretFunction, type InterpreterOptions } from "../../src/interpreter/interpret.ts";
import {
  type BufferView,
  isBuffer,
  isScalar,
  type RuntimeValue,
  tensorOfBuffer,
} from "../../src/interpreter/values.ts";
import { CompileError } from "../../src/support/diagnostic.ts";
import type { ElementType } from "../../src/support/numeric/element-type.ts";
import { type HostTensor, tensorFromNumbers } from "../../src/support/numeric/host-tensor.ts";

/** A module with one function, `main`. */
export const program = (
  inputs: readonly Type[],
  body: (builder: Builder, values: readonly ValueId[]) => readonly ValueId[],
): Module => createModule((rewriter) => createFunction(rewriter, "main", inputs, body));

/** Runs `main`. */
export const run = (module: Module, inputs: readonly RuntimeValue[], options: InterpreterOptions = {}) =>
  interpretFunction(module, "main", inputs, options);

/** Runs `main` compiled and walked on equal inputs, wants equal results and equal buffers, and gives the results. */
export function runBoth(module: Module, inputs: () => readonly RuntimeValue[]): readonly RuntimeValue[] {
  const [first, second] = [inputs(), inputs()];
  const compiled = run(module, first, { path: "compiled" });
  const walked = run(module, second, { path: "walked" });
  expect(compiled.map(plain)).toEqual(walked.map(plain));
  expect(first.map(plain)).toEqual(second.map(plain));
  return compiled;
}

/** A value without the identity of its storage. */
export const plain = (value: RuntimeValue): unknown => {
  if (isScalar(value)) return value;
  const { elementType, shape, data } = isBuffer(value) ? tensorOfBuffer(value) : value;
  return { elementType, shape: [...shape], data: [...data] };
};

/** The code of the first diagnostic that running `action` throws. */
export function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof CompileError) return error.diagnostics[0]!.code;
    throw error;
  }
  return "no error";
}

export const dataOf = (value: RuntimeValue | undefined): readonly unknown[] => [
  ...((value as HostTensor | BufferView).data as ArrayLike<unknown> & Iterable<unknown>),
];
export const tensorOf = (
  elementType: Exclude<ElementType, "string">,
  shape: readonly number[],
  values: ArrayLike<number | bigint>,
): HostTensor => tensorFromNumbers(elementType, shape, values);

/** `arith.constant` of a scalar, or of a vector or tensor from all its elements. */
export function constant(builder: Builder, type: Type, value: number | bigint | readonly number[]): ValueId {
  const scalar = (): Attribute =>
    type.kind === "float"
      ? floatAttribute(value as number, type as FloatType)
      : integerAttribute(value as number | bigint, type as IntegerType | IndexType);
  const dense = (): Attribute => {
    if (type.kind !== "tensor" && type.kind !== "vector") throw new Error(`no list for ${type.text}`);
    const element = hostElementType(elementOf(type)) as Exclude<ElementType, "string">;
    return denseAttribute(
      tensorFromNumbers(element, type.shape as readonly number[], value as readonly number[]),
      type,
    );
  };
  return arith.constant.build(builder, {}, { value: isShaped(type) ? dense() : scalar() }, { resultTypes: [type] })
    .result;
}
export const index = (builder: Builder, value: number): ValueId => constant(builder, indexType, value);

/** A block of a region. */
export const block = (
  inputs: readonly Type[],
  body: (builder: Builder, values: readonly ValueId[]) => void,
): readonly BlockSpec[] => [{ arguments: inputs, body }];

export const emptyTensor = (builder: Builder, type: Type): ValueId =>
  tensor.empty.build(builder, {}, {}, { resultTypes: [type] }).result;

/** `linalg.fill`. */
export const fill = (builder: Builder, value: ValueId, output: ValueId): ValueId | undefined =>
  linalg.fill.build(
    builder,
    { inputs: [value], outputs: [output] },
    {},
    {
      regions: {
        region: block([builder.typeOf(value), elementOf(builder.typeOf(output))], (inner, [filled]) => {
          linalg.yield.build(inner, { values: [filled!] }, {});
        }),
      },
    },
  ).results[0];

/** `linalg.generic`; `body` gives what the point yields. */
export function generic(
  builder: Builder,
  inputs: readonly ValueId[],
  outputs: readonly ValueId[],
  maps: readonly AffineMap[],
  body: (builder: Builder, values: readonly ValueId[]) => readonly ValueId[],
  iterators?: readonly IteratorType[],
): readonly ValueId[] {
  const elements = [...inputs, ...outputs].map((value) => elementOf(builder.typeOf(value)));
  return linalg.generic.build(
    builder,
    { inputs, outputs },
    {
      indexing_maps: maps,
      iterator_types: iterators ?? Array.from({ length: maps[0]!.dimensions }, () => "parallel" as const),
    },
    {
      regions: {
        region: block(elements, (inner, values) => {
          linalg.yield.build(inner, { values: body(inner, values) }, {});
        }),
      },
    },
  ).results;
}

/** `scf.for` over indices; `body` gets the position and what is carried, and gives what is carried on. */
export const loop = (
  builder: Builder,
  [lower, upper, step]: readonly [ValueId, ValueId, ValueId],
  carried: readonly ValueId[],
  body: (builder: Builder, position: ValueId, values: readonly ValueId[]) => readonly ValueId[],
): readonly ValueId[] =>
  scf.for.build(
    builder,
    { lowerBound: lower, upperBound: upper, step, initArgs: carried },
    {},
    {
      regions: {
        region: block(
          [builder.typeOf(lower), ...carried.map((value) => builder.typeOf(value))],
          (inner, [position, ...values]) => {
            scf.yield.build(inner, { results: body(inner, position!, values) }, {});
          },
        ),
      },
    },
  ).results;

/** `scf.if` with both branches. */
export const choose = (
  builder: Builder,
  condition: ValueId,
  types: readonly Type[],
  yes: (builder: Builder) => readonly ValueId[],
  no: (builder: Builder) => readonly ValueId[],
): readonly ValueId[] =>
  scf.if.build(
    builder,
    { condition },
    {},
    {
      resultTypes: types,
      regions: {
        thenRegion: block([], (inner) => void scf.yield.build(inner, { results: yes(inner) }, {})),
        elseRegion: block([], (inner) => void scf.yield.build(inner, { results: no(inner) }, {})),
      },
    },
  ).results;

export const dimension = affine.dimension;
export { affine, affineMap, identityMap };
