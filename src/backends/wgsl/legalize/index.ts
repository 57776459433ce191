import { canonicalize } from "../../../passes/canonicalize/canonicalize.ts";
import { cse } from "../../../passes/cse/cse.ts";
import { dce } from "../../../passes/dce/dce.ts";
import { hoistLoopInvariants } from "../../../passes/hoist-loop-invariants/hoist-loop-invariants.ts";
import {
  emulateWideIntegers,
  expandCopies,
  expandExtendedArithmetic,
  expandSmallFloats,
  guardShifts,
  narrowWideIntegers,
  storeBooleansAsBytes,
  widenNarrowIntegers,
  widenSmallFloats,
} from "../../../passes/legalize/index.ts";
import { pipeline, type Pipeline, step } from "../../../passes/pipeline.ts";
import type { WgslOptions } from "../options.ts";
import { chooseNativeHalves } from "./choose-native-halves.ts";
import { formPackedDots } from "./form-packed-dots.ts";
import { isolateKernels } from "./isolate-kernels.ts";
import { linearizeAccesses } from "./linearize-accesses.ts";
import { packNarrowBuffers } from "./pack-narrow-buffers.ts";
import { refuseDoubles } from "./refuse-doubles.ts";
import { scalarizeUnsupportedVectors } from "./scalarize-unsupported-vectors.ts";
import { simplifyExtensions } from "./simplify-extensions.ts";
import { storeIndicesAsI64 } from "./store-indices-as-i64.ts";

/** The passes that bring the kernels of a module at the device level into the subset of the IR that the printer has rules for. */
export const legalizationFor = (_options: WgslOptions): Pipeline =>
  pipeline(
    "builtin.module",
    step(isolateKernels),
    // Constants that were doubles are folded into what they are used as.
    step(canonicalize),
    step(refuseDoubles),
    step(expandCopies, { dense: true }),
    step(scalarizeUnsupportedVectors),
    step(linearizeAccesses),
    step(storeIndicesAsI64),
    step(expandExtendedArithmetic),
    step(chooseNativeHalves),
    step(widenSmallFloats, { doubles: false }),
    step(expandSmallFloats, { flushesDenormals: true }),
    step(widenNarrowIntegers),
    step(storeBooleansAsBytes),
    step(narrowWideIntegers),
    step(emulateWideIntegers),
    step(packNarrowBuffers),
    step(widenNarrowIntegers, { least: 32 }),
    step(guardShifts, { indexWidth: 32 }),
    step(canonicalize),
    step(simplifyExtensions),
    step(cse),
    step(dce),
    step(formPackedDots),
    step(hoistLoopInvariants),
    step(cse),
    step(dce),
  );
