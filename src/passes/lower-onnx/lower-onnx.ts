import {
  arrayAttribute,
  type Attribute,
  type Attributes,
  dictionaryAttribute,
  noAttributes,
  stringAttribute,
} from "../../ir/attributes.ts";
import { createFunction } from "../../ir/create-module.ts";
import { func } from "../../ir/dialects/func.ts";
import { sequenceType } from "../../ir/dialects/onnx/types.ts";
import { bodyOf, type IrReader, type Module, ModuleReader, type Operation, type ValueId } from "../../ir/module.ts";
import { Rewriter } from "../../ir/rewriter.ts";
import { functionType, staticShape, type TensorType, tensorType, type Type } from "../../ir/types.ts";
import { type Diagnostic, throwOnErrors } from "../../support/diagnostic.ts";
import { lowerOnnxDiagnostics } from "./diagnostics.ts";
import { entryBuilder, LoweringDriver } from "./driver.ts";
import { signless } from "./element-types.ts";
import type { Lowered } from "./lowering.ts";
import { loweringRules } from "./rules/index.ts";
import type { TensorBuilder } from "./tensor-builder.ts";

/** The functions of a module that hold ONNX operators. */
export function onnxFunctions(reader: IrReader): readonly Operation[] {
  return bodyOf(reader, reader.operation(reader.root)).filter(
    (op) => op.name === func.func.name && bodyOf(reader, op).some((inner) => inner.name.startsWith("onnx.")),
  );
}

/** Replaces every ONNX operator by tensor-level operations. All operators that have no lowering are reported at once. */
export function lowerOnnx(module: Module, report: (warning: Diagnostic) => void = () => {}): Module {
  const rewriter = new Rewriter(module);
  const diagnostics = [];
  for (const old of onnxFunctions(rewriter)) {
    const driver = new LoweringDriver(new ModuleReader(module), { rules: loweringRules });
    lowerFunction(rewriter, old, driver);
    diagnostics.push(...driver.diagnostics);
  }
  throwOnErrors(diagnostics);
  diagnostics.forEach(report);
  return rewriter.commit().module;
}

function lowerFunction(rewriter: Rewriter, old: Operation, driver: LoweringDriver): void {
  const entry = rewriter.block(old.regions[0]![0]!);
  const inputs = entry.arguments.map((argument) => loweredInputType(driver, old, rewriter.typeOf(argument)));
  if (inputs.some((input) => input === undefined)) return;
  rewriter.insertionPoint = { kind: "before", op: old.id };
  rewriter.location = old.location;
  const name = old.properties["sym_name"]!;
  const elements: (Type | undefined)[] = [];
  const made = createFunction(
    rewriter,
    name.kind === "string" ? name.value : "main",
    inputs as readonly Type[],
    (_, values) => {
      const t = functionBuilder(rewriter);
      values.forEach((value, index) => {
        const type = rewriter.typeOf(entry.arguments[index]!) as TensorType;
        driver.bind(entry.arguments[index]!, t.wrap(value, type.element));
      });
      const terminator = driver.lowerBlock(t, entry.id);
      const results = terminator.operands.map((operand) => loweredResult(driver, t, terminator, operand));
      for (const operand of terminator.operands) elements.push(elementOfLowered(driver.lookup(t, operand)));
      return results.every((result) => result !== undefined) ? results : [];
    },
    { attributes: old.attributes },
  );
  // Names and element types of arguments and results stay as they were; the function's type is the new one.
  rewriter.update(made.id, {
    properties: { ...old.properties, ...made.properties, ...resultElements(old.properties["res_attrs"], elements) },
  });
  rewriter.erase(old);
}

const elementOfLowered = (lowered: Lowered | undefined): Type | undefined =>
  lowered?.kind === "tensor" ? lowered.element : undefined;

/** `res_attrs` with the model's element type on results whose type the model does not declare. */
function resultElements(given: Attribute | undefined, elements: readonly (Type | undefined)[]): Attributes {
  if (given?.kind !== "array" || given.elements.length !== elements.length) return noAttributes;
  const completed = given.elements.map((attributes, index) => {
    const element = elements[index];
    if (attributes.kind !== "dictionary" || attributes.entries["weft.element"] || !element) return attributes;
    return dictionaryAttribute({ ...attributes.entries, "weft.element": stringAttribute(element.text) });
  });
  return { res_attrs: arrayAttribute(completed) };
}

function functionBuilder(rewriter: Rewriter): TensorBuilder {
  const point = rewriter.insertionPoint!;
  if (point.kind !== "end") throw new Error("a function's body is built at its end");
  return entryBuilder(rewriter, point.block, { resources: true });
}

function loweredInputType(driver: LoweringDriver, op: Operation, type: Type): Type | undefined {
  if (type.kind === "tensor" && staticShape(type)) return tensorType(type.shape, signless(type.element));
  driver.diagnostics.push(lowerOnnxDiagnostics.at("dynamic-input", op.location, { type: type.text }));
  return undefined;
}

function loweredResult(
  driver: LoweringDriver,
  t: TensorBuilder,
  terminator: Operation,
  operand: ValueId,
): ValueId | undefined {
  const lowered = driver.lookup(t, operand);
  if (lowered === undefined) return undefined;
  if (lowered.kind === "tensor") return lowered.value;
  driver.diagnostics.push(lowerOnnxDiagnostics.at("structured-result", terminator.location, { kind: lowered.kind }));
  return undefined;
}

/** The onnx-level type of a lowered value. */
function typeOfLowered(lowered: Lowered): Type | undefined {
  if (lowered.kind === "tensor") return tensorType(lowered.shape, lowered.element);
  if (lowered.kind === "optional") return lowered.value && typeOfLowered(lowered.value);
  const elements = lowered.elements.map(typeOfLowered);
  const first = elements[0];
  return first && elements.every((element) => element === first) ? sequenceType(first) : undefined;
}

/** Lowers a function only to see what its values become; returns what was refused. */
export function lowerWithObserver(
  module: Module,
  entry: Operation,
  onLowered: (value: ValueId, lowered: Lowered) => void,
): readonly Diagnostic[] {
  const driver = new LoweringDriver(new ModuleReader(module), { rules: loweringRules, onLowered });
  lowerFunction(new Rewriter(module), entry, driver);
  return driver.diagnostics.filter(({ severity }) => severity === "error");
}

/** Gives every value of the onnx level the static type that its lowering computes. Values of operators that cannot be lowered keep theirs. */
export function inferShapes(module: Module): Module {
  const reader = new ModuleReader(module);
  const rewriter = new Rewriter(module);
  for (const old of onnxFunctions(reader)) {
    const types = new Map<ValueId, Type>();
    lowerWithObserver(module, old, (value, lowered) => {
      const type = typeOfLowered(lowered);
      if (type) types.set(value, type);
    });
    for (const [value, type] of types) rewriter.setType(value, type);
    refreshFunctionType(rewriter, old);
  }
  return rewriter.commit().module;
}

function refreshFunctionType(rewriter: Rewriter, old: Operation): void {
  const entry = rewriter.block(old.regions[0]![0]!);
  const terminator = rewriter.operation(entry.operations.at(-1)!);
  const type = functionType(
    entry.arguments.map((argument) => rewriter.typeOf(argument)),
    terminator.operands.map((operand) => rewriter.typeOf(operand)),
  );
  if (old.properties["function_type"]?.kind === "type" && old.properties["function_type"].type === type) return;
  rewriter.update(old.id, { properties: { ...old.properties, function_type: { kind: "type", type } } });
}
