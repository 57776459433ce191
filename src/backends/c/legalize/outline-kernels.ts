import { entryPointOf } from "../../../ir/analysis/entry-point.ts";
import {
  arrayAttribute,
  type Attributes,
  dictionaryAttribute,
  stringAttribute,
  unitAttribute,
} from "../../../ir/attributes.ts";
import { arith, func, memref, scf } from "../../../ir/dialects/index.ts";
import { locationOf } from "../../../ir/create-module.ts";
import { bodyOf, type Module, type Operation, type ValueId } from "../../../ir/module.ts";
import { Rewriter } from "../../../ir/rewriter.ts";
import { functionType } from "../../../ir/types.ts";
import { freeValues, readInstead } from "../../../passes/structured/free-values.ts";
import { describeLocation } from "../../../support/location.ts";
import { pass } from "../../../passes/pass.ts";
import { analyzeAccess } from "../memory-access.ts";
import { parameterAttributes } from "../../entry-point.ts";
import { spanOf, scalarBytes } from "../types.ts";

/** Loops and copies at the entry point's top level, without results: each stretch from one place in the model is a kernel. */
const outlined: ReadonlySet<string> = new Set([
  scf.for.name,
  scf.parallel.name,
  scf.if.name,
  scf.while.name,
  memref.copy.name,
]);
/** Views that a kernel makes again for itself, so that it is given whole buffers. */
const remade: ReadonlySet<string> = new Set(
  [
    memref.subview,
    memref.cast,
    memref.expand_shape,
    memref.collapse_shape,
    memref.reinterpret_cast,
    arith.constant,
  ].map((op) => op.name),
);

/** The memory that a kernel's parameter names: bytes of the arena, or an object of its own. */
type Extent =
  | { readonly kind: "bytes"; readonly base: ValueId; readonly start: number; readonly end: number }
  | { readonly kind: "object"; readonly id: ValueId | string }
  | { readonly kind: "unknown" };

function extentOf(rewriter: Rewriter, value: ValueId): Extent {
  const definition = rewriter.definition(value);
  if (definition === undefined) return { kind: "object", id: value };
  const global = memref.get_global.match(rewriter, definition);
  if (global) return { kind: "object", id: global.attributes.name };
  if (definition.name === memref.alloca.name) return { kind: "object", id: value };
  const view = memref.view.match(rewriter, definition);
  if (!view) return { kind: "unknown" };
  const shift = arith.constant.match(rewriter, rewriter.definition(view.operands.byte_shift))?.attributes.value;
  const type = rewriter.typeOf(value);
  if (shift?.kind !== "integer" || type.kind !== "memref") return { kind: "unknown" };
  const element = type.element.kind === "vector" ? undefined : scalarBytes(type.element);
  const span = spanOf(type);
  if (element === undefined || span === undefined) return { kind: "unknown" };
  const start = Number(shift.value);
  return { kind: "bytes", base: view.operands.source, start, end: start + span * element };
}

const mayOverlap = (left: Extent, right: Extent): boolean => {
  if (left.kind === "unknown" || right.kind === "unknown") return true;
  if (left.kind === "bytes" && right.kind === "bytes")
    return left.base === right.base && left.start < right.end && right.start < left.end;
  if (left.kind === "object" && right.kind === "object") return left.id === right.id;
  // The arena itself against a piece of it.
  const [piece, whole] = left.kind === "bytes" ? [left, right] : [right as Extent & { kind: "bytes" }, left];
  return whole.kind === "object" && whole.id === piece.base;
};

/** Splits free values into parameters and operations to be made again inside, each after those it reads. */
function planInputs(rewriter: Rewriter, free: readonly ValueId[]): { parameters: ValueId[]; remakes: Operation[] } {
  const parameters = new Set<ValueId>();
  const remakes = new Set<Operation>();
  const visit = (value: ValueId): void => {
    const definition = rewriter.definition(value);
    if (definition === undefined || !remade.has(definition.name)) return void parameters.add(value);
    if (remakes.has(definition)) return;
    definition.operands.forEach(visit);
    remakes.add(definition);
  };
  free.forEach(visit);
  return { parameters: [...parameters], remakes: [...remakes] };
}

