import type { Diagnostic } from "../../../support/diagnostic.ts";
import { type AffineMap, evaluateAffine } from "../../affine.ts";
import { type IrReader, type Operation, parentOf } from "../../module.ts";
import type { Type } from "../../types.ts";
import { broken } from "../../verify-diagnostics.ts";
import type { OperationView } from "../rules/operation-view.ts";
import { scalarOf } from "./scalar-body.ts";
import { isStructured, shapeOf, type StructuredView, structuredView } from "./structured-view.ts";

/** What is wrong first, in upstream's words; undefined when nothing is. */
export type Finding = string | undefined;

const isTensor = (type: Type): boolean => type.kind === "tensor" || type.kind === "unranked-tensor";
const isBuffer = (type: Type): boolean => type.kind === "memref" || type.kind === "unranked-memref";
const isScalar = (type: Type): boolean => !isTensor(type) && !isBuffer(type);

/** Each result belongs to an output that is a tensor, and has its type: upstream's DestinationStyleOpInterface. */
export function destinationProblem(
  reader: IrReader,
  op: Operation,
  outputs: readonly Operation["operands"][number][],
): Finding {
  const types = outputs.map((value) => reader.typeOf(value));
  const first = op.operands.length - outputs.length;
  const odd = types.findIndex((type) => !isTensor(type) && !isBuffer(type));
  if (odd >= 0) return `expected that operand #${first + odd} is a tensor or a memref`;
  const tensors = types.flatMap((type, index) => (isTensor(type) ? [{ type, operand: first + index }] : []));
  if (tensors.length !== op.results.length)
    return `expected the number of tensor results (${op.results.length}) to be equal to the number of output tensors (${tensors.length})`;
  for (const [index, { type, operand }] of tensors.entries()) {
    const found = reader.typeOf(op.results[index]!);
    if (found !== type)
      return `expected type of operand #${operand} ('${type.text}') to match type of corresponding result ('${found.text}')`;
  }
  return undefined;
}

/** The rules of every structured operation, in upstream's order. */
function structuredProblem(reader: IrReader, view: StructuredView): Finding {
  const types = view.op.operands.map((operand) => reader.typeOf(operand));
  const isMixed = types.some(isTensor) ? types.some(isBuffer) : types.length > 0 && types.every(isScalar);
  if (isMixed) return "expected to have pure tensor or buffer semantics";
  return mapsProblem(view, types) ?? bodyProblem(reader, view, types);
}

function mapsProblem({ maps, iterators }: StructuredView, types: readonly Type[]): Finding {
  if (maps.length !== types.length)
    return `expected the number of indexing_map (${maps.length}) to be equal to the number of input/output operands (${types.length})`;
  for (const [index, map] of maps.entries()) {
    const rank = shapeOf(types[index]!).length;
    if (map.symbols > 0) return `unexpected symbols in indexing_map #${index}`;
    if (map.results.length !== rank)
      return `expected operand #${index} rank (${rank}) to match the result rank of indexing_map (${map.results.length})`;
  }
  const loops = iterators.length;
  const odd = maps.findIndex((map) => map.dimensions !== loops);
  const ranges = loopRanges(maps, types);
  if (ranges === undefined) return nonInvertible(maps);
  if (odd >= 0) return `expected indexing_map #${odd} to have ${loops} dim(s) to match the number of loops`;
  return ranges.includes("?") ? undefined : shapesProblem(maps, types, ranges as readonly number[]);
}

const nonInvertible = (maps: readonly AffineMap[]): string => {
  const dimensions = Math.max(0, ...maps.map((map) => map.dimensions));
  const head = Array.from({ length: dimensions }, (_, index) => `d${index}`).join(", ");
  const results = maps.map((map) => map.text.slice(map.text.indexOf("-> (") + 4, -1)).filter((text) => text !== "");
  return `invalid indexing maps are non-invertible: ((${head}) -> (${results.join(", ")}))`;
};

/** How far each loop runs: the first dimension that it indexes alone. Undefined where a loop has none. */
function loopRanges(maps: readonly AffineMap[], types: readonly Type[]): readonly (number | "?")[] | undefined {
  const loops = Math.max(0, ...maps.map((map) => map.dimensions));
  if (maps.every((map) => map.results.length === 0)) return [];
  const ranges: (number | "?" | undefined)[] = Array.from({ length: loops });
  for (const [index, map] of maps.entries())
    for (const [dimension, result] of map.results.entries())
      if (result.kind === "dimension") ranges[result.position] ??= shapeOf(types[index]!)[dimension]!;
  return ranges.includes(undefined) ? undefined : (ranges as readonly (number | "?")[]);
}

