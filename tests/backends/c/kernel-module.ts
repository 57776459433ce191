import type { Builder } from "../../../src/ir/builder.ts";
import {
  arrayAttribute,
  type Attributes,
  dictionaryAttribute,
  floatAttribute,
  integerAttribute,
  stringAttribute,
  unitAttribute,
} from "../../../src/ir/attributes.ts";
import { createFunction, createModule } from "../../../src/ir/create-module.ts";
import { arith, scf } from "../../../src/ir/dialects/index.ts";
import type { Module, ValueId } from "../../../src/ir/module.ts";
import type { Rewriter } from "../../../src/ir/rewriter.ts";
import { type FloatType, i8, indexType, type IntegerType, memRefType, type Type } from "../../../src/ir/types.ts";

/** One parameter of a test's entry point. */
export interface Parameter {
  readonly name: string;
  readonly type: Type;
  readonly output?: boolean;
  /** `weft.element` */
  readonly element?: string;
}

/** A module with one entry point; `body` gets its builder and parameters by position, the arena last when it has bytes. */
export function kernelModule(
  parameters: readonly Parameter[],
  body: (builder: Builder, values: readonly ValueId[], rewriter: Rewriter) => void,
  arenaBytes = 0,
  before: (rewriter: Rewriter) => void = () => {},
): Module {
  const attributes = parameters.map(({ name, output, element }): Attributes => ({
    "weft.name": stringAttribute(name),
    ...(output ? { "weft.output": unitAttribute } : {}),
    ...(element === undefined ? {} : { "weft.element": stringAttribute(element) }),
  }));
  const types = parameters.map(({ type }) => type);
  if (arenaBytes > 0) {
    types.push(memRefType([arenaBytes], i8));
    attributes.push({ "weft.arena": unitAttribute });
  }
  return createModule((rewriter) => {
    before(rewriter);
    createFunction(
      rewriter,
      "main",
      types,
      (builder, values) => {
        body(builder, values, rewriter);
        return [];
      },
      {
        attributes: { "weft.entry_point": unitAttribute },
        properties: { arg_attrs: arrayAttribute(attributes.map(dictionaryAttribute)) },
      },
    );
  });
}

export const index = (b: Builder, value: number): ValueId =>
  arith.constant.build(b, {}, { value: integerAttribute(value, indexType) }, { resultTypes: [indexType] }).result;
export const integer = (b: Builder, type: IntegerType, value: number | bigint): ValueId =>
  arith.constant.build(b, {}, { value: integerAttribute(value, type) }, { resultTypes: [type] }).result;
export const float = (b: Builder, type: FloatType, value: number): ValueId =>
  arith.constant.build(b, {}, { value: floatAttribute(value, type) }, { resultTypes: [type] }).result;

/** `scf.for` from 0 to `upper` with carried values; `body` returns the next ones. */
export function loop(
  b: Builder,
  upper: number,
  initial: readonly ValueId[],
  body: (builder: Builder, counter: ValueId, carried: readonly ValueId[]) => readonly ValueId[],
  step = 1,
): readonly ValueId[] {
  const bounds = { lowerBound: index(b, 0), upperBound: index(b, upper), step: index(b, step) };
  const types = [indexType, ...initial.map((value) => b.typeOf(value))];
  return scf.for.build(
    b,
    { ...bounds, initArgs: initial },
    {},
    {
      regions: {
        region: [
          {
            arguments: types,
            body: (inner, [counter, ...carried]) => {
              scf.yield.build(inner, { results: body(inner, counter!, carried) }, {});
            },
          },
        ],
      },
    },
  ).results;
}

/** A loop nest over a shape. */
export function nest(
  b: Builder,
  shape: readonly number[],
  body: (builder: Builder, indices: readonly ValueId[]) => void,
): void {
  const enter = (builder: Builder, indices: readonly ValueId[]): void => {
    const size = shape[indices.length];
    if (size === undefined) body(builder, indices);
    else
      loop(builder, size, [], (inner, counter) => {
        enter(inner, [...indices, counter]);
        return [];
      });
  };
  enter(b, []);
}
