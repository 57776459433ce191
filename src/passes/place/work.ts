import { iterationSpace } from "../../ir/analysis/iteration-space.ts";
import { isStructured } from "../../ir/dialects/linalg/structured-view.ts";
import { arith } from "../../ir/dialects/arith.ts";
import { bodyOf, type IrReader, type Operation, type ValueId } from "../../ir/module.ts";
import type { MemRefType } from "../../ir/types.ts";
import type { Unit } from "./units.ts";

/** Rounds of a loop whose bounds are not known. */
const usualTrips = 16;

/** Roughly how many times the innermost bodies of a unit run: a measure of its work. */
export const pointsOf = (reader: IrReader, unit: Unit): number =>
  unit.reduce((sum, op) => sum + pointsOfOperation(reader, op), 0);

function pointsOfOperation(reader: IrReader, op: Operation): number {
  if (op.name === "memref.copy" || op.name === "linalg.fill")
    return (reader.typeOf(op.operands[1]!) as MemRefType).shape.reduce<number>(
      (product, size) => product * (size === "?" ? 1 : size),
      1,
    );
  if (isStructured(op)) return iterationSpace(reader, op).bounds.reduce((product, bound) => product * bound, 1);
  const inside = op.regions.reduce(
    (sum, _, region) =>
      sum + bodyOf(reader, op, region).reduce((total, inner) => total + pointsOfOperation(reader, inner), 0),
    0,
  );
  return op.name === "scf.for" || op.name === "scf.while" ? tripsOf(reader, op) * inside : Math.max(inside, 1);
}

function tripsOf(reader: IrReader, op: Operation): number {
  if (op.name !== "scf.for") return usualTrips;
  const [lower, upper, step] = op.operands.slice(0, 3).map((value) => constantOf(reader, value));
  if (lower === undefined || upper === undefined || !step) return usualTrips;
  return Math.max(0, Math.ceil((upper - lower) / step));
}

function constantOf(reader: IrReader, value: ValueId): number | undefined {
  const definition = reader.definition(value);
  const constant = definition && arith.constant.match(reader, definition)?.attributes.value;
  return constant?.kind === "integer" ? Number(constant.value) : undefined;
}
