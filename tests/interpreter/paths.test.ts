import fc from "fast-check";
import { describe, test } from "vitest";
import type { Builder } from "../../src/ir/builder.ts";
import { arith, math, scf, vector } from "../../src/ir/dialects/index.ts";
import { floatPredicates, integerPredicates } from "../../src/ir/dialects/arith.ts";
import type { ValueId } from "../../src/ir/module.ts";
import {
  bf16,
  elementOf,
  f16,
  f32,
  f64,
  floatType,
  hostElementType,
  i1,
  i16,
  i32,
  i64,
  i8,
  indexType,
  integerType,
  memRefType,
  tensorType,
  type Type,
  vectorType,
} from "../../src/ir/types.ts";
import { bufferOf, type RuntimeValue } from "../../src/interpreter/values.ts";
import { allocateTensor, type HostTensor, writeElement } from "../../src/support/numeric/host-tensor.ts";
import { block, emptyTensor, generic, identityMap, index, loop, program, runBoth } from "./programs.ts";

/** One step of a random program: which operation, and which of the values so far it takes. */
interface Step {
  readonly operation: number;
  readonly picks: readonly [number, number, number];
  readonly predicate: number;
}
const step: fc.Arbitrary<Step> = fc.record({
  operation: fc.nat(1000),
  picks: fc.tuple(fc.nat(1000), fc.nat(1000), fc.nat(1000)),
  predicate: fc.nat(1000),
});

const floats = [f32, f64, f16, bf16, floatType("f8E5M2"), floatType("f8E4M3FN")];
const integers = [i1, integerType(4), i8, i16, i32, i64];
const scalarTypes: readonly Type[] = [...floats, ...integers];

const floatBinary = ["addf", "subf", "mulf", "divf", "remf", "minimumf", "maximumf", "minnumf", "maxnumf"] as const;
const floatUnary = [
  "absf",
  "ceil",
  "floor",
  "sqrt",
  "exp",
  "tanh",
  "trunc",
  "roundeven",
  "round",
  "erf",
  "rsqrt",
] as const;
// Divisions are left to tests of their own: a random divisor is often zero.
const integerBinary = [
  "addi", "subi", "muli", "andi", "ori", "xori", "shli", "shrsi", "shrui", "minsi", "minui", "maxsi", "maxui",
] as const; // prettier-ignore
// An index is exact to 2^53 only, which products and shifts leave at once.
const indexBinary = ["addi", "subi", "minsi", "minui", "maxsi", "maxui"] as const;
const integerUnary = ["absi", "ctlz", "cttz", "ctpop"] as const;

const isFloat = (type: Type): boolean => elementOf(type).kind === "float";
const pick = <T>(list: readonly T[], number: number): T => list[number % list.length]!;

/** Adds one operation to the values so far; `like` gives the type of the same shape with another element. */
function extend(
  builder: Builder,
  values: ValueId[],
  { operation, picks, predicate }: Step,
  like: (t: Type) => Type,
): void {
  const typeOf = (value: ValueId): Type => builder.typeOf(value);
  const a = pick(values, picks[0]);
  const type = typeOf(a);
  const element = elementOf(type);
  const same = values.filter((value) => typeOf(value) === type);
  const [b, c] = [pick(same, picks[1]), pick(same, picks[2])];
  const kind = operation % 8;
  const conditions = values.filter((value) => elementOf(typeOf(value)) === i1);
  const cast = (
    target: Type,
    name: "truncf" | "fptosi" | "fptoui" | "sitofp" | "uitofp" | "trunci" | "extsi" | "extui",
  ): void => {
    values.push(arith[name].build(builder, { in: a }, {}, { resultTypes: [like(target)] }).out);
  };
  const width = element.kind === "integer" ? element.width : 64;
  if (kind === 0) {
    values.push(
      isFloat(type)
        ? arith.cmpf.build(builder, { lhs: a, rhs: b }, { predicate: pick(floatPredicates, predicate) }).result
        : arith.cmpi.build(builder, { lhs: a, rhs: b }, { predicate: pick(integerPredicates, predicate) }).result,
    );
  } else if (kind === 1 && conditions.length > 0) {
    const condition = pick(conditions, predicate);
    values.push(arith.select.build(builder, { condition, true_value: b, false_value: c }, {}).result);
  } else if (kind === 2 && isFloat(type)) {
    values.push(math.fma.build(builder, { a, b, c }, {}).result);
  } else if (kind === 3) {
    const target = pick(scalarTypes, predicate);
    if (isFloat(type)) {
      if (target.kind === "float") cast(target, "truncf");
      else cast(target, operation % 16 < 8 ? "fptosi" : "fptoui");
    } else if (target.kind === "float") cast(target, operation % 16 < 8 ? "sitofp" : "uitofp");
    else if (target.kind === "integer") {
      if (target.width < width) cast(target, "trunci");
      else if (target.width > width) cast(target, operation % 16 < 8 ? "extsi" : "extui");
    }
  } else if (kind === 4) {
    values.push(
      isFloat(type)
        ? math[pick(floatUnary, predicate)].build(builder, { operand: a }, {}).result
        : math[element === indexType ? "absi" : pick(integerUnary, predicate)].build(builder, { operand: a }, {})
            .result,
    );
  } else if (kind === 5 && element.kind === "integer" && element.width <= 64) {
    // There and back through index.
    const there = arith[operation % 16 < 8 ? "index_cast" : "index_castui"].build(
      builder,
      { in: a },
      {},
      { resultTypes: [like(indexType)] },
    ).out;
    const doubled = arith.addi.build(builder, { lhs: there, rhs: there }, {}).result;
    const back = like(pick(integers.slice(0, 5), predicate));
    if (element.width <= 32)
      values.push(arith.index_cast.build(builder, { in: doubled }, {}, { resultTypes: [back] }).out);
  } else {
    values.push(
      isFloat(type)
        ? arith[pick(floatBinary, predicate)].build(builder, { lhs: a, rhs: b }, {}).result
        : arith[pick(element === indexType ? indexBinary : integerBinary, predicate)].build(
            builder,
            { lhs: a, rhs: b },
            {},
          ).result,
    );
  }
}

