import { type Attributes, dialectAttribute, integerAttribute, noAttributes, type Attribute } from "../../attributes.ts";
import { i64, indexType, isShaped, type Type } from "../../types.ts";

/** A value in a scalar body: an argument of the block, or the result of an operation before. */
export interface Scalar {
  /** The arguments come first, then one number for each operation. */
  readonly id: number;
  readonly type: Type;
}
/** One operation of a scalar body; it has one result. */
export interface ScalarOperation {
  readonly name: string;
  /** Ids of scalars. */
  readonly operands: readonly number[];
  readonly type: Type;
  readonly properties: Attributes;
}
/** What a structured operation computes at each point: the region that its pretty form leaves out. */
export interface ScalarBody {
  readonly arguments: readonly Type[];
  readonly operations: readonly ScalarOperation[];
  /** Ids of scalars. */
  readonly yielded: readonly number[];
}

/** Thrown where an operation has no body for its operands' types. The message is upstream's. */
export class NoScalarBody extends Error {}

/** What the body sees of an operand: the element of a tensor or buffer, anything else as it is. */
export const scalarOf = (type: Type): Type => (isShaped(type) && type.kind !== "vector" ? type.element : type);

/** Attributes that arithmetic has when nothing is promised about it. */
export const plainFloat: Attributes = Object.freeze({ fastmath: dialectAttribute("arith", "fastmath<none>") });
export const plainInteger: Attributes = Object.freeze({ overflowFlags: dialectAttribute("arith", "overflow<none>") });

/** Writes down a scalar body. */
export class ScalarBodyBuilder {
  readonly arguments: readonly Scalar[];
  readonly #operations: ScalarOperation[] = [];

  constructor(types: readonly Type[]) {
    this.arguments = types.map((type, id) => ({ id, type }));
  }

  emit(name: string, operands: readonly Scalar[], type: Type, properties: Attributes = noAttributes): Scalar {
    this.#operations.push({ name, operands: operands.map(({ id }) => id), type, properties });
    return { id: this.arguments.length + this.#operations.length - 1, type };
  }
  constant(value: Attribute & { readonly type: Type }): Scalar {
    return this.emit("arith.constant", [], value.type, { value });
  }
  /** The present position along a loop. */
  index(loop: number): Scalar {
    return this.emit("linalg.index", [], indexType, { dim: integerAttribute(loop, i64) });
  }
  finish(yielded: readonly Scalar[]): ScalarBody {
    return {
      arguments: this.arguments.map(({ type }) => type),
      operations: this.#operations,
      yielded: yielded.map(({ id }) => id),
    };
  }
}
