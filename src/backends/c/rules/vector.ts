import { vector } from "../../../ir/dialects/index.ts";
import type { CombiningKind } from "../../../ir/dialects/vector.ts";
import type { Operation, ValueId } from "../../../ir/module.ts";
import { elementOf, i32, type MemRefType, type VectorType, withElement } from "../../../ir/types.ts";
import { arithmetic, atom, binding, call, type Expression, operand } from "../../printing/expression.ts";
import { castTo } from "../cast.ts";
import type { Helper } from "../helpers.ts";
import { expressionRule, type PrintingRule, type Scope, statementRule } from "../scope.ts";
import { laneCount, stridesOf } from "../types.ts";
import { address, memRefTypeOf } from "./memref.ts";
import { integerLanes, splat, toMask } from "./shapes.ts";

const inline = "static inline __attribute__((always_inline))";
const resultType = (op: Operation, scope: Scope): VectorType => scope.typeOf(op.results[0]!) as VectorType;

/** The address of a vector in memory, as a plain pointer to elements. */
function vectorAddress(
  op: Operation,
  scope: Scope,
  base: ValueId,
  indices: readonly ValueId[],
  type: VectorType,
): Expression {
  const source = memRefTypeOf(scope, base);
  if (source.element !== type.element && source.element !== type)
    return scope.reject(op, `a ${type.text} is not made of elements of ${source.text}`);
  return address(scope, base, scope.offset(source, indices));
}

/** `*(const v16f32_unaligned *)address`. */
function unaligned(scope: Scope, pointer: Expression, type: VectorType, isConst: boolean): Expression {
  const name = scope.vectorType(type, "unaligned");
  return { text: `*(${isConst ? "const " : ""}${name} *)${operand(pointer, binding.unary)}`, binding: binding.unary };
}

/**
 * Loads and stores under a mask must not touch memory where it is off. AVX-512 has instructions for 32- and 64-bit lanes;
 * elsewhere lanes go one by one.
 */
const maskedTypes: Readonly<Record<string, { readonly intrinsic: string; readonly cast: string }>> = {
  v16f32: { intrinsic: "ps", cast: "__m512" },
  v16i32: { intrinsic: "epi32", cast: "__m512i" },
};
function maskedHelper(scope: Scope, kind: "load" | "store", type: VectorType): Helper {
  const name = scope.vectorType(type);
  const mask = scope.vectorType(withElement(type, i32) as VectorType);
  const element = scope.cType(type.element);
  const fast = maskedTypes[name];
  const intrinsic = fast && `_mm512_mask_${kind}u_${fast.intrinsic}`;
  const bits = "_mm512_test_epi32_mask((__m512i)mask, (__m512i)mask)";
  const each = (statement: string) => `  for (int i = 0; i < ${laneCount(type)}; i++)\n    if (mask[i]) ${statement}\n`;
  const guard = (quick: string, slow: string) => (fast ? `#ifdef __AVX512F__\n${quick}#else\n${slow}#endif\n` : slow);
  const code =
    kind === "load"
      ? `${inline} ${name} masked_load_${name}(const ${element} *p, ${mask} mask, ${name} other) {\n` +
        guard(
          `  return (${name})${intrinsic}((${fast?.cast})other, ${bits}, p);\n`,
          `${each("other[i] = p[i];")}  return other;\n`,
        )
      : `${inline} void masked_store_${name}(${element} *p, ${mask} mask, ${name} value) {\n` +
        guard(`  ${intrinsic}(p, ${bits}, (${fast?.cast})value);\n`, each("p[i] = value[i];"));
  const include = "#ifdef __AVX512F__\n#include <immintrin.h>\n#endif";
  return {
    name: `masked_${kind}_${name}`,
    requires: fast ? [{ name: "immintrin", code: include }] : [],
    code: `${code}}`,
  };
}

/** How two vectors (or scalars) are combined, in C: over the types that the kind is for. */
const combinations: Readonly<
  Record<CombiningKind, { readonly form: "wrapping" | "plain" | "pick"; readonly operator: string }>
> = {
  add: { form: "wrapping", operator: "+" },
  mul: { form: "wrapping", operator: "*" },
  and: { form: "plain", operator: "&" },
  or: { form: "plain", operator: "|" },
  xor: { form: "plain", operator: "^" },
  minsi: { form: "pick", operator: "<" },
  maxsi: { form: "pick", operator: ">" },
  minui: { form: "pick", operator: "<" },
  maxui: { form: "pick", operator: ">" },
  minnumf: { form: "pick", operator: "<" },
  maxnumf: { form: "pick", operator: ">" },
  minimumf: { form: "pick", operator: "<" },
  maximumf: { form: "pick", operator: ">" },
};

