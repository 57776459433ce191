import type { Diagnostic } from "../../../support/diagnostic.ts";
import type { AffineMap } from "../../affine.ts";
import { dimensionsOf, linearForm } from "../../affine.ts";
import { type IrReader, type Operation, parentOf, type Region, terminatorOf } from "../../module.ts";
import { elementOf, isShaped, type Type } from "../../types.ts";
import { broken } from "../../verify-diagnostics.ts";

interface StructuredView {
  readonly op: Operation;
  readonly reader: IrReader;
  readonly types: { readonly inputs: readonly Type[]; readonly outputs: readonly Type[] };
  readonly regions: { readonly region: Region };
}
interface GenericView extends StructuredView {
  readonly attributes: { readonly indexing_maps: readonly AffineMap[]; readonly iterator_types: readonly string[] };
}

/** Sizes of an operand; a scalar has none. */
const shapeOf = (type: Type): readonly (number | "?")[] => (isShaped(type) ? type.shape : []);

/** The body's arguments are the operands' elements; it yields one value for each output. */
function* verifyBody({ op, reader, types, regions }: StructuredView): Generator<Diagnostic> {
  const [block] = regions.region;
  if (block === undefined) {
    yield broken(op, "expects to have 1 region with 1 block");
    return;
  }
  const expected = [...types.inputs, ...types.outputs].map(elementOf);
  const found = reader.block(block).arguments.map((argument) => reader.typeOf(argument));
  if (found.length !== expected.length)
    yield broken(
      op,
      `expected as many non-induction variable region arguments as the number of input/output operands: ${expected.length}, but found ${found.length}`,
    );
  else
    for (const [index, type] of found.entries())
      if (type !== expected[index])
        yield broken(
          op,
          `expected type of bb argument #${index} ('${type.text}') to match element or self type of the corresponding operand ('${expected[index]!.text}')`,
        );
  const last = terminatorOf(reader, block);
  if (last === undefined) return;
  if (last.name !== "linalg.yield") {
    yield broken(op, `expects its region to end with 'linalg.yield', found '${last.name}'`);
    return;
  }
  const yielded = last.operands.map((operand) => reader.typeOf(operand));
  const elements = types.outputs.map(elementOf);
  if (yielded.length !== elements.length)
    yield broken(
      last,
      `expected number of yield values (${yielded.length}) to match the number of inits / outs operands of the enclosing LinalgOp (${elements.length})`,
    );
  else
    for (const [index, type] of yielded.entries())
      if (type !== elements[index])
        yield broken(
          last,
          `type of yield operand ${index + 1} ('${type.text}') doesn't match the element type of the enclosing linalg.generic op ('${elements[index]!.text}')`,
        );
}

export function* verifyGeneric(view: GenericView): Generator<Diagnostic> {
  const { op, types, attributes } = view;
  const operands = [...types.inputs, ...types.outputs];
  const maps = attributes.indexing_maps;
  const loops = attributes.iterator_types.length;
  if (maps.length !== operands.length) {
    yield broken(
      op,
      `expected the number of indexing_map (${maps.length}) to be equal to the number of input/output operands (${operands.length})`,
    );
    return;
  }
  let wellFormed = true;
  for (const [index, map] of maps.entries()) {
    const rank = shapeOf(operands[index]!).length;
    let problem: string | undefined;
    if (map.symbols > 0) problem = `unexpected symbols in indexing_map #${index}`;
    else if (map.dimensions !== loops)
      problem = `expected indexing_map #${index} to have ${loops} dim(s) to match the number of loops`;
    else if (map.results.length !== rank)
      problem = `expected operand rank (${rank}) to match the result rank of indexing_map #${index} (${map.results.length})`;
    if (problem === undefined) continue;
    wellFormed = false;
    yield broken(op, problem);
  }
  if (wellFormed) yield* verifyShapes(op, operands, maps, loops);
  yield* verifyBody(view);
}

