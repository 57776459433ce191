import type { Attributes } from "../../attributes.ts";
import type { IrReader, Operation } from "../../module.ts";
import { sameAttributes } from "../../attributes.ts";
import type { Type } from "../../types.ts";
import { castAttribute, elementwiseKind, type ElementwiseKind } from "./attributes.ts";
import { multiplyAccumulate, namedOperations } from "./named-operations.ts";
import { NoScalarBody, type Scalar, type ScalarBody, ScalarBodyBuilder, scalarOf } from "./scalar-body.ts";
import type { CastKind } from "./scalar-cast.ts";
import {
  applyBinary,
  applySelect,
  applyUnary,
  type BinaryFunction,
  binaryFunctions,
  type UnaryFunction,
} from "./scalar-functions.ts";

const castOf = (attributes: Attributes): CastKind =>
  (attributes["cast"] && castAttribute.codec.decode(attributes["cast"])) ?? "cast_signed";

/**
 * The body that the name of a structured operation says, for operands of these types (inputs, then outputs).
 * @throws NoScalarBody where there is none for these types.
 */
export function namedBody(name: string, types: readonly Type[], attributes: Attributes): ScalarBody {
  const builder = new ScalarBodyBuilder(types.map(scalarOf));
  return builder.finish([compute(name, builder, builder.arguments, attributes)]);
}

function compute(name: string, builder: ScalarBodyBuilder, values: readonly Scalar[], attributes: Attributes): Scalar {
  if (name === "linalg.contract") return multiplyAccumulate(builder, values, castOf(attributes));
  if (name === "linalg.transpose" || name === "linalg.broadcast") return values[0]!;
  if (name === "linalg.elementwise") {
    const kind = attributes["kind"] && elementwiseKind.codec.decode(attributes["kind"]);
    if (kind === undefined) throw new NoScalarBody("expected operation 'kind' attribute");
    return applyElementwise(builder, kind, values);
  }
  return namedOperations[name.slice("linalg.".length)]!.compute(builder, values, castOf(attributes));
}

function applyElementwise(builder: ScalarBodyBuilder, kind: ElementwiseKind, values: readonly Scalar[]): Scalar {
  const [first, second, third] = values;
  if (kind === "select") return applySelect(builder, first!, second!, third!);
  return (binaryFunctions as readonly string[]).includes(kind)
    ? applyBinary(builder, kind as BinaryFunction, first!, second!)
    : applyUnary(builder, kind as UnaryFunction, first!);
}

/** Whether the operation's region is the one that its name says, so that a text may leave it out. */
export function hasNamedBody(reader: IrReader, op: Operation): boolean {
  const [region] = op.regions;
  if (op.regions.length !== 1 || region?.length !== 1) return false;
  const block = reader.block(region[0]!);
  const types = op.operands.map((operand) => reader.typeOf(operand));
  let expected: ScalarBody;
  try {
    expected = namedBody(op.name, types, { ...op.attributes, ...op.properties });
  } catch (error) {
    if (error instanceof NoScalarBody) return false;
    throw error;
  }
  if (block.arguments.length !== expected.arguments.length) return false;
  if (block.arguments.some((argument, index) => reader.typeOf(argument) !== expected.arguments[index])) return false;
  if (block.operations.length !== expected.operations.length + 1) return false;
  const values = [...block.arguments];
  const reads = (inner: Operation, operands: readonly number[]): boolean =>
    inner.operands.length === operands.length && inner.operands.every((value, i) => value === values[operands[i]!]);
  for (const [position, { name, operands, type, properties }] of expected.operations.entries()) {
    const inner = reader.operation(block.operations[position]!);
    const [result] = inner.results;
    if (inner.name !== name || inner.results.length !== 1 || reader.typeOf(result!) !== type) return false;
    if (!reads(inner, operands) || !isBare(inner) || !sameAttributes(inner.properties, properties)) return false;
    values.push(result!);
  }
  const last = reader.operation(block.operations.at(-1)!);
  return last.name === "linalg.yield" && isBare(last) && reads(last, expected.yielded);
}

const isBare = (op: Operation): boolean => op.regions.length === 0 && Object.keys(op.attributes).length === 0;
