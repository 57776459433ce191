import { type IrReader, type Module, type Operation, type ValueId, walk } from "../ir/module.ts";
import { elementOf, hostElementType, type Type } from "../ir/types.ts";
import { CompileError, type Diagnostic } from "../support/diagnostic.ts";
import { unknownLocation } from "../support/location.ts";
import { valueOfConstant } from "./constants.ts";
import { fail, interpreterDiagnostics } from "./diagnostics.ts";
import { Machine, type MachineOptions } from "./machine.ts";
import { Program } from "./program.ts";
import { ruleOf } from "./rules/index.ts";
import { isBuffer, isScalar, type RuntimeValue } from "./values.ts";

export { constantOfValue, valueOfConstant } from "./constants.ts";
export { allocateBuffer, bufferOf, type BufferView, type RuntimeValue, type Scalar, tensorOfBuffer } from "./values.ts";

/** How a program is run. */
export type InterpreterOptions = MachineOptions;

/**
 * Runs a function of the module on values: tensors and vectors are host tensors, memrefs are buffers (`bufferOf`), written in place,
 * scalars are as {@link RuntimeValue} says. Arguments are never written unless they are buffers; results may share storage with
 * arguments or constants.
 *
 * @throws CompileError when the function does not exist, the values do not fit it, or the program fails: division by zero, an index out
 * of bounds, an operation without a rule, too many steps.
 */
export function interpretFunction(
  module: Module,
  name: string,
  inputs: readonly RuntimeValue[],
  options: InterpreterOptions = {},
): readonly RuntimeValue[] {
  const program = Program.of(module);
  const op = program.function(name);
  if (!op) return fail("unknown-function", program.reader.operation(program.reader.root).location, { callee: name });
  checkArguments(program.reader, op, name, inputs);
  return new Machine(program, options).runFunction(op, inputs);
}

function checkArguments(reader: IrReader, op: Operation, name: string, inputs: readonly RuntimeValue[]): void {
  const types = reader.block(op.regions[0]![0]!).arguments.map((argument) => reader.typeOf(argument));
  const wrong: Diagnostic[] = [];
  for (let index = 0; index < Math.max(types.length, inputs.length); index++) {
    const type = types[index];
    const value = inputs[index];
    if (type && value !== undefined && fits(type, value)) continue;
    const expected = type?.text ?? "nothing";
    const found = value === undefined ? "nothing" : describeValue(value);
    wrong.push(interpreterDiagnostics.at("wrong-argument", op.location, { callee: name, index, expected, found }));
  }
  if (wrong.length > 0) throw new CompileError(wrong);
}

/** Whether a value can be held by a value of the type. */
function fits(type: Type, value: RuntimeValue): boolean {
  if (type.kind === "tensor" || type.kind === "memref" || type.kind === "vector") {
    return (
      !isScalar(value) &&
      isBuffer(value) === (type.kind === "memref") &&
      value.elementType === hostElementType(elementOf(type)) &&
      value.shape.length === type.shape.length &&
      type.shape.every((size, axis) => size === "?" || size === value.shape[axis])
    );
  }
  if (type.kind === "unranked-tensor" || type.kind === "unranked-memref") return !isScalar(value);
  if (type.kind === "integer" && type.width > 32) return typeof value === "bigint";
  if (type.kind === "integer" || type.kind === "index" || type.kind === "float") return typeof value === "number";
  return isScalar(value);
}

const describeValue = (value: RuntimeValue): string =>
  isScalar(value)
    ? `the ${typeof value} ${String(value)}`
    : `a ${isBuffer(value) ? "buffer" : "tensor"} of ${value.elementType} and shape [${value.shape.join(", ")}]`;

/**
 * Runs one operation whose operands are all known, for constant folding. Undefined when it has no rule, has effects, reads values from
 * above that are not constants, or fails (a division by zero is the program's, when and if it runs). The results may share storage with
 * the operands, which are not written.
 */
export function evaluateOperation(
  reader: IrReader,
  op: Operation,
  operands: readonly RuntimeValue[],
): readonly RuntimeValue[] | undefined {
  const rule = ruleOf(op.name);
  if (!rule || rule.kind === "terminator" || (rule.kind === "operation" && rule.purity !== "value")) return undefined;
  if (operands.some((value) => !isScalar(value) && isBuffer(value))) return undefined;
  const captured = capturedConstants(reader, op);
  if (!captured) return undefined;
  try {
    const machine = new Machine(new Program(reader), {}, op);
    for (const [id, value] of captured) machine.bind(id, value);
    op.operands.forEach((operand, index) => machine.bind(operand, operands[index]!));
    return machine.evaluate(op, operands);
  } catch (error) {
    if (error instanceof CompileError) return undefined;
    throw error;
  }
}

/** The constants from above that an operation's regions read; undefined when they read anything else, or have effects. */
function capturedConstants(reader: IrReader, op: Operation): ReadonlyMap<ValueId, RuntimeValue> | undefined {
  const captured = new Map<ValueId, RuntimeValue>();
  if (op.regions.length === 0) return captured;
  const own = new Set<ValueId>(op.operands);
  for (const inner of walk(reader, op.id)) {
    for (const region of inner.regions)
      for (const block of region) for (const argument of reader.block(block).arguments) own.add(argument);
    if (inner.id === op.id) continue;
    const rule = ruleOf(inner.name);
    if (!rule || (rule.kind === "operation" && rule.purity === "effect")) return undefined;
    for (const operand of inner.operands) {
      if (own.has(operand) || captured.has(operand)) continue;
      const definition = reader.definition(operand);
      const value = definition?.name === "arith.constant" ? definition.properties["value"] : undefined;
      if (value === undefined) return undefined;
      captured.set(operand, valueOfConstant(reader, value, reader.typeOf(operand), unknownLocation));
    }
    for (const result of inner.results) own.add(result);
  }
  return captured;
}
