import type { AnyPass } from "../pass.ts";
import { emulateWideIntegers } from "./emulate-wide-integers.ts";
import { expandCopies } from "./expand-copies.ts";
import { expandExtendedArithmetic } from "./expand-extended-arithmetic.ts";
import { expandSmallFloats } from "./expand-small-floats.ts";
import { expandVectorMath } from "./expand-vector-math.ts";
import { guardShifts } from "./guard-shifts.ts";
import { narrowWideIntegers } from "./narrow-wide-integers.ts";
import { scalarizeInside, scalarizeVectors } from "./scalarize-vectors.ts";
import { storeBooleansAsBytes } from "./store-booleans-as-bytes.ts";
import { widenNarrowIntegers } from "./widen-narrow-integers.ts";
import { widenSmallFloats } from "./widen-small-floats.ts";

export {
  emulateWideIntegers,
  expandCopies,
  expandExtendedArithmetic,
  expandSmallFloats,
  expandVectorMath,
  narrowWideIntegers,
  guardShifts,
  scalarizeInside,
  scalarizeVectors,
  storeBooleansAsBytes,
  widenNarrowIntegers,
  widenSmallFloats,
};

/** Passes that replace what a target lacks by what every target has. */
export const legalizationPasses: readonly AnyPass[] = [
  emulateWideIntegers,
  expandCopies,
  expandExtendedArithmetic,
  expandSmallFloats,
  expandVectorMath,
  narrowWideIntegers,
  guardShifts,
  scalarizeVectors,
  storeBooleansAsBytes,
  widenNarrowIntegers,
  widenSmallFloats,
];
