import { entryPointAttribute } from "../../ir/analysis/entry-point.ts";
import { type Attribute, dictionaryAttribute, noAttributes, unitAttribute } from "../../ir/attributes.ts";
import { at } from "../../ir/builder.ts";
import { func } from "../../ir/dialects/func.ts";
import type { Operation, ValueId } from "../../ir/module.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import { functionType, type Type } from "../../ir/types.ts";
import type { PaddingPolicy } from "./analysis.ts";
import { Buffers } from "./buffers.ts";
import { FunctionContext } from "./function-context.ts";
import type { Globals } from "./globals.ts";
import { controlFlowRules } from "./rules-control-flow.ts";
import { structuredRules } from "./rules-structured.ts";
import { tensorRules } from "./rules-tensor.ts";
import { ownType } from "./tensor-views.ts";

const rules = { ...tensorRules, ...structuredRules, ...controlFlowRules };
const bufferType = (type: Type): Type => (type.kind === "tensor" ? ownType(type) : type);

/** Makes the buffer form of a function before the tensor form, which is left as it is. */
export function bufferizeFunction(rewriter: Rewriter, fn: Operation, globals: Globals, padding: PaddingPolicy): void {
  const context = new FunctionContext(rewriter, fn, padding, rules);
  const view = func.func.match(context.source, fn)!;
  const { inputs, results } = view.attributes.function_type;
  const parameters = [...inputs, ...results.filter((type) => type.kind === "tensor")].map(bufferType);
  const returned = results.filter((type) => type.kind !== "tensor");
  const attributes = {
    ...fn.attributes,
    ...(view.attributes.sym_name === "main" ? { [entryPointAttribute]: unitAttribute } : {}),
  };
  const properties: Record<string, Attribute> = {
    ...fn.properties,
    function_type: { kind: "type", type: functionType(parameters, returned) },
    arg_attrs: argumentAttributes(fn, inputs, results),
  };
  delete properties["res_attrs"];
  const body = (_: unknown, values: readonly ValueId[]): void => buildBody(context, fn, globals, results, values);
  at(rewriter, { kind: "before", op: fn.id }, () =>
    rewriter.create({
      name: fn.name,
      properties,
      attributes,
      location: fn.location,
      regions: [[{ arguments: parameters, body }]],
    }),
  );
}

/** The attributes of arguments, then those of tensor results, which are arguments now, with the mark of an output. */
function argumentAttributes(fn: Operation, inputs: readonly Type[], results: readonly Type[]): Attribute {
  const listed = (name: string, count: number): readonly Attribute[] => {
    const given = fn.properties[name] ?? fn.attributes[name];
    const elements = given?.kind === "array" ? given.elements : [];
    return Array.from({ length: count }, (_, index) => elements[index] ?? dictionaryAttribute(noAttributes));
  };
  const outputs = listed("res_attrs", results.length)
    .filter((_, index) => results[index]!.kind === "tensor")
    .map((given) =>
      dictionaryAttribute({ ...(given.kind === "dictionary" ? given.entries : {}), "weft.output": unitAttribute }),
    );
  return { kind: "array", elements: [...listed("arg_attrs", inputs.length), ...outputs] };
}

function buildBody(
  context: FunctionContext,
  fn: Operation,
  globals: Globals,
  results: readonly Type[],
  values: readonly ValueId[],
): void {
  const parameters = context.source.block(fn.regions[0]![0]!).arguments;
  const start = context.marker();
  let next = parameters.length;
  context.outputs = results.map((type) => (type.kind === "tensor" ? values[next++]! : (-1 as ValueId)));
  context.buffers = new Buffers(context.rewriter, context.analysis, globals, start.id, context.outputs);
  parameters.forEach((parameter, index) => {
    if (context.isTensor(parameter)) context.buffers.set(parameter, values[index]!);
    else context.scalars.set(parameter, values[index]!);
  });
  context.block(fn, 0);
  context.rewriter.erase(start);
}
