import { isStructured } from "../../ir/dialects/linalg/structured-view.ts";
import { bodyOf, type Operation, type ValueId, walk } from "../../ir/module.ts";
import { elementOf } from "../../ir/types.ts";
import { valueOfConstant } from "../constants.ts";
import { DivisionByZero, fail } from "../diagnostics.ts";
import type { ScalarFunction } from "../rule.ts";
import { ruleOf } from "../rules/index.ts";
import { isScalar, loadElement } from "../values.ts";
import { controlEmitters } from "./control.ts";
import {
  type Emitted,
  type EmittedScalar,
  type Emitter,
  laneArray,
  NotCompilable,
  type OperationEmitter,
  type RegionEmitter,
} from "./emitter.ts";
import { emitLanes, laneInput, laneOf } from "./lane-functions.ts";
import { invocationEmitters } from "./invocations.ts";
import { memoryEmitters } from "./memory.ts";
import { indexEmitter } from "./structured.ts";
import { type Expression, scalarCode } from "./scalar-code.ts";
import { boxed, boxedList, lanesOf, literal, unboxed } from "./values-code.ts";
import { vectorEmitters } from "./vectors.ts";
import { viewEmitters } from "./views.ts";

const constant: OperationEmitter = (emitter, op) => {
  const [result] = op.results as readonly [ValueId];
  const type = emitter.typeOf(result);
  const value = valueOfConstant(
    emitter.program.reader,
    op.properties["value"] ?? op.attributes["value"]!,
    type,
    op.location,
  );
  if (typeof value === "string") return false;
  if (isScalar(value)) {
    const [low, high] = typeof value === "number" && type.kind !== "float" ? [value, value] : [-Infinity, Infinity];
    emitter.set(result, { kind: "scalar", code: literal(value), type, low, high });
    return true;
  }
  if (type.kind !== "vector" || !("data" in value)) {
    emitter.set(result, unboxed(emitter, type, emitter.bind(value)));
    return true;
  }
  const lanes = Array.from({ length: lanesOf(type) }, (_, lane) => loadElement(value.elementType, value.data, lane));
  if (lanes.every((lane) => Object.is(lane, lanes[0])) && lanes.length > 0) {
    const code = literal(lanes[0] as number | bigint);
    emitter.set(result, { kind: "vector", type, lanes: lanes.length, source: { kind: "splat", code } });
  } else emitter.set(result, unboxed(emitter, type, emitter.bind(value)));
  return true;
};

const emitters: ReadonlyMap<string, OperationEmitter> = new Map(
  Object.entries({
    "arith.constant": constant,
    "linalg.index": indexEmitter,
    ...memoryEmitters,
    ...controlEmitters,
    ...vectorEmitters,
    ...invocationEmitters,
    ...viewEmitters,
  }),
);

/** Emits the operations of a region. */
export const emitRegion: RegionEmitter = (emitter, op, region) => {
  if (op.regions[region]?.length !== 1) throw new NotCompilable(op.name);
  for (const inner of bodyOf(emitter.program.reader, op, region)) {
    const handedOn = emitOperation(emitter, inner);
    if (handedOn) return handedOn;
  }
  throw new NotCompilable(op.name);
};

function emitOperation(emitter: Emitter, op: Operation): readonly Emitted[] | undefined {
  const rule = ruleOf(op.name);
  if (rule?.kind === "terminator") return op.operands.map((operand) => emitter.get(operand));
  if (emitters.get(op.name)?.(emitter, op)) return undefined;
  if (rule?.kind === "scalar" && emitElementwise(emitter, op)) return undefined;
  emitCall(emitter, op);
  return undefined;
}

/** Operations whose functions divide. */
const dividing = /^arith\.(ceil|floor)?(div|rem)[su]i$|^math\.ipowi$/;

/** A scalar operation's function; a division by zero becomes the operation's diagnostic. */
function boundFunction(emitter: Emitter, op: Operation): string {
  const apply = emitter.program.scalarFunction(op) as (...values: unknown[]) => unknown;
  if (!dividing.test(op.name)) return emitter.bind(apply);
  const guarded = (...values: unknown[]): unknown => {
    try {
      return apply(...values);
    } catch (error) {
      if (error instanceof DivisionByZero) fail("division-by-zero", op.location, { name: op.name });
      throw error;
    }
  };
  return emitter.bind(guarded as ScalarFunction);
}

