import { isEntryPoint } from "../../ir/analysis/entry-point.ts";
import { func, memref, registry } from "../../ir/dialects/index.ts";
import { bodyOf, type IrReader, type Operation, type ValueId, walk } from "../../ir/module.ts";
import { describeLocation } from "../../support/location.ts";
import { FunctionPrinter, type ModuleContext } from "./function-printer.ts";
import { HelperSet } from "./helpers.ts";
import { cCommentText, cNames } from "./identifiers.ts";
import { notLegal } from "./not-legal.ts";
import { functionsOf, parameterAttributes, parametersOf, symbolName } from "../entry-point.ts";
import { analyzeAccess, type MemoryAccess } from "./memory-access.ts";
import { printingRules } from "./rules/index.ts";
import type { CDialect } from "./scope.ts";
import { placeWeights, type Weights } from "./weights.ts";

/** A module as C: its pieces, to be put together into a file. */
export interface PrintedModule {
  readonly includes: readonly string[];
  /** Typedefs and inline functions that the code uses. */
  readonly helpers: string;
  /** Constant arrays. */
  readonly constants: string;
  /** Functions, each after those it calls. */
  readonly functions: string;
  /** The C name of the entry point, and the C type of each of its parameters. */
  readonly entryName: string;
  readonly entryParameterTypes: readonly string[];
  readonly weights: Weights;
  readonly kernels: readonly KernelRecord[];
}

/** One function of the generated code, for the report. */
export interface KernelRecord {
  readonly name: string;
  /** Where it comes from in the model. */
  readonly origin: string;
  readonly lines: number;
  readonly operations: number;
}

/** The name that the code refers to the loaded weights by. */
export const weightsVariable = "weft_weights";

/** The functions that the entry point reaches, each after those it calls. @throws CompileError on recursion */
function inCallOrder(
  reader: IrReader,
  functions: ReadonlyMap<string, Operation>,
  entry: Operation,
): readonly Operation[] {
  const order: Operation[] = [];
  const state = new Map<Operation, "open" | "done">();
  const visit = (op: Operation): void => {
    state.set(op, "open");
    for (const inner of walk(reader, op.id)) {
      const call = func.call.match(reader, inner);
      if (!call) continue;
      const callee = functions.get(call.attributes.callee);
      if (callee === undefined || callee.regions[0]?.[0] === undefined)
        throw notLegal(inner.name, "the function it calls has no body in this module", inner.location);
      if (state.get(callee) === "open") throw notLegal(inner.name, "recursion needs unbounded memory", inner.location);
      if (!state.has(callee)) visit(callee);
    }
    state.set(op, "done");
    order.push(op);
  };
  visit(entry);
  return order;
}

/** A function's name in the code, after the place in the model that it comes from. */
const functionHint = (op: Operation): string => {
  const { location } = op;
  const innermost = location.kind === "fused" ? location.from[0]! : location;
  const symbol = /^kernel_\d+$/.test(symbolName(op)) ? symbolName(op) : `function_${symbolName(op)}`;
  return innermost.kind === "name" ? `${symbol}_${innermost.name.slice(-80)}` : symbol;
};

/**
 * Prints a legal module.
 * @throws CompileError `backend/not-legal` at the first operation that no rule prints
 */
export function printModule(reader: IrReader, dialect: CDialect, threads: number): PrintedModule {
  const functions = new Map(functionsOf(reader).map((op) => [symbolName(op), op]));
  const entry = [...functions.values()].find(isEntryPoint)!;
  const order = inCallOrder(reader, functions, entry);
  const globals = usedGlobals(reader, order);
  const fileNames = cNames([weightsVariable]);
  const weights = placeWeights(reader, globals, fileNames);
  const names = new Map(order.map((op) => [symbolName(op), fileNames.unique(functionHint(op))]));
  const entryName = fileNames.unique("weft_main");
  names.set(symbolName(entry), entryName);
  const helpers = new HelperSet();
  const context: ModuleContext = {
    reader,
    registry,
    rules: printingRules,
    dialect,
    threads,
    helpers,
    functionName: (name) => names.get(name),
    globalPointer(name) {
      const placement = weights.placements.get(name);
      if (placement === undefined) return undefined;
      return placement.kind === "array" ? placement.name : `(${weightsVariable} + ${placement.offset})`;
    },
  };
  const accesses = new Map<string, MemoryAccess>();
  const isWritten = (callee: string, index: number): boolean => {
    const parameter = parametersOf(reader, functions.get(callee)!)[index];
    return parameter === undefined || (accesses.get(callee)?.isWritten(parameter) ?? true);
  };
  const texts: string[] = [];
  const kernels: KernelRecord[] = [];
  let entryParameterTypes: readonly string[] = [];
  for (const op of order) {
    const access = analyzeAccess(reader, op, isWritten);
    accesses.set(symbolName(op), access);
    const name = names.get(symbolName(op))!;
    const printed = printFunction(context, access, op, name);
    if (op === entry) entryParameterTypes = printed.parameterTypes;
    texts.push(printed.text);
    let operations = -1;
    for (const _ of walk(reader, op.id)) operations++;
    const origin = op.location.kind === "unknown" ? "" : describeLocation(op.location);
    kernels.push({ name, origin, operations, lines: printed.text.split("\n").length });
  }
  const arrays = [...weights.placements.values()].flatMap((placement) =>
    placement.kind === "array" ? [placement.code] : [],
  );
  return {
    includes: helpers.includes,
    helpers: helpers.code,
    constants: arrays.join("\n"),
    functions: texts.join("\n\n"),
    entryName,
    entryParameterTypes,
    weights,
    kernels,
  };
}

