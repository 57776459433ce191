import { builtin, gpu } from "../../ir/dialects/index.ts";
import { type Module, walk } from "../../ir/module.ts";
import { Rewriter } from "../../ir/rewriter.ts";
import { i64 } from "../../ir/types.ts";
import { CompileError } from "../../support/diagnostic.ts";
import { pass } from "../pass.ts";
import { deviceFunctions } from "./device-functions.ts";
import { wideDiagnostics } from "./wide-integers/diagnostics.ts";
import { emulateFunction, storedType } from "./wide-integers/emulate-function.ts";

/** Hands buffers of long integers to launches as what kernels take now. */
function castLaunchArguments(rewriter: Rewriter): void {
  for (const op of [...walk(rewriter)]) {
    const launch = gpu.launch_func.match(rewriter, op);
    if (!launch) continue;
    rewriter.insertionPoint = { kind: "before", op: op.id };
    rewriter.location = op.location;
    const first = op.operands.length - launch.operands.kernelOperands.length;
    op.operands.forEach((operand, index) => {
      const type = rewriter.typeOf(operand);
      if (index >= first && type === i64)
        throw new CompileError([wideDiagnostics.at("parameter", op.location, { index: index - first })]);
      const stored = storedType(type);
      if (index < first || stored === type) return;
      const cast = builtin.unrealized_conversion_cast;
      const { outputs } = cast.build(rewriter, { inputs: [operand] }, {}, { resultTypes: [stored] });
      rewriter.setOperand(op.id, index, outputs[0]!);
    });
  }
}

/**
 * Computes on 64-bit integers in kernels with 32-bit ones, for devices that have no others: a value of type `i64` becomes a
 * `vector<2xi32>`, its low word first, which is also how it lies in memory, so that a buffer of them is seen as one of such vectors.
 * Afterwards no value in a kernel is an `i64`. Indices are 32 bits wide.
 */
export const emulateWideIntegers = pass({
  name: "emulate-wide-integers",
  summary: "compute on 64-bit integers in kernels with pairs of 32-bit ones",
  anchors: ["builtin.module"],
  statistics: { emulated: "operations on 64-bit integers" },
  run(module: Module, _options, context) {
    const rewriter = new Rewriter(module);
    for (const fn of deviceFunctions(rewriter))
      context.count("emulated", emulateFunction(rewriter, fn, context.registry));
    castLaunchArguments(rewriter);
    return context.commit(rewriter);
  },
});