const interesting = [0, -0, 1, -1, 0.5, 2.5, -3.5, 127, 128, -128, 255, 32767, 65504, 65536, 2147483647, -2147483648, 1e10, -1e10, 1e-7, 3.4e38, 1e300, Infinity, -Infinity, NaN]; // prettier-ignore
const number = fc.oneof(
  fc.constantFrom(...interesting),
  fc.integer({ min: -40, max: 40 }),
  fc.double({ min: -1e6, max: 1e6 }),
);

function tensorWith(type: Type, count: number, numbers: readonly number[]): HostTensor {
  const tensor = allocateTensor(hostElementType(type)!, [count]) as HostTensor;
  for (let i = 0; i < count; i++) writeElement(tensor, i, numbers[i % numbers.length]!);
  return tensor;
}

describe("compiled code and rules agree", () => {
  test("on scalar operations in the body of a structured operation", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...scalarTypes), { minLength: 1, maxLength: 4 }),
        fc.array(step, { minLength: 1, maxLength: 14 }),
        fc.array(number, { minLength: 1, maxLength: 9 }),
        (types, steps, numbers) => {
          const count = 7;
          const shaped = types.map((type) => tensorType([count], type));
          const module = program(shaped, (builder, inputs) => {
            const last: Type[] = [];
            const inner = (b: Builder, values: readonly ValueId[]): ValueId => {
              const all = values.slice(0, types.length);
              for (const next of steps) extend(b, all, next, (type) => type);
              return all.at(-1)!;
            };
            // The type of the last value decides the output's: a dry run in a function of its own tells it.
            program(types, (b, values) => {
              const result = inner(b, values);
              last.push(b.typeOf(result));
              return [result];
            });
            const output = emptyTensor(builder, tensorType([count], last[0]!));
            const maps = [...inputs, output].map(() => identityMap(1));
            return generic(builder, inputs, [output], maps, (b, values) => [inner(b, values)]);
          });
          runBoth(module, () => types.map((type, i) => tensorWith(type, count, numbers.slice(i % numbers.length))));
        },
      ),
      { numRuns: 500 },
    );
  });

  test("on vector operations in a loop over a buffer", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...scalarTypes),
        fc.array(step, { minLength: 1, maxLength: 8 }),
        fc.array(number, { minLength: 1, maxLength: 20 }),
        fc.constantFrom(1, 4, 8),
        (type, steps, numbers, lanes) => {
          const rows = 5;
          const vectors = vectorType([lanes], type);
          const module = program(
            [memRefType([rows, lanes], type), memRefType([lanes], type)],
            (builder, [source, target]) => {
              const [from, to, by] = [index(builder, 0), index(builder, rows), index(builder, 1)];
              const first = vector.load.build(
                builder,
                { base: target!, indices: [from] },
                {},
                { resultTypes: [vectors] },
              ).result;
              const [sum] = loop(builder, [from, to, by], [first], (b, row, [carried]) => {
                const read = vector.load.build(
                  b,
                  { base: source!, indices: [row, from] },
                  {},
                  { resultTypes: [vectors] },
                ).result;
                const values = [carried!, read];
                for (const next of steps) extend(b, values, next, (element) => vectorType([lanes], element));
                return [values.findLast((value) => b.typeOf(value) === vectors)!];
              });
              vector.store.build(builder, { valueToStore: sum!, base: target!, indices: [from] }, {});
              return [];
            },
          );
          runBoth(module, () => [
            bufferOf({ ...tensorWith(type, rows * lanes, numbers), shape: [rows, lanes] }),
            bufferOf(tensorWith(type, lanes, numbers)),
          ]);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("on values that loops and branches carry", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(f32, i32, i64, indexType), { minLength: 1, maxLength: 4 }),
        fc.array(step, { minLength: 0, maxLength: 6 }),
        fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 4, maxLength: 4 }),
        fc.array(fc.nat(20), { minLength: 8, maxLength: 8 }),
        (types, steps, numbers, shuffle) => {
          const module = program(types, (builder, inputs) => {
            const [from, to, by] = [index(builder, 0), index(builder, 6), index(builder, 1)];
            return loop(builder, [from, to, by], inputs, (b, position, carried) => {
              const values = [...carried];
              for (const next of steps) extend(b, values, next, (type) => type);
              const even = arith.cmpi.build(
                b,
                { lhs: arith.remsi.build(b, { lhs: position, rhs: index(b, 2) }, {}).result, rhs: index(b, 0) },
                { predicate: "eq" },
              ).result;
              // Any value of the right type goes on, so that carried values change places.
              const next = (salt: number): readonly ValueId[] =>
                types.map((type, i) =>
                  pick(
                    values.filter((value) => b.typeOf(value) === type),
                    shuffle[(i + salt) % 8]!,
                  ),
                );
              return scf.if.build(
                b,
                { condition: even },
                {},
                {
                  resultTypes: types,
                  regions: {
                    thenRegion: block([], (inner) => void scf.yield.build(inner, { results: next(0) }, {})),
                    elseRegion: block([], (inner) => void scf.yield.build(inner, { results: next(3) }, {})),
                  },
                },
              ).results;
            });
          });
          runBoth(module, () =>
            types.map((type, i): RuntimeValue => (type === i64 ? BigInt(numbers[i]!) : numbers[i]!)),
          );
        },
      ),
      { numRuns: 300 },
    );
  });
});
