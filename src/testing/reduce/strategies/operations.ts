import { type Attribute, boolAttribute, floatAttribute, integerAttribute } from "../../../ir/attributes.ts";
import type { OpId, Operation, ValueId } from "../../../ir/module.ts";
import type { Rewriter } from "../../../ir/rewriter.ts";
import { symbolNameOf } from "../../../ir/symbols.ts";
import { hostElementType, staticShape, type Type } from "../../../ir/types.ts";
import { allocateTensor } from "../../../support/numeric/host-tensor.ts";
import type { ProgramIndex } from "../program-index.ts";
import type { Edit, Strategy } from "../strategy.ts";

/** Erases what has a name, unless something still mentions it. */
export const symbols: Strategy = {
  name: "erase symbols",
  edits: (index) =>
    index.operations
      .filter(isSymbol)
      .reverse()
      .map((op) => erasingSymbol(index, op)),
};

const isSymbol = (op: Operation): boolean => symbolNameOf(op) !== undefined;

function erasingSymbol(index: ProgramIndex, op: Operation): Edit {
  return (rewriter) => {
    const users = index.usersOf(symbolNameOf(op)!);
    const isUsed = users.some((user) => rewriter.exists(user) && !isWithin(rewriter, user, op.id));
    if (!isUsed) eraseReplacing(index, rewriter, op);
  };
}

function isWithin(rewriter: Rewriter, inner: OpId, outer: OpId): boolean {
  for (let id = inner; ;) {
    if (id === outer) return true;
    const { parent } = rewriter.operation(id);
    if (parent === undefined) return false;
    id = rewriter.holderOf(parent);
  }
}

/** Erases operations; what reads their results reads other values of the same types. Users come before what they use. */
export const operations: Strategy = {
  name: "erase operations",
  edits: (index) =>
    index.operations
      .filter((op) => !isSymbol(op) && !index.isTerminator(op))
      .reverse()
      .map((op) => (rewriter) => eraseReplacing(index, rewriter, op)),
};

/** Erases an operation if every result that is read has a substitute. */
function eraseReplacing(index: ProgramIndex, rewriter: Rewriter, op: Operation): void {
  if (!rewriter.exists(op.id)) return;
  const present = rewriter.operation(op.id);
  const substitutes: (ValueId | undefined)[] = [];
  for (const result of present.results) {
    const substitute =
      rewriter.useCount(result) === 0 ? result : index.substitute(rewriter, present, rewriter.typeOf(result));
    if (substitute === undefined) return;
    substitutes.push(substitute);
  }
  present.results.forEach((result, position) => rewriter.replaceAllUses(result, substitutes[position]!));
  rewriter.erase(rewriter.operation(op.id));
}

/** Makes constants of operations that compute something. */
export const constants: Strategy = {
  name: "replace results by constants",
  edits: (index) =>
    index.operations
      .filter((op) => op.results.length > 0 && op.name !== constantName && !isSymbol(op) && !index.isTerminator(op))
      .reverse()
      .map((op) => (rewriter) => replaceByConstants(rewriter, op.id)),
};

const constantName = "arith.constant";

function replaceByConstants(rewriter: Rewriter, id: OpId): void {
  if (!rewriter.exists(id)) return;
  const op = rewriter.operation(id);
  const zeros = op.results.map((result) => zeroOf(rewriter.typeOf(result)));
  if (zeros.includes(undefined)) return;
  rewriter.insertionPoint = { kind: "before", op: id };
  rewriter.location = op.location;
  const values = op.results.map((result, position) => constantOf(rewriter, rewriter.typeOf(result), zeros[position]!));
  rewriter.replace(op, values);
}

const constantOf = (rewriter: Rewriter, type: Type, value: Attribute): ValueId =>
  rewriter.create({ name: constantName, resultTypes: [type], properties: { value } }).results[0]!;

/** A constant zero before an operation; undefined for types that have none. */
export function zeroBefore(rewriter: Rewriter, op: OpId, type: Type): ValueId | undefined {
  const zero = zeroOf(type);
  if (zero === undefined) return undefined;
  rewriter.insertionPoint = { kind: "before", op };
  rewriter.location = rewriter.operation(op).location;
  return constantOf(rewriter, type, zero);
}

/** The zero of a scalar type, or of tensors and vectors of known sizes. */
function zeroOf(type: Type): Attribute | undefined {
  switch (type.kind) {
    case "index":
      return integerAttribute(0, type);
    case "integer":
      if (type.signedness !== "signless") return undefined;
      return type.width === 1 ? boolAttribute(false) : integerAttribute(0, type);
    case "float":
      return floatAttribute(0, type);
    case "tensor":
    case "vector": {
      const element = hostElementType(type.element);
      if (element === undefined || staticShape(type) === undefined) return undefined;
      return Object.freeze({ kind: "dense", type, data: allocateTensor(element, [1]).data, splat: true });
    }
    default:
      return undefined;
  }
}
