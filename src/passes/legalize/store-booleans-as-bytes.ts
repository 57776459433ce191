import { arith, memref, vector } from "../../ir/dialects/index.ts";
import { type Module, type Operation, type ValueId, walk } from "../../ir/module.ts";
import { Rewriter } from "../../ir/rewriter.ts";
import { functionType, i1, i8, type Type, withElement } from "../../ir/types.ts";
import { pass } from "../pass.ts";
import { constantOf } from "./lane-arithmetic.ts";
import { snapshot } from "./snapshot.ts";

const isBooleanBuffer = (type: Type): boolean => type.kind === "memref" && type.element === i1;
const stored = (type: Type): Type => (isBooleanBuffer(type) ? withElement(type, i8) : type);

/** The operand that holds what is written, by operation. */
const writtenOperand: Readonly<Record<string, number>> = {
  [memref.store.name]: 0,
  [vector.store.name]: 0,
};

function toByte(rewriter: Rewriter, value: ValueId): ValueId {
  const type = withElement(rewriter.typeOf(value), i8);
  return arith.extui.build(rewriter, { in: value }, {}, { resultTypes: [type] }).out;
}

/** Gives the operation's result the byte type and puts a test for non-zero behind it, which its readers read instead. */
function readByte(rewriter: Rewriter, op: Operation): void {
  const result = op.results[0]!;
  const type = withElement(rewriter.typeOf(result), i8);
  const byte = rewriter.create({
    name: op.name,
    operands: rewriter.operation(op.id).operands,
    resultTypes: [type],
    properties: op.properties,
    attributes: op.attributes,
  }).results[0]!;
  const rhs = constantOf(rewriter, type, 0);
  rewriter.replace(op, [arith.cmpi.build(rewriter, { lhs: byte, rhs }, { predicate: "ne" }).result]);
}

function rewriteAccess(rewriter: Rewriter, op: Operation): void {
  rewriter.insertionPoint = { kind: "before", op: op.id };
  rewriter.location = op.location;
  const written = writtenOperand[op.name];
  if (written !== undefined) rewriter.setOperand(op.id, written, toByte(rewriter, op.operands[written]!));
  else if (op.name === vector.maskedstore.name) {
    const last = op.operands.length - 1;
    rewriter.setOperand(op.id, last, toByte(rewriter, op.operands[last]!));
  } else if (op.name === memref.load.name || op.name === vector.load.name) readByte(rewriter, op);
  else if (op.name === vector.maskedload.name || op.name === vector.gather.name) {
    const last = op.operands.length - 1;
    rewriter.setOperand(op.id, last, toByte(rewriter, op.operands[last]!));
    readByte(rewriter, rewriter.operation(op.id));
  }
}

/** Buffers of truth values hold bytes of 0 or 1: most targets have no addressable bit. */
export const storeBooleansAsBytes = pass({
  name: "store-booleans-as-bytes",
  summary: "hold truth values in memory as bytes of 0 or 1",
  anchors: ["builtin.module"],
  statistics: { accesses: "loads and stores rewritten" },
  run(module: Module, _options, context) {
    const rewriter = new Rewriter(module);
    for (const op of snapshot(rewriter))
      if (op.regions.length === 0 && op.operands.some((operand) => isBooleanBuffer(rewriter.typeOf(operand)))) {
        rewriteAccess(rewriter, op);
        context.count("accesses");
      }
    convertBuffers(rewriter);
    return context.commit(rewriter);
  },
});

function convertBuffers(rewriter: Rewriter): void {
  const convert = (value: ValueId): void => {
    const type = rewriter.typeOf(value);
    if (isBooleanBuffer(type)) rewriter.setType(value, stored(type));
  };
  for (const op of walk(rewriter)) {
    op.results.forEach(convert);
    for (const region of op.regions) for (const id of region) rewriter.block(id).arguments.forEach(convert);
    for (const name of ["function_type", "type"]) {
      const attribute = op.properties[name];
      if (attribute?.kind !== "type") continue;
      const { type } = attribute;
      const changed =
        type.kind === "function" ? functionType(type.inputs.map(stored), type.results.map(stored)) : stored(type);
      if (changed !== type)
        rewriter.update(op.id, { properties: { ...op.properties, [name]: { kind: "type", type: changed } } });
    }
  }
}
