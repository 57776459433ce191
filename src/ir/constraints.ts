import { stridesOfMemRef } from "./strides.ts";
import { elementOf, i1, type IndexType, indexType, isShaped, type Type, type VectorType } from "./types.ts";

/** What an operand or result may be. */
export interface TypeConstraint {
  /** Completes "must be …"; upstream's words where it has the same constraint. */
  readonly description: string;
  /** The only type it accepts, if there is but one; texts leave it out. */
  readonly only?: Type;
  /** The kinds of types that a text may have here, and their name in upstream's messages where they have one. */
  readonly kinds?: { readonly accepted: readonly Type["kind"][]; readonly name?: string };
  accepts(type: Type): boolean;
}

/** A constraint from a predicate. */
export const constraint = (
  description: string,
  accepts: (type: Type) => boolean,
  kinds?: TypeConstraint["kinds"],
): TypeConstraint => ({ description, accepts, ...(kinds === undefined ? {} : { kinds }) });

const integers = { accepted: ["integer"], name: "builtin.integer" } as const;
const functions = { accepted: ["function"], name: "builtin.function" } as const;
const rankedTensors = { accepted: ["tensor"], name: "builtin.tensor" } as const;
const tensors = { accepted: ["tensor", "unranked-tensor"] } as const;
const rankedMemRefs = { accepted: ["memref"], name: "builtin.memref" } as const;
const memRefs = { accepted: ["memref", "unranked-memref"] } as const;
const vectors = { accepted: ["vector"], name: "builtin.vector" } as const;

const isSignlessInteger = (type: Type): boolean => type.kind === "integer" && type.signedness === "signless";
const isFloat = (type: Type): boolean => type.kind === "float";
const isIndex = (type: Type): type is IndexType => type === indexType;
/** The scalar itself, or the element of a vector or tensor: what upstream calls a "like" type. */
const like = (type: Type): Type =>
  type.kind === "vector" || type.kind === "tensor" || type.kind === "unranked-tensor" ? type.element : type;
/** The same for casts, which also take memrefs. */
const likeOrMemRef = (type: Type): Type =>
  type.kind === "memref" || type.kind === "unranked-memref" ? type.element : like(type);

// --- scalars, and vectors and tensors of them ------------------------------------------------------------------------------------

export const anyType = constraint("any type", () => true);
export const anyInteger = constraint("integer", (type) => type.kind === "integer", integers);
export const boolean: TypeConstraint = {
  ...constraint("1-bit signless integer", (type) => type === i1),
  only: i1,
};
export const index: TypeConstraint = { ...constraint("index", isIndex), only: indexType };
export const integerOrIndex = constraint(
  "signless integer or index",
  (type) => isSignlessInteger(type) || isIndex(type),
);
export const integerOrFloat = constraint(
  "signless integer or floating-point",
  (type) => isSignlessInteger(type) || isFloat(type),
);
export const floatLike = constraint("floating-point-like", (type) => isFloat(like(type)));
export const integerLike = constraint(
  "signless-integer-like",
  (type) => isSignlessInteger(like(type)) || isIndex(like(type)),
);
export const fixedWidthIntegerLike = constraint("signless-fixed-width-integer-like", (type) =>
  isSignlessInteger(like(type)),
);
export const booleanLike = constraint("bool-like", (type) => like(type) === i1);
export const indexCastLike = constraint(
  "signless-integer-like or memref of signless-integer",
  (type) => isSignlessInteger(likeOrMemRef(type)) || isIndex(likeOrMemRef(type)),
);
export const bitcastLike = constraint(
  "signless-integer-or-float-like or memref of signless-integer or float",
  (type) => isSignlessInteger(likeOrMemRef(type)) || isFloat(likeOrMemRef(type)),
);
export const functionValue = constraint("function type", (type) => type.kind === "function", functions);

// --- tensors ---------------------------------------------------------------------------------------------------------------------

