import { floatOperations, integerOperations } from "../../src/testing/programs/scalar-rules.ts";
import { type Attribute, boolAttribute, floatAttribute, integerAttribute } from "../../src/ir/attributes.ts";
import { createFunction, createModule } from "../../src/ir/create-module.ts";
import { arith, math, scf } from "../../src/ir/dialects/index.ts";
import { floatPredicates, integerPredicates } from "../../src/ir/dialects/arith.ts";
import type { Builder } from "../../src/ir/builder.ts";
import type { Module, ValueId } from "../../src/ir/module.ts";
import { bf16, f16, f32, f64, i1, i16, i32, i64, i8, indexType, type Type } from "../../src/ir/types.ts";

/** Types of the arguments of a generated program. */
export const scalarInputs = [f32, f32, f64, i32, i32, i64, i8, i1, indexType] as const satisfies readonly Type[];
const integerTypes: readonly Type[] = [i1, i8, i16, i32, i64];
const floatTypes: readonly Type[] = [f16, bf16, f32, f64];

const edgeIntegers = [0n, 1n, -1n, 2n, 7n, 64n, -128n, 2n ** 31n - 1n, -(2n ** 31n)];
const edgeFloats = [0, -0, 1, -1, 2, 0.5, 8, 3, Number.NaN, Infinity, -Infinity, 1e-40, 65504];

const isFloat = (type: Type): boolean => type.kind === "float";
const widthOf = (type: Type): number => (type.kind === "integer" ? type.width : 64);
const isIntegerLike = (type: Type): boolean => type.kind === "integer" || type.kind === "index";

function constantAttribute(type: Type, n: number): Attribute {
  if (type.kind === "float") {
    const value = edgeFloats[n % edgeFloats.length]!;
    return floatAttribute(type === f32 ? Math.fround(value) : value, type);
  }
  const value = edgeIntegers[n % edgeIntegers.length]!;
  if (type === i1) return boolAttribute(value % 2n !== 0n);
  return integerAttribute(BigInt.asIntN(widthOf(type), value), type as typeof i32);
}
const constant = (b: Builder, type: Type, n: number): ValueId =>
  arith.constant.build(b, {}, { value: constantAttribute(type, n) }, { resultTypes: [type] }).result;

type Pick = (accepts: (type: Type) => boolean) => ValueId | undefined;
type Step = (b: Builder, pick: Pick, n: readonly number[]) => ValueId | undefined;

/** The interpreter's `index` is exact to 2^53, so its values must stay small. */
const indexOperations = [arith.addi, arith.subi, arith.minsi, arith.maxsi] as const;
/** Operations that are undefined for some operands on the right; they get a constant for which they are not. */
const partialOperations = [
  [arith.divsi, 1],
  [arith.divui, 1],
  [arith.floordivsi, 1],
  [arith.ceildivsi, 1],
  [arith.remsi, 1],
  [arith.remui, 1],
  [arith.shli, 0],
  [arith.shrsi, 0],
  [arith.shrui, 0],
] as const;

/** Either another value of the type or a constant; sometimes the same value again. */
const other = (b: Builder, pick: Pick, value: ValueId, n: number): ValueId => {
  const type = b.typeOf(value);
  if (n % 3 === 0) return constant(b, type, Math.floor(n / 3));
  return n % 3 === 1 ? value : (pick((candidate) => candidate === type) ?? value);
};

