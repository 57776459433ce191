import type { AffineMap } from "../../affine.ts";
import { projectedDimensions } from "../../affine.ts";
import type { IrReader, Operation, ValueId } from "../../module.ts";
import { isShaped } from "../../types.ts";
import { type StructuredView, defaultMaps } from "./structured-view.ts";
import type { Finding } from "./verify-structured.ts";

/** Whether each result is a dimension, and none is there twice. */
export function isProjectedPermutation(map: AffineMap): boolean {
  const positions = projectedDimensions(map);
  return map.symbols === 0 && positions !== undefined && new Set(positions).size === positions.length;
}

/** Upstream's ContractionOpInterface: two inputs, one output, a reduction, plain maps, and a body that adds products. */
export function contractionProblem(reader: IrReader, view: StructuredView): Finding {
  if (view.inputs.length !== 2 || view.outputs.length !== 1) return "expected op with 2 inputs and 1 output";
  if (!view.iterators.includes("reduction")) return "expected at least 1 reduction";
  if (!view.maps.every(isProjectedPermutation)) return "expected indexing maps to be projected permutations";
  return addsProducts(reader, view) ? undefined : "expected add/mul op in the body";
}

const pairs: Readonly<Record<string, string>> = {
  "arith.mulf": "arith.addf",
  "arith.muli": "arith.addi",
  "complex.mul": "complex.add",
  "arith.andi": "arith.ori",
};

/** Whether the body yields `out + left · right`, whatever conversions are on the way. */
function addsProducts(reader: IrReader, { body }: StructuredView): boolean {
  if (body === undefined) return true;
  const block = reader.block(body);
  const [left, right, out] = block.arguments;
  const last = block.operations.at(-1);
  if (last === undefined || reader.operation(last).operands.length !== 1) return false;
  const sum = binaryBehind(reader, reader.operation(last).operands[0]!);
  if (sum === undefined) return false;
  const parts = sum.operands.map((operand) => behindConversions(reader, operand));
  const at = parts.indexOf(out!);
  const product = at < 0 ? undefined : binaryBehind(reader, parts[1 - at]!);
  if (product === undefined || pairs[product.name] !== sum.name) return false;
  const factors = product.operands.map((operand) => behindConversions(reader, operand));
  return (factors[0] === left && factors[1] === right) || (factors[0] === right && factors[1] === left);
}
function binaryBehind(reader: IrReader, value: ValueId): Operation | undefined {
  const op = reader.definition(behindConversions(reader, value));
  return op?.operands.length === 2 && op.results.length === 1 ? op : undefined;
}
/** The value before all operations of one operand. */
function behindConversions(reader: IrReader, value: ValueId): ValueId {
  let source = value;
  for (let op = reader.definition(source); op?.operands.length === 1; op = reader.definition(source))
    source = op.operands[0]!;
  return source;
}

// --- indexing maps that are not the usual ones -----------------------------------------------------------------------------------

const dimensionAt = (map: AffineMap, result: number): number => {
  const expression = map.results[result];
  return expression?.kind === "dimension" ? expression.position : -1;
};
const isUsual = (maps: readonly AffineMap[], usual: readonly AffineMap[]): boolean =>
  maps.length === usual.length && maps.every((map, index) => map.text === usual[index]!.text);
/** Whether the results of one map are all among those of another. */
const isSubset = (map: AffineMap, of: AffineMap): boolean =>
  map.results.every((result) =>
    of.results.some(
      (other) => result.kind === "dimension" && other.kind === "dimension" && result.position === other.position,
    ),
  );

/** The maps of `linalg.matmul`: inputs may be transposed, or be vectors along the reduction. */
export function matmulProblem(_reader: IrReader, { op, maps }: StructuredView): Finding {
  const usual = defaultMaps(op.name)!;
  if (isUsual(maps, usual)) return undefined;
  for (const index of [0, 1]) {
    const [map, expected] = [maps[index], usual[index]!];
    if (map === undefined) return undefined;
    if (!isSubset(map, expected)) return "Unexpected dim expression in map result.";
    if (map.results.length < expected.results.length && dimensionAt(map, 0) !== map.dimensions - 1)
      return "Invalid broadcast requested, should be (d2).";
  }
  return undefined;
}

/** The maps of `linalg.batch_matmul` and `linalg.batch_reduce_matmul`. */
export function batchMatmulProblem(_reader: IrReader, { op, maps }: StructuredView): Finding {
  const usual = defaultMaps(op.name)!;
  if (isUsual(maps, usual)) return undefined;
  if (maps.length !== 3) return "Indexing_map attribute must have 3 affine maps.";
  for (const index of [0, 1]) {
    const found = batchInputProblem(maps[index]!, usual[index]!, index === 0);
    if (found !== undefined) return found;
  }
  const [output, expected] = [maps[2]!, usual[2]!];
  if (output.results.length !== expected.results.length)
    return `expects ${expected.results.length} dims, but got (${output.results.length}).`;
  const fits = expected.results.every((_, result) => dimensionAt(output, result) === dimensionAt(expected, result));
  return fits ? undefined : "Invalid output map result dimension.";
}

const [batch, rows, columns, reduced] = [0, 1, 2, 3];
function batchInputProblem(map: AffineMap, usual: AffineMap, isLeft: boolean): Finding {
  if (!isSubset(map, usual)) return "Unexpected result dim expression (outside the set of default result dims).";
  const count = map.results.length;
  if (count > 3) return "no. of result dim expressions exceeds 3.";
  if (count === 3) return dimensionAt(map, 0) === batch ? undefined : "Invalid batch dimension expression.";
  const [first, second] = [dimensionAt(map, 0), dimensionAt(map, 1)];
  const isValid =
    count === 1
      ? first === reduced
      : count === 2 &&
        (isLeft
          ? (first === batch || first === rows) && second === reduced
          : (first === batch && second === reduced) || (first === reduced && second === columns));
  return isValid ? undefined : "Invalid broadcast requested.";
}

/** The maps of `linalg.contract`. */
export function contractProblem(reader: IrReader, { op, maps, inputs }: StructuredView): Finding {
  const dimensions = maps[0]?.dimensions ?? 0;
  const uses = Array.from({ length: dimensions }, () => ({ inputs: 0, outputs: 0 }));
  for (const [index, map] of maps.slice(0, 3).entries()) {
    const operand = op.operands[index];
    if (operand === undefined) break;
    if (!isProjectedPermutation(map)) return "provided affine_map is not a projected permutation";
    const type = reader.typeOf(operand);
    if (isShaped(type)) {
      if (map.results.length !== type.shape.length)
        return "ranks of shaped operand and results of corresponding affine_map differ";
    } else if (map.results.length > 0) return "affine_map specifies shaped access while operand has non-shaped type";
    if (map.dimensions !== dimensions) return "iteration spaces of provided affine_maps differ";
    for (const position of projectedDimensions(map)!) uses[position]![index < inputs.length ? "inputs" : "outputs"]++;
  }
  for (const [index, use] of uses.entries()) {
    if (use.inputs === 0 && use.outputs === 0)
      return `iteration space dim at index ${index} not used to access any operand`;
    if (use.inputs === 1 && use.outputs !== 1)
      return `iteration space dim at index ${index} is neither a contracting dim nor of parallel iteration type`;
  }
  return uses.some((use) => use.inputs === 2 && use.outputs === 0)
    ? undefined
    : "'indexing_maps' do not specify a contracting dimension";
}
