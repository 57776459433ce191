import { isEntryPoint } from "../ir/analysis/entry-point.ts";
import type { Attribute, Attributes } from "../ir/attributes.ts";
import { func } from "../ir/dialects/index.ts";
import { isContiguous } from "../ir/analysis/memref-layout.ts";
import { bodyOf, type IrReader, type Operation, type ValueId } from "../ir/module.ts";
import { hostElementType, type MemRefType, staticShape } from "../ir/types.ts";
import { CompileError } from "../support/diagnostic.ts";
import { type ElementType, isElementType, storageBytes } from "../support/numeric/element-type.ts";
import { elementCount } from "../support/numeric/host-tensor.ts";
import type { ArtifactTensor } from "./artifact.ts";
import { backendDiagnostics } from "./diagnostics.ts";

/** What one parameter of the entry point is to its caller. */
export type EntryParameter =
  | { readonly role: "input" | "output"; readonly tensor: ArtifactTensor }
  | { readonly role: "arena"; readonly bytes: number };

/** The entry point of a module that a backend compiles. */
export interface EntryFunction {
  readonly op: Operation;
  readonly parameters: readonly EntryParameter[];
}

/** The functions of a module. */
export const functionsOf = (reader: IrReader): readonly Operation[] =>
  bodyOf(reader, reader.operation(reader.root)).filter((op) => op.name === func.func.name);
/** The parameters of a function with a body. */
export const parametersOf = (reader: IrReader, op: Operation): readonly ValueId[] => {
  const entry = op.regions[0]?.[0];
  return entry === undefined ? [] : reader.block(entry).arguments;
};
/** The attributes of a function's parameter. */
export function parameterAttributes(op: Operation, index: number): Attributes {
  const list: Attribute | undefined = op.properties["arg_attrs"];
  const entry = list?.kind === "array" ? list.elements[index] : undefined;
  return entry?.kind === "dictionary" ? entry.entries : {};
}
/** A function's name in the module; empty where it has none. */
export const symbolName = (op: Operation): string => {
  const name = op.properties["sym_name"] ?? op.attributes["sym_name"];
  return name?.kind === "string" ? name.value : "";
};

function elementTypeOf(type: MemRefType, attributes: Attributes): ElementType | undefined {
  const said = attributes["weft.element"];
  const natural = hostElementType(type.element);
  if (said?.kind !== "string" || !isElementType(said.value) || said.value === "string") return natural;
  // A model's type may say more than the signless one, never something of another size.
  const fits = natural !== undefined && natural !== "string" && storageBytes(said.value) === storageBytes(natural);
  return fits ? said.value : natural;
}

/**
 * Reads the entry point of a module.
 * @throws CompileError `backend/no-entry-point`, or `backend/not-legal` for parameters that are no dense static buffers
 */
export function readEntryFunction(reader: IrReader, backend: string): EntryFunction {
  const marked = functionsOf(reader).filter(isEntryPoint);
  const [op] = marked;
  if (op === undefined || marked.length > 1) {
    const { location } = marked[1] ?? reader.operation(reader.root);
    throw new CompileError([backendDiagnostics.at("no-entry-point", location, { backend, count: marked.length })]);
  }
  const parameters = parametersOf(reader, op).map((value, index): EntryParameter => {
    const type = reader.typeOf(value);
    const attributes = parameterAttributes(op, index);
    const shape = type.kind === "memref" ? staticShape(type) : undefined;
    const bad = (why: string): CompileError => {
      const what = `parameter ${index} of the entry point`;
      return new CompileError([backendDiagnostics.at("not-legal", op.location, { backend, what, why })]);
    };
    if (type.kind !== "memref" || shape === undefined || !isContiguous(type))
      throw bad(`its type ${type.text} is no dense buffer of static shape`);
    if (attributes["weft.arena"] !== undefined) return { role: "arena", bytes: elementCount(shape) };
    const role = attributes["weft.output"] !== undefined ? "output" : "input";
    const elementType = elementTypeOf(type, attributes);
    if (elementType === undefined || elementType === "string")
      throw bad(`${type.element.text} has no storage in a compiled model`);
    const said = attributes["weft.name"];
    const name = said?.kind === "string" ? said.value : `${role}${index}`;
    return { role, tensor: { name, elementType, shape, bytes: elementCount(shape) * storageBytes(elementType) } };
  });
  return { op, parameters };
}