function usedGlobals(reader: IrReader, functions: readonly Operation[]): readonly Operation[] {
  const used = new Set<string>();
  for (const op of functions)
    for (const inner of walk(reader, op.id)) {
      const view = memref.get_global.match(reader, inner);
      if (view) used.add(view.attributes.name);
    }
  return bodyOf(reader, reader.operation(reader.root)).filter(
    (op) => op.name === memref.global.name && used.has(symbolName(op)),
  );
}

interface PrintedFunction {
  readonly text: string;
  readonly parameterTypes: readonly string[];
}

function printFunction(context: ModuleContext, access: MemoryAccess, op: Operation, name: string): PrintedFunction {
  const { reader } = context;
  const view = func.func.match(reader, op);
  if (!view || view.regions.body.length !== 1)
    throw notLegal(op.name, "functions must have a body of one block; control flow is structured", op.location);
  const printer = new FunctionPrinter(context, access, op);
  const parameters = parametersOf(reader, op);
  const types = parameters.map((value) => parameterType(printer, value));
  const declared = parameters.map((value, index) => {
    const attributes = parameterAttributes(op, index);
    const hint = attributes["weft.name"];
    const prefix =
      attributes["weft.output"] !== undefined ? "out_" : attributes["weft.arena"] !== undefined ? "arena" : "in_";
    const given = hint?.kind === "string" ? hint.value : prefix === "arena" ? "" : String(index);
    const parameter = printer.freshName(`${prefix}${given.slice(0, 60)}`);
    printer.bind(value, parameter);
    const restrict = attributes["weft.noalias"] !== undefined ? "restrict " : "";
    return `${types[index]!}${restrict}${parameter}`;
  });
  for (const value of parameters) if (!printer.isUsed(value)) printer.line(`(void)${printer.use(value).text};`);
  const results = view.attributes.function_type.results;
  if (results.length > 1) throw notLegal(op.name, "C functions give one result at most", op.location);
  const terminator = printer.block(view.regions.body[0]!);
  const returned: ValueId | undefined = terminator?.operands[0];
  if (returned !== undefined) printer.line(`return ${printer.use(returned).text};`);
  const result = results[0] === undefined ? "void " : parameterTypeText(printer, results[0], op);
  const origin = op.location.kind === "unknown" ? "" : `/* ${cCommentText(describeLocation(op.location))} */\n`;
  const kept = context.dialect === "gnu11" ? "static __attribute__((noinline)) " : "static ";
  const list = declared.length === 0 ? "void" : declared.join(", ");
  const isLong = kept.length + result.length + name.length + list.length > 110;
  const head = `${kept}${result}${name}(${isLong ? `\n    ${declared.join(",\n    ")}` : list})`;
  return { text: `${origin}${head} {\n${printer.text}\n}`, parameterTypes: types };
}

function parameterType(printer: FunctionPrinter, value: ValueId): string {
  const type = printer.typeOf(value);
  return type.kind === "memref" ? printer.pointerType(value) : `const ${printer.cType(type)} `;
}
function parameterTypeText(
  printer: FunctionPrinter,
  type: ReturnType<FunctionPrinter["typeOf"]>,
  op: Operation,
): string {
  if (type.kind === "memref") throw notLegal(op.name, "functions cannot give buffers", op.location);
  return `${printer.cType(type)} `;
}
