import { isEntryPoint } from "../ir/analysis/entry-point.ts";
import { type Attribute, type Attributes, noAttributes } from "../ir/attributes.ts";
import type { Module, Operation } from "../ir/module.ts";
import { hostElementType, staticShape, type Type } from "../ir/types.ts";
import { CompileError, type Diagnostic } from "../support/diagnostic.ts";
import { storageClass } from "../support/numeric/element-storage.ts";
import { bitWidth, type ElementType, isElementType } from "../support/numeric/element-type.ts";
import { allocateTensor, elementCount, type HostTensor } from "../support/numeric/host-tensor.ts";
import { fail, interpreterDiagnostics } from "./diagnostics.ts";
import { Machine, type MachineOptions } from "./machine.ts";
import { Program } from "./program.ts";
import { asBuffer, asTensor } from "./rule.ts";
import { bufferOf, copyTensor, isScalar, type RuntimeValue, tensorFrom, tensorOfBuffer } from "./values.ts";

/** What an argument or result of the entry function is to the outside. */
export interface EntryPort {
  /** `weft.name`, or `arg0`, `result0` … where it is missing. */
  readonly name: string;
  readonly type: Type;
  /** The element type seen from outside: `weft.element`, or the type's own. Undefined for types without host storage. */
  readonly elementType: ElementType | undefined;
  readonly role: "input" | "output" | "arena";
}
/** The function a program starts with, and its inputs and outputs. */
export interface Entry {
  readonly name: string;
  readonly op: Operation;
  readonly arguments: readonly EntryPort[];
  /** Results of the function itself; programs on buffers have none, their outputs are arguments. */
  readonly results: readonly EntryPort[];
}

const attribute = (op: Operation, name: string): Attribute | undefined => op.properties[name] ?? op.attributes[name];

/** The dictionaries of `arg_attrs` or `res_attrs`. */
function portAttributes(op: Operation, name: "arg_attrs" | "res_attrs", index: number): Attributes {
  const list = attribute(op, name);
  const entry = list?.kind === "array" ? list.elements[index] : undefined;
  return entry?.kind === "dictionary" ? entry.entries : noAttributes;
}

function portOf(type: Type, attributes: Attributes, fallback: string): EntryPort {
  const name = attributes["weft.name"];
  const element = attributes["weft.element"];
  const own = type.kind === "tensor" || type.kind === "memref" ? hostElementType(type.element) : hostElementType(type);
  return {
    name: name?.kind === "string" ? name.value : fallback,
    type,
    elementType: element?.kind === "string" && isElementType(element.value) ? element.value : own,
    role: attributes["weft.arena"] ? "arena" : attributes["weft.output"] ? "output" : "input",
  };
}

/**
 * The function marked `weft.entry_point`, or else the only public function with a body.
 * @throws CompileError when there is none or more than one.
 */
export function entryOf(module: Module): Entry {
  const program = Program.of(module);
  const { reader } = program;
  const bodies = program.functions.filter((op) => op.regions[0]?.[0] !== undefined);
  const marked = bodies.filter(isEntryPoint);
  const isPublic = (op: Operation): boolean => {
    const visibility = attribute(op, "sym_visibility");
    return visibility?.kind !== "string" || visibility.value === "public";
  };
  const candidates = marked.length > 0 ? marked : bodies.filter(isPublic);
  const [op] = candidates;
  if (!op || candidates.length > 1)
    return fail("no-entry", reader.operation(reader.root).location, { count: candidates.length });
  const name = attribute(op, "sym_name");
  return {
    name: name?.kind === "string" ? name.value : "",
    op,
    arguments: reader
      .block(op.regions[0]![0]!)
      .arguments.map((value, index) =>
        portOf(reader.typeOf(value), portAttributes(op, "arg_attrs", index), `arg${index}`),
      ),
    results: resultTypes(op).map((type, index) => ({
      ...portOf(type, portAttributes(op, "res_attrs", index), `result${index}`),
      role: "output",
    })),
  };
}

function resultTypes(op: Operation): readonly Type[] {
  const type = attribute(op, "function_type");
  return type?.kind === "type" && type.type.kind === "function" ? type.type.results : [];
}

const describe = (elementType: ElementType, shape: readonly (number | string)[]): string =>
  `${elementType}[${shape.join(", ")}]`;
const shapeOfType = (type: Type): readonly (number | "?")[] =>
  type.kind === "tensor" || type.kind === "memref" ? type.shape : [];

