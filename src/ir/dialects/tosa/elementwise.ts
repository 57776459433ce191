import { boolAttributeSpec } from "../../attribute-codecs.ts";
import { one, op } from "../../define.ts";
import { bound, nanMode, roundingMode } from "./attributes.ts";
import {
  booleanTensor,
  floatTensor,
  integer32Or64Tensor,
  integer8Like,
  integerLike,
  listOfInteger16Or32,
  listOfInteger8,
  scalarInteger8,
  tensor,
  tensor1D,
  zeroPoint,
} from "./constraints.ts";
import {
  binary,
  comparison,
  nanModeAssembly,
  plainAssembly,
  roundingModeAssembly,
  unary,
  unaryInput,
  verified,
} from "./operation.ts";
import { clampBounds } from "./rules/clamp.ts";
import {
  broadcastable,
  elementwise,
  mulElementTypes,
  mulShapes,
  sameElementType,
  sameRank,
  sameShape,
  selectElementTypes,
} from "./rules/elementwise.ts";
import { negateTypes, negateZeroPoints, tableSizes } from "./rules/lookup.ts";
import { rescaleElementTypes, rescaleScales, rescaleZeroPoints } from "./rules/zero-point.ts";

const truth = { constraint: booleanTensor } as const;

/** Of two tensors, where NaN may be passed on or not. */
const extremum = (summary: string) => ({
  ...binary(summary, { attributes: { nan_mode: nanMode }, traits: ["commutative"] }),
  assembly: nanModeAssembly,
});

export const elementwiseOperations = {
  abs: unary("absolute value"),
  bitwise_not: unary("bitwise complement"),
  ceil: unary("rounding up"),
  clz: unary("number of leading zeros"),
  cos: unary("cosine", { constraint: floatTensor }),
  exp: unary("exponential"),
  floor: unary("rounding down"),
  log: unary("natural logarithm"),
  logical_not: unary("negation of truth values", truth),
  reciprocal: unary("reciprocal"),
  rsqrt: unary("reciprocal of the square root"),
  sin: unary("sine", { constraint: floatTensor }),
  erf: unaryInput("Gauss error function"),
  sigmoid: unaryInput("logistic function"),
  tanh: unaryInput("hyperbolic tangent"),

  add: binary("addition", { traits: ["commutative"] }),
  sub: binary("subtraction"),
  pow: binary("power"),
  intdiv: binary("integer division, rounded towards zero", { constraint: integer32Or64Tensor }),
  bitwise_and: binary("bitwise and", { traits: ["commutative"] }),
  bitwise_or: binary("bitwise or", { traits: ["commutative"] }),
  bitwise_xor: binary("bitwise exclusive or", { traits: ["commutative"] }),
  arithmetic_right_shift: binary("right shift that repeats the sign, rounded or not", {
    attributes: { round: boolAttributeSpec },
  }),
  logical_left_shift: binary("left shift"),
  logical_right_shift: binary("right shift that fills with zeros"),
  logical_and: binary("both of two truth values", { ...truth, traits: ["commutative"] }),
  logical_or: binary("either of two truth values", { ...truth, traits: ["commutative"] }),
  logical_xor: binary("one of two truth values", { ...truth, traits: ["commutative"] }),
  maximum: extremum("the greater of two"),
  minimum: extremum("the lesser of two"),

  equal: comparison("equality", ["commutative"]),
  greater: comparison("whether the first is greater"),
  greater_equal: comparison("whether the first is not less"),

  clamp: op({
    summary: "values limited to a range",
    operands: { input: one(tensor) },
    attributes: { min_val: bound, max_val: bound, nan_mode: nanMode },
    results: { output: one(tensor) },
    traits: ["pure"],
    assembly: nanModeAssembly,
    verify: verified(sameShape, sameElementType, broadcastable, sameRank, clampBounds),
  }),
  mul: op({
    summary: "multiplication; products of integers are shifted right",
    operands: { input1: one(tensor), input2: one(tensor), shift: one(scalarInteger8) },
    attributes: {},
    results: { output: one(tensor) },
    traits: ["pure", "commutative"],
    assembly: plainAssembly,
    verify: verified(mulElementTypes, mulShapes),
  }),
  negate: op({
    summary: "negation, about zero points",
    operands: { input1: one(tensor), input1_zp: one(zeroPoint), output_zp: one(zeroPoint) },
    attributes: {},
    results: { output: one(tensor) },
    traits: ["pure"],
    assembly: plainAssembly,
    verify: verified(negateTypes, negateZeroPoints),
  }),
  select: op({
    summary: "one of two values by a condition",
    operands: { input1: one(booleanTensor), input2: one(tensor), input3: one(tensor) },
    attributes: {},
    results: { output: one(tensor) },
    traits: ["pure"],
    assembly: plainAssembly,
    verify: verified(broadcastable, sameRank, selectElementTypes),
  }),
  table: op({
    summary: "values looked up in a table, interpolated for 16 bits",
    operands: { input1: one(tensor), table: one(tensor1D) },
    attributes: {},
    results: { output: one(tensor) },
    traits: ["pure"],
    assembly: plainAssembly,
    verify: verified(tableSizes),
  }),
  identity: op({
    summary: "the tensor itself",
    operands: { input1: one(tensor) },
    attributes: {},
    results: { output: one(tensor) },
    traits: ["pure"],
    assembly: plainAssembly,
    verify: verified(),
  }),
  cast: op({
    summary: "values in another element type",
    operands: { input: one(tensor) },
    attributes: {},
    results: { output: one(tensor) },
    traits: ["pure"],
    assembly: plainAssembly,
    verify: verified(sameShape),
  }),
  rescale: op({
    summary: "integers multiplied with a scale, about zero points",
    operands: {
      input: one(tensor),
      multiplier: one(listOfInteger16Or32),
      shift: one(listOfInteger8),
      input_zp: one(zeroPoint),
      output_zp: one(zeroPoint),
    },
    attributes: {
      scale32: boolAttributeSpec,
      rounding_mode: roundingMode,
      per_channel: boolAttributeSpec,
      input_unsigned: boolAttributeSpec,
      output_unsigned: boolAttributeSpec,
    },
    results: { output: one(tensor) },
    traits: ["pure"],
    assembly: roundingModeAssembly,
    verify: verified(rescaleElementTypes, rescaleZeroPoints, rescaleScales),
  }),
  apply_scale: op({
    summary: "integers multiplied with a scale, of scalars, vectors or tensors",
    operands: { value: one(integerLike), multiplier: one(integerLike), shift: one(integer8Like) },
    attributes: { rounding_mode: roundingMode },
    results: { output: one(integerLike) },
    traits: ["pure", "elementwise"],
    assembly: roundingModeAssembly,
    verify: verified(elementwise),
  }),
} as const;