/** The expression of a scalar operation on operands. */
function expressionOf(emitter: Emitter, op: Operation, operands: readonly EmittedScalar[]): Expression {
  const type = elementOf(emitter.typeOf(op.results[0]!));
  const divisionByZero = (): string =>
    `${emitter.bind(() => fail("division-by-zero", op.location, { name: op.name }))}()`;
  return (
    scalarCode[op.name]?.({ emitter, op, operands, type, divisionByZero }) ?? {
      code: `${boundFunction(emitter, op)}(${operands.map((operand) => operand.code).join(", ")})`,
    }
  );
}

function emitElementwise(emitter: Emitter, op: Operation): boolean {
  const operands = op.operands.map((operand) => emitter.get(operand));
  if (operands.every((operand): operand is EmittedScalar => operand.kind === "scalar")) {
    const types = op.results.map((result) => emitter.typeOf(result));
    if (op.results.length > 1) {
      const list = emitter.fresh("r");
      const call = `${boundFunction(emitter, op)}(${operands.map((operand) => operand.code).join(", ")})`;
      emitter.line(`const ${list} = ${call};`);
      op.results.forEach((result, index) => emitter.set(result, emitter.define(types[index]!, `${list}[${index}]`)));
      return true;
    }
    const { before, code, low, high } = expressionOf(emitter, op, operands);
    if (before !== undefined) emitter.line(before);
    emitter.set(op.results[0]!, emitter.define(types[0]!, code, low, high));
    return true;
  }
  const type = emitter.typeOf(op.results[0]!);
  if (op.results.length > 1 || type.kind !== "vector") return false;
  if (!operands.every((operand) => operand.kind === "vector" || operand.kind === "scalar")) return false;
  emitter.defineVector(op.results[0]!, type, (array) => {
    const inputs = operands.map((operand) => (operand.kind === "vector" ? laneInput(operand) : operand.code));
    const kind = [type, ...emitter.operandTypes(op)].map((operand) => laneArray(elementOf(operand))).join();
    emitLanes(emitter, lanesOf(type), kind, [array, ...inputs], (inner, [target, ...names]) => {
      const lanes = operands.map((operand, index): EmittedScalar => {
        // A scalar condition selects whole vectors.
        if (operand.kind === "scalar") return { ...operand, code: names[index]! };
        return { ...inner.laneValue(operand.type.element), code: laneOf(operand, names[index]!) };
      });
      const { before = "", code } = expressionOf(inner, op, lanes);
      return `${before} ${target}[l] = ${code};`;
    });
  });
  return true;
}

/**
 * Makes a value from outside known to the code: constants are written into it, so that bounds of loops and indices are known; others are
 * taken apart from what `code` gives.
 */
export function emitInput(emitter: Emitter, id: ValueId, code: string): void {
  const definition = emitter.program.reader.definition(id);
  const type = emitter.typeOf(id);
  const inline = definition?.name === "arith.constant" && type.kind !== "tensor" && type.kind !== "dialect";
  if (!inline || !constant(emitter, definition)) emitter.set(id, unboxed(emitter, type, code));
}

/** Values that the regions of an operation read from above. */
export function capturedBy(emitter: Emitter, op: Operation): readonly ValueId[] {
  const { reader } = emitter.program;
  const own = new Set<ValueId>();
  const captured = new Set<ValueId>();
  for (const inner of walk(reader, op.id)) {
    for (const region of inner.regions)
      for (const block of region) for (const argument of reader.block(block).arguments) own.add(argument);
    if (inner.id !== op.id) {
      for (const operand of inner.operands) if (!own.has(operand)) captured.add(operand);
      for (const result of inner.results) own.add(result);
    }
  }
  return [...captured];
}

/** Calls an operation's rule on runtime values. */
function emitCall(emitter: Emitter, op: Operation): void {
  if (op.regions.length > 0) {
    if (asksPosition(emitter, op)) throw new NotCompilable(op.name);
    for (const id of capturedBy(emitter, op)) emitter.line(`x.bind(${id}, ${boxed(emitter, emitter.get(id))});`);
  }
  const operands = boxedList(
    emitter,
    op.operands.map((operand) => emitter.get(operand)),
  );
  const list = emitter.fresh("r");
  emitter.line(`const ${list} = x.evaluate(${emitter.bind(op)}, ${operands});`);
  op.results.forEach((result, index) =>
    emitter.set(result, unboxed(emitter, emitter.typeOf(result), `${list}[${index}]`)),
  );
}

/** Whether something inside may ask for the position of a structured operation outside, which only the rules know. */
function asksPosition(emitter: Emitter, op: Operation): boolean {
  const { reader } = emitter.program;
  if (isStructured(op)) return false;
  for (const inner of walk(reader, op.id)) if (inner.name === "linalg.index") return true;
  return false;
}
