import { onlineAttention } from "./online-attention.ts";
import { type DialectRules, pure, scalar, terminator } from "../rule.ts";

/** A word's bytes. */
function bytesOf(word: number): DataView {
  const view = new DataView(new ArrayBuffer(4));
  view.setInt32(0, word);
  return view;
}

/** Evaluation of Weft's own dialect. */
export const weftRules: DialectRules = {
  kernel: pure((execution, op) => execution.runRegion(op, 0, [])),
  online_attention: onlineAttention,
  packed_dot: scalar((op) => {
    const read = op.properties["is_unsigned"] === undefined ? "getInt8" : "getUint8";
    return (lhs: number, rhs: number) => {
      const [left, right] = [bytesOf(lhs), bytesOf(rhs)];
      return [0, 1, 2, 3].reduce((sum, byte) => sum + left[read](byte) * right[read](byte), 0);
    };
  }),
  yield: terminator,
};
