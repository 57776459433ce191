import type { Operation, ValueId } from "../../../ir/module.ts";
import type { Pattern } from "../../../ir/pattern.ts";
import type { Rewriter } from "../../../ir/rewriter.ts";

/**
 * A rule that says what an operation's one result is instead, or undefined to decline. It reads operands by position, without the
 * typed view, and looks no further than what makes its operands' operands: these rules are tried on every operation of their kind, again and again.
 */
export const replacement = (
  root: { readonly name: string },
  name: string,
  find: (op: Operation, rewriter: Rewriter) => ValueId | undefined,
): Pattern => ({
  name,
  root: root.name,
  looksNear: true,
  rewrite(op, rewriter) {
    const value = find(op, rewriter);
    if (value === undefined) return false;
    rewriter.replace(op, [value]);
    return true;
  },
});