/** Upstream looks at the first and the last point only: indices are taken to grow, or fall, with each loop. */
function shapesProblem(maps: readonly AffineMap[], types: readonly Type[], ranges: readonly number[]): Finding {
  const [first, last] = [ranges.map(() => 0), ranges.map((range) => range - 1)];
  for (const [index, map] of maps.entries()) {
    const shape = shapeOf(types[index]!);
    for (const [dimension, result] of map.results.entries()) {
      const size = shape[dimension]!;
      if (size === "?" || size === 0) continue;
      const ends = [evaluateAffine(result, first), evaluateAffine(result, last)];
      const needed = Math.max(...ends) + 1;
      if (Math.min(...ends) < 0) return `unexpected result less than 0 at expression #${dimension} in ${map.text}`;
      const where = `inferred input/output operand #${index} has shape's dimension #${dimension} to be`;
      if (result.kind === "dimension") {
        if (needed !== size) return `${where} ${needed}, but found ${size}`;
      } else if (needed > size) return `${where} greater than or equal to ${needed}, but found ${size}`;
    }
  }
  return undefined;
}

function bodyProblem(reader: IrReader, { op, body }: StructuredView, types: readonly Type[]): Finding {
  if (op.regions.length !== 1 || op.regions[0]!.length !== 1 || body === undefined)
    return "expects to have 1 region with 1 block";
  const { arguments: values } = reader.block(body);
  if (values.length !== types.length)
    return `expected as many non-induction variable region arguments as the number of input/output operands`;
  for (const [index, value] of values.entries()) {
    const [found, expected] = [reader.typeOf(value), scalarOf(types[index]!)];
    if (found !== expected)
      return `expected type of bb argument #${index} ('${found.text}') to match element or self type of the corresponding operand ('${expected.text}')`;
  }
  return undefined;
}

/** The body ends with `linalg.yield`. */
function terminatorProblem(reader: IrReader, { body }: StructuredView): Finding {
  const last = body === undefined ? undefined : reader.block(body).operations.at(-1);
  const name = last === undefined ? undefined : reader.operation(last).name;
  return name === undefined || name === "linalg.yield"
    ? undefined
    : `expects regions to end with 'linalg.yield', found '${name}'`;
}

/** A verifier of structured operations: rules of its own (the first finding counts), then those of all. */
export const verifyStructured = (
  rules: (reader: IrReader, view: StructuredView) => Finding = () => undefined,
  after: (reader: IrReader, view: StructuredView) => Finding = () => undefined,
) =>
  function* ({ op, reader }: OperationView): Generator<Diagnostic> {
    const view = structuredView(reader, op);
    if (view === undefined) {
      yield broken(op, "does not say how many of its operands are inputs, or how its loops index them");
      return;
    }
    const found =
      terminatorProblem(reader, view) ??
      destinationProblem(reader, op, view.outputs) ??
      rules(reader, view) ??
      structuredProblem(reader, view) ??
      after(reader, view);
    if (found !== undefined) yield broken(op, found);
  };

/** `linalg.index` reads a loop of the structured operation around it. */
export function* verifyIndex({
  op,
  reader,
  attributes,
}: OperationView & { readonly attributes: { readonly dim: number } }): Generator<Diagnostic> {
  const parent = parentOf(reader, op);
  if (parent === undefined || !isStructured(parent)) {
    yield broken(op, "expected parent op with LinalgOp interface");
    return;
  }
  const loops = structuredView(reader, parent)?.iterators.length;
  if (attributes.dim < 0)
    yield broken(
      op,
      "attribute 'dim' failed to satisfy constraint: 64-bit signless integer attribute whose minimum value is 0",
    );
  else if (loops !== undefined && attributes.dim >= loops)
    yield broken(
      op,
      `expected dim (${attributes.dim}) to be lower than the number of loops (${loops}) of the enclosing LinalgOp`,
    );
}

/** Whether the value of a fill has the wrong type, which the fill itself says. */
const isUnfitFill = (reader: IrReader, { name, operands }: Operation): boolean =>
  name === "linalg.fill" &&
  operands.length > 0 &&
  reader.typeOf(operands[0]!) !== scalarOf(reader.typeOf(operands.at(-1)!));

/** What is yielded are the elements of the outputs. */
export function* verifyYield({ op, reader }: OperationView): Generator<Diagnostic> {
  const parent = parentOf(reader, op);
  if (parent === undefined || !isStructured(parent)) {
    yield broken(op, "expected parent op with LinalgOp interface");
    return;
  }
  if (parent.regions.length !== 1) {
    yield broken(op, "expected single non-empty parent region");
    return;
  }
  const outputs = structuredView(reader, parent)?.outputs;
  if (outputs === undefined || isUnfitFill(reader, parent)) return;
  if (op.operands.length !== outputs.length) {
    yield broken(
      op,
      `expected number of yield values (${op.operands.length}) to match the number of inits / outs operands of the enclosing LinalgOp (${outputs.length})`,
    );
    return;
  }
  for (const [index, operand] of op.operands.entries()) {
    const [found, expected] = [reader.typeOf(operand), scalarOf(reader.typeOf(outputs[index]!))];
    if (found === expected) continue;
    yield broken(
      op,
      `type of yield operand ${index + 1} ('${found.text}') doesn't match the element type of the enclosing linalg.generic op ('${expected.text}')`,
    );
    return;
  }
}
