import { bodyOf, type IrReader, type Operation, type ValueId, walk } from "../../ir/module.ts";
import { func, memref, scf, vector } from "../../ir/dialects/index.ts";

/** Which buffers a function writes: decides where pointers can be `const`. */
export interface MemoryAccess {
  /** Whether the function writes through the value, or through a view of the same buffer. */
  isWritten(value: ValueId): boolean;
}

/** The memref that an operation writes to directly; undefined when it writes none. */
function writtenBuffer(reader: IrReader, op: Operation): ValueId | undefined {
  return (
    memref.store.match(reader, op)?.operands.memref ??
    vector.store.match(reader, op)?.operands.base ??
    vector.maskedstore.match(reader, op)?.operands.base ??
    memref.copy.match(reader, op)?.operands.target
  );
}

/** Sets of memref values that may name the same buffer. Typed views of bytes count as buffers of their own. */
class BufferSets {
  readonly #parent = new Map<ValueId, ValueId>();

  find(value: ValueId): ValueId {
    let root = value;
    for (let next = this.#parent.get(root); next !== undefined; next = this.#parent.get(root)) root = next;
    for (let at = value; at !== root;) {
      const next = this.#parent.get(at)!;
      this.#parent.set(at, root);
      at = next;
    }
    return root;
  }
  join(left: ValueId, right: ValueId): void {
    const from = this.find(right);
    const to = this.find(left);
    if (from !== to) this.#parent.set(from, to);
  }
}

/** Analyses one function; `parameterIsWritten` answers for the functions it calls. */
export function analyzeAccess(
  reader: IrReader,
  root: Operation,
  parameterIsWritten: (callee: string, index: number) => boolean,
): MemoryAccess {
  const sets = new BufferSets();
  const written: ValueId[] = [];
  const isBuffer = (value: ValueId) => reader.typeOf(value).kind === "memref";
  const joinAll = (left: readonly ValueId[], right: readonly ValueId[]) =>
    left.forEach((value, index) => isBuffer(value) && sets.join(value, right[index]!));
  for (const op of walk(reader, root.id)) {
    const target = writtenBuffer(reader, op);
    if (target !== undefined) written.push(target);
    // Bytes that typed views are taken of are working memory.
    const bytes = memref.view.match(reader, op);
    if (bytes) written.push(bytes.operands.source);
    const call = func.call.match(reader, op);
    if (call)
      call.operands.operands.forEach((operand, index) => {
        if (isBuffer(operand) && parameterIsWritten(call.attributes.callee, index)) written.push(operand);
      });
    const loop = scf.for.match(reader, op);
    if (loop) {
      const last = bodyOf(reader, op).at(-1);
      const [, ...carried] = reader.block(op.regions[0]![0]!).arguments;
      joinAll(loop.operands.initArgs, carried);
      joinAll(loop.operands.initArgs, op.results);
      if (last) joinAll(loop.operands.initArgs, last.operands);
    } else if (op.regions.length === 0 && op.name !== memref.view.name && !call) {
      // Whatever makes a memref out of a memref is a view of it.
      for (const result of op.results)
        if (isBuffer(result)) for (const operand of op.operands) if (isBuffer(operand)) sets.join(result, operand);
    }
  }
  const writtenRoots = new Set(written.map((value) => sets.find(value)));
  return { isWritten: (value) => writtenRoots.has(sets.find(value)) };
}
