import { type IrReader, type Module, ModuleReader, type Operation, walk } from "../../../ir/module.ts";
import { elementOf, f64 } from "../../../ir/types.ts";
import { pass } from "../../../passes/pass.ts";
import { wgslDiagnostics } from "../diagnostics.ts";

const mentionsDouble = (reader: IrReader, op: Operation): boolean =>
  [...op.operands, ...op.results].some((value) => elementOf(reader.typeOf(value)) === f64);

/** Fails at every operation of a kernel that works on doubles. */
export const refuseDoubles = pass({
  name: "wgsl-refuse-doubles",
  summary: "fail where kernels compute with doubles",
  anchors: ["builtin.module"],
  run(module: Module, _options, context) {
    const reader = new ModuleReader(module);
    for (const op of walk(reader))
      if (mentionsDouble(reader, op)) context.report(wgslDiagnostics.at("no-double", op.location, { what: op.name }));
    return module;
  },
});
