import fc from "fast-check";
import { type Attribute, denseAttribute, i32ArrayAttribute, unitAttribute } from "../../../../src/ir/attributes.ts";
import { createFunction, createModule } from "../../../../src/ir/create-module.ts";
import type { AnyOpDefinition } from "../../../../src/ir/define.ts";
import * as specs from "../../../../src/ir/dialects/onnx/attributes.ts";
import { onnx, onnxDialect } from "../../../../src/ir/dialects/onnx/index.ts";
import { unknownType } from "../../../../src/ir/dialects/onnx/types.ts";
import type { Module } from "../../../../src/ir/module.ts";
import { tensorType, type TensorType, type Type, typeOfElement } from "../../../../src/ir/types.ts";
import { type ElementType, elementTypes } from "../../../../src/support/numeric/element-type.ts";
import {
  elementCount,
  type HostTensor,
  tensorFromNumbers,
  tensorFromStrings,
} from "../../../../src/support/numeric/host-tensor.ts";

/** An operator with operands and attributes that may or may not fit it. */
export interface RandomOperator {
  readonly definition: AnyOpDefinition;
  readonly operands: readonly HostTensor[];
  readonly properties: Readonly<Record<string, Attribute>>;
  readonly resultCount: number;
}

const words = [
  "NOTSET", "SAME_UPPER", "VALID", "linear", "nearest", "cubic", "none", "mean", "sum", "add", "mul", "max", "min", "LEFT",
  "RIGHT", "CRD", "DCR", "half_pixel", "align_corners", "asymmetric", "tf_crop_and_resize", "reflect", "edge", "wrap", "constant",
  "LOWER", "TF", "TFIDF", "Relu", "Tanh", "forward", "bidirectional", "ij,jk->ik", "ii->i", "...i->i", "zeros", "border",
  "reflection", "LINEAR", "RBF", "SOFTMAX", "LOGISTIC", "BRANCH_LEQ", "LEAF", "stretch", "L1", "a+(b|c)", "(", "", "circular",
]; // prettier-ignore

/** Sizes stay small, and zero, one and negative numbers are common. */
const number = fc.constantFrom(0, 0, 1, 1, 1, 2, 2, 3, 4, 7, 10, 16, -1, -2);
const list = <T>(entry: fc.Arbitrary<T>) => fc.array(entry, { maxLength: 6 });
const fraction = fc.constantFrom(0, 0.5, 1, -1, 2, -0.25);
const elements = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 4 });

/** Values of attributes, by how they are declared. */
const attributeValues: readonly (readonly [object, fc.Arbitrary<Attribute>])[] = [
  [specs.i64Attribute.codec, number.map(specs.i64Attribute.codec.encode)],
  [specs.bigAttribute.codec, number.map(BigInt).map(specs.bigAttribute.codec.encode)],
  [specs.f32Attribute.codec, fraction.map(specs.f32Attribute.codec.encode)],
  [specs.stringAttributeSpec.codec, fc.constantFrom(...words).map(specs.stringAttributeSpec.codec.encode)],
  [specs.i64Array.codec, list(number).map(specs.i64Array.codec.encode)],
  [specs.bigArray.codec, list(number.map(BigInt)).map(specs.bigArray.codec.encode)],
  [specs.f32Array.codec, list(fraction).map(specs.f32Array.codec.encode)],
  [specs.stringArray.codec, list(fc.constantFrom(...words)).map(specs.stringArray.codec.encode)],
  [
    specs.denseElements.codec,
    fc.tuple(fc.constantFrom<ElementType>("f32", "i64", "ui8", "i32"), elements).map(([type, values]) => {
      const host = tensorFromNumbers(type as "f32", [values.length], values);
      return denseAttribute(host, tensorType(host.shape, typeOfElement(type)));
    }),
  ],
];

type Draw = <T>(arbitrary: fc.Arbitrary<T>) => T;

/** A shape that has often something to do with the others of an operator. */
function drawShape(draw: Draw, base: readonly number[]): readonly number[] {
  const kind = draw(fc.integer({ min: 0, max: 9 }));
  if (kind < 2) return [draw(fc.integer({ min: 0, max: 4 }))];
  if (kind < 3) return [];
  if (kind < 4) return base.slice(1);
  if (kind < 5) return [2, ...base];
  if (kind < 6 && base.length > 0) {
    return base.with(draw(fc.integer({ min: 0, max: base.length - 1 })), draw(fc.integer({ min: 0, max: 3 })));
  }
  return base;
}

