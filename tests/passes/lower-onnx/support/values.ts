import type { ElementType } from "../../../../src/support/numeric/element-type.ts";
import { type HostTensor, tensorFromNumbers } from "../../../../src/support/numeric/host-tensor.ts";

const count = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** Numbers of both signs without a pattern, up to a magnitude; another `seed` gives others. */
export const mixed = (shape: readonly number[], magnitude = 1, seed = 0, type: ElementType = "f32"): HostTensor =>
  tensorFromNumbers(
    type,
    shape,
    Array.from({ length: count(shape) }, (_, index) => magnitude * Math.sin(index * 1.7 + 0.3 + seed * 5.1)),
  );

/** Positive numbers without a pattern, between 0.1 and 1.1. */
export const positive = (shape: readonly number[], seed = 0): HostTensor =>
  tensorFromNumbers(
    "f32",
    shape,
    Array.from({ length: count(shape) }, (_, index) => 0.6 + 0.5 * Math.sin(index * 2.3 + 0.1 + seed)),
  );

/** 8-bit integers over their whole range. */
export const bytes = (type: "i8" | "ui8", shape: readonly number[], seed = 0): HostTensor =>
  tensorFromNumbers(
    type,
    shape,
    Array.from(
      { length: count(shape) },
      (_, index) => Math.round(Math.sin(index * 1.7 + 0.3 + seed) * 127) + (type === "ui8" ? 128 : 0),
    ),
  );

export const tensor = (
  type: ElementType,
  shape: readonly number[],
  ...values: readonly (number | bigint)[]
): HostTensor => tensorFromNumbers(type, shape, values);
