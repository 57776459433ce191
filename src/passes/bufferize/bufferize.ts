import { entryPointAttribute, isEntryPoint } from "../../ir/analysis/entry-point.ts";
import { func } from "../../ir/dialects/func.ts";
import { unitAttribute } from "../../ir/attributes.ts";
import { bodyOf, type Module } from "../../ir/module.ts";
import { Rewriter } from "../../ir/rewriter.ts";
import { pass } from "../pass.ts";
import { int } from "../pass-options.ts";
import { defaultPadding, type PaddingPolicy } from "./analysis.ts";
import { bufferizeFunction } from "./function-bufferizer.ts";
import { Globals } from "./globals.ts";

/**
 * Gives every tensor a buffer. Functions get one more argument for each tensor result (marked `weft.output`), and write the result
 * there; constants become private globals, equal ones once; the entry function `@main` is marked `weft.entry_point`. Buffers that
 * are neither arguments nor constants are `memref.alloc` at the start of their function; `plan-memory` gives them places.
 */
export function bufferize(module: Module, padding: PaddingPolicy = defaultPadding): Module {
  const rewriter = new Rewriter(module);
  bufferizeFunctions(rewriter, padding);
  return rewriter.commit().module;
}

export const bufferizePass = pass({
  name: "bufferize",
  summary: "give every tensor a buffer, in place where nothing reads what is overwritten",
  anchors: ["builtin.module"],
  options: {
    padElements: int
      .default(defaultPadding.elements)
      .summary("tensors of at least this many elements are computed inside their padded form"),
    padRow: int.default(defaultPadding.row).summary("and only when their rows are at least this long"),
  },
  run: (module, { padElements, padRow }, context) => {
    const rewriter = new Rewriter(module);
    bufferizeFunctions(rewriter, { elements: padElements, row: padRow });
    return context.commit(rewriter);
  },
});

function bufferizeFunctions(rewriter: Rewriter, padding: PaddingPolicy): void {
  const globals = new Globals(rewriter);
  const functions = bodyOf(rewriter, rewriter.operation(rewriter.root)).filter(
    (op) => func.func.match(rewriter, op) !== undefined && op.regions[0]!.length > 0,
  );
  for (const fn of functions) {
    if (!usesTensors(rewriter, fn.id)) {
      if (func.func.match(rewriter, fn)!.attributes.sym_name === "main" && !isEntryPoint(fn))
        rewriter.update(fn.id, { attributes: { ...fn.attributes, [entryPointAttribute]: unitAttribute } });
      continue;
    }
    bufferizeFunction(rewriter, fn, globals, padding);
    rewriter.erase(fn);
  }
}

function usesTensors(rewriter: Rewriter, fn: Parameters<Rewriter["operation"]>[0]): boolean {
  const stack = [rewriter.operation(fn)];
  while (stack.length > 0) {
    const op = stack.pop()!;
    if (op.results.some((result) => rewriter.typeOf(result).kind === "tensor")) return true;
    for (const region of op.regions)
      for (const id of region) {
        const block = rewriter.block(id);
        if (block.arguments.some((argument) => rewriter.typeOf(argument).kind === "tensor")) return true;
        for (const inner of block.operations) stack.push(rewriter.operation(inner));
      }
  }
  return false;
}