/** Moves a stretch of operations into a function of its own, before the entry point, and calls it in their place. */
function outline(rewriter: Rewriter, entry: Operation, ops: readonly Operation[], name: string): void {
  const { parameters, remakes } = planInputs(rewriter, freeValues(rewriter, ops));
  const location = locationOf("c-outline-kernels", ...ops);
  rewriter.location = location;
  // What stands between them is pure, and may be what a later one of them reads.
  rewriter.insertionPoint = { kind: "before", op: ops.at(-1)!.id };
  func.call.build(rewriter, { operands: parameters }, { callee: name }, { resultTypes: [] });
  const types = parameters.map((value) => rewriter.typeOf(value));
  rewriter.insertionPoint = { kind: "before", op: entry.id };
  const { op } = func.func.build(
    rewriter,
    {},
    { sym_name: name, function_type: functionType(types, []), sym_visibility: "private" },
    {
      regions: {
        body: [
          {
            arguments: types,
            body(builder, values, block) {
              const mapping = new Map(parameters.map((value, index) => [value, values[index]!]));
              for (const remake of remakes) rewriter.clone(remake, mapping);
              for (const moved of ops) {
                rewriter.moveToEnd(moved, block);
                readInstead(rewriter, moved, mapping);
              }
              func.return.build(builder, {}, {});
            },
          },
        ],
      },
    },
  );
  const access = analyzeAccess(rewriter, op, () => true);
  const values = rewriter.block(op.regions[0]![0]!).arguments;
  const extents = parameters.map((value) =>
    rewriter.typeOf(value).kind === "memref" ? extentOf(rewriter, value) : undefined,
  );
  const attributes = parameters.map((_, index): Attributes => {
    const extent = extents[index];
    if (extent === undefined) return {};
    const isAlone = extents.every(
      (other, position) =>
        other === undefined ||
        position === index ||
        !mayOverlap(extent, other) ||
        !(access.isWritten(values[index]!) || access.isWritten(values[position]!)),
    );
    return isAlone ? { "weft.noalias": unitAttribute } : {};
  });
  const named = attributes.map((entryAttributes, index) => ({
    ...nameHint(rewriter, entry, parameters[index]!),
    ...entryAttributes,
  }));
  rewriter.update(op.id, {
    properties: { ...rewriter.operation(op.id).properties, arg_attrs: arrayAttribute(named.map(dictionaryAttribute)) },
  });
}

/** The model's name of a buffer, where a parameter of the entry point has one. */
function nameHint(rewriter: Rewriter, entry: Operation, value: ValueId): Attributes {
  const described = rewriter.value(value);
  if (described.kind === "result") {
    const global = memref.get_global.match(rewriter, rewriter.definition(value));
    return { "weft.name": stringAttribute(global ? global.attributes.name : "buffer") };
  }
  const { "weft.name": name, "weft.output": output } = parameterAttributes(entry, described.index);
  return { ...(name ? { "weft.name": name } : {}), ...(output ? { "weft.output": output } : {}) };
}

/**
 * Puts every loop nest of the entry point (or several from the same place in the model) into a function of its own. Compilers take
 * long over one huge function; and buffers that share arena bytes at different times must not be `restrict` in one scope.
 */
export const outlineKernels = pass({
  name: "c-outline-kernels",
  summary: "one function per loop nest, its buffers marked where they do not overlap",
  anchors: ["builtin.module"],
  statistics: { kernels: "functions made" },
  run(module: Module, _options, context) {
    const rewriter = new Rewriter(module);
    const entry = entryPointOf(rewriter);
    if (!entry) return module;
    let stretch: Operation[] = [];
    let count = 0;
    const flush = (): void => {
      if (stretch.length > 0) outline(rewriter, entry, stretch, `kernel_${count++}`);
      stretch = [];
    };
    for (const op of bodyOf(rewriter, entry)) {
      const belongs = outlined.has(op.name) && op.results.length === 0;
      const isSamePlace =
        stretch.length === 0 || describeLocation(stretch[0]!.location) === describeLocation(op.location);
      if (belongs && isSamePlace && op.location.kind !== "unknown") stretch.push(op);
      else if (belongs) {
        flush();
        stretch.push(op);
      } else if (!context.registry.hasTrait(op, "pure")) flush();
    }
    flush();
    context.count("kernels", count);
    return count === 0 ? module : context.commit(rewriter);
  },
});
