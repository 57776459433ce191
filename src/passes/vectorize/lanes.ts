import { type Attribute, type DenseAttribute } from "../../ir/attributes.ts";
import { arith } from "../../ir/dialects/arith.ts";
import { registry } from "../../ir/dialects/index.ts";
import { vector } from "../../ir/dialects/vector.ts";
import { attributeOf, type Operation, type ValueId } from "../../ir/module.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import { hostElementType, type Type, vectorType } from "../../ir/types.ts";
import { storageClass, store } from "../../support/numeric/element-storage.ts";
import type { EntryConstants } from "../loops/index-arithmetic.ts";

/** One value for one lane or for all of a chunk's lanes: a scalar that is the same in every lane, or a vector. */
export interface Lane {
  readonly value: ValueId;
  readonly isVector: boolean;
}
export const uniform = (value: ValueId): Lane => ({ value, isVector: false });
export const varying = (value: ValueId): Lane => ({ value, isVector: true });

/** Element types that vectors are made of. Small floats stay scalar: they have no arithmetic of their own. */
const laneTypes: ReadonlySet<string> = new Set(["f32", "f64", "i8", "i16", "i32", "i64", "i1"]);
export const hasLanes = (type: Type): boolean => laneTypes.has(type.text);

/** Makes vector operations of scalar ones. */
export class LaneBuilder {
  readonly #rewriter: Rewriter;
  readonly #constants: EntryConstants;
  readonly #broadcasts = new Map<string, ValueId>();

  constructor(rewriter: Rewriter, constants: EntryConstants) {
    this.#rewriter = rewriter;
    this.#constants = constants;
  }

  /** Forgets broadcasts made so far: they are not to be kept in registers any longer. */
  forget(): void {
    this.#broadcasts.clear();
  }

  /** A constant in every lane. */
  splat(value: Attribute & { readonly kind: "integer" | "float" }, type: Type, lanes: number): ValueId {
    const element = hostElementType(type);
    if (element === undefined || element === "string") throw new Error(`no vector of ${type.text}`);
    const data = new (storageClass(element))(1);
    store(element, data, 0, value.value);
    const vectorOf = vectorType([lanes], type);
    const dense: DenseAttribute = { kind: "dense", type: vectorOf, data, splat: true };
    const bits = value.kind === "float" ? `${Object.is(value.value, -0) ? "-0" : value.value}` : String(value.value);
    return this.#constants.get(bits, dense, vectorOf);
  }

  /** The value in every lane of a vector. */
  spread(lane: Lane, lanes: number): ValueId {
    if (lane.isVector || lanes === 1) return lane.value;
    const type = this.#rewriter.typeOf(lane.value);
    const definition = this.#rewriter.definition(lane.value);
    const constant = definition?.name === "arith.constant" ? attributeOf(definition, "value") : undefined;
    if (constant?.kind === "integer" || (constant?.kind === "float" && constant.bits === undefined))
      return this.splat(constant, type, lanes);
    const key = `${lane.value} ${lanes}`;
    const known = this.#broadcasts.get(key);
    if (known !== undefined) return known;
    const made = vector.broadcast.build(
      this.#rewriter,
      { source: lane.value },
      {},
      { resultTypes: [vectorType([lanes], type)] },
    ).vector;
    this.#broadcasts.set(key, made);
    return made;
  }

  /** Applies one operation of a scalar body to lanes. */
  apply(op: Operation, operands: readonly Lane[], lanes: number): readonly Lane[] {
    const rewriter = this.#rewriter;
    const isVector = lanes > 1 && operands.some((operand) => operand.isVector);
    const made = rewriter.create({
      name: op.name,
      operands: operands.map((operand) => (isVector ? this.spread(operand, lanes) : operand.value)),
      resultTypes: op.results.map((result) => {
        const type = rewriter.typeOf(result);
        return isVector ? vectorType([lanes], type) : type;
      }),
      properties: op.properties,
      attributes: op.attributes,
      location: op.location,
    });
    return made.results.map((value) => ({ value, isVector }));
  }

  /** A scalar constant, made once for the function. */
  constantOf(value: Attribute & { readonly kind: "integer" | "float" }, type: Type): ValueId {
    return this.#constants.get(Object.is(value.value, -0) ? "-0" : String(value.value), value, type);
  }

  /** A scalar constant of a body, made once for the function. */
  constant(op: Operation): Lane {
    const value = attributeOf(op, "value")!;
    const type = this.#rewriter.typeOf(op.results[0]!);
    if (value.kind === "integer" || (value.kind === "float" && value.bits === undefined))
      return uniform(this.constantOf(value, type));
    return uniform(arith.constant.build(this.#rewriter, {}, { value }, { resultTypes: [type] }).result);
  }
}

/** Whether an operation of a body can be applied to vectors. */
export function isLaneWise(rewriter: Rewriter, op: Operation): boolean {
  if (op.name === "arith.constant") return true;
  return (
    registry.definition(op.name)?.traits?.includes("elementwise") === true &&
    [...op.operands, ...op.results].every((value) => hasLanes(rewriter.typeOf(value)))
  );
}
