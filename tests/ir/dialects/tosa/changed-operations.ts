import fc from "fast-check";
import { registry } from "../../../../src/ir/dialects/index.ts";
import { ModuleReader, type Operation, type ValueId, walk } from "../../../../src/ir/module.ts";
import { parseModule } from "../../../../src/ir/text/parse.ts";
import { attributeText } from "../../../../src/ir/text/print-attribute.ts";

/** One operation in a function of its own, with some of its types and numbers changed. */
export interface ChangedOperation {
  readonly name: string;
  readonly text: string;
}

const elementTypes =
  "f32 f16 bf16 f64 f8E5M2 f8E4M3FN f4E2M1FN f8E8M0FNU i1 i4 i8 i16 i32 i48 i64 ui8 si8 index " +
  "!quant.uniform<i8:f32,2.5e-01:-3> !quant.uniform<u8:f32,1.0>";
const element = fc.constantFrom(...elementTypes.split(" "));
const size = fc.constantFrom("?", "0", "1", "2", "3", "4", "5", "8", "32", "64");

/** What is done to the type of one operand or result. */
type Change =
  | { readonly kind: "size"; readonly at: number; readonly size: string }
  | { readonly kind: "longer"; readonly size: string }
  | { readonly kind: "shorter" | "unranked" }
  | { readonly kind: "element"; readonly element: string }
  | { readonly kind: "rank"; readonly rank: number };
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant("size" as const), at: fc.nat(4), size }),
  fc.record({ kind: fc.constant("longer" as const), size }),
  fc.record({ kind: fc.constantFrom("shorter" as const, "unranked" as const) }),
  fc.record({ kind: fc.constant("element" as const), element }),
  fc.record({ kind: fc.constant("rank" as const), rank: fc.nat(5) }),
);

function changed(type: string, by: Change): string {
  if (type.startsWith("!tosa.shape")) return by.kind === "rank" ? `!tosa.shape<${by.rank}>` : type;
  const [, sizes, found] = /^tensor<((?:[\d?]+x)*)(?:\*x)?(.*)>$/.exec(type) ?? [];
  if (sizes === undefined || found === undefined) return by.kind === "element" ? by.element : type;
  const shape = sizes.split("x").slice(0, -1);
  const tensor = (of: readonly string[], elementType = found): string =>
    `tensor<${of.map((one) => `${one}x`).join("")}${elementType}>`;
  switch (by.kind) {
    case "size":
      return tensor(shape.map((one, index) => (index === by.at % shape.length ? by.size : one)));
    case "longer":
      return tensor([...shape, by.size]);
    case "shorter":
      return tensor(shape.slice(1));
    case "unranked":
      return `tensor<*x${found}>`;
    case "element":
      return tensor(shape, by.element);
    case "rank":
      return type;
  }
}

const number = fc.constantFrom("-2", "-1", "0", "1", "2", "3", "5");
/** Numbers of an array attribute or an axis: the one at `at` becomes another. */
const withNumber = (text: string, at: number, other: string): string => {
  let index = 0;
  return text.replaceAll(/(?<=[: ])-?\d+(?=,|>|$)|^-?\d+(?= : i32)/g, (found) => (index++ === at ? other : found));
};

/** Changed operations out of those of a text. */
export function changedOperations(source: string): fc.Arbitrary<ChangedOperation> {
  const reader = new ModuleReader(parseModule(source, { file: "operations.mlir", registry }));
  const operations = [...walk(reader)].filter(
    ({ name, regions }) =>
      name.startsWith("tosa.") && regions.length === 0 && !/^tosa\.(?:variable\w*|yield)$/.test(name),
  );
  return fc
    .record({
      op: fc.constantFrom(...operations),
      changes: fc.array(fc.record({ at: fc.nat(8), change }), { minLength: 1, maxLength: 2 }),
      constant: number,
      attribute: fc.option(fc.record({ at: fc.nat(5), number })),
    })
    .map(({ op, changes, constant, attribute }) => {
      const slots = [...op.operands, ...op.results];
      const types = slots.map((id, index) =>
        changes
          .filter(({ at }) => at % slots.length === index)
          .reduce((type, { change: by }) => changed(type, by), reader.typeOf(id).text),
      );
      const properties = Object.entries(op.properties).map(([name, value]) => {
        const text = attributeText(value);
        return `${name} = ${attribute === null || value.kind === "dense" ? text : withNumber(text, attribute.at, attribute.number)}`;
      });
      return { name: op.name, text: functionOf(reader, op, types, properties, constant) };
    });
}

function functionOf(
  reader: ModuleReader,
  op: Operation,
  types: readonly string[],
  properties: readonly string[],
  constant: string,
): string {
  const operandTypes = types.slice(0, op.operands.length);
  const definitions = op.operands.map((id, index) => definitionOf(reader, id, operandTypes[index]!, index, constant));
  const parameters = operandTypes.map((type, index) => `%${index}: ${type}`);
  const results = op.results.length > 1 ? `%r:${op.results.length}` : "%r";
  return [
    `func.func @f(${parameters.filter((_, index) => definitions[index] === undefined).join(", ")}) {`,
    ...definitions.filter((definition) => definition !== undefined),
    `  ${results} = "${op.name}"(${op.operands.map((_, index) => `%${definitions[index] === undefined ? "" : "c"}${index}`).join(", ")}) ` +
      `{${properties.join(", ")}} : (${operandTypes.join(", ")}) -> (${types.slice(op.operands.length).join(", ")})`,
    "  return",
    "}\n",
  ].join("\n");
}

/** Shapes and zero points stay constants, where their types are still those of constants. */
function definitionOf(
  reader: ModuleReader,
  id: ValueId,
  type: string,
  index: number,
  constant: string,
): string | undefined {
  const definition = reader.definition(id);
  const values = definition?.properties["values"];
  const rank = Number(/^!tosa\.shape<(\d+)>$/.exec(type)?.[1] ?? Number.NaN);
  if (definition?.name === "tosa.const_shape" && values?.kind === "dense" && rank >= 0) {
    const numbers = Array.from({ length: rank }, (_, at) =>
      at === 1 && rank > 3 ? constant : String(values.data[values.splat ? 0 : at] ?? 1),
    );
    return `  %c${index} = tosa.const_shape {values = dense<[${numbers.join(", ")}]> : tensor<${rank}xindex>} : () -> ${type}`;
  }
  if (definition?.name !== "tosa.const" || !/^tensor<1x(?:i8|i16|i32)>$/.test(type)) return undefined;
  return `  %c${index} = "tosa.const"() <{values = dense<${constant}> : ${type}}> : () -> ${type}`;
}