function drawTensor(draw: Draw, type: TensorType): HostTensor {
  const shape = type.shape as readonly number[];
  const count = elementCount(shape);
  const values = draw(fc.array(fc.constantFrom(0, 1, 1, 2, 3, -1, 4, 0.5), { minLength: count, maxLength: count }));
  const element = elementTypes.find((candidate) => typeOfElement(candidate) === type.element)!;
  return element === "string"
    ? tensorFromStrings(shape, values.map((value) => words[Math.abs(Math.round(value * 3))]!)) // prettier-ignore
    : tensorFromNumbers(element, shape, values);
}

const common: readonly ElementType[] = ["f32", "i64", "f16", "i32", "ui8", "i8", "i1", "f64", "bf16", "string"];
const operators = onnxDialect.operations.filter(
  ({ name, regions }) => name !== onnx.Yield.name && name !== onnx.NoValue.name && (regions ?? []).length === 0,
);

function drawOperator(draw: Draw): RandomOperator {
  const definition = draw(fc.constantFrom(...operators));
  const base = draw(fc.array(fc.constantFrom(1, 2, 3, 4, 2, 3, 0), { maxLength: 4 }));
  const usual = draw(fc.constantFrom(...common));
  const counts: number[] = [];
  const operands = Object.values(definition.operands).flatMap(({ arity, constraint, minimum = 0 }) => {
    const count = arity === "one" ? 1 : arity === "optional" ? draw(fc.nat(1)) : minimum + draw(fc.nat(2));
    counts.push(count);
    return Array.from({ length: count }, () => {
      const accepted = (element: ElementType) =>
        element !== "index" && constraint.accepts(tensorType([], typeOfElement(element)));
      const others = elementTypes.filter(accepted);
      const element = accepted(usual) && draw(fc.nat(3)) > 0 ? usual : draw(fc.constantFrom(...others, usual));
      return drawTensor(draw, tensorType(drawShape(draw, base), typeOfElement(element)));
    });
  });
  const properties: Record<string, Attribute> = {};
  for (const [name, { presence, codec }] of Object.entries(definition.attributes)) {
    const arbitrary = attributeValues.find(([declared]) => declared === codec)?.[1];
    if (!arbitrary && presence === "required")
      throw new Error(`no values for ${name} of ${definition.name}: ${codec.description}`);
    if (arbitrary && (presence === "required" || draw(fc.boolean()))) properties[name] = draw(arbitrary);
  }
  const isSegmented = (values: typeof definition.operands): boolean =>
    Object.values(values).filter(({ arity }) => arity !== "one").length > 1;
  if (isSegmented(definition.operands)) properties["operandSegmentSizes"] = i32ArrayAttribute(counts);
  const results = Object.values(definition.results).map(({ arity }) =>
    arity === "variadic" ? 1 + draw(fc.nat(1)) : 1,
  );
  if (isSegmented(definition.results)) properties["resultSegmentSizes"] = i32ArrayAttribute(results);
  return { definition, operands, properties, resultCount: results.reduce((sum, count) => sum + count, 0) };
}

export const randomOperator: fc.Arbitrary<RandomOperator> = fc
  .gen()
  .map((gen) => drawOperator((arbitrary) => gen(() => arbitrary)));

/** A module whose function applies the operator to its arguments; `declared` are its results' types where they are known. */
export function moduleOf(
  { definition, operands, properties, resultCount }: RandomOperator,
  declared?: readonly Type[],
): Module {
  const types = operands.map(({ elementType, shape }) => tensorType(shape, typeOfElement(elementType)));
  const resultTypes = declared ?? Array.from({ length: resultCount }, () => unknownType);
  return createModule((rewriter) => {
    createFunction(
      rewriter,
      "main",
      types,
      (builder, inputs) => builder.create({ name: definition.name, operands: inputs, resultTypes, properties }).results,
      { attributes: { "weft.entry_point": unitAttribute } },
    );
  });
}