/** The code that combines vectors `a` and `b` into `a`. */
function combineCode(scope: Scope, kind: CombiningKind, type: VectorType): string {
  const name = scope.vectorType(type);
  const isFloat = type.element.kind === "float";
  const { form, operator } = combinations[kind];
  if (form === "plain" || (form === "wrapping" && isFloat)) return `a = a ${operator} b;`;
  const unsigned = isFloat ? name : scope.vectorType(type, "unsigned");
  if (form === "wrapping") return `a = (${name})((${unsigned})a ${operator} (${unsigned})b);`;
  const integers = scope.vectorType(integerLanes(type));
  const compared = kind.endsWith("ui") ? `(${unsigned})a ${operator} (${unsigned})b` : `a ${operator} b`;
  // NaN: "imum" kinds keep it, "num" kinds give the other operand.
  const nan = kind.endsWith("imumf") ? " | (a != a)" : kind.endsWith("numf") ? " | (b != b)" : "";
  return `mask = (${integers})((${compared})${nan}); a = (${name})((mask & (${integers})a) | (~mask & (${integers})b));`;
}

/** All lanes combined by halving: log2 of the lane count steps. */
function reductionHelper(scope: Scope, kind: CombiningKind, type: VectorType): Helper {
  const name = scope.vectorType(type);
  const lanes = laneCount(type)!;
  const element = scope.cType(type.element.text === "i1" ? i32 : type.element);
  const step = combineCode(scope, kind, type);
  const lines: string[] = [];
  for (let half = lanes / 2; half >= 1; half /= 2) {
    const order = Array.from({ length: lanes }, (_, index) => (index < half ? index + half : index));
    lines.push(`  b = __builtin_shufflevector(a, a, ${order.join(", ")});`, `  ${step}`);
  }
  const mask = step.startsWith("mask") ? `  ${scope.vectorType(integerLanes(type))} mask;\n` : "";
  const declared = lanes > 1 ? `  ${name} b;\n${mask}` : "";
  return {
    name: `reduce_${kind}_${name}`,
    code: `${inline} ${element} reduce_${kind}_${name}(${name} a) {\n${declared}${lines.join("\n")}\n  return a[0];\n}`,
  };
}

/** The position of an extract or insert: one static lane number, or an index value. */
function lanePosition(op: Operation, scope: Scope, fixed: readonly number[], dynamic: readonly ValueId[]): string {
  if (fixed.length !== 1) return scope.reject(op, "only single lanes of one-dimensional vectors can be reached");
  return dynamic.length === 1 ? scope.use(dynamic[0]!).text : String(fixed[0]!);
}

/** `0, 1, 2, …` of a vector type. */
function steps(scope: Scope, type: VectorType): Expression {
  const lanes = Array.from({ length: laneCount(type)! }, (_, index) => index);
  return atom(`(${scope.vectorType(type)}){${lanes.join(", ")}}`);
}