export const anyTensor = constraint(
  "tensor of any type values",
  (type) => type.kind === "tensor" || type.kind === "unranked-tensor",
  tensors,
);
export const rankedTensor = constraint(
  "ranked tensor of any type values",
  (type) => type.kind === "tensor",
  rankedTensors,
);
export const staticTensor = constraint(
  "statically shaped tensor of any type values",
  (type) => type.kind === "tensor" && !type.shape.includes("?"),
  rankedTensors,
);
export const nonScalarTensor = constraint(
  "non-0-ranked or unranked tensor",
  (type) => type.kind === "unranked-tensor" || (type.kind === "tensor" && type.shape.length > 0),
  tensors,
);
export const numberTensor = constraint(
  "tensor of signless integer or unsigned integer or signed integer or floating-point values",
  (type) => anyTensor.accepts(type) && (elementOf(type).kind === "integer" || isFloat(elementOf(type))),
  tensors,
);
export const indexTensor = constraint(
  "ranked tensor of signless integer or index values",
  (type) => type.kind === "tensor" && integerOrIndex.accepts(type.element),
  rankedTensors,
);
export const shapeTensor = constraint(
  "1D tensor of signless integer or index values",
  (type) => type.kind === "tensor" && type.shape.length === 1 && integerOrIndex.accepts(type.element),
  rankedTensors,
);
/** A tensor whose element the constraint accepts. */
export const tensorOf = (element: TypeConstraint): TypeConstraint =>
  constraint(
    `tensor of ${element.description}`,
    (type) => (type.kind === "tensor" || type.kind === "unranked-tensor") && element.accepts(elementOf(type)),
  );

// --- memrefs ---------------------------------------------------------------------------------------------------------------------

export const rankedMemRef = constraint("memref of any type values", (type) => type.kind === "memref", rankedMemRefs);
export const anyMemRef = constraint(
  "ranked or unranked memref of any type values",
  (type) => type.kind === "memref" || type.kind === "unranked-memref",
  memRefs,
);
export const nonScalarMemRef = constraint(
  "unranked.memref of any type values or non-0-ranked.memref of any type values",
  (type) => type.kind === "unranked-memref" || (type.kind === "memref" && type.shape.length > 0),
  memRefs,
);
export const staticMemRef = constraint(
  "statically shaped memref of any type values",
  (type) => type.kind === "memref" && !type.shape.includes("?"),
  rankedMemRefs,
);
/** A memref whose elements lie at strides. */
export const stridedMemRef = constraint(
  "strided memref of any type values",
  (type) => type.kind === "memref" && (type.layout === undefined || stridesOfMemRef(type) !== undefined),
  rankedMemRefs,
);
const rankedMemRefOf = (rank: number, description: string, element: (type: Type) => boolean): TypeConstraint =>
  constraint(description, (type) => type.kind === "memref" && type.shape.length === rank && element(type.element));
/** A memref of one dimension whose sizes are those of a shape. */
export const shapeMemRef = rankedMemRefOf(1, "1D memref of signless integer or index values", (element) =>
  integerOrIndex.accepts(element),
);

// --- vectors ---------------------------------------------------------------------------------------------------------------------

const isVector = (type: Type): type is VectorType => type.kind === "vector";
const isFixed = (type: VectorType): boolean => type.scalable.length === 0;

/** Of any rank, also 0. */
export const anyVector = constraint("vector of any type values", isVector, vectors);
export const nonScalarVector = constraint(
  "vector of any type values",
  (type) => isVector(type) && type.shape.length > 0,
  vectors,
);
export const fixedVector = constraint(
  "fixed-length vector of any type values",
  (type) => isVector(type) && isFixed(type),
  vectors,
);
export const fixedMask = constraint(
  "fixed-length vector of 1-bit signless integer values",
  (type) => isVector(type) && isFixed(type) && type.element === i1,
  vectors,
);
export const mask = constraint(
  "vector of 1-bit signless integer values",
  (type) => isVector(type) && type.element === i1,
  vectors,
);
export const nonScalarMask = constraint(
  "vector of 1-bit signless integer values",
  (type) => isVector(type) && type.shape.length > 0 && type.element === i1,
  vectors,
);
export const floatVector = constraint(
  "vector of floating-point values",
  (type) => isVector(type) && isFloat(type.element),
  vectors,
);
export const integerVector = constraint(
  "vector of integer or index values",
  (type) => isVector(type) && type.shape.length > 0 && (type.element.kind === "integer" || isIndex(type.element)),
  vectors,
);
export const indexVector1D = constraint(
  "vector of index values of ranks 1",
  (type) => isVector(type) && type.shape.length === 1 && isIndex(type.element),
  vectors,
);
export const vector1D = constraint(" of ranks 1", (type) => isVector(type) && type.shape.length === 1, vectors);

// --- combinations ----------------------------------------------------------------------------------------------------------------

export const anyShaped = constraint("shaped of any type values", isShaped);
/** Either of several. */
export const anyOf = (...choices: readonly TypeConstraint[]): TypeConstraint =>
  constraint(choices.map((choice) => choice.description).join(" or "), (type) =>
    choices.some((choice) => choice.accepts(type)),
  );
