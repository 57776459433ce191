import type { Module } from "../../ir/module.ts";
import { Rewriter } from "../../ir/rewriter.ts";
import { pass } from "../pass.ts";
import { deviceFunctions } from "./device-functions.ts";
import { narrowFunction } from "./ranges/narrow-function.ts";

/**
 * Computes in 32 bits what fits them: constants, positions of loops and invocations, and what comes of them, are seldom longer, though
 * models compute with shapes and places in 64 bits. What an operation gives is looked at, not what it is used for. Conversions stay
 * where short numbers meet long ones.
 */
export const narrowWideIntegers = pass({
  name: "narrow-wide-integers",
  summary: "compute in kernels with 32-bit integers what is known to fit them",
  anchors: ["builtin.module"],
  statistics: { narrowed: "operations on 64-bit integers" },
  run(module: Module, _options, context) {
    const rewriter = new Rewriter(module);
    for (const fn of deviceFunctions(rewriter))
      context.count("narrowed", narrowFunction(rewriter, fn, context.registry));
    return context.commit(rewriter);
  },
});
