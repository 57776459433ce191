import type { AnyOpDefinition } from "../define.ts";

const segmentAttributes: ReadonlySet<string> = new Set(["operandSegmentSizes", "resultSegmentSizes"]);

/** Whether an attribute of this name tells how many values each variadic operand or result has. */
export const isSegmentAttribute = (name: string): boolean => segmentAttributes.has(name);

/** Dialects that `mlir-opt` does not know: their attributes stand together, and stay where they were written. */
const dialectsUnknownUpstream: ReadonlySet<string> = new Set(["onnx", "weft"]);

/** Whether attributes that the declaration names are kept apart from those that anyone may add. */
export const hasProperties = (definition: AnyOpDefinition): boolean =>
  !dialectsUnknownUpstream.has(definition.name.slice(0, definition.name.indexOf(".")));

/** Whether an attribute of this name belongs to the operation's definition. */
export const isInherent = (definition: AnyOpDefinition, name: string): boolean =>
  Object.hasOwn(definition.attributes, name) || segmentAttributes.has(name);
