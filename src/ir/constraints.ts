import { elementOf, i1, type IndexType, indexType, isShaped, type Type } from "./types.ts";

/** What an operand or result may be. */
export interface TypeConstraint {
  /** Completes "must be …". */
  readonly description: string;
  /** The only type it accepts, if there is but one; texts leave it out. */
  readonly only?: Type;
  accepts(type: Type): boolean;
}

/** A constraint from a predicate. */
export const constraint = (description: string, accepts: (type: Type) => boolean): TypeConstraint => ({
  description,
  accepts,
});

const isSignlessInteger = (type: Type): boolean => type.kind === "integer" && type.signedness === "signless";
const isFloat = (type: Type): boolean => type.kind === "float";
const isIndex = (type: Type): type is IndexType => type === indexType;
/** The scalar itself, or the element of a vector or tensor: what upstream calls a "like" type. */
const like = (type: Type): Type =>
  type.kind === "vector" || type.kind === "tensor" || type.kind === "unranked-tensor" ? type.element : type;

export const anyType = constraint("any type", () => true);
export const anyInteger = constraint("integer", (type) => type.kind === "integer");
export const signlessInteger = constraint("signless integer", isSignlessInteger);
export const boolean: TypeConstraint = {
  ...constraint("1-bit signless integer", (type) => type === i1),
  only: i1,
};
export const index: TypeConstraint = { ...constraint("index", isIndex), only: indexType };
export const integerOrIndex = constraint(
  "signless integer or index",
  (type) => isSignlessInteger(type) || isIndex(type),
);
export const floatLike = constraint("floating-point-like", (type) => isFloat(like(type)));
export const integerLike = constraint(
  "signless-integer-like or index-like",
  (type) => isSignlessInteger(like(type)) || isIndex(like(type)),
);
export const booleanLike = constraint("bool-like", (type) => like(type).text === "i1");
export const numberLike = constraint(
  "floating-point-like or signless-integer-like",
  (type) => isFloat(like(type)) || isSignlessInteger(like(type)) || isIndex(like(type)),
);
export const anyTensor = constraint("tensor", (type) => type.kind === "tensor" || type.kind === "unranked-tensor");
export const rankedTensor = constraint("ranked tensor", (type) => type.kind === "tensor");
export const anyMemRef = constraint("memref", (type) => type.kind === "memref" || type.kind === "unranked-memref");
export const rankedMemRef = constraint("ranked memref", (type) => type.kind === "memref");
export const anyVector = constraint("vector", (type) => type.kind === "vector");
export const anyShaped = constraint("shaped type", isShaped);
export const noneOr = (inner: TypeConstraint): TypeConstraint =>
  constraint(`${inner.description} or none`, (type) => type.kind === "none" || inner.accepts(type));
/** A tensor whose element the constraint accepts. */
export const tensorOf = (element: TypeConstraint): TypeConstraint =>
  constraint(
    `tensor of ${element.description}`,
    (type) => (type.kind === "tensor" || type.kind === "unranked-tensor") && element.accepts(elementOf(type)),
  );
/** Either of several. */
export const anyOf = (...choices: readonly TypeConstraint[]): TypeConstraint =>
  constraint(choices.map((choice) => choice.description).join(" or "), (type) =>
    choices.some((choice) => choice.accepts(type)),
  );
