import { pipeline, type Pipeline, step } from "../../../passes/pipeline.ts";
import {
  expandCopies,
  expandExtendedArithmetic,
  expandSmallFloats,
  expandVectorMath,
  guardShifts,
  scalarizeVectors,
  storeBooleansAsBytes,
  widenNarrowIntegers,
  widenSmallFloats,
} from "../../../passes/legalize/index.ts";
import type { COptions } from "../options.ts";
import { eliminateDeadCode } from "./eliminate-dead-code.ts";
import { expandBooleanVectors } from "./expand-boolean-vectors.ts";
import { expandComparisons } from "./expand-comparisons.ts";
import { outlineKernels } from "./outline-kernels.ts";
import { scalarizeUnsupportedVectors } from "./scalarize-unsupported-vectors.ts";
import { saturateVectorCasts } from "./saturate-vector-casts.ts";

/** The passes that bring a kernel-level module into the subset of the IR that the printer has rules for. */
export const legalizationFor = (options: COptions): Pipeline =>
  pipeline(
    "builtin.module",
    step(expandCopies),
    step(expandExtendedArithmetic),
    ...(options.cDialect === "c99" ? [step(scalarizeVectors)] : [step(scalarizeUnsupportedVectors)]),
    step(widenSmallFloats),
    step(expandVectorMath),
    step(expandSmallFloats),
    step(widenNarrowIntegers),
    step(storeBooleansAsBytes),
    step(expandBooleanVectors),
    step(saturateVectorCasts),
    step(expandComparisons),
    step(guardShifts),
    step(outlineKernels),
    step(eliminateDeadCode),
  );
