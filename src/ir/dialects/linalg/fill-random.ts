import { type Attribute, floatAttribute, integerAttribute } from "../../attributes.ts";
import { f64, i32, i64, type Type } from "../../types.ts";
import type { Scalar, ScalarBodyBuilder } from "./scalar-body.ts";
import { castScalar } from "./scalar-cast.ts";
import { applyBinary, type BinaryFunction } from "./scalar-functions.ts";

type TypedAttribute = Attribute & { readonly type: Type };

/**
 * The body of `linalg.fill_rng_2d`: a linear congruential generator (multiplier 1103515245, increment 12345, modulus 2³²), seeded
 * with the seed and the row, then the column, scaled to lie between the least and the greatest value.
 */
export function fillRandom(builder: ScalarBodyBuilder, [least, greatest, seed, out]: readonly Scalar[]): Scalar {
  const apply = (name: BinaryFunction, left: Scalar, right: Scalar): Scalar => applyBinary(builder, name, left, right);
  const constant = (value: number, to: Type): Scalar =>
    castScalar(builder, builder.constant(integerAttribute(value, i64) as TypedAttribute), to);
  const position = (loop: number): Scalar => castScalar(builder, builder.index(loop), i32);
  const next = (state: Scalar): Scalar =>
    apply("add", apply("mul", state, constant(1103515245, i32)), constant(12345, i32));

  const offset = constant(2147483647, f64);
  const column = position(1);
  const row = next(apply("add", position(0), seed!));
  const random = castScalar(builder, next(apply("add", column, row)), f64);
  const shifted = apply("add", offset, random);
  const range = apply("sub", greatest!, least!);
  const scale = builder.constant(floatAttribute(2.3283063999999999e-10, f64) as TypedAttribute);
  const scaled = apply("mul", shifted, apply("mul", range, scale));
  return castScalar(builder, apply("add", scaled, least!), out!.type);
}
