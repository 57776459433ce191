import { floatAttribute, stringAttribute } from "../../../src/ir/attributes.ts";
import { arith } from "../../../src/ir/dialects/arith.ts";
import { device } from "../../../src/ir/dialects/device.ts";
import { func } from "../../../src/ir/dialects/func.ts";
import { registry } from "../../../src/ir/dialects/index.ts";
import { linalg } from "../../../src/ir/dialects/linalg.ts";
import { memref } from "../../../src/ir/dialects/memref.ts";
import { bodyOf, type Module, type Operation, type ValueId } from "../../../src/ir/module.ts";
import { Rewriter } from "../../../src/ir/rewriter.ts";
import { f32, type MemRefType } from "../../../src/ir/types.ts";
import { isFixture } from "../../../src/passes/place/units.ts";

const entryOf = (rewriter: Rewriter): Operation =>
  bodyOf(rewriter, rewriter.operation(rewriter.root)).find((op) => op.attributes["weft.entry_point"] !== undefined)!;

/** Marks operations of the entry function for the host, as `choose` says for each in turn. */
export function withHostOperations(module: Module, choose: () => boolean): Module {
  const rewriter = new Rewriter(module);
  for (const op of bodyOf(rewriter, entryOf(rewriter))) {
    if (isFixture(rewriter, registry, op) || !choose()) continue;
    const marks = { "weft.device": stringAttribute("host"), "weft.device_reason": stringAttribute("as chosen") };
    rewriter.update(op.id, { attributes: { ...op.attributes, ...marks } });
  }
  return rewriter.commit().module;
}

/** What memory holds before anything is written: what spoils every result. */
const garbage = NaN;

/**
 * A program with host functions as it runs on a device with a memory of its own: each buffer that a host function is given has a
 * second copy, which only host functions see, and a transfer copies from one to the other. Inputs and constants are in both; what
 * nobody has written is garbage in both. Elements are f32.
 */
export function withTwoMemories(module: Module): Module {
  const rewriter = new Rewriter(module);
  const entry = entryOf(rewriter);
  const body = bodyOf(rewriter, entry);
  const calls = body.filter((op) => op.name === func.call.name);
  const transfers = body.filter((op) => op.name === device.transfer.name);
  const roles = func.func.match(rewriter, entry)!.attributes.arg_attrs ?? [];
  const copies = new Map<ValueId, ValueId>();
  const first = body[0]!;
  rewriter.insertionPoint = { kind: "before", op: first.id };
  const nothing = arith.constant.build(
    rewriter,
    {},
    { value: floatAttribute(garbage, f32) },
    { resultTypes: [f32] },
  ).result;
  const spoil = (buffer: ValueId): void =>
    void linalg.fill.build(
      rewriter,
      { inputs: [nothing], outputs: [buffer] },
      {},
      {
        regions: {
          region: [
            {
              arguments: [f32, f32],
              body: (inner, [value]) => void linalg.yield.build(inner, { values: [value!] }, {}),
            },
          ],
        },
      },
    );
  for (const value of new Set(calls.flatMap((op) => op.operands))) {
    const described = rewriter.value(value);
    const type = rewriter.typeOf(value) as MemRefType;
    const definition = rewriter.definition(value);
    const after = definition ? body[body.indexOf(body.find(({ id }) => id === definition.id)!) + 1]! : first;
    rewriter.insertionPoint = { kind: "before", op: after.id };
    const copy = memref.alloc.build(rewriter, {}, {}, { resultTypes: [type] }).memref;
    copies.set(value, copy);
    const isGiven =
      definition?.name === memref.get_global.name ||
      (described.kind === "argument" && roles[described.index]?.["weft.output"] === undefined);
    if (isGiven) memref.copy.build(rewriter, { source: value, target: copy }, {});
    else spoil(copy);
    if (definition?.name === memref.alloc.name) spoil(value);
  }
  for (const op of calls)
    rewriter.setOperands(
      op.id,
      op.operands.map((value) => copies.get(value)!),
    );
  for (const op of transfers) {
    const { buffer } = device.transfer.match(rewriter, op)!.operands;
    const { to } = device.transfer.match(rewriter, op)!.attributes;
    const copy = copies.get(buffer)!;
    rewriter.insertionPoint = { kind: "before", op: op.id };
    memref.copy.build(
      rewriter,
      to === "host" ? { source: buffer, target: copy } : { source: copy, target: buffer },
      {},
    );
    rewriter.erase(op);
  }
  // Outputs that nothing on the device touches are the caller's from the host.
  rewriter.insertionPoint = { kind: "before", op: body.at(-1)!.id };
  for (const [value, copy] of copies) {
    const described = rewriter.value(value);
    if (described.kind !== "argument" || roles[described.index]?.["weft.output"] === undefined) continue;
    const users = rewriter.uses(value).filter(({ op }) => op !== undefined);
    if (users.length === 0) memref.copy.build(rewriter, { source: copy, target: value }, {});
  }
  return rewriter.commit().module;
}
