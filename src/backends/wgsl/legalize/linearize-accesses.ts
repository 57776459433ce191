import { typeAttribute } from "../../../ir/attributes.ts";
import { gpu, memref, vector } from "../../../ir/dialects/index.ts";
import { isKernel } from "../../../ir/dialects/gpu/kernel.ts";
import { type BlockId, type Module, type Operation, type OpId, type ValueId, walk } from "../../../ir/module.ts";
import { Rewriter } from "../../../ir/rewriter.ts";
import { stridesOfMemRef } from "../../../ir/strides.ts";
import { functionType, type MemRefType, memRefType, staticShape } from "../../../ir/types.ts";
import { EntryConstants, IndexArithmetic } from "../../../passes/loops/index-arithmetic.ts";
import { pass } from "../../../passes/pass.ts";
import { notLegal } from "../not-legal.ts";
import { addForms, constantForm, type LinearForm, linearFormOf, writeForm } from "./linear-form.ts";

/** What a memref is: a whole buffer, where in it element (0, …) is, and how far apart elements are. */
interface View {
  readonly root: ValueId;
  readonly offset: LinearForm;
  readonly strides: readonly number[];
}

/** How MLIR writes "given by an operand" among static offsets, sizes and strides. */
const dynamicSize = -(2 ** 63);

/** Views of the same elements: strides are those of the new type. */
const reshaping: ReadonlySet<string> = new Set(
  [memref.cast, memref.expand_shape, memref.collapse_shape, memref.memory_space_cast, memref.assume_alignment].map(
    (op) => op.name,
  ),
);

/** Where the buffer and its indices stand among an access's operands. */
const accesses: Readonly<Record<string, { readonly buffer: number; readonly indicesEnd?: number }>> = {
  [memref.load.name]: { buffer: 0 },
  [memref.store.name]: { buffer: 1 },
  [memref.atomic_rmw.name]: { buffer: 1 },
  [vector.load.name]: { buffer: 0 },
  [vector.store.name]: { buffer: 1 },
};

/** The buffer's type with one dimension. */
const flatType = (type: MemRefType, size: number): MemRefType =>
  memRefType([size], type.element, undefined, type.memorySpace);

class Linearizer {
  readonly #rewriter: Rewriter;
  readonly #entry: BlockId;
  readonly #arithmetic: IndexArithmetic;
  readonly #views = new Map<ValueId, View>();
  readonly #dead: OpId[] = [];
  readonly #depths = new Map<ValueId, number>();
  count = 0;

  constructor(rewriter: Rewriter, kernel: Operation) {
    this.#rewriter = rewriter;
    this.#entry = kernel.regions[0]![0]!;
    this.#arithmetic = new IndexArithmetic(rewriter, new EntryConstants(rewriter, this.#entry));
  }

  run(kernel: Operation): void {
    const rewriter = this.#rewriter;
    for (const value of rewriter.block(this.#entry).arguments) this.#root(value, kernel);
    for (const { id } of Array.from(walk(rewriter, kernel.id))) {
      const op = rewriter.operation(id);
      if (op.name === memref.alloca.name) this.#allocation(op);
      else if (accesses[op.name]) this.#access(op);
      else if (op.results.some((result) => rewriter.typeOf(result).kind === "memref")) this.#view(op);
      else if (op.name === memref.dim.name) this.#dimension(op);
      else if (op.id !== kernel.id && op.operands.some((operand) => rewriter.typeOf(operand).kind === "memref"))
        throw notLegal(op.name, "buffers are only loaded from and stored to by now", op.location);
    }
    for (const id of this.#dead.reverse()) rewriter.erase(rewriter.operation(id));
  }

  /** A buffer as a whole, which gets one dimension. */
  #root(value: ValueId, op: Operation): void {
    const type = this.#rewriter.typeOf(value);
    if (type.kind !== "memref") return;
    const shape = staticShape(type);
    const layout = stridesOfMemRef(type);
    const strides = layout?.strides;
    if (shape === undefined || strides === undefined || layout?.offset === "?" || strides.includes("?"))
      throw notLegal(op.name, `the sizes and strides of ${type.text} are not known`, op.location);
    const known = strides as readonly number[];
    const offset = layout!.offset as number;
    const span = shape.includes(0)
      ? 0
      : shape.reduce((sum, size, index) => sum + (size - 1) * known[index]!, 1 + offset);
    this.#views.set(value, { root: value, offset: constantForm(offset), strides: known });
    this.#rewriter.setType(value, flatType(type, span));
  }

  /** Private buffers live as long as the kernel: they move to its start. */
  #allocation(op: Operation): void {
    this.#root(op.results[0]!, op);
    const first = this.#rewriter.firstOperation(this.#entry);
    if (first !== undefined && first !== op.id) this.#rewriter.moveBefore(op, first);
  }

  #of(op: Operation, value: ValueId): View {
    const view = this.#views.get(value);
    if (view === undefined) throw notLegal(op.name, "the buffer it uses is not known at compile time", op.location);
    return view;
  }

