import { scf } from "../../ir/dialects/index.ts";
import type { ValueId } from "../../ir/module.ts";
import { i1, indexType } from "../../ir/types.ts";
import type { Scalar } from "./scalar-builder.ts";
import type { StructuredBuilder } from "./structured-builder.ts";
import type { Tensor } from "./tensor.ts";

/** A sequential loop of `count` iterations over carried tensors (`scf.for`). */
export function loop(
  t: StructuredBuilder,
  count: number | Scalar,
  carried: readonly Tensor[],
  body: (position: Scalar, carried: readonly Tensor[]) => readonly Tensor[],
): readonly Tensor[] {
  return loopWithScalars(t, count, [], carried, (position, _, tensors) => ({
    scalars: [],
    carried: body(position, tensors),
  }));
}

/** `loop` that carries scalars, too. Returns the tensors at its end. */
export function loopWithScalars(
  t: StructuredBuilder,
  count: number | Scalar,
  scalars: readonly Scalar[],
  carried: readonly Tensor[],
  body: (
    position: Scalar,
    scalars: readonly Scalar[],
    carried: readonly Tensor[],
  ) => { readonly scalars: readonly Scalar[]; readonly carried: readonly Tensor[] },
): readonly Tensor[] {
  const s = t.scalars;
  const upper = typeof count === "number" ? s.index(count) : count;
  const initial = [...scalars.map(({ value }) => value), ...carried.map(({ value }) => value)];
  const { results } = scf.for.build(
    t.builder,
    { lowerBound: s.index(0).value, upperBound: upper.value, step: s.index(1).value, initArgs: initial },
    {},
    {
      regions: {
        region: [
          {
            arguments: [indexType, ...initial.map((value) => t.builder.typeOf(value))],
            body: (b, [position, ...values]) => {
              const next = body(
                { value: position!, type: indexType },
                scalars.map(({ type }, index) => ({ value: values[index]!, type })),
                carried.map(({ element }, index) => t.wrap(values[scalars.length + index]!, element)),
              );
              scf.yield.build(b, { results: [...next.scalars, ...next.carried].map(({ value }) => value) }, {});
            },
          },
        ],
      },
    },
  );
  return carried.map(({ element }, index) => t.wrap(results[scalars.length + index]!, element));
}

/**
 * A loop over carried scalars and tensors for as long as `condition` of the scalars holds (`scf.while`). Returns the tensors at
 * its end.
 */
export function loopWhile(
  t: StructuredBuilder,
  scalars: readonly Scalar[],
  carried: readonly Tensor[],
  condition: (scalars: readonly Scalar[]) => Scalar,
  body: (
    scalars: readonly Scalar[],
    carried: readonly Tensor[],
  ) => { readonly scalars: readonly Scalar[]; readonly carried: readonly Tensor[] },
): readonly Tensor[] {
  const initial = [...scalars.map(({ value }) => value), ...carried.map(({ value }) => value)];
  const types = initial.map((value) => t.builder.typeOf(value));
  const split = (values: readonly ValueId[]) => ({
    scalars: scalars.map(({ type }, index) => ({ value: values[index]!, type })),
    carried: carried.map(({ element }, index) => t.wrap(values[scalars.length + index]!, element)),
  });
  const { results } = scf.while.build(
    t.builder,
    { inits: initial },
    {},
    {
      resultTypes: types,
      regions: {
        before: [
          {
            arguments: types,
            body: (b, values) =>
              void scf.condition.build(b, { condition: condition(split(values).scalars).value, args: values }, {}),
          },
        ],
        after: [
          {
            arguments: types,
            body: (b, values) => {
              const inner = split(values);
              const next = body(inner.scalars, inner.carried);
              const yielded = [...next.scalars, ...next.carried].map(({ value }) => value);
              scf.yield.build(b, { results: yielded }, {});
            },
          },
        ],
      },
    },
  );
  return split(results).carried;
}

/** Runs a body whose operations are thrown away afterwards: for finding out what it would give. */
export function discarding<T>(t: StructuredBuilder, body: () => T): T {
  let result: { readonly value: T } | undefined;
  const condition = t.scalars.constant(1, i1);
  const made = scf.if.build(
    t.builder,
    { condition: condition.value },
    {},
    {
      resultTypes: [],
      regions: {
        thenRegion: [
          {
            arguments: [],
            body: (b) => {
              result = { value: body() };
              scf.yield.build(b, { results: [] }, {});
            },
          },
        ],
        elseRegion: [],
      },
    },
  );
  t.builder.erase(made.op);
  t.builder.erase(t.builder.definition(condition.value)!);
  return result!.value;
}

/** One of two computations by an i1 scalar (`scf.if`); both must give tensors of the same types. */
export function branch(
  t: StructuredBuilder,
  condition: Scalar,
  whenTrue: () => readonly Tensor[],
  whenFalse: () => readonly Tensor[],
): readonly Tensor[] {
  let yielded: readonly Tensor[] = [];
  const block = (make: () => readonly Tensor[]) => [
    {
      arguments: [],
      body: () => {
        yielded = make();
        scf.yield.build(t.builder, { results: yielded.map((tensor) => tensor.value) }, {});
      },
    },
  ];
  // The result types are known only after the first branch is built, so it is built as a region of its own first.
  const made = scf.if.build(
    t.builder,
    { condition: condition.value },
    {},
    { resultTypes: [], regions: { thenRegion: block(whenTrue), elseRegion: block(whenFalse) } },
  ).op;
  const typed = t.builder.create({
    name: made.name,
    operands: made.operands,
    resultTypes: yielded.map((tensor) => t.builder.typeOf(tensor.value)),
  });
  t.builder.moveRegion(made.id, 0, typed.id, 0);
  t.builder.moveRegion(made.id, 1, typed.id, 1);
  t.builder.erase(made);
  return typed.results.map((result, index) => t.wrap(result, yielded[index]!.element));
}