/** Every loop's size follows from an operand that it indexes directly; the other uses of the loop must fit that size. */
function* verifyShapes(
  op: Operation,
  operands: readonly Type[],
  maps: readonly AffineMap[],
  loops: number,
): Generator<Diagnostic> {
  const sizes: (number | "?" | undefined)[] = Array.from({ length: loops });
  for (const [index, map] of maps.entries())
    for (const [dimension, result] of map.results.entries()) {
      if (result.kind !== "dimension") continue;
      const size = shapeOf(operands[index]!)[dimension]!;
      if (sizes[result.position] === undefined || sizes[result.position] === "?") sizes[result.position] = size;
    }
  const free = sizes.findIndex((size) => size === undefined);
  if (free >= 0) {
    yield broken(op, `expected the shape-to-loops map to be non-null: no operand tells the size of loop #${free}`);
    return;
  }
  for (const [index, map] of maps.entries())
    for (const [dimension, result] of map.results.entries()) {
      const size = shapeOf(operands[index]!)[dimension]!;
      const range = rangeOf(result, sizes);
      if (size === "?" || range === undefined) continue;
      if (result.kind === "dimension") {
        if (range.highest + 1 !== size)
          yield broken(
            op,
            `inferred input/output operand #${index} has shape's dimension #${dimension} to be ${range.highest + 1}, but found ${size}`,
          );
      } else if (range.lowest < 0)
        yield broken(op, `unexpected result less than 0 at expression #${dimension} in indexing_map #${index}`);
      else if (range.highest >= size)
        yield broken(
          op,
          `inferred input/output operand #${index} has shape's dimension #${dimension} to be greater than or equal to ${range.highest + 1}, but found ${size}`,
        );
    }
}

/** Least and greatest value of a linear expression over the loops; undefined where it is not linear or a loop is empty or unknown. */
function rangeOf(
  expression: AffineMap["results"][number],
  sizes: readonly (number | "?" | undefined)[],
): { readonly lowest: number; readonly highest: number } | undefined {
  const form = linearForm(expression);
  if (form === undefined) return undefined;
  let lowest = form.constant;
  let highest = form.constant;
  for (const position of dimensionsOf(expression)) {
    const size = sizes[position];
    if (typeof size !== "number" || (size === 0 && expression.kind !== "dimension")) return undefined;
    const extent = (form.coefficients.get(position) ?? 0) * (size - 1);
    if (extent < 0 && size > 0) lowest += extent;
    else highest += extent;
  }
  return { lowest, highest };
}

/** A fill or copy: one input, one output, and a body that yields its first argument. */
export function* verifyYieldFirst(view: StructuredView): Generator<Diagnostic> {
  const { op, types } = view;
  if (types.inputs.length !== 1 || types.outputs.length !== 1) {
    yield broken(op, `expects one input and one output, found ${types.inputs.length} and ${types.outputs.length}`);
    return;
  }
  const [input] = types.inputs;
  const [output] = types.outputs;
  if (op.name === "linalg.copy" && isShaped(input!) && isShaped(output!)) {
    const { shape } = output;
    const fits =
      input.shape.length === shape.length &&
      input.shape.every((size, index) => size === "?" || shape[index] === "?" || size === shape[index]);
    if (!fits)
      yield broken(op, `expects input and output of the same shape, found '${input.text}' and '${output.text}'`);
  }
  if (op.name === "linalg.fill" && isShaped(input!))
    yield broken(op, `expects a scalar to fill with, found '${input.text}'`);
  yield* verifyBody(view);
}

const structured: ReadonlySet<string> = new Set(["linalg.generic", "linalg.fill", "linalg.copy"]);

/** `linalg.index` reads a loop of the structured operation around it. */
export function* verifyIndex({
  op,
  reader,
  attributes,
}: {
  readonly op: Operation;
  readonly reader: IrReader;
  readonly attributes: { readonly dim: number };
}): Generator<Diagnostic> {
  let parent = parentOf(reader, op);
  while (parent !== undefined && !structured.has(parent.name)) parent = parentOf(reader, parent);
  const iterators = parent?.properties["iterator_types"];
  if (parent === undefined) yield broken(op, "expected parent op with LinalgOp interface");
  else if (iterators?.kind === "array" && (attributes.dim < 0 || attributes.dim >= iterators.elements.length))
    yield broken(
      op,
      `expected dim (${attributes.dim}) to be lower than the number of loops (${iterators.elements.length}) of the enclosing LinalgOp`,
    );
}

export function* verifyYield({
  op,
  reader,
}: {
  readonly op: Operation;
  readonly reader: IrReader;
}): Generator<Diagnostic> {
  const parent = parentOf(reader, op);
  if (parent === undefined || !(structured.has(parent.name) || reader.operation(parent.id).name.startsWith("linalg.")))
    yield broken(op, "expected single non-empty parent region of a structured operation");
}