/** The same bits under another element type of the same storage, as between `ui8` and `i8`. */
function reinterpreted(tensor: HostTensor, elementType: ElementType): HostTensor {
  const { data } = tensor;
  if (tensor.elementType === elementType || elementType === "string" || !ArrayBuffer.isView(data)) return tensor;
  // Less than a byte is held in one, extended as its type says: the same bits are another byte.
  const width = bitWidth(elementType);
  if (elementType !== "i1" && width < 8) {
    const extend = elementType.startsWith("u") ? BigInt.asUintN : BigInt.asIntN;
    return tensorFrom(elementType, tensor.shape, (i) => Number(extend(width, BigInt(data[i] as number))));
  }
  return { ...tensor, elementType, data: new (storageClass(elementType))(data.buffer, data.byteOffset, data.length) };
}

/** What an input is for the function: its tensor, buffer or scalar; a diagnostic when it does not fit. */
function inputValue(port: EntryPort, op: Operation, tensor: HostTensor | undefined): RuntimeValue | Diagnostic {
  const { name, type, elementType } = port;
  const shape = shapeOfType(type);
  const own = ownElement(type);
  const expected = elementType === undefined ? type.text : describe(elementType, shape);
  if (tensor === undefined) return interpreterDiagnostics.at("missing-input", op.location, { name, type: expected });
  const fits =
    tensor.elementType === elementType &&
    own !== undefined &&
    tensor.shape.length === shape.length &&
    shape.every((size, axis) => size === "?" || size === tensor.shape[axis]);
  if (!fits)
    return interpreterDiagnostics.at("wrong-input", op.location, {
      name,
      expected,
      found: describe(tensor.elementType, tensor.shape),
    });
  const value = reinterpreted(tensor, own);
  return type.kind === "memref" ? bufferOf(copyTensor(value)) : value;
}
const ownElement = (type: Type): ElementType | undefined =>
  type.kind === "tensor" || type.kind === "memref" ? hostElementType(type.element) : undefined;

/** A buffer of zeros for an output or the arena. */
function emptyBuffer(port: EntryPort, op: Operation): RuntimeValue {
  const element = ownElement(port.type);
  const shape = port.type.kind === "memref" ? staticShape(port.type) : undefined;
  if (!element || !shape) return fail("unsupported-type", op.location, { name: op.name, type: port.type.text });
  try {
    return bufferOf(allocateTensor(element, shape));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return fail("out-of-memory", op.location, { name: op.name, count: elementCount(shape) });
  }
}

const isDiagnostic = (value: RuntimeValue | Diagnostic): value is Diagnostic =>
  typeof value === "object" && "severity" in value;

/**
 * Runs a whole program: inputs and outputs by their names in the model, with the model's element types. Works on tensors (outputs are the
 * function's results) and on buffers (outputs and the arena are arguments, allocated here).
 *
 * @throws CompileError listing every input that is missing, unknown, or of another type or shape; or as `interpretFunction` does.
 */
export function runEntry(
  module: Module,
  inputs: ReadonlyMap<string, HostTensor>,
  options: MachineOptions = {},
): Map<string, HostTensor> {
  const { op, arguments: ports, results } = entryOf(module);
  const wanted = ports.filter(({ role }) => role === "input");
  const known = new Set(wanted.map(({ name }) => name));
  const problems: Diagnostic[] = [...inputs.keys()]
    .filter((name) => !known.has(name))
    .map((name) =>
      interpreterDiagnostics.at("unknown-input", op.location, { name, known: [...known].join(", ") || "none" }),
    );
  const values: RuntimeValue[] = [];
  for (const port of ports) {
    const value = port.role === "input" ? inputValue(port, op, inputs.get(port.name)) : emptyBuffer(port, op);
    if (isDiagnostic(value)) problems.push(value);
    else values.push(value);
  }
  if (problems.length > 0) throw new CompileError(problems);
  const returned = new Machine(Program.of(module), options).runFunction(op, values);
  const outputs = new Map<string, HostTensor>();
  ports.forEach((port, index) => {
    if (port.role !== "output") return;
    outputs.set(port.name, reinterpreted(tensorOfBuffer(asBuffer(values[index]!)), port.elementType!));
  });
  results.forEach((port, index) => {
    const element = port.elementType ?? "f32";
    const value = returned[index]!;
    outputs.set(
      port.name,
      isScalar(value) ? tensorFrom(element, [], () => value) : reinterpreted(asTensor(value), element),
    );
  });
  return outputs;
}
