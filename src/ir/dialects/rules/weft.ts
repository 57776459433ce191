import type { Diagnostic } from "../../../support/diagnostic.ts";
import { parentOf, type Region, terminatorOf, type ValueId } from "../../module.ts";
import { broken } from "../../verify-diagnostics.ts";
import type { OperationView } from "./operation-view.ts";

/** A fusion group yields its results; its block has no arguments. */
export function* verifyKernel({
  op,
  reader,
  results,
  regions,
}: OperationView & {
  readonly results: { readonly results: readonly ValueId[] };
  readonly regions: { readonly body: Region };
}): Generator<Diagnostic> {
  const [block] = regions.body;
  if (block === undefined) {
    yield broken(op, "expects a region with a block");
    return;
  }
  if (reader.block(block).arguments.length > 0) yield broken(op, "expects its block to have no arguments");
  const last = terminatorOf(reader, block);
  if (last === undefined) return;
  if (last.name !== "weft.yield") {
    yield broken(op, `expects its region to end with 'weft.yield', found '${last.name}'`);
    return;
  }
  const yielded = last.operands.map((operand) => reader.typeOf(operand).text);
  const expected = results.results.map((result) => reader.typeOf(result).text);
  if (yielded.join() !== expected.join())
    yield broken(last, `yields (${yielded.join(", ")}), but the results are (${expected.join(", ")})`);
}

export function* verifyYield({ op, reader }: OperationView): Generator<Diagnostic> {
  const parent = parentOf(reader, op)?.name;
  if (parent !== "weft.kernel" && parent !== "weft.online_attention")
    yield broken(op, "expects parent op to be one of 'weft.kernel, weft.online_attention'");
}
