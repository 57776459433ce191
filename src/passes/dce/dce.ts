import { isTriviallyDead } from "../../ir/analysis/effects.ts";
import type { Attribute, Attributes } from "../../ir/attributes.ts";
import { func, memref } from "../../ir/dialects/index.ts";
import { bodyOf, type Operation, walk } from "../../ir/module.ts";
import { Rewriter } from "../../ir/rewriter.ts";
import { pass, type PassContext } from "../pass.ts";
import { eraseDeadDefinitions } from "./erase-dead.ts";

/** Removes what nothing needs: pure operations whose results are not read, and private functions and globals nobody refers to. */
export const dce = pass({
  name: "dce",
  summary: "remove operations, private functions and globals that nothing needs",
  statistics: {
    "operations-erased": "operations without readers",
    "symbols-erased": "private symbols without references",
  },
  run(module, _, context) {
    const rewriter = new Rewriter(module);
    if (context.root === module.root) eraseUnreferencedSymbols(rewriter, context);
    for (const op of Array.from(walk(rewriter, context.root)).reverse()) {
      if (!rewriter.exists(op.id) || op.id === context.root) continue;
      const present = rewriter.operation(op.id);
      if (!isTriviallyDead(rewriter, context.registry, present)) continue;
      if (present.results.length > 0)
        context.count("operations-erased", eraseDeadDefinitions(rewriter, context.registry, present.results));
      else {
        rewriter.erase(present);
        context.count("operations-erased");
      }
    }
    return context.commit(rewriter);
  },
});

/** The names that an attribute refers to. */
function* symbolsOf(attribute: Attribute): Generator<string> {
  if (attribute.kind === "symbol") yield attribute.root;
  else if (attribute.kind === "array") for (const element of attribute.elements) yield* symbolsOf(element);
  else if (attribute.kind === "dictionary") yield* symbolsIn(attribute.entries);
}
function* symbolsIn(attributes: Attributes): Generator<string> {
  for (const name in attributes) yield* symbolsOf(attributes[name]!);
}

/** Keeps public symbols, and what is reachable from them and from operations that are no symbols. */
function eraseUnreferencedSymbols(rewriter: Rewriter, context: PassContext): void {
  const symbols = bodyOf(rewriter, rewriter.operation(rewriter.root));
  const byName = new Map<string, Operation>();
  for (const op of symbols) {
    const name = nameOf(op);
    if (name !== undefined) byName.set(name, op);
  }
  const isPrivate = (op: Operation): boolean => {
    const visibility = op.properties["sym_visibility"];
    const erasable = op.name === func.func.name || op.name === memref.global.name;
    return erasable && visibility?.kind === "string" && visibility.value === "private";
  };
  const live = new Set(symbols.filter((op) => !isPrivate(op)));
  for (const op of live)
    for (const inner of walk(rewriter, op.id))
      for (const attributes of [inner.properties, inner.attributes])
        for (const name of symbolsIn(attributes)) {
          const referred = byName.get(name);
          if (referred) live.add(referred);
        }
  for (const op of symbols) {
    if (live.has(op)) continue;
    rewriter.erase(op);
    context.count("symbols-erased");
  }
}

const nameOf = (op: Operation): string | undefined => {
  const name = op.properties["sym_name"];
  return name?.kind === "string" ? name.value : undefined;
};
