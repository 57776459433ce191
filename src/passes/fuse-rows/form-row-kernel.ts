import { affine, affineMap, type AffineMap, substituteAffine } from "../../ir/affine.ts";
import { integerAttribute } from "../../ir/attributes.ts";
import { locationOf } from "../../ir/create-module.ts";
import { linalg, tensor, weft } from "../../ir/dialects/index.ts";
import type { Operation, ValueId } from "../../ir/module.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import type { TensorType } from "../../ir/types.ts";
import { capturedTensors } from "../kernels/captured-tensors.ts";
import { initialisersOf } from "../kernels/initialisers.ts";
import { buildEmpty } from "../structured/build-tensor.ts";
import { BodyCloner, buildGeneric } from "../structured/generic.ts";
import type { RowGroup } from "./grow-group.ts";
import type { RowMember } from "./row-member.ts";

/** The attribute of a `weft.kernel` that says how many leading loops of its members walk through rows. */
export const rowsAttribute = "weft.rows";

/** Puts a group into a `weft.kernel`; the rows become the leading loops of every member, in one order. */
export function formRowKernel(rewriter: Rewriter, { rows, members, before }: RowGroup): Operation {
  rewriter.insertionPoint = { kind: "before", op: before };
  const kernel = weft.kernel.build(
    rewriter,
    { inputs: [], outputs: [] },
    {},
    {
      resultTypes: [],
      location: locationOf("fuse-rows", ...members.map(({ structured }) => structured.op)),
      regions: { body: [{ arguments: [], body: () => {} }] },
    },
  ).op;
  const body = rewriter.operation(kernel.id).regions[0]![0]!;
  const moved: Operation[] = [];
  for (const member of members) {
    const op = withLeadingRows(rewriter, member);
    const starts = op.operands.slice(op.operands.length - op.results.length);
    for (const part of [...starts.flatMap((start) => initialisersOf(rewriter, op, start)), op]) {
      rewriter.moveToEnd(rewriter.operation(part.id), body);
      moved.push(part);
    }
  }
  return finishKernel(rewriter, kernel, moved, rows.length);
}

/** Replaces the kernel under construction by one that yields what is read outside. */
function finishKernel(rewriter: Rewriter, draft: Operation, moved: readonly Operation[], rows: number): Operation {
  const inside = new Set(moved.map(({ id }) => id));
  const isInside = (id: Operation["id"]): boolean => {
    for (let op = rewriter.operation(id); ; op = rewriter.operation(rewriter.block(op.parent).parent)) {
      if (inside.has(op.id)) return true;
      if (op.parent === undefined) return false;
    }
  };
  const results = moved.flatMap(({ id }) =>
    rewriter.operation(id).results.filter((result) => rewriter.uses(result).some((use) => !isInside(use.op))),
  );
  // The empty tensor that a result is written to stays outside; one that is computed inside is written to nothing from there.
  const outputs = results.map((result) => {
    const op = rewriter.definition(result)!;
    let value = op.operands[op.operands.length - op.results.length + op.results.indexOf(result)]!;
    const fill = linalg.fill.match(rewriter, rewriter.definition(value));
    if (fill && inside.has(fill.op.id)) value = fill.operands.outputs[0]!;
    const definition = rewriter.definition(value);
    if (!definition || !inside.has(definition.id)) return value;
    rewriter.insertionPoint = { kind: "before", op: draft.id };
    if (!tensor.empty.match(rewriter, definition)) return buildEmpty(rewriter, rewriter.typeOf(result) as TensorType);
    rewriter.moveBefore(definition, draft.id);
    inside.delete(definition.id);
    return value;
  });
  const members = moved.filter(({ id }) => inside.has(id));
  rewriter.insertionPoint = { kind: "before", op: draft.id };
  const kernel = weft.kernel.build(
    rewriter,
    { inputs: capturedTensors(rewriter, members, outputs), outputs },
    {},
    {
      resultTypes: results.map((result) => rewriter.typeOf(result)),
      location: draft.location,
      extra: { [rowsAttribute]: integerAttribute(rows) },
      regions: { body: [{ arguments: [], body: () => {} }] },
    },
  );
  results.forEach((result, position) =>
    rewriter.replaceUsesIf(result, kernel.results[position]!, (use) => !isInside(use.op)),
  );
  const body = rewriter.operation(kernel.op.id).regions[0]![0]!;
  for (const member of members) rewriter.moveToEnd(rewriter.operation(member.id), body);
  rewriter.insertionPoint = { kind: "end", block: body };
  weft.yield.build(rewriter, { values: results }, {});
  rewriter.erase(draft);
  return rewriter.operation(kernel.op.id);
}

/** The operation with the row loops first; the same one where they are. */
function withLeadingRows(rewriter: Rewriter, { structured, rowLoops }: RowMember): Operation {
  if (rowLoops.every((loop, row) => loop === row)) return rewriter.operation(structured.op.id);
  const order = [...rowLoops, ...structured.bounds.map((_, loop) => loop).filter((loop) => !rowLoops.includes(loop))];
  const places = structured.bounds.map((_, loop) => affine.dimension(order.indexOf(loop)));
  const reordered = (map: AffineMap): AffineMap =>
    affineMap(
      order.length,
      map.results.map((result) => substituteAffine(result, places)),
    );
  // Operands may have become results of rebuilt members: read them anew.
  const present = rewriter.operation(structured.op.id);
  const operandAt = (map: AffineMap, position: number) => ({ value: present.operands[position]!, map: reordered(map) });
  const count = structured.inputs.length;
  rewriter.insertionPoint = { kind: "before", op: present.id };
  const made = buildGeneric(rewriter, {
    inputs: structured.inputs.map(({ map }, position) => operandAt(map, position)),
    outputs: structured.outputs.map(({ map }, position) => operandAt(map, count + position)),
    iterators: order.map((loop) => structured.iterators[loop]!),
    attributes: present.attributes,
    location: present.location,
    body: (values, outputs) => {
      const cloner = new BodyCloner(rewriter);
      const mapping = new Map<ValueId, ValueId>();
      [...values, ...outputs].forEach((value, position) => mapping.set(structured.arguments[position]!, value));
      return cloner.clone(present, mapping, (loop) => cloner.index(order.indexOf(loop)));
    },
  });
  rewriter.replace(present, made.results);
  return rewriter.operation(made.id);
}
