/** What WGSL shaders can do at all, on every device: the legalization passes and printing rules of the backend cover exactly this. */

/** Element types of buffers and scalars that shaders have or that legalization expresses by others, by their MLIR text. */
const elementTypes: ReadonlySet<string> = new Set([
  "i1",
  "i2",
  "i4",
  "i8",
  "i16",
  "i32",
  "i64",
  "index",
  "f32",
  "f16",
  "bf16",
  "f8E4M3FN",
  "f8E5M2",
  "f8E4M3FNUZ",
  "f8E5M2FNUZ",
  "f8E8M0FNU",
  "f4E2M1FN",
]);

/** Dialects all of whose operations on buffers become kernels. */
const structuralDialects: ReadonlySet<string> = new Set(["linalg", "memref", "scf", "weft", "vector", "affine"]);

/** Operations on scalars that there are rules for, by dialect. */
const scalarOperations: Readonly<Record<string, ReadonlySet<string>>> = {
  arith: new Set(
    (
      "constant addf subf mulf divf remf negf minimumf maximumf minnumf maxnumf addi subi muli divsi divui remsi remui floordivsi " +
      "ceildivsi ceildivui andi ori xori shli shrsi shrui minsi maxsi minui maxui cmpi cmpf select extsi extui trunci index_cast " +
      "index_castui extf truncf sitofp uitofp fptosi fptoui bitcast addui_extended mulsi_extended mului_extended"
    ).split(" "),
  ),
  math: new Set(
    (
      "absf absi acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos cosh ctlz ctpop cttz erf erfc exp exp2 expm1 floor " +
      "fma fpowi ipowi isfinite isinf isnan isnormal log log10 log1p log2 powf round roundeven rsqrt sin sinh sqrt tan tanh trunc"
    ).split(" "),
  ),
};

/** Why shaders cannot have values of an element type; undefined when they can. */
export const wgslTypeRefusal = (element: string): string | undefined =>
  elementTypes.has(element) ? undefined : `WGSL has no ${element}`;

/** Why shaders cannot have an operation; undefined when they can. */
export function wgslOperationRefusal(name: string): string | undefined {
  const [dialect, operation] = name.split(".", 2) as [string, string];
  if (structuralDialects.has(dialect) || scalarOperations[dialect]?.has(operation)) return undefined;
  return `there is no WGSL rule for ${name}`;
}
