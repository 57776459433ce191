import { isPure } from "../../ir/analysis/effects.ts";
import { arith, linalg, tensor } from "../../ir/dialects/index.ts";
import { type IrReader, type Operation, walk } from "../../ir/module.ts";
import type { Registry } from "../../ir/registry.ts";
import { Rewriter } from "../../ir/rewriter.ts";
import { hostElementType, isShaped, staticShape, type Type } from "../../ir/types.ts";
import { evaluateOperation, type RuntimeValue, valueOfConstant } from "../../interpreter/interpret.ts";
import { allocateTensor, elementCount } from "../../support/numeric/host-tensor.ts";
import { eraseDeadDefinitions } from "../dce/erase-dead.ts";
import { pass } from "../pass.ts";
import { int } from "../pass-options.ts";
import { readStructured } from "../structured/generic.ts";
import { pointCount } from "../structured/reuse.ts";
import { buildConstant } from "../structured/constant-scalar.ts";

/** Results with no more elements are folded even where they are larger than what they are made of. */
const smallResult = 4096;
/** Points of a loop nest that the interpreter may go through for each element it gives. */
const maximumWork = 64;

/**
 * Runs pure operations on constants at compile time. A broadcast or fill is left as it is when its result is larger than all its
 * constant operands together: the program would only grow.
 */
export const constantFold = pass({
  name: "constant-fold",
  summary: "compute operations on constants at compile time",
  options: { maxElements: int.default(4_194_304).summary("elements of a result") },
  statistics: { folded: "operations computed at compile time" },
  run(module, { maxElements }, context) {
    const rewriter = new Rewriter(module);
    for (const { id } of Array.from(walk(rewriter, context.root))) {
      if (id === context.root || !rewriter.exists(id)) continue;
      const op = rewriter.operation(id);
      if (!foldable(rewriter, context.registry, op, maxElements)) continue;
      const operands = op.operands.map((operand) => valueOf(rewriter, operand));
      const results = operands.every((value) => value !== undefined)
        ? evaluateOperation(rewriter, op, operands)
        : undefined;
      if (!results) continue;
      rewriter.insertionPoint = { kind: "before", op: id };
      rewriter.location = op.location;
      const read = op.operands;
      rewriter.replace(
        op,
        results.map((value, index) => buildConstant(rewriter, value, rewriter.typeOf(op.results[index]!))),
      );
      eraseDeadDefinitions(rewriter, context.registry, read);
      context.count("folded");
    }
    return context.commit(rewriter);
  },
});

const sizeOf = (type: Type): number | undefined => {
  if (!isShaped(type)) return 1;
  const shape = staticShape(type);
  return shape && elementCount(shape);
};

/** Operations that are constants already, or as small as a constant can be. */
const neverFolded: ReadonlySet<string> = new Set([
  arith.constant.name,
  tensor.empty.name,
  linalg.fill.name,
  tensor.splat.name,
]);

function foldable(reader: IrReader, registry: Registry, op: Operation, maxElements: number): boolean {
  if (op.results.length === 0 || neverFolded.has(op.name) || !isPure(reader, registry, op)) return false;
  if (op.operands.length === 0 || registry.hasTrait(op, "terminator")) return false;
  const made = op.results.map((result) => sizeOf(reader.typeOf(result)));
  const read = op.operands.map((operand) => constantSize(reader, operand));
  if (!made.every((size) => size !== undefined) || !read.every((size) => size !== undefined)) return false;
  const [results, operands] = [made, read].map((sizes) => sizes.reduce((sum, size) => sum + size, 0)) as [
    number,
    number,
  ];
  if (results > maxElements || (results > smallResult && results > operands)) return false;
  const structured = readStructured(reader, op);
  return !structured || pointCount(structured) <= maximumWork * Math.max(smallResult, results);
}

/** How many elements of data a constant holds; fills and empty tensors hold none. Undefined for what is not constant. */
function constantSize(reader: IrReader, id: Operation["operands"][number]): number | undefined {
  const op = reader.definition(id);
  if (!op) return undefined;
  if (tensor.empty.match(reader, op) && staticShape(reader.typeOf(id) as never)) return 0;
  const fill = linalg.fill.match(reader, op);
  if (fill) return constantSize(reader, fill.operands.inputs[0]!) === undefined ? undefined : 0;
  const value = arith.constant.match(reader, op)?.attributes.value;
  if (value === undefined) return undefined;
  return value.kind === "dense" && value.splat ? 1 : sizeOf(reader.typeOf(id));
}

/** The value of a constant, a fill with a constant, or (zeros, which nothing may depend on) an empty tensor. */
function valueOf(reader: IrReader, id: Operation["operands"][number]): RuntimeValue | undefined {
  const op = reader.definition(id);
  const type = reader.typeOf(id);
  const attribute = arith.constant.match(reader, op)?.attributes.value;
  if (attribute) return valueOfConstant(reader, attribute, type, op!.location);
  if (tensor.empty.match(reader, op) && type.kind === "tensor") {
    const element = hostElementType(type.element);
    const shape = staticShape(type);
    return element && shape ? allocateTensor(element, shape) : undefined;
  }
  const fill = linalg.fill.match(reader, op);
  if (!fill) return undefined;
  const operands = op!.operands.map((operand) => valueOf(reader, operand));
  return operands.every((value) => value !== undefined) ? evaluateOperation(reader, op!, operands)?.[0] : undefined;
}