export const vectorRules: readonly PrintingRule[] = [
  expressionRule(vector.broadcast, ({ op, operands }, scope) => {
    const source = scope.typeOf(operands.source);
    const type = resultType(op, scope);
    if (source === type) return scope.use(operands.source);
    if (source.kind === "vector") return scope.reject(op, "only scalars can be broadcast");
    return splat(scope, type, scope.use(operands.source));
  }),
  expressionRule(vector.load, ({ op, operands }, scope) => {
    const type = resultType(op, scope);
    return unaligned(scope, vectorAddress(op, scope, operands.base, operands.indices, type), type, true);
  }),
  statementRule(vector.store, ({ op, operands }, scope) => {
    const type = scope.typeOf(operands.valueToStore) as VectorType;
    const pointer = vectorAddress(op, scope, operands.base, operands.indices, type);
    scope.line(`${unaligned(scope, pointer, type, false).text} = ${scope.use(operands.valueToStore).text};`);
  }),
  expressionRule(vector.maskedload, ({ op, operands }, scope) => {
    const type = resultType(op, scope);
    const pointer = vectorAddress(op, scope, operands.base, operands.indices, type);
    return call(
      scope.helper(maskedHelper(scope, "load", type)),
      pointer,
      scope.use(operands.mask),
      scope.use(operands.pass_thru),
    );
  }),
  statementRule(vector.maskedstore, ({ op, operands }, scope) => {
    const type = scope.typeOf(operands.valueToStore) as VectorType;
    const pointer = vectorAddress(op, scope, operands.base, operands.indices, type);
    const helper = scope.helper(maskedHelper(scope, "store", type));
    scope.line(`${call(helper, pointer, scope.use(operands.mask), scope.use(operands.valueToStore)).text};`);
  }),
  expressionRule(vector.gather, ({ op, operands }, scope) => {
    const type = resultType(op, scope);
    const name = scope.vectorType(type);
    const indexType = scope.typeOf(operands.indices) as VectorType;
    const base = memRefTypeOf(scope, operands.base);
    const element = scope.cType(type.element);
    const stride = innermostStride(op, scope, base);
    const at = stride === 1 ? "index[i]" : `index[i] * ${stride}`;
    const indexName = scope.vectorType(indexType);
    const mask = scope.vectorType(withElement(type, i32) as VectorType);
    const gather = `gather_${name}_${indexName}_${stride}`.replace("-", "m");
    const helper: Helper = {
      name: gather,
      code:
        `${inline} ${name} ${gather}(const ${element} *p, ${indexName} index, ${mask} mask, ${name} other) {\n` +
        `  for (int i = 0; i < ${laneCount(type)}; i++)\n    if (mask[i]) other[i] = p[${at}];\n  return other;\n}`,
    };
    const pointer = address(scope, operands.base, scope.offset(base, operands.offsets));
    const parts = [operands.indices, operands.mask, operands.pass_thru].map((value) => scope.use(value));
    return call(scope.helper(helper), pointer, ...parts);
  }),
  expressionRule(vector.create_mask, ({ op, operands }, scope) => {
    const type = resultType(op, scope);
    const [count] = operands.operands;
    if (operands.operands.length !== 1) return scope.reject(op, "masks have one dimension");
    const lanes = withElement(type, i32) as VectorType;
    const limit = laneCount(lanes);
    // Far beyond 32 bits the count would wrap: it is clamped to the number of lanes.
    const helper = scope.helper({
      name: `weft_lanes_${limit}`,
      code: `static inline int32_t weft_lanes_${limit}(int64_t n) {\n  return n < 0 ? 0 : n > ${limit} ? ${limit} : (int32_t)n;\n}`,
    });
    const bound = splat(scope, lanes, call(helper, scope.use(count!)));
    return toMask(scope, { text: `${steps(scope, lanes).text} < ${bound.text}`, binding: binding.other }, lanes);
  }),
  expressionRule(vector.constant_mask, ({ op, attributes }, scope) => {
    const type = resultType(op, scope);
    const count = attributes.mask_dim_sizes[0] ?? 0;
    const lanes = Array.from({ length: laneCount(type)! }, (_, index) => (index < count ? -1 : 0));
    return atom(`(${scope.vectorType(type)}){${lanes.join(", ")}}`);
  }),
  expressionRule(vector.fma, ({ operands }, scope) =>
    arithmetic(arithmetic(scope.use(operands.lhs), "*", scope.use(operands.rhs)), "+", scope.use(operands.acc)),
  ),
  expressionRule(vector.reduction, ({ op, operands, attributes }, scope) => {
    const type = scope.typeOf(operands.vector) as VectorType;
    if (operands.acc !== undefined) return scope.reject(op, "the accumulator must be combined outside by now");
    const reduced = call(scope.helper(reductionHelper(scope, attributes.kind, type)), scope.use(operands.vector));
    return type.element.text === "i1"
      ? castTo("bool", { text: `${reduced.text} & 1`, binding: binding.other })
      : reduced;
  }),
  expressionRule(vector.extract, ({ op, operands, attributes }, scope) => {
    const type = scope.typeOf(operands.source) as VectorType;
    const at = lanePosition(op, scope, attributes.static_position, operands.dynamic_position);
    const lane = atom(`${operand(scope.use(operands.source), binding.atom)}[${at}]`);
    return type.element.text === "i1" ? castTo("bool", lane) : lane;
  }),
  statementRule(vector.insert, ({ op, operands, attributes }, scope) => {
    const type = resultType(op, scope);
    const at = lanePosition(op, scope, attributes.static_position, operands.dynamic_position);
    const value = scope.use(operands.valueToStore);
    const name = scope.declareMutable(op.results[0]!, scope.use(operands.dest));
    scope.line(`${name}[${at}] = ${type.element.text === "i1" ? `-${operand(value)}` : value.text};`);
  }),
  expressionRule(vector.shuffle, ({ op, operands, attributes }, scope) => {
    scope.vectorType(resultType(op, scope));
    const [left, right] = [scope.use(operands.v1), scope.use(operands.v2)];
    return atom(`__builtin_shufflevector(${left.text}, ${right.text}, ${attributes.mask.join(", ")})`);
  }),
  expressionRule(vector.step, ({ op }, scope) => steps(scope, resultType(op, scope))),
];

/** A gather's offsets go along the innermost dimension. */
function innermostStride(op: Operation, scope: Scope, type: MemRefType): number {
  const rank = type.shape.length;
  if (rank === 0 || elementOf(type).kind === "vector")
    return scope.reject(op, "it needs a buffer of scalars with a dimension");
  return stridesOf(type)?.[rank - 1] ?? scope.reject(op, "the strides of its base are not known");
}
