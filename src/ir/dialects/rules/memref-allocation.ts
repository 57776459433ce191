import type { Diagnostic } from "../../../support/diagnostic.ts";
import type { Attribute } from "../../attributes.ts";
import { parentOf, type ValueId } from "../../module.ts";
import { lookUpSymbol } from "../../symbols.ts";
import { hasIdentityLayout } from "../../strides.ts";
import { type MemRefType, tensorType, type Type } from "../../types.ts";
import { broken } from "../../verify-diagnostics.ts";
import { type OperationView, resultType } from "./operation-view.ts";
import { verifyDynamicSizes } from "./shapes.ts";

const ranked = (type: Type): MemRefType => type as MemRefType;

/** Sizes of a layout that are known only at run time. */
function symbolsOf(type: MemRefType): number {
  const { layout } = type;
  if (hasIdentityLayout(type)) return 0;
  if (layout?.kind === "map") return layout.map.symbols;
  return layout?.kind === "strided" ? [...layout.strides, layout.offset].filter((size) => size === "?").length : 0;
}

export function* verifyAllocation(
  view: OperationView & {
    readonly operands: { readonly dynamicSizes: readonly ValueId[]; readonly symbolOperands: readonly ValueId[] };
  },
): Generator<Diagnostic> {
  const type = ranked(resultType(view));
  yield* verifyDynamicSizes(view.op, view.operands.dynamicSizes.length, type.shape);
  if (type.layout?.kind !== "other" && view.operands.symbolOperands.length !== symbolsOf(type))
    yield broken(
      view.op,
      `symbol operand count does not equal memref symbol count: expected ${symbolsOf(type)}, got ${view.operands.symbolOperands.length}`,
    );
}

/** Memory on the stack belongs to an operation that it ends with. */
export function* verifyStackAllocation(view: Parameters<typeof verifyAllocation>[0]): Generator<Diagnostic> {
  let scope = parentOf(view.reader, view.op);
  while (scope !== undefined && scope.name === "builtin.module") scope = parentOf(view.reader, scope);
  // Of operations that are not known nobody can tell.
  if (scope === undefined) yield broken(view.op, "requires an ancestor op with AutomaticAllocationScope trait");
  else yield* verifyAllocation(view);
}

/** A buffer changes its size, nothing else. */
export function* verifyReallocation(
  view: OperationView & {
    readonly types: { readonly source: Type };
    readonly operands: { readonly dynamicResultSize: ValueId | undefined };
  },
): Generator<Diagnostic> {
  const source = ranked(view.types.source);
  const result = ranked(resultType(view));
  const both = `for source memref type '${source.text}' and result memref type '${result.text}'`;
  const size = view.operands.dynamicResultSize;
  for (const [name, type] of [
    ["source", source],
    ["result", result],
  ] as const)
    if (type.shape.length !== 1)
      yield broken(
        view.op,
        `${name === "source" ? "operand" : "result"} #0 must be 1D memref of any type values, but got '${type.text}'`,
      );
  if (!hasIdentityLayout(source)) yield broken(view.op, `unsupported layout for source memref type '${source.text}'`);
  else if (!hasIdentityLayout(result))
    yield broken(view.op, `unsupported layout for result memref type '${result.text}'`);
  else if (source.memorySpace !== result.memorySpace)
    yield broken(view.op, `different memory spaces specified ${both}`);
  else if (source.element !== result.element) yield broken(view.op, `different element types specified ${both}`);
  else if (result.shape.includes("?") && size === undefined)
    yield broken(view.op, `missing dimension operand for result type '${result.text}'`);
  else if (!result.shape.includes("?") && size !== undefined)
    yield broken(view.op, `unnecessary dimension operand for result type '${result.text}'`);
}

export function* verifyGlobal(
  view: OperationView & {
    readonly attributes: { readonly type: Type; readonly initial_value: Attribute | undefined };
  },
): Generator<Diagnostic> {
  const { type, initial_value: value } = view.attributes;
  if (type.kind !== "memref" || type.shape.includes("?")) {
    yield broken(view.op, `type should be static shaped memref, but got '${type.text}'`);
    return;
  }
  if (value === undefined || value.kind === "unit") return;
  const found = "type" in value && value.kind !== "type" ? value.type : undefined;
  const expected = tensorType(type.shape, type.element);
  const isElements = value.kind === "dense" || value.kind === "resource" || value.kind === "verbatim";
  if (!isElements) yield broken(view.op, "initial value should be a unit or elements attribute");
  else if (found !== expected)
    yield broken(
      view.op,
      `initial value expected to be of type '${expected.text}', but was of type '${found?.text ?? "none"}'`,
    );
}

export function* verifyGetGlobal(
  view: OperationView & { readonly attributes: { readonly name: string } },
): Generator<Diagnostic> {
  const { name } = view.attributes;
  const global = lookUpSymbol(view.reader, view.op, name);
  const type = global?.name === "memref.global" ? global.properties["type"] : undefined;
  const result = resultType(view);
  if (type?.kind !== "type") yield broken(view.op, `'${name}' does not reference a valid global memref`);
  else if (type.type !== result)
    yield broken(
      view.op,
      `result type '${result.text}' does not match type '${type.type.text}' of the global memref @${name}`,
    );
}
