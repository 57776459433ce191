import type { Module } from "../module.ts";
import type { ParseOptions } from "./custom-operation-grammar.ts";
import { OperationGrammar } from "./operation-grammar.ts";

export type { ParseOptions } from "./custom-operation-grammar.ts";

let grammar: OperationGrammar | undefined;

/**
 * Reads a module from MLIR's text, generic or pretty. A text that is not one `builtin.module` is wrapped in one.
 * @throws CompileError with every error that was found.
 */
export function parseModule(text: string, options: ParseOptions): Module {
  // Chevrotain's analysis of the grammar takes a while, so one parser serves all texts.
  grammar ??= new OperationGrammar();
  return grammar.parse(text, options);
}
