import { entryPointOf } from "../../ir/analysis/entry-point.ts";
import {
  type Attribute,
  dictionaryAttribute,
  integerAttribute,
  noAttributes,
  unitAttribute,
} from "../../ir/attributes.ts";
import { at } from "../../ir/builder.ts";
import { arith } from "../../ir/dialects/arith.ts";
import { func } from "../../ir/dialects/func.ts";
import { memref } from "../../ir/dialects/memref.ts";
import { staticSizes } from "../../ir/analysis/memref-layout.ts";
import {
  attributeOf,
  bodyOf,
  type IrReader,
  type Module,
  ModuleReader,
  type Operation,
  type ValueId,
  walk,
} from "../../ir/module.ts";
import { Rewriter } from "../../ir/rewriter.ts";
import { functionType, hostElementType, i8, indexType, memRefType, type MemRefType } from "../../ir/types.ts";
import { storageBytes } from "../../support/numeric/element-type.ts";
import { CompileError, defineDiagnostics, message } from "../../support/diagnostic.ts";
import { pass } from "../pass.ts";
import { int } from "../pass-options.ts";
import { assignOffsets, type BufferLifetime, lowerBound } from "./assign-offsets.ts";
import { Lifetimes } from "./lifetimes.ts";

/** Bytes to which every buffer in the arena is aligned unless it is said otherwise: a cache line, the widest vector of CPUs. */
const usualAlignment = 64;

const planDiagnostics = defineDiagnostics("plan-memory", {
  alignment: {
    severity: "error",
    message: message`buffers cannot be aligned to ${"alignment"} bytes`,
    help: "give a power of two, such as 64 or 256",
  },
});

/** One buffer of an arena. */
export interface PlannedBuffer extends BufferLifetime {
  readonly type: MemRefType;
  readonly offset: number;
}

/** How the temporaries of the entry function lie in its arena. */
export interface MemoryPlan {
  readonly arenaBytes: number;
  /** The largest sum of sizes live at one moment: no plan can take less. */
  readonly lowerBoundBytes: number;
  readonly buffers: readonly PlannedBuffer[];
}

/** Bytes of a buffer; undefined for elements of no fixed size. */
function bufferBytes(type: MemRefType): number | undefined {
  const element = hostElementType(type.element);
  if (element === undefined || element === "string") return undefined;
  return staticSizes(type).reduce((product, size) => product * size, storageBytes(element));
}

const functionsOf = (reader: IrReader): readonly Operation[] =>
  bodyOf(reader, reader.operation(reader.root)).filter((op) => op.name === "func.func" && op.regions[0]!.length > 0);

/** Functions such that a callee comes before its callers. */
function calleesFirst(reader: IrReader): readonly Operation[] {
  const byName = new Map(functionsOf(reader).map((fn) => [func.func.match(reader, fn)!.attributes.sym_name, fn]));
  const ordered = new Set<Operation>();
  const visit = (fn: Operation, open: ReadonlySet<Operation>): void => {
    if (ordered.has(fn) || open.has(fn)) return;
    for (const op of walk(reader, fn.id)) {
      const callee = byName.get(func.call.match(reader, op)?.attributes.callee ?? "");
      if (callee) visit(callee, new Set([...open, fn]));
    }
    ordered.add(fn);
  };
  for (const fn of byName.values()) visit(fn, new Set());
  return [...ordered];
}

/** Appends a buffer to a function's parameters. */
function appendParameter(
  rewriter: Rewriter,
  fn: Operation,
  type: MemRefType,
  attributes: Record<string, Attribute>,
): ValueId {
  const made = rewriter.appendArgument(fn.regions[0]![0]!, type);
  const view = func.func.match(rewriter, rewriter.operation(fn.id))!;
  const { inputs, results } = view.attributes.function_type;
  const listed = view.attributes.arg_attrs ?? [];
  const elements = inputs.map((_, index) => dictionaryAttribute(listed[index] ?? noAttributes));
  rewriter.update(fn.id, {
    properties: {
      ...rewriter.operation(fn.id).properties,
      function_type: { kind: "type", type: functionType([...inputs, type], results) },
      arg_attrs: { kind: "array", elements: [...elements, dictionaryAttribute(attributes)] },
    },
  });
  return made;
}

/**
 * Gives every `memref.alloc` of a function a place in one arena, a last argument `memref<Nxi8> {weft.arena}` (absent when there is
 * nothing to place). A function's arena is a temporary of its callers. Works at the buffer level, at the kernel level and at the
 * device level alike. Offsets, and the room that each buffer takes, are multiples of `alignment` bytes.
 */
export function planMemory(module: Module, alignment: number = usualAlignment): Module {
  const rewriter = new Rewriter(module);
  planFunctions(rewriter, alignment);
  return rewriter.commit().module;
}

