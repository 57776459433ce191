import { type Attribute, floatAttribute } from "../../attributes.ts";
import { floatWidth } from "../../exact-float.ts";
import type { ComplexType, FloatType, IntegerType, Type } from "../../types.ts";
import { plainFloat, plainInteger, type Scalar, type ScalarBodyBuilder } from "./scalar-body.ts";

/** Whether integers are read as signed or unsigned when they are converted. */
export const castKinds = ["cast_signed", "cast_unsigned"] as const;
export type CastKind = (typeof castKinds)[number];

/**
 * The scalar as a value of another type, as OpDSL's `cast` means it. Where there is no conversion between the types, the scalar is
 * returned as it is, and the verifier finds that the types do not fit.
 */
export function castScalar(
  builder: ScalarBodyBuilder,
  value: Scalar,
  to: Type,
  kind: CastKind = "cast_signed",
): Scalar {
  if (value.type === to) return value;
  if (to.kind === "integer") return castToInteger(builder, value, to, kind);
  if (to.kind === "float") return castToFloat(builder, value, to, kind);
  if (to.kind === "complex") return castToComplex(builder, value, to, kind);
  return value;
}

function castToInteger(builder: ScalarBodyBuilder, value: Scalar, to: IntegerType, kind: CastKind): Scalar {
  const from = value.type;
  const isUnsigned = kind === "cast_unsigned";
  if (from.kind === "float") return builder.emit(isUnsigned ? "arith.fptoui" : "arith.fptosi", [value], to);
  if (from.kind === "index") return builder.emit("arith.index_cast", [value], to);
  if (from.kind !== "integer" || from.width === to.width) return value;
  if (from.width > to.width) return builder.emit("arith.trunci", [value], to, plainInteger);
  return builder.emit(isUnsigned ? "arith.extui" : "arith.extsi", [value], to);
}

function castToFloat(builder: ScalarBodyBuilder, value: Scalar, to: FloatType, kind: CastKind): Scalar {
  const from = value.type;
  if (from.kind === "integer")
    return builder.emit(kind === "cast_unsigned" ? "arith.uitofp" : "arith.sitofp", [value], to);
  return from.kind === "float" ? resizeFloat(builder, value, from, to) : value;
}
function resizeFloat(builder: ScalarBodyBuilder, value: Scalar, from: FloatType, to: FloatType): Scalar {
  const difference = floatWidth(to.format) - floatWidth(from.format);
  if (difference === 0) return value;
  return builder.emit(difference > 0 ? "arith.extf" : "arith.truncf", [value], to);
}

function castToComplex(builder: ScalarBodyBuilder, value: Scalar, to: ComplexType, kind: CastKind): Scalar {
  const from = value.type;
  const { element } = to;
  if (element.kind !== "float") return value;
  if (from.kind === "complex") {
    if (from.element.kind !== "float") return value;
    const parts = ["complex.re", "complex.im"].map((name) => builder.emit(name, [value], from.element, plainFloat));
    const name = floatWidth(element.format) < floatWidth(from.element.format) ? "arith.truncf" : "arith.extf";
    const resized = parts.map((part) => builder.emit(name, [part], element));
    return builder.emit("complex.create", resized, to);
  }
  if (from.kind !== "float" && from.kind !== "integer") return value;
  const real = castToFloat(builder, value, element, kind);
  const imaginary = builder.constant(floatAttribute(0, element) as Attribute & { readonly type: Type });
  return builder.emit("complex.create", [real, imaginary], to);
}
