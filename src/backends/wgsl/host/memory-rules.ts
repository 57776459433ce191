import { dynamicEntry } from "../../../ir/index-list.ts";
import { isContiguous, layoutOf, staticSizes } from "../../../ir/analysis/memref-layout.ts";
import { memref } from "../../../ir/dialects/memref.ts";
import type { Operation, ValueId } from "../../../ir/module.ts";
import { hostElementType, type MemRefType } from "../../../ir/types.ts";
import type { NumericElementType } from "../../../support/numeric/element-type.ts";
import { arithmetic, atom, type Expression } from "../../printing/expression.ts";
import { arrayNames, loaded, stored } from "./number-types.ts";
import type { ArrayView, ExpressionRule, HostScope, StatementRule } from "./scope.ts";

const zero: Expression = { ...atom("0"), literal: 0 };
const number = (value: number): Expression =>
  value < 0 ? { text: String(value), binding: 3, literal: value } : { ...atom(String(value)), literal: value };

/** `a + b·stride`, what is known folded. */
function advance(start: Expression, index: Expression, stride: number): Expression {
  if (stride === 0) return start;
  const step =
    index.literal !== undefined
      ? number(index.literal * stride)
      : stride === 1
        ? index
        : arithmetic(index, "*", number(stride));
  if (start.literal !== undefined && step.literal !== undefined) return number(start.literal + step.literal);
  if (start.literal === 0) return step;
  return step.literal === 0 ? start : arithmetic(start, "+", step);
}

/** How many elements lie from the first to the last one of a buffer, gaps included. */
export function spanOf(type: MemRefType): number | undefined {
  const layout = layoutOf(type);
  const shape = staticSizes(type);
  if (!layout || layout.strides.includes("?")) return undefined;
  if (shape.includes(0)) return 0;
  return shape.reduce((sum, size, axis) => sum + (size - 1) * Math.abs(layout.strides[axis] as number), 1);
}

/** The storage of a buffer's elements. */
function elementOfBuffer(op: Operation, scope: HostScope, type: MemRefType): NumericElementType {
  const element = hostElementType(type.element);
  return element === undefined || element === "string"
    ? scope.reject(op, `buffers of ${type.element.text} cannot be on the host`)
    : element;
}

/** A view whose strides are those of the type. */
export function viewOfType(
  op: Operation,
  scope: HostScope,
  type: MemRefType,
  array: string,
  offset: Expression,
): ArrayView {
  const strides = layoutOf(type)?.strides;
  if (!strides || strides.includes("?")) return scope.reject(op, `the strides of ${type.text} are not known`);
  return { array, type, offset, element: elementOfBuffer(op, scope, type), strides: strides as readonly number[] };
}

const elementPlace = (scope: HostScope, view: ArrayView, indices: readonly ValueId[]): Expression => {
  const place = indices.reduce((sum, index, axis) => advance(sum, scope.use(index), view.strides[axis]!), view.offset);
  return atom(`${view.array}[${place.text}]`);
};

const load: ExpressionRule = (op, scope) => {
  const [source, ...indices] = op.operands as readonly [ValueId, ...ValueId[]];
  const view = scope.buffer(source);
  return loaded(scope, view.type.element, elementPlace(scope, view, indices));
};

const store: StatementRule = (op, scope) => {
  const [value, target, ...indices] = op.operands as readonly [ValueId, ValueId, ...ValueId[]];
  const view = scope.buffer(target);
  const place = elementPlace(scope, view, indices);
  scope.line(`${place.text} = ${stored(scope, view.type.element, scope.use(value)).text};`);
};

/** Another view of the same elements, all strides known from its type. */
const retyped: StatementRule = (op, scope) => {
  const source = scope.buffer(op.operands[0]!);
  const type = scope.typeOf(op.results[0]!) as MemRefType;
  scope.setBuffer(op.results[0]!, viewOfType(op, scope, type, source.array, source.offset));
};

