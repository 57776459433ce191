import { type Attribute, type Attributes, floatAttribute, noAttributes } from "../../attributes.ts";
import type { Type } from "../../types.ts";
import { NoScalarBody, plainFloat, plainInteger, type Scalar, type ScalarBodyBuilder } from "./scalar-body.ts";

type Unary = (builder: ScalarBodyBuilder, value: Scalar) => Scalar;
const unary =
  (name: string): Unary =>
  (builder, value) =>
    builder.emit(name, [value], value.type, plainFloat);

/** Functions of one float. */
const unaryTable = {
  exp: unary("math.exp"),
  log: unary("math.log"),
  abs: unary("math.absf"),
  ceil: unary("math.ceil"),
  floor: unary("math.floor"),
  negf: unary("arith.negf"),
  reciprocal: (builder, value) => {
    if (value.type.kind !== "float") return value;
    const one = builder.constant(floatAttribute(1, value.type) as Attribute & { readonly type: Type });
    return builder.emit("arith.divf", [one, value], value.type, plainFloat);
  },
  round: unary("math.round"),
  sqrt: unary("math.sqrt"),
  rsqrt: unary("math.rsqrt"),
  square: (builder, value) => builder.emit("arith.mulf", [value, value], value.type, plainFloat),
  tanh: unary("math.tanh"),
  erf: unary("math.erf"),
} as const satisfies Readonly<Record<string, Unary>>;
export type UnaryFunction = keyof typeof unaryTable;
export const unaryFunctions = Object.keys(unaryTable) as readonly UnaryFunction[];

/** The operation of a binary function for each kind of operands; what is missing, it has no meaning for. */
interface BinaryEntry {
  readonly float?: string;
  readonly integer?: string;
  readonly complex?: string;
  /** For i1; that of integers when absent. */
  readonly boolean?: string | null;
  /** Attributes of the integer operation. */
  readonly properties?: Attributes;
  /** What is said about operands without a meaning. */
  readonly otherwise?: string;
}
const binaryTable = {
  add: {
    float: "arith.addf",
    integer: "arith.addi",
    complex: "complex.add",
    boolean: "arith.ori",
    properties: plainInteger,
  },
  sub: {
    float: "arith.subf",
    integer: "arith.subi",
    complex: "complex.sub",
    boolean: null,
    properties: plainInteger,
    otherwise: "unsupported operation: sub with bools",
  },
  mul: {
    float: "arith.mulf",
    integer: "arith.muli",
    complex: "complex.mul",
    boolean: "arith.andi",
    properties: plainInteger,
  },
  div: {
    float: "arith.divf",
    integer: "arith.divsi",
    complex: "complex.div",
    boolean: null,
    otherwise: "unsupported operation: div with bools",
  },
  div_unsigned: {
    integer: "arith.divui",
    boolean: null,
    otherwise: "unsupported operation: unsigned div not on uint",
  },
  max_signed: { float: "arith.maximumf", integer: "arith.maxsi" },
  min_signed: { float: "arith.minimumf", integer: "arith.minsi" },
  max_unsigned: {
    integer: "arith.maxui",
    boolean: null,
    otherwise: "unsupported operation: unsigned max not on uint",
  },
  min_unsigned: {
    integer: "arith.minui",
    boolean: null,
    otherwise: "unsupported operation: unsigned min not on uint",
  },
  powf: { float: "math.powf", otherwise: "unsupported operation: powf not on floats" },
} as const satisfies Readonly<Record<string, BinaryEntry>>;
export type BinaryFunction = keyof typeof binaryTable;
export const binaryFunctions = Object.keys(binaryTable) as readonly BinaryFunction[];

/** @throws NoScalarBody where the function has no meaning for the operand. */
export function applyUnary(builder: ScalarBodyBuilder, name: UnaryFunction, value: Scalar): Scalar {
  if (value.type.kind !== "float") throw new NoScalarBody("unsupported non numeric type");
  return unaryTable[name](builder, value);
}

/** @throws NoScalarBody where the function has no meaning for the operands. */
export function applyBinary(builder: ScalarBodyBuilder, name: BinaryFunction, left: Scalar, right: Scalar): Scalar {
  const entry: BinaryEntry = binaryTable[name];
  const { kind } = left.type;
  const alike = kind === right.type.kind && (kind === "complex" || kind === "float" || kind === "integer");
  if (!alike)
    throw new NoScalarBody(
      "Cannot build binary Linalg operation: expects allComplex, allFloatingPoint, or allInteger, got " +
        `'${left.type.text}' and '${right.type.text}'`,
    );
  const isBoolean = [left.type, right.type].every((type) => type.kind === "integer" && type.width === 1);
  const special = isBoolean ? entry.boolean : undefined;
  const operation = special === undefined ? entry[kind] : (special ?? undefined);
  if (operation === undefined)
    throw new NoScalarBody(entry.otherwise ?? `unsupported operation: ${name} on '${left.type.text}'`);
  const properties = kind !== "integer" ? plainFloat : isBoolean ? noAttributes : (entry.properties ?? noAttributes);
  return builder.emit(operation, [left, right], left.type, properties);
}

/** One of two values, by the first. */
export const applySelect = (builder: ScalarBodyBuilder, condition: Scalar, left: Scalar, right: Scalar): Scalar =>
  builder.emit("arith.select", [condition, left, right], left.type);
