import { bufferizePass } from "./bufferize/bufferize.ts";
import { canonicalize } from "./canonicalize/canonicalize.ts";
import { constantFold } from "./constant-fold/constant-fold.ts";
import { cse } from "./cse/cse.ts";
import { dce } from "./dce/dce.ts";
import { foldScaleIntoWeights } from "./fold-scale-into-weights/fold-scale-into-weights.ts";
import { formKernels } from "./form-kernels/form-kernels.ts";
import { fuseAttention } from "./fuse-attention/fuse-attention.ts";
import { fuseElementwise } from "./fuse-elementwise/fuse-elementwise.ts";
import { fuseRows } from "./fuse-rows/fuse-rows.ts";
import { generalizeNamedOps } from "./generalize-named-ops/generalize-named-ops.ts";
import { hoistLoopInvariants } from "./hoist-loop-invariants/hoist-loop-invariants.ts";
import { inferShapes } from "./infer-shapes/infer-shapes.ts";
import { inline } from "./inline/inline.ts";
import { lowerOnnx } from "./lower-onnx/pass.ts";
import { lowerToLoopsPass } from "./loops/lower-to-loops.ts";
import { normalizeAccesses } from "./kernels/normalize-accesses.ts";
import { chooseSchedulePass } from "./schedule/choose-schedule.ts";
import { tilePass } from "./tile/tile.ts";
import { vectorizePass } from "./vectorize/vectorize.ts";
import { fuseLaunches } from "./gpu/fuse/fuse-launches.ts";
import { mapToGpu } from "./gpu/map-to-gpu.ts";
import { chooseGpuSchedule } from "./gpu/schedule/choose-gpu-schedule.ts";
import { demoteDoubles } from "./place/demote-doubles.ts";
import { outlineHostFunctions } from "./place/outline-host-functions.ts";
import { placeOperations } from "./place/place-operations.ts";
import { packReductionWords } from "./pack-reduction-words/pack-reduction-words.ts";
import { PassRegistry } from "./pass-registry.ts";
import { planMemoryPass } from "./plan-memory/plan-memory.ts";

/** Every pass of the compiler: a new one is a new folder and a line here. */
export const passes = new PassRegistry([
  bufferizePass,
  canonicalize,
  constantFold,
  cse,
  dce,
  demoteDoubles,
  foldScaleIntoWeights,
  formKernels,
  fuseAttention,
  fuseElementwise,
  fuseRows,
  generalizeNamedOps,
  hoistLoopInvariants,
  inferShapes,
  inline,
  lowerOnnx,
  chooseGpuSchedule,
  chooseSchedulePass,
  lowerToLoopsPass,
  mapToGpu,
  fuseLaunches,
  normalizeAccesses,
  outlineHostFunctions,
  packReductionWords,
  placeOperations,
  tilePass,
  vectorizePass,
  planMemoryPass,
]);
