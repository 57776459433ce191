import type { Diagnostic } from "../../../support/diagnostic.ts";
import type { Operation, Region, ValueId } from "../../module.ts";
import { broken } from "../../verify-diagnostics.ts";
import type { OperationView } from "./operation-view.ts";

const ownAttributes: ReadonlySet<string> = new Set(["sym_name", "sym_visibility"]);

/** A module has one block without arguments, and other dialects' attributes only. */
export function* verifyModule(
  view: OperationView & { readonly regions: { readonly bodyRegion: Region } },
): Generator<Diagnostic> {
  const { op, reader, regions } = view;
  const [block] = regions.bodyRegion;
  if (block === undefined)
    yield broken(op, "region #0 ('bodyRegion') failed to verify constraint: region with 1 blocks");
  if (block !== undefined && reader.block(block).arguments.length > 0)
    yield broken(op, "region should have no arguments");
  const stranger = Object.keys(op.attributes).find((name) => !name.includes(".") && !ownAttributes.has(name));
  if (stranger !== undefined)
    yield broken(op, `can only contain attributes with dialect-prefixed names, found: '${stranger}'`);
}

/** A cast gives something. */
export function* verifyConversionCast(view: {
  readonly op: Operation;
  readonly results: { readonly outputs: readonly ValueId[] };
}): Generator<Diagnostic> {
  if (view.results.outputs.length === 0) yield broken(view.op, "expected at least one result for cast operation");
}