/** A place that is used more than once becomes a variable. */
const settled = (scope: HostScope, offset: Expression): Expression =>
  offset.literal === undefined ? scope.constant(offset) : offset;

const subview: StatementRule = (op, scope) => {
  const view = memref.subview.match(scope.reader, op) ?? scope.reject(op, "it is malformed");
  const source = scope.buffer(view.operands.source);
  const type = scope.typeOf(op.results[0]!) as MemRefType;
  let next = 0;
  const offset = view.attributes.static_offsets.reduce((sum, entry, axis) => {
    const index = entry === dynamicEntry ? scope.use(view.operands.offsets[next++]!) : number(entry);
    return advance(sum, index, source.strides[axis]!);
  }, source.offset);
  scope.setBuffer(op.results[0]!, viewOfType(op, scope, type, source.array, settled(scope, offset)));
};

/** Its offset counts from the start of the buffer, where views begin that have not been moved. */
const reinterpret: StatementRule = (op, scope) => {
  const view = memref.reinterpret_cast.match(scope.reader, op) ?? scope.reject(op, "it is malformed");
  const source = scope.buffer(view.operands.source);
  const before = layoutOf(source.type)?.offset;
  if (before !== 0) return scope.reject(op, "the offset of its source is not known to be 0");
  const [entry = 0] = view.attributes.static_offsets;
  const by = entry === dynamicEntry ? scope.use(view.operands.offsets[0]!) : number(entry);
  const type = scope.typeOf(op.results[0]!) as MemRefType;
  const offset = settled(scope, advance(source.offset, by, 1));
  scope.setBuffer(op.results[0]!, viewOfType(op, scope, type, source.array, offset));
};

const allocate: StatementRule = (op, scope) => {
  if (scope.reader.useCount(op.results[0]!) === 0) return;
  const type = scope.typeOf(op.results[0]!) as MemRefType;
  const span = spanOf(type) ?? scope.reject(op, "its size is not known");
  const name = scope.freshName("local");
  scope.line(`const ${name} = new ${arrayNames[elementOfBuffer(op, scope, type)]}(${span});`);
  scope.setBuffer(op.results[0]!, viewOfType(op, scope, type, name, zero));
};

/** Both are dense by now. Source and target may be parts of one buffer. */
const copy: StatementRule = (op, scope) => {
  const [source, target] = op.operands.map((value) => scope.buffer(value)) as [ArrayView, ArrayView];
  if (!isContiguous(source.type) || !isContiguous(target.type))
    return scope.reject(op, "copies between strided buffers must be loops by now");
  const count = staticSizes(target.type).reduce((product, size) => product * size, 1);
  const end = advance(source.offset, number(count), 1);
  const at = target.offset.literal === 0 ? "" : `, ${target.offset.text}`;
  scope.line(`${target.array}.set(${source.array}.subarray(${source.offset.text}, ${end.text})${at});`);
};

const dimension: ExpressionRule = (op, scope) => {
  const index = scope.use(op.operands[1]!).literal;
  const type = scope.typeOf(op.operands[0]!) as MemRefType;
  const size = index === undefined ? undefined : type.shape[index];
  return typeof size === "number" ? number(size) : scope.reject(op, "the dimension is not known");
};

/** `memref` operations that have a scalar result. */
export const memoryExpressions: Readonly<Record<string, ExpressionRule>> = {
  "memref.load": load,
  "memref.dim": dimension,
};
/** `memref` operations that write, or make views. */
export const memoryStatements: Readonly<Record<string, StatementRule>> = {
  "memref.store": store,
  "memref.copy": copy,
  "memref.cast": retyped,
  "memref.expand_shape": retyped,
  "memref.collapse_shape": retyped,
  "memref.subview": subview,
  "memref.reinterpret_cast": reinterpret,
  "memref.alloc": allocate,
  "memref.alloca": allocate,
  "memref.dealloc": () => {},
};