  #view(op: Operation): void {
    const rewriter = this.#rewriter;
    const result = op.results[0]!;
    const type = rewriter.typeOf(result) as MemRefType;
    const refuse = (why: string) => notLegal(op.name, why, op.location);
    const strides = stridesOfMemRef(type)?.strides;
    const known = (): readonly number[] => {
      if (strides === undefined || strides.includes("?")) throw refuse(`the strides of ${type.text} are not known`);
      return strides as readonly number[];
    };
    const subview = memref.subview.match(rewriter, op);
    const reinterpreted = memref.reinterpret_cast.match(rewriter, op);
    const transposed = memref.transpose.match(rewriter, op);
    const source = op.operands[0] === undefined ? undefined : this.#of(op, op.operands[0]);
    if (source === undefined) throw refuse("it makes a buffer that is not known at compile time");
    if (subview) {
      const offset = this.#slice(
        source.offset,
        source.strides,
        subview.attributes.static_offsets,
        subview.operands.offsets,
      );
      this.#views.set(result, { root: source.root, offset, strides: known() });
    } else if (reinterpreted) {
      const { static_offsets } = reinterpreted.attributes;
      const offset = this.#slice(constantForm(0), [1], static_offsets, reinterpreted.operands.offsets);
      this.#views.set(result, { root: source.root, offset, strides: known() });
    } else if (transposed) {
      const order = transposed.attributes.permutation.results.map((each) =>
        each.kind === "dimension" ? each.position : -1,
      );
      this.#views.set(result, { ...source, strides: order.map((position) => source.strides[position]!) });
    } else if (reshaping.has(op.name)) this.#views.set(result, { ...source, strides: known() });
    else throw refuse("no view of a buffer like this is known");
    this.#dead.push(op.id);
  }

  #slice(
    base: LinearForm,
    strides: readonly number[],
    fixed: readonly number[],
    dynamic: readonly ValueId[],
  ): LinearForm {
    let next = 0;
    return fixed.reduce((sum, offset, dimension) => {
      const form = offset === dynamicSize ? linearFormOf(this.#rewriter, dynamic[next++]!) : constantForm(offset);
      return addForms(sum, form, strides[dimension]!);
    }, base);
  }

  #access(op: Operation): void {
    const rewriter = this.#rewriter;
    const position = accesses[op.name]!.buffer;
    const view = this.#of(op, op.operands[position]!);
    const indices = op.operands.slice(position + 1);
    const form = indices.reduce(
      (sum, index, dimension) => addForms(sum, linearFormOf(rewriter, index), view.strides[dimension]!),
      view.offset,
    );
    rewriter.insertionPoint = { kind: "before", op: op.id };
    rewriter.location = op.location;
    const index = writeForm(this.#arithmetic, form, (value) => this.#depthOf(value));
    rewriter.setOperands(op.id, [...op.operands.slice(0, position), view.root, index]);
    this.count++;
  }

  #dimension(op: Operation): void {
    const view = memref.dim.match(this.#rewriter, op);
    const size = view && this.#rewriter.typeOf(view.operands.source);
    const index = view && linearFormOf(this.#rewriter, view.operands.index);
    const known = size?.kind === "memref" && index?.terms.size === 0 ? size.shape[index.constant] : undefined;
    if (known === undefined || known === "?") throw notLegal(op.name, "the size is not known", op.location);
    this.#rewriter.replace(op, [this.#arithmetic.constant(known)]);
  }

  /** Regions around the place where a value is made. */
  #depthOf(value: ValueId): number {
    const known = this.#depths.get(value);
    if (known !== undefined) return known;
    const reader = this.#rewriter;
    const made = reader.value(value);
    let block: BlockId | undefined = made.kind === "argument" ? made.block : reader.operation(made.op).parent;
    let depth = 0;
    while (block !== undefined && block !== this.#entry) {
      depth++;
      block = reader.operation(reader.block(block).parent).parent;
    }
    this.#depths.set(value, depth);
    return depth;
  }
}

/**
 * In kernels: views of buffers disappear, buffers get one dimension, and every access has one index, a sum whose terms from further
 * outside come first.
 */
export const linearizeAccesses = pass({
  name: "linearize-accesses",
  summary: "in kernels, access whole buffers of one dimension instead of views",
  anchors: ["builtin.module"],
  statistics: { accesses: "accesses rewritten" },
  run(module: Module, _options, context) {
    const rewriter = new Rewriter(module);
    for (const kernel of Array.from(walk(rewriter)).filter(isKernel)) {
      const linearizer = new Linearizer(rewriter, kernel);
      linearizer.run(kernel);
      retype(rewriter, kernel);
      context.count("accesses", linearizer.count);
    }
    return context.commit(rewriter);
  },
});

/** Gives a kernel the type that its arguments have now. */
export function retype(rewriter: Rewriter, kernel: Operation): void {
  const op = rewriter.operation(kernel.id);
  const view = gpu.func.match(rewriter, op)!;
  const count = view.attributes.function_type.inputs.length;
  const types = rewriter
    .block(op.regions[0]![0]!)
    .arguments.slice(0, count)
    .map((value) => rewriter.typeOf(value));
  rewriter.update(op.id, { properties: { ...op.properties, function_type: typeAttribute(functionType(types, [])) } });
}
