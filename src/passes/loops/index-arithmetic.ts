import type { AffineExpression } from "../../ir/affine.ts";
import { type Attribute, integerAttribute } from "../../ir/attributes.ts";
import { at, type Builder } from "../../ir/builder.ts";
import { arith } from "../../ir/dialects/arith.ts";
import { attributeOf, type BlockId, type OpId, type ValueId } from "../../ir/module.ts";
import { indexType, type Type } from "../../ir/types.ts";

/** Constants of one function, each made once at its start. */
export class EntryConstants {
  readonly #builder: Builder;
  readonly #block: BlockId;
  readonly #known = new Map<string, ValueId>();
  #anchor: OpId | undefined;

  constructor(builder: Builder, entry: BlockId) {
    this.#builder = builder;
    this.#block = entry;
  }

  /** An index constant. */
  index(value: number): ValueId {
    return this.get(String(value), integerAttribute(value, indexType), indexType);
  }

  /** Any constant; `key` and the type tell it from others. */
  get(key: string, value: Attribute, type: Type): ValueId {
    const name = `${type.text} ${key}`;
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    this.#anchor ??= this.#builder.block(this.#block).operations[0];
    const point =
      this.#anchor === undefined
        ? ({ kind: "end", block: this.#block } as const)
        : ({ kind: "before", op: this.#anchor } as const);
    const made = at(this.#builder, point, () =>
      arith.constant.build(this.#builder, {}, { value }, { resultTypes: [type] }),
    );
    // The next one goes before this one, which nobody moves or erases meanwhile.
    this.#anchor = made.op.id;
    this.#known.set(name, made.result);
    return made.result;
  }
}

/** The value of an index constant; undefined for anything else. */
export function constantIndex(builder: Builder, value: ValueId): number | undefined {
  const op = builder.definition(value);
  if (op?.name !== "arith.constant") return undefined;
  const attribute = attributeOf(op, "value");
  return attribute?.kind === "integer" ? Number(attribute.value) : undefined;
}

/** Integer arithmetic on index values; what is known at compile time is folded. */
export class IndexArithmetic {
  readonly builder: Builder;
  readonly constants: EntryConstants;

  constructor(builder: Builder, constants: EntryConstants) {
    this.builder = builder;
    this.constants = constants;
  }

  constant(value: number): ValueId {
    return this.constants.index(value);
  }

  add(left: ValueId, right: ValueId): ValueId {
    const [a, b] = [constantIndex(this.builder, left), constantIndex(this.builder, right)];
    if (a !== undefined && b !== undefined) return this.constant(a + b);
    if (a === 0) return right;
    if (b === 0) return left;
    return arith.addi.build(this.builder, { lhs: left, rhs: right }, {}).result;
  }

  multiply(left: ValueId, right: ValueId): ValueId {
    const [a, b] = [constantIndex(this.builder, left), constantIndex(this.builder, right)];
    if (a !== undefined && b !== undefined) return this.constant(a * b);
    if (a === 0 || b === 0) return this.constant(0);
    if (a === 1) return right;
    if (b === 1) return left;
    return arith.muli.build(this.builder, { lhs: left, rhs: right }, {}).result;
  }

  /** An affine expression over these dimension values (and symbols); divisions round down, `mod` is never negative. */
  affine(expression: AffineExpression, dimensions: readonly ValueId[], symbols: readonly ValueId[] = []): ValueId {
    switch (expression.kind) {
      case "dimension":
        return dimensions[expression.position]!;
      case "symbol":
        return symbols[expression.position]!;
      case "constant":
        return this.constant(expression.value);
      default: {
        const left = this.affine(expression.left, dimensions, symbols);
        const right = this.affine(expression.right, dimensions, symbols);
        if (expression.kind === "add") return this.add(left, right);
        if (expression.kind === "multiply") return this.multiply(left, right);
        return this.#divide(expression.kind, left, right, neverNegative(expression.left));
      }
    }
  }

  #divide(
    kind: "modulo" | "floor-divide" | "ceiling-divide",
    left: ValueId,
    right: ValueId,
    natural: boolean,
  ): ValueId {
    const { builder } = this;
    const [a, b] = [constantIndex(builder, left), constantIndex(builder, right)];
    if (a !== undefined && b !== undefined && b > 0) {
      const down = Math.floor(a / b);
      return this.constant(kind === "modulo" ? a - down * b : kind === "floor-divide" ? down : Math.ceil(a / b));
    }
    const operands = { lhs: left, rhs: right };
    if (kind === "ceiling-divide") return arith.ceildivsi.build(builder, operands, {}).result;
    if (natural) return (kind === "modulo" ? arith.remui : arith.divui).build(builder, operands, {}).result;
    const down = arith.floordivsi.build(builder, operands, {}).result;
    if (kind === "floor-divide") return down;
    const whole = arith.muli.build(builder, { lhs: down, rhs: right }, {}).result;
    return arith.subi.build(builder, { lhs: left, rhs: whole }, {}).result;
  }
}

/** Whether an expression over loop indices, which are never negative, cannot be negative. */
function neverNegative(expression: AffineExpression): boolean {
  switch (expression.kind) {
    case "dimension":
      return true;
    case "symbol":
      return false;
    case "constant":
      return expression.value >= 0;
    case "modulo":
      return true;
    default:
      return neverNegative(expression.left) && neverNegative(expression.right);
  }
}
