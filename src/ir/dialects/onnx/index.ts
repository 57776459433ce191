import { anyType, constraint } from "../../constraints.ts";
import { type AnyOpDefinition, dialect, type Dialect, one, op, type Trait, variadic } from "../../define.ts";
import { activation } from "./activation.ts";
import { arithmetic } from "./arithmetic.ts";
import { controlFlow } from "./control-flow.ts";
import { convolution } from "./convolution.ts";
import { deprecated } from "./deprecated.ts";
import { gather } from "./gather.ts";
import { generator } from "./generator.ts";
import { linearAlgebra } from "./linear-algebra.ts";
import { logical } from "./logical.ts";
import { microsoft, runtimeAdditions } from "./microsoft.ts";
import { ml } from "./ml.ts";
import { normalization } from "./normalization.ts";
import { preview } from "./preview.ts";
import { quantization } from "./quantization.ts";
import { reduction } from "./reduction.ts";
import { sequenceModel } from "./sequence-model.ts";
import { sequence } from "./sequence.ts";
import { shape } from "./shape.ts";
import { text } from "./text.ts";
import { training } from "./training.ts";

/**
 * onnx-mlir, which has operations of the same names, writes an optional operand or result that is not given as one of type
 * `none`. Both forms are read.
 */
const common: { readonly traits: readonly Trait[]; readonly isOpen: boolean } = {
  traits: ["positional-values"],
  // onnx-mlir has operations of this name that are no operators of ONNX.
  isOpen: true,
};

/**
 * ONNX's own operators, in the form of the newest operator set; `onnx.Conv` and so on, as onnx-mlir names them. An operand that
 * is not given is left out, an attribute that is not given stays absent and means its default. The graphs of If, Loop, Scan and
 * SequenceMap are regions that take their inputs as block arguments, use values from outside directly, and end with `onnx.Yield`.
 */
export const onnx = dialect(
  "onnx",
  "ONNX's operators",
  {
    ...activation,
    ...arithmetic,
    ...controlFlow,
    ...convolution,
    ...gather,
    ...generator,
    ...linearAlgebra,
    ...logical,
    ...normalization,
    ...quantization,
    ...reduction,
    ...runtimeAdditions,
    ...sequence,
    ...sequenceModel,
    ...shape,
    ...text,
    NoValue: op({
      summary: "what an optional operand reads that is not given, in onnx-mlir's form",
      operands: {},
      attributes: {},
      results: { none: one(constraint("none type", (type) => type.kind === "none")) },
      traits: ["pure"],
    }),
    Yield: op({
      summary: "ends a graph that is a region, and gives its outputs",
      operands: { values: variadic(anyType) },
      attributes: {},
      results: {},
      traits: ["terminator", "pure"],
      assembly: "attr-dict ($values^ `:` type($values))?",
    }),
  },
  common,
);
/** `onnx.ml.…`: the domain `ai.onnx.ml`. */
export const onnxMl = dialect(
  "onnx.ml",
  "ONNX's classical machine learning operators",
  { ...ml, ...deprecated },
  common,
);
/** `onnx.microsoft.…`: the domain `com.microsoft`. */
export const onnxMicrosoft = dialect("onnx.microsoft", "operators of ONNX Runtime", microsoft, common);
/** `onnx.preview.…`: the domain `ai.onnx.preview`. */
export const onnxPreview = dialect("onnx.preview", "ONNX's preview operators", preview, common);
/** `onnx.training.…`: the domain `ai.onnx.preview.training`. */
export const onnxTraining = dialect("onnx.training", "ONNX's training operators", training, common);

/** The five parts as the one dialect that they are. */
export const onnxDialect: Dialect = {
  name: "onnx",
  summary: "models as ONNX writes them: one operation for each operator",
  operations: [onnx, onnxMl, onnxMicrosoft, onnxPreview, onnxTraining].flatMap(({ dialect: part }) => part.operations),
  isOpen: true,
};

/** Each domain's part; `""` is ONNX's own. Yield and NoValue are the dialect's, not operators. */
const domains: ReadonlyMap<string, ReadonlyMap<string, AnyOpDefinition>> = new Map([
  ["", operatorsOf(onnx.dialect, [onnx.Yield.name, onnx.NoValue.name])],
  ["ai.onnx.ml", operatorsOf(onnxMl.dialect)],
  ["com.microsoft", operatorsOf(onnxMicrosoft.dialect)],
  ["ai.onnx.preview", operatorsOf(onnxPreview.dialect)],
  ["ai.onnx.preview.training", operatorsOf(onnxTraining.dialect)],
]);

function operatorsOf(
  { name: prefix, operations }: Dialect,
  except: readonly string[] = [],
): ReadonlyMap<string, AnyOpDefinition> {
  const operators = operations.filter(({ name }) => !except.includes(name));
  return new Map(operators.map((definition) => [definition.name.slice(prefix.length + 1), definition]));
}

/** The operation for an operator of a domain (`""` is ONNX's own); undefined for operators the dialect does not have. */
export const onnxOperation = (domain: string, operator: string): AnyOpDefinition | undefined =>
  domains.get(domain)?.get(operator);