const steps: readonly Step[] = [
  (b, pick, n) => {
    const value = pick(isIntegerLike);
    if (value === undefined) return undefined;
    const right = other(b, pick, value, n[1]!);
    const [lhs, rhs] = n[2]! % 4 === 0 ? [right, value] : [value, right];
    const operations = b.typeOf(value) === indexType ? indexOperations : integerOperations;
    return operations[n[3]! % operations.length]!.build(b, { lhs, rhs }, {}).result;
  },
  (b, pick, n) => {
    const value = pick(isFloat);
    if (value === undefined) return undefined;
    const right = other(b, pick, value, n[1]!);
    const [lhs, rhs] = n[2]! % 4 === 0 ? [right, value] : [value, right];
    return floatOperations[n[3]! % floatOperations.length]!.build(b, { lhs, rhs }, {}).result;
  },
  (b, pick, n) => {
    const lhs = pick((type) => type.kind === "integer" && type !== i1);
    if (lhs === undefined) return undefined;
    const [operation, rhs] = partialOperations[n[1]! % partialOperations.length]!;
    return operation.build(b, { lhs, rhs: constant(b, b.typeOf(lhs), rhs) }, {}).result;
  },
  (b, pick, n) => {
    const operand = pick(isFloat);
    if (operand === undefined) return undefined;
    return [arith.negf, math.absf, math.floor, math.trunc][n[1]! % 4]!.build(b, { operand }, {}).result;
  },
  (b, pick, n) => {
    const lhs = pick(isIntegerLike);
    if (lhs === undefined) return undefined;
    const predicate = integerPredicates[n[2]! % integerPredicates.length]!;
    return arith.cmpi.build(b, { lhs, rhs: other(b, pick, lhs, n[1]!) }, { predicate }).result;
  },
  (b, pick, n) => {
    const lhs = pick(isFloat);
    if (lhs === undefined) return undefined;
    const predicate = floatPredicates[n[2]! % floatPredicates.length]!;
    return arith.cmpf.build(b, { lhs, rhs: other(b, pick, lhs, n[1]!) }, { predicate }).result;
  },
  (b, pick, n) => {
    const condition = pick((type) => type === i1);
    const value = pick(() => true);
    if (condition === undefined || value === undefined) return undefined;
    return arith.select.build(b, { condition, true_value: value, false_value: other(b, pick, value, n[1]!) }, {})
      .result;
  },
  // Wider and narrower integers.
  (b, pick, n) => {
    const value = pick((type) => type.kind === "integer");
    if (value === undefined) return undefined;
    const [from, to] = [b.typeOf(value), integerTypes[n[1]! % integerTypes.length]!];
    if (from === to) return undefined;
    const cast = widthOf(to) < widthOf(from) ? arith.trunci : n[2]! % 2 ? arith.extsi : arith.extui;
    return cast.build(b, { in: value }, {}, { resultTypes: [to] }).out;
  },
  (b, pick, n) => {
    const value = pick(isFloat);
    if (value === undefined) return undefined;
    const [from, to] = [b.typeOf(value), floatTypes[n[1]! % floatTypes.length]!];
    const bits = (type: Type): number => (type === f64 ? 64 : type === f32 ? 32 : 16);
    if (bits(from) === bits(to)) return undefined;
    return (bits(to) < bits(from) ? arith.truncf : arith.extf).build(b, { in: value }, {}, { resultTypes: [to] }).out;
  },
  (b, pick, n) => {
    const value = pick((type) => type.kind === "integer" && type !== i1);
    if (value === undefined) return undefined;
    const cast = n[1]! % 2 ? arith.sitofp : arith.uitofp;
    return cast.build(b, { in: value }, {}, { resultTypes: [n[2]! % 2 ? f32 : f64] }).out;
  },
  (b, pick, n) => {
    const fromIndex = n[1]! % 2 === 0;
    const value = pick((type) => (fromIndex ? type === indexType : type === i32 || type === i8));
    if (value === undefined) return undefined;
    const to = fromIndex ? [i32, i64, i8][n[2]! % 3]! : indexType;
    return (n[3]! % 2 ? arith.index_cast : arith.index_castui).build(b, { in: value }, {}, { resultTypes: [to] }).out;
  },
  (b, pick, n) => {
    const value = pick((type) => type === f32 || type === i32);
    if (value === undefined) return undefined;
    const to = n[1]! % 3 === 0 ? b.typeOf(value) : b.typeOf(value) === f32 ? i32 : f32;
    return arith.bitcast.build(b, { in: value }, {}, { resultTypes: [to] }).out;
  },
  // There and back through another integer type or index.
  (b, pick, n) => {
    const value = pick((type) => type === indexType || type === i32 || type === i8);
    if (value === undefined) return undefined;
    const from = b.typeOf(value);
    const through = from === indexType ? [i8, i32, i64][n[1]! % 3]! : indexType;
    const cast = n[2]! % 2 ? arith.index_cast : arith.index_castui;
    const there = cast.build(b, { in: value }, {}, { resultTypes: [through] }).out;
    return cast.build(b, { in: there }, {}, { resultTypes: [from] }).out;
  },
  (b, _, n) => constant(b, [...integerTypes, ...floatTypes, indexType][n[1]! % 10]!, n[2]!),
  // A branch whose arms compute, or only choose.
  (b, pick, n) => {
    const condition = n[2]! % 3 === 0 ? constant(b, i1, n[2]!) : pick((type) => type === i1);
    const value = pick(isFloat);
    if (condition === undefined || value === undefined) return undefined;
    const arm = (computes: boolean) => [
      {
        arguments: [],
        body: (inner: Builder) => {
          const result = computes ? arith.negf.build(inner, { operand: value }, {}).result : value;
          scf.yield.build(inner, { results: [result] }, {});
        },
      },
    ];
    const regions = { thenRegion: arm(n[3]! % 2 === 0), elseRegion: arm(n[4]! % 2 === 0) };
    return scf.if.build(b, { condition }, {}, { resultTypes: [b.typeOf(value)], regions }).results[0];
  },
];

/** A function of scalars that gives all it computed. */
export function scalarProgram(choices: readonly (readonly number[])[]): Module {
  return createModule((r) => {
    createFunction(r, "main", scalarInputs, (b, values) => {
      const made = [...values];
      for (const n of choices) {
        let next = n[5]!;
        const pick: Pick = (accepts) => {
          const candidates = made.filter((value) => accepts(b.typeOf(value)));
          next = (next * 31 + 7) % 1009;
          return candidates.at(-1 - (next % Math.min(4, Math.max(1, candidates.length))));
        };
        const value = steps[n[0]! % steps.length]!(b, pick, n);
        if (value !== undefined) made.push(value);
      }
      return made.slice(values.length);
    });
  });
}
