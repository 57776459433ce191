import { canonicalize } from "../../src/passes/canonicalize/canonicalize.ts";
import { constantFold } from "../../src/passes/constant-fold/constant-fold.ts";
import { cse } from "../../src/passes/cse/cse.ts";
import { dce } from "../../src/passes/dce/dce.ts";
import { foldScaleIntoWeights } from "../../src/passes/fold-scale-into-weights/fold-scale-into-weights.ts";
import { formKernels } from "../../src/passes/form-kernels/form-kernels.ts";
import { fuseElementwise } from "../../src/passes/fuse-elementwise/fuse-elementwise.ts";
import { fuseRows } from "../../src/passes/fuse-rows/fuse-rows.ts";
import { inline } from "../../src/passes/inline/inline.ts";
import { PassRegistry } from "../../src/passes/pass-registry.ts";

/** The passes of the tensor level and those that work on every level. */
export const generalPasses = new PassRegistry([
  canonicalize,
  constantFold,
  cse,
  dce,
  foldScaleIntoWeights,
  formKernels,
  fuseElementwise,
  fuseRows,
  inline,
]);
