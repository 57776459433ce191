import { memref } from "../../../ir/dialects/index.ts";
import type { Operation, ValueId } from "../../../ir/module.ts";
import { type MemRefType, staticShape } from "../../../ir/types.ts";
import { arithmetic, atom, binding, type Expression, operand } from "../../printing/expression.ts";
import { castTo } from "../cast.ts";
import { expressionRule, type PrintingRule, type Scope, statementRule } from "../scope.ts";
import { isContiguous, spanOf, stridesOf } from "../types.ts";

/** The memref type of a value that is known to be one. */
export const memRefTypeOf = (scope: Scope, value: ValueId): MemRefType => scope.typeOf(value) as MemRefType;

/** `base + offset`, or the base alone. */
export function address(scope: Scope, base: ValueId, offset: Expression): Expression {
  return offset.literal === 0 ? scope.use(base) : arithmetic(scope.use(base), "+", offset);
}

/** `base[offset]`. */
function element(scope: Scope, base: ValueId, indices: readonly ValueId[]): Expression {
  const offset = scope.offset(memRefTypeOf(scope, base), indices);
  return atom(`${operand(scope.use(base), binding.atom)}[${offset.text}]`);
}

/** The offset of a slice, in elements of its source: static and dynamic parts by the source's strides. */
function sliceOffset(
  op: Operation,
  scope: Scope,
  strides: readonly number[],
  staticOffsets: readonly number[],
  dynamic: readonly ValueId[],
): Expression {
  let constant = 0;
  let sum: Expression | undefined;
  let next = 0;
  staticOffsets.forEach((offset, dimension) => {
    const stride = strides[dimension] ?? scope.reject(op, "its offsets do not fit the rank of its source");
    if (offset !== dynamicSize) {
      constant += offset * stride;
      return;
    }
    const value = scope.use(dynamic[next++]!);
    if (value.literal !== undefined) constant += value.literal * stride;
    else if (stride !== 0) {
      const term = stride === 1 ? value : arithmetic(value, "*", atom(String(stride)));
      sum = sum === undefined ? term : arithmetic(sum, "+", term);
    }
  });
  if (sum === undefined) return { ...atom(String(constant)), literal: constant };
  return constant === 0 ? sum : arithmetic(sum, "+", atom(String(constant)));
}
/** How MLIR writes "given by an operand" among static offsets, sizes and strides. */
const dynamicSize = -(2 ** 63);

const sameBuffer = (operation: { readonly name: string }, base: (view: Operation) => ValueId): PrintingRule => ({
  name: operation.name,
  kind: "expression",
  print: (op, scope) => scope.use(base(op)),
});
const firstOperand = (op: Operation): ValueId => op.operands[0]!;

export const memrefRules: readonly PrintingRule[] = [
  expressionRule(memref.load, ({ operands }, scope) => element(scope, operands.memref, operands.indices)),
  statementRule(memref.store, ({ operands }, scope) => {
    scope.line(`${element(scope, operands.memref, operands.indices).text} = ${scope.use(operands.value).text};`);
  }),
  expressionRule(memref.view, ({ op, operands }, scope) => {
    const result = op.results[0]!;
    const bytes = address(scope, operands.source, scope.use(operands.byte_shift));
    return castTo(scope.pointerType(result), bytes);
  }),
  expressionRule(memref.get_global, ({ op, attributes }, scope) =>
    castTo(scope.pointerType(op.results[0]!), atom(scope.globalPointer(attributes.name))),
  ),
  sameBuffer(memref.cast, firstOperand),
  sameBuffer(memref.expand_shape, firstOperand),
  sameBuffer(memref.collapse_shape, firstOperand),
  expressionRule(memref.subview, ({ op, operands, attributes }, scope) => {
    const strides = stridesOf(memRefTypeOf(scope, operands.source));
    if (strides === undefined) return scope.reject(op, "the strides of its source are not known");
    const offset = sliceOffset(op, scope, strides, attributes.static_offsets, operands.offsets);
    return address(scope, operands.source, offset);
  }),
  expressionRule(memref.reinterpret_cast, ({ op, operands, attributes }, scope) => {
    const source = memRefTypeOf(scope, operands.source);
    const before = source.layout === undefined ? 0 : source.layout.kind === "strided" ? source.layout.offset : "?";
    if (before === "?") return scope.reject(op, "the offset of its source is not known");
    const offset = sliceOffset(op, scope, [1], attributes.static_offsets, operands.offsets);
    if (before === 0) return address(scope, operands.source, offset);
    return address(scope, operands.source, arithmetic(offset, "-", atom(String(before))));
  }),
  expressionRule(memref.dim, ({ op, operands }, scope) => {
    const index = scope.use(operands.index).literal;
    const size = index === undefined ? undefined : memRefTypeOf(scope, operands.source).shape[index];
    return typeof size === "number"
      ? { ...atom(String(size)), literal: size }
      : scope.reject(op, "the dimension is not known");
  }),
  statementRule(memref.alloca, ({ op, attributes }, scope) => {
    const result = op.results[0]!;
    const type = memRefTypeOf(scope, result);
    const span = spanOf(type);
    if (span === undefined) return scope.reject(op, "its size is not known");
    const name = scope.freshName("local");
    const alignment = Math.max(attributes.alignment ?? 64, 1);
    const aligned = scope.dialect === "gnu11" ? ` __attribute__((aligned(${alignment})))` : "";
    scope.line(`${scope.elementType(type)} ${name}[${Math.max(span, 1)}]${aligned};`);
    scope.bind(result, name);
  }),
  statementRule(memref.copy, ({ op, operands }, scope) => {
    const [source, target] = [memRefTypeOf(scope, operands.source), memRefTypeOf(scope, operands.target)];
    const count = staticShape(target)?.reduce((product, size) => product * size, 1);
    if (count === undefined || !isContiguous(source) || !isContiguous(target))
      return scope.reject(op, "copies between strided buffers must be loops by now");
    if (count === 0) return;
    scope.include("string.h");
    const [to, from] = [scope.use(operands.target).text, scope.use(operands.source).text];
    scope.line(`memmove(${to}, ${from}, ${count} * sizeof(${scope.elementType(target)}));`);
  }),
];
