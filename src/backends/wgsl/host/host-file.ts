import { isEntryPoint } from "../../../ir/analysis/entry-point.ts";
import { func } from "../../../ir/dialects/func.ts";
import { registry } from "../../../ir/dialects/index.ts";
import { bodyOf, type IrReader, type Operation } from "../../../ir/module.ts";
import { hostElementType } from "../../../ir/types.ts";
import { describeOrigin } from "../../../support/location.ts";
import type { NumericElementType } from "../../../support/numeric/element-type.ts";
import { functionsOf, parameterAttributes, parametersOf, symbolName } from "../../entry-point.ts";
import { lineCommentText } from "../../printing/comments.ts";
import { HelperSet } from "../../printing/helpers.ts";
import { notLegal } from "../not-legal.ts";
import { HostFunctionPrinter } from "./function-printer.ts";
import { jsNames } from "./identifiers.ts";

/** A host function in the file. */
export interface PrintedHostFunction {
  /** Its name among the file's exports. */
  readonly name: string;
  /** For each parameter, the view that it gets: see `HostFunction` in the manifest. */
  readonly elementTypes: readonly NumericElementType[];
  /** Where in the model it comes from; any text. */
  readonly origin: string;
}

/** The host functions of a module. */
export interface PrintedHostFile {
  /** An ES module without imports, which exports each function by its name. */
  readonly text: string;
  /** By the symbol of the function in the module. */
  readonly functions: ReadonlyMap<string, PrintedHostFunction>;
}

/**
 * The functions that the entry function calls: parts of the model that run on the host. They are printed as they are: kernel-level
 * loops on buffers of known sizes.
 */
export function hostFunctionsOf(reader: IrReader): readonly Operation[] {
  const functions = functionsOf(reader);
  const entry = functions.find(isEntryPoint);
  if (entry === undefined) return [];
  const called = new Set<string>();
  for (const op of bodyOf(reader, entry)) {
    const call = func.call.match(reader, op);
    if (call) called.add(call.attributes.callee);
  }
  return functions.filter((op) => called.has(symbolName(op)));
}

/**
 * Prints host functions as JavaScript for pages and Node alike.
 * @returns undefined when the entry function calls none
 * @throws CompileError `backend/not-legal` at the first operation that JavaScript has no rule for
 */
export function printHostFunctions(reader: IrReader): PrintedHostFile | undefined {
  const operations = hostFunctionsOf(reader);
  if (operations.length === 0) return undefined;
  const helpers = new HelperSet();
  const names = jsNames();
  const functions = new Map<string, PrintedHostFunction>();
  const texts = operations.map((op) => {
    const name = names.unique(symbolName(op));
    const elementTypes = parameterElements(reader, op);
    functions.set(symbolName(op), { name, elementTypes, origin: describeOrigin(op.location) });
    return printFunction(reader, helpers, op, name);
  });
  const head = "// Parts of the model that run on the host. Each function gets a view of each buffer's bytes.";
  return { text: `${[head, ...helpers.codes, ...texts].join("\n\n")}\n`, functions };
}

function parameterElements(reader: IrReader, op: Operation): readonly NumericElementType[] {
  return parametersOf(reader, op).map((value) => {
    const type = reader.typeOf(value);
    const element = type.kind === "memref" ? hostElementType(type.element) : undefined;
    if (element !== undefined && element !== "string") return element;
    throw notLegal("a host function", `a parameter of type ${type.text}`, op.location);
  });
}

function printFunction(reader: IrReader, helpers: HelperSet, op: Operation, name: string): string {
  const printer = new HostFunctionPrinter(reader, registry, helpers, op);
  const entry = op.regions[0]![0]!;
  const parameters = parametersOf(reader, op).map((value, index) => {
    const hint = parameterAttributes(op, index)["weft.name"];
    return printer.parameter(value, hint?.kind === "string" ? hint.value.slice(0, 60) : `buffer${index}`);
  });
  printer.block(entry);
  const origin = describeOrigin(op.location);
  const comment = origin === "" ? "" : `// ${lineCommentText(origin)}\n`;
  return `${comment}export function ${name}(${parameters.join(", ")}) {\n${printer.text}\n}`;
}
