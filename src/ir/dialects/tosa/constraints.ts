import { constraint, type TypeConstraint } from "../../constraints.ts";
import { i16, i32, i64, i8, i1, type Type } from "../../types.ts";
import { mxint8, quantizedStorage, shapeRank } from "./types.ts";

/** What an element may be. */
interface ElementConstraint {
  /** Completes "tensor of … values". */
  readonly description: string;
  accepts(element: Type): boolean;
}

const element = (description: string, accepts: (element: Type) => boolean): ElementConstraint => ({
  description,
  accepts,
});
const oneOfTypes = (description: string, ...types: readonly Type[]): ElementConstraint =>
  element(description, (type) => types.includes(type));

const quantizedWidths: ReadonlySet<number> = new Set([4, 8, 16, 32]);
const isInteger = (type: Type): boolean => type.kind === "integer" && type.signedness !== "signed";
const isFloat = (type: Type): boolean => type.kind === "float";

const integer = element("unsigned integer or signless integer", isInteger);
const float = element("floating-point", isFloat);
const integerOrFloat = element(
  "unsigned integer or signless integer or floating-point",
  (type) => isInteger(type) || isFloat(type),
);
const number = element("number", (type) => {
  if (isInteger(type) || isFloat(type) || type === mxint8) return true;
  return quantizedWidths.has(quantizedStorage(type)?.width ?? 0);
});
const boolean = oneOfTypes("1-bit signless integer", i1);
const integer8 = oneOfTypes("8-bit signless integer", i8);
const integer32 = oneOfTypes("32-bit signless integer", i32);
const integer16Or32 = oneOfTypes("16-bit signless integer or 32-bit signless integer", i16, i32);
const integer32Or64 = oneOfTypes("32-bit signless integer or 64-bit signless integer", i32, i64);
const blockScaledFormats: ReadonlySet<string> = new Set(["f8E4M3FN", "f8E5M2", "f4E2M1FN", "f6E2M3FN", "f6E3M2FN"]);
const blockScaledNumber = element(
  "micro-scaling format number",
  (type) => type === mxint8 || (type.kind === "float" && blockScaledFormats.has(type.format)),
);
const blockScale = element(
  "micro-scaling format scale number",
  (type) => type.kind === "float" && type.format === "f8E8M0FNU",
);

// --- tensors: those of TOSA have no dimension of size 0 ----------------------------------------------------------------------------

const isUnrankedOf = (type: Type, allowed: ElementConstraint): boolean =>
  type.kind === "unranked-tensor" && allowed.accepts(type.element);
const isRankedOf = (type: Type, allowed: ElementConstraint, fits: (rank: number) => boolean): boolean =>
  type.kind === "tensor" && !type.shape.includes(0) && allowed.accepts(type.element) && fits(type.shape.length);

const anyRank = (): boolean => true;
const tensorOf = (allowed: ElementConstraint): TypeConstraint =>
  constraint(
    `tosa-conformant tensor of ${allowed.description} values`,
    (type) => isUnrankedOf(type, allowed) || isRankedOf(type, allowed, anyRank),
  );
const tensorOfRank = (description: string, allowed: ElementConstraint, fits: (rank: number) => boolean) =>
  constraint(description, (type) => isUnrankedOf(type, allowed) || isRankedOf(type, allowed, fits));
/** Of one element, which stands for all. */
const scalarTensor = (unranked: ElementConstraint, ranked: ElementConstraint): TypeConstraint =>
  constraint(
    `tosa-conformant unranked tensor of ${unranked.description} values or tosa-conformant scalar tensor of ${ranked.description} values`,
    (type) => isUnrankedOf(type, unranked) || (isRankedOf(type, ranked, (rank) => rank === 1) && hasOneElement(type)),
  );
const hasOneElement = (type: Type): boolean => type.kind === "tensor" && type.shape.every((size) => size === 1);
const rankIs = (wanted: number) => (rank: number) => rank === wanted;
/** A list: a ranked tensor of one dimension, which may be empty. */
const listOf = (allowed: ElementConstraint): TypeConstraint =>
  constraint(
    `1D tensor of ${allowed.description} values`,
    (type) => type.kind === "tensor" && type.shape.length === 1 && allowed.accepts(type.element),
  );

export const tensor = tensorOf(number);
export const booleanTensor = tensorOf(boolean);
export const floatTensor = tensorOf(float);
export const integer32Or64Tensor = tensorOf(integer32Or64);
export const tensor1D = tensorOfRank("1-d tosa-conformant tensor", number, rankIs(1));
export const tensor3D = tensorOfRank("3-d tosa-conformant tensor", number, rankIs(3));
export const tensor4D = tensorOfRank("4-d tosa-conformant tensor", number, rankIs(4));
export const tensor5D = tensorOfRank("5-d tosa-conformant tensor", number, rankIs(5));
const atLeast1D = (allowed: ElementConstraint): TypeConstraint =>
  tensorOfRank("tosa-conformant tensor of at least rank 1", allowed, (rank) => rank >= 1);
export const tensorAtLeast1D = atLeast1D(number);
export const scalar = scalarTensor(integerOrFloat, number);
export const zeroPoint = scalarTensor(integerOrFloat, integerOrFloat);
export const scalarInteger8 = scalarTensor(integer8, integer8);
export const scalarInteger32 = scalarTensor(integer32, integer32);
export const listOfInteger8 = listOf(integer8);
export const listOfInteger16Or32 = listOf(integer16Or32);
export const indices2D = constraint(
  `tosa-conformant unranked tensor of number values or 2D tensor of ${integer32Or64.description} values`,
  (type) => isUnrankedOf(type, number) || isRankedOf(type, integer32Or64, rankIs(2)),
);

const matrixBatch = (allowed: ElementConstraint): TypeConstraint =>
  tensorOfRank(
    `tosa-conformant unranked tensor of ${allowed.description} values or 3D tensor of ${allowed.description} values`,
    allowed,
    rankIs(3),
  );
export const blockScaledTensor3D = matrixBatch(blockScaledNumber);
export const blockScaleTensor3D = matrixBatch(blockScale);
export const blockScaledTensor = atLeast1D(blockScaledNumber);
export const blockScaleTensor = atLeast1D(blockScale);

// --- scalars, vectors and tensors alike --------------------------------------------------------------------------------------------

const like = (description: string, allowed: ElementConstraint): TypeConstraint =>
  constraint(
    description,
    (type) =>
      allowed.accepts(type) ||
      (type.kind === "vector" && type.shape.length > 0 && allowed.accepts(type.element)) ||
      isUnrankedOf(type, allowed) ||
      isRankedOf(type, allowed, anyRank),
  );
export const integerLike = like("signless-integer-like", integer);
export const integer8Like = like("signless-integer-8-bit-like", integer8);

// --- shapes ------------------------------------------------------------------------------------------------------------------------

export const shape = constraint(
  "Shape with static rank and Index element type",
  (type) => shapeRank(type) !== undefined,
);
export const shapeOfRank = (rank: number): TypeConstraint =>
  constraint(`Tosa shape type of rank ${rank}`, (type) => shapeRank(type) === rank);
