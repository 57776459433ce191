import { type IrReader, type Module, ModuleReader, walk } from "../../../ir/module.ts";
import { scalarizeVectors } from "../../../passes/legalize/index.ts";
import { pass } from "../../../passes/pass.ts";
import { laneCount } from "../types.ts";

/** Whether a module has a vector that GCC's extensions cannot hold: of several dimensions, or of a lane count that is no power of two. */
function hasUnsupportedVector(reader: IrReader): boolean {
  for (const op of walk(reader))
    for (const result of op.results) {
      const type = reader.typeOf(result);
      if (type.kind === "vector" && laneCount(type) === undefined) return true;
    }
  return false;
}

/** Falls back to scalars for a module with vectors that C has no type for. */
export const scalarizeUnsupportedVectors = pass({
  name: "c-scalarize-unsupported-vectors",
  summary: "replace all vectors by scalars where some have no C type",
  anchors: ["builtin.module"],
  statistics: scalarizeVectors.statistics,
  run: (module: Module, options, context) =>
    hasUnsupportedVector(new ModuleReader(module)) ? scalarizeVectors.run(module, options, context) : module,
});