export const planMemoryPass = pass({
  name: "plan-memory",
  summary: "give all temporaries a place in one arena, by when they are needed",
  anchors: ["builtin.module"],
  options: {
    alignment: int
      .default(usualAlignment)
      .summary("bytes that offsets and the room of each buffer are multiples of (WebGPU binds at multiples of 256)"),
  },
  statistics: {
    "arena-bytes": "size of the entry function's arena",
    "lower-bound-bytes": "the largest sum of buffers live at one moment",
  },
  run: (module, { alignment }, context) => {
    if (!(alignment > 0 && Number.isInteger(Math.log2(alignment)))) {
      const { location } = new ModuleReader(module).operation(context.root);
      throw new CompileError([planDiagnostics.at("alignment", location, { alignment })]);
    }
    const rewriter = new Rewriter(module);
    planFunctions(rewriter, alignment);
    const planned = context.commit(rewriter);
    const plan = memoryPlanOf(planned, alignment);
    context.count("arena-bytes", plan?.arenaBytes ?? 0);
    context.count("lower-bound-bytes", plan?.lowerBoundBytes ?? 0);
    return planned;
  },
});

function planFunctions(rewriter: Rewriter, alignment: number): void {
  const arenas = new Map<string, MemRefType>();
  for (const fn of calleesFirst(new ModuleReader(rewriter.base))) {
    passArenas(rewriter, fn, arenas, alignment);
    const arena = planFunction(rewriter, fn, alignment);
    if (arena) arenas.set(func.func.match(rewriter, rewriter.operation(fn.id))!.attributes.sym_name, arena);
  }
}

/** Allocates the arenas of the functions that `fn` calls. */
function passArenas(
  rewriter: Rewriter,
  fn: Operation,
  arenas: ReadonlyMap<string, MemRefType>,
  alignment: number,
): void {
  for (const op of [...walk(rewriter, fn.id)]) {
    const type = arenas.get(func.call.match(rewriter, op)?.attributes.callee ?? "");
    if (!type) continue;
    const arena = at(rewriter, { kind: "before", op: op.id }, () =>
      memref.alloc.build(rewriter, {}, { alignment }, { resultTypes: [type] }),
    );
    rewriter.setOperands(op.id, [...op.operands, arena.memref]);
  }
}

/** Erases an allocation of which only unused views are left. */
function eraseUnused(rewriter: Rewriter, op: Operation): void {
  for (const use of rewriter.uses(op.results[0]!)) eraseUnused(rewriter, rewriter.operation(use.op));
  rewriter.erase(op);
}

function planFunction(rewriter: Rewriter, fn: Operation, alignment: number): MemRefType | undefined {
  const lifetimes = new Lifetimes(rewriter, fn);
  const buffers: { readonly op: Operation; readonly type: MemRefType; readonly lifetime: BufferLifetime }[] = [];
  for (const op of [...walk(rewriter, fn.id)]) {
    if (op.name !== "memref.alloc") continue;
    const type = rewriter.typeOf(op.results[0]!) as MemRefType;
    const bytes = bufferBytes(type);
    if (bytes === undefined) continue;
    const span = lifetimes.of(op.results[0]!);
    if (span) buffers.push({ op, type, lifetime: { bytes, ...span } });
    else eraseUnused(rewriter, op);
  }
  if (buffers.length === 0) return undefined;
  const plan = assignOffsets(
    buffers.map(({ lifetime }) => lifetime),
    alignment,
  );
  const type = memRefType([plan.arenaBytes], i8);
  const arena = appendParameter(rewriter, fn, type, { "weft.arena": unitAttribute });
  const first = rewriter.block(fn.regions[0]![0]!).operations[0]!;
  const offsets = new Map<number, ValueId>();
  rewriter.insertionPoint = { kind: "before", op: first };
  buffers.forEach(({ op, type: buffer }, index) => {
    rewriter.location = op.location;
    const offset = plan.offsets[index]!;
    let shift = offsets.get(offset);
    if (shift === undefined) {
      const value = integerAttribute(offset, indexType);
      shift = arith.constant.build(rewriter, {}, { value }, { resultTypes: [indexType] }).result;
      offsets.set(offset, shift);
    }
    const view = memref.view.build(rewriter, { source: arena, byte_shift: shift }, {}, { resultTypes: [buffer] });
    rewriter.replaceAllUses(op.results[0]!, view.result);
  });
  for (const { op } of buffers) rewriter.erase(op);
  return type;
}

/** The plan of a module that `plan-memory` has been run on, read back from its entry function; undefined without an arena. */
export function memoryPlanOf(module: Module, alignment: number = usualAlignment): MemoryPlan | undefined {
  const reader = new ModuleReader(module);
  const entry = entryPointOf(reader);
  if (!entry) return undefined;
  const attributes = func.func.match(reader, entry)!.attributes.arg_attrs ?? [];
  const position = attributes.findIndex((given) => given["weft.arena"] !== undefined);
  const arena = reader.block(entry.regions[0]![0]!).arguments[position];
  if (arena === undefined) return undefined;
  const lifetimes = new Lifetimes(reader, entry);
  const buffers = reader.uses(arena).flatMap(({ op }): readonly PlannedBuffer[] => {
    const view = memref.view.match(reader, reader.operation(op));
    const value = view && attributeOf(reader.definition(view.operands.byte_shift)!, "value");
    if (!view || value?.kind !== "integer") return [];
    const type = reader.typeOf(view.results.result) as MemRefType;
    const span = lifetimes.of(view.results.result) ?? { start: 0, end: 0 };
    return [{ type, bytes: bufferBytes(type) ?? 0, offset: Number(value.value), ...span }];
  });
  const [arenaBytes] = staticSizes(reader.typeOf(arena) as MemRefType);
  return { arenaBytes: arenaBytes!, lowerBoundBytes: lowerBound(buffers, alignment), buffers };
}
