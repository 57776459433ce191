import { func } from "../../ir/dialects/index.ts";
import { bodyOf, type IrReader, type Operation, type ValueId, walk } from "../../ir/module.ts";
import { Rewriter } from "../../ir/rewriter.ts";
import { pass } from "../pass.ts";
import { int } from "../pass-options.ts";

/** Puts the bodies of functions in the place of calls to them. Functions that reach themselves are left alone. */
export const inline = pass({
  name: "inline",
  summary: "replace calls by the called functions' bodies",
  anchors: ["builtin.module"],
  options: { maxOps: int.default(1_000_000).summary("operations of a caller beyond which no more calls are replaced") },
  statistics: { inlined: "calls replaced" },
  run(module, { maxOps }, context) {
    const rewriter = new Rewriter(module);
    const functions = new Map<string, Operation>();
    for (const op of bodyOf(rewriter, rewriter.operation(module.root))) {
      const name = func.func.match(rewriter, op)?.attributes.sym_name;
      if (name !== undefined) functions.set(name, op);
    }
    // Callees first, so that what is copied has no calls left in it.
    for (const caller of calleesFirst(rewriter, functions)) {
      let size = [...walk(rewriter, caller.id)].length;
      for (const call of callsIn(rewriter, caller)) {
        const callee = functions.get(call.callee);
        if (!callee || !isInlinable(rewriter, callee, functions)) continue;
        const added = [...walk(rewriter, callee.id)].length;
        if (size + added > maxOps) continue;
        size += added;
        inlineCall(rewriter, call.op, callee);
        context.count("inlined");
      }
    }
    return context.commit(rewriter);
  },
});

function callsIn(reader: IrReader, op: Operation): readonly { readonly op: Operation; readonly callee: string }[] {
  return Array.from(walk(reader, op.id)).flatMap((inner) => {
    const callee = func.call.match(reader, inner)?.attributes.callee;
    return callee === undefined ? [] : [{ op: inner, callee }];
  });
}

/** Functions in an order in which each comes after those it calls, as far as that is possible. */
function calleesFirst(reader: IrReader, functions: ReadonlyMap<string, Operation>): readonly Operation[] {
  const ordered = new Set<Operation>();
  const seen = new Set<Operation>();
  for (const root of functions.values()) {
    // An explicit stack: a chain of calls may be longer than the host's.
    const stack: { readonly op: Operation; readonly pending: Operation[] }[] = [];
    const enter = (op: Operation): void => {
      if (seen.has(op)) return;
      seen.add(op);
      stack.push({ op, pending: callsIn(reader, op).flatMap(({ callee }) => functions.get(callee) ?? []) });
    };
    enter(root);
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const next = top.pending.pop();
      if (next) enter(next);
      else ordered.add(stack.pop()!.op);
    }
  }
  return [...ordered];
}

/** A function of one block, not marked `no_inline`, that calls no function of this module any more. */
function isInlinable(reader: IrReader, op: Operation, functions: ReadonlyMap<string, Operation>): boolean {
  if (op.regions[0]?.length !== 1 || func.func.match(reader, op)?.attributes.no_inline !== false) return false;
  return callsIn(reader, op).every(
    ({ callee }) => !functions.has(callee) || (functions.get(callee)!.regions[0]?.length ?? 0) === 0,
  );
}

function inlineCall(rewriter: Rewriter, call: Operation, callee: Operation): void {
  const present = rewriter.operation(call.id);
  const body = rewriter.block(rewriter.operation(callee.id).regions[0]![0]!);
  const mapping = new Map<ValueId, ValueId>();
  body.arguments.forEach((argument, index) => mapping.set(argument, present.operands[index]!));
  rewriter.insertionPoint = { kind: "before", op: call.id };
  for (const id of body.operations) {
    const op = rewriter.operation(id);
    if (op.name === func.return.name)
      rewriter.replace(
        present,
        op.operands.map((operand) => mapping.get(operand) ?? operand),
      );
    else rewriter.clone(op, mapping);
  }
}
