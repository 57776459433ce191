import type { OpDefinition, OpView } from "./define.ts";
import type { Operation } from "./module.ts";
import type { Rewriter } from "./rewriter.ts";

/** One rewrite rule: looks at operations of one name. */
export interface Pattern {
  /** Kebab-case, unique among the patterns of its root: it is counted and reported by it. */
  readonly name: string;
  /** The operation it looks at; undefined when it looks at every operation. */
  readonly root: string | undefined;
  /**
   * Whether what it looks at is the operation, what makes its operands and what makes their operands. Drivers need not ask it again
   * while nothing there changes; a rule that looks further away is asked in every round.
   */
  readonly looksNear?: boolean;
  /** Rewrites at `op` and returns true, or changes nothing and returns false. */
  rewrite(op: Operation, rewriter: Rewriter): boolean;
}

// The parameters of a definition are invariant, so only `any` admits every definition here.
type AnyDefinition = OpDefinition<any, any, any, any>; // oxlint-disable-line typescript/no-explicit-any
/** The view that a definition's `match` gives. */
export type ViewOf<D extends AnyDefinition> =
  D extends OpDefinition<infer O, infer A, infer R, infer G> ? OpView<O, A, R, G> : never;

/**
 * `pattern(arith.addi)("add-zero", (view, rewriter) => …)`. The body returns false to decline, before it has changed anything, so
 * that every reason to decline reads as a guard. The rewriter's insertion point is before the operation and its location the
 * operation's.
 */
export const pattern =
  <D extends AnyDefinition>(root: D) =>
  (name: string, body: (view: ViewOf<D>, rewriter: Rewriter) => boolean): Pattern => ({
    name,
    root: root.name,
    rewrite(op, rewriter) {
      const view = root.match(rewriter, op);
      return view !== undefined && body(view as ViewOf<D>, rewriter);
    },
  });
