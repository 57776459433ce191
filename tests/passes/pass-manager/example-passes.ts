import { floatAttribute } from "../../../src/ir/attributes.ts";
import { createFunction, createModule } from "../../../src/ir/create-module.ts";
import { arith } from "../../../src/ir/dialects/index.ts";
import { type Module, walk } from "../../../src/ir/module.ts";
import { Rewriter } from "../../../src/ir/rewriter.ts";
import { f32 } from "../../../src/ir/types.ts";
import { pass } from "../../../src/passes/pass.ts";
import { bool, enumeration, int, list, string } from "../../../src/passes/pass-options.ts";
import { PassRegistry } from "../../../src/passes/pass-registry.ts";
import { CompileError, internalError } from "../../../src/support/diagnostic.ts";
import { unknownLocation } from "../../../src/support/location.ts";

/** Turns additions into subtractions. */
export const negateSums = pass({
  name: "negate-sums",
  summary: "x + y becomes x - y",
  options: {
    maxOps: int.default(32).summary("operations to change"),
    quick: bool.default(false),
    mode: enumeration("first", "last").default("first"),
    label: string,
    sizes: list(int).default([]),
  },
  statistics: { negated: "sums negated" },
  run(module, { maxOps }, context) {
    const rewriter = new Rewriter(module);
    let left = maxOps;
    for (const op of Array.from(walk(rewriter, context.root))) {
      const sum = arith.addf.match(rewriter, op);
      if (!sum || left-- <= 0) continue;
      rewriter.insertionPoint = { kind: "before", op: op.id };
      rewriter.replace(op, [arith.subf.build(rewriter, sum.operands, {}).result]);
      context.count("negated");
    }
    return context.commit(rewriter);
  },
});

export const onlyModules = pass({
  name: "only-modules",
  summary: "nothing",
  anchors: ["builtin.module"],
  run: (m) => m,
});

/** Edits and then fails, in the way its option says. */
export const failing = pass({
  name: "failing",
  summary: "fails",
  options: { how: enumeration("crash", "diagnose", "report", "break").default("crash") },
  run(module, { how }, context) {
    const rewriter = new Rewriter(module);
    for (const op of Array.from(walk(rewriter, context.root))) {
      if (op.name !== arith.addf.name) continue;
      if (how !== "break") rewriter.update(op.id, { name: "arith.mulf" });
      // The verifier must refuse an operand that is not there.
      else rewriter.setOperands(op.id, op.operands.slice(1));
    }
    const edited = context.commit(rewriter);
    if (how === "crash") throw new TypeError("something unexpected");
    if (how === "diagnose") throw internalError("as asked");
    if (how === "report") for (const diagnostic of internalError("as reported").diagnostics) context.report(diagnostic);
    return edited;
  },
});

export const examplePasses = new PassRegistry([negateSums, onlyModules, failing]);

/** Functions `f0`, `f1`, …, each with one sum. */
export const sums = (count: number): Module =>
  createModule((r) => {
    for (let index = 0; index < count; index++)
      createFunction(r, `f${index}`, [f32], (b, [x]) => {
        const value = floatAttribute(index + 1, f32);
        const constant = arith.constant.build(b, {}, { value }, { resultTypes: [f32] }).result;
        return [arith.addf.build(b, { lhs: x!, rhs: constant }, {}).result];
      });
  });

/** The diagnostics that a function throws; none when it throws nothing. */
export function diagnosticsOf(run: () => unknown): readonly string[] {
  try {
    run();
    return [];
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    return error.diagnostics.map(({ code, message, location }) => {
      const place =
        location === unknownLocation || location.kind !== "file" ? "" : ` at ${location.line}:${location.column}`;
      return `${code}: ${message}${place}`;
    });
  }
}
