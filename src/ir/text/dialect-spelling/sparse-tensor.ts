import { affineText } from "../../affine-expression.ts";
import { attributeText } from "../print-attribute.ts";
import { type BodyReader, UnknownSyntax } from "./body-reader.ts";
import type { NestedTexts } from "./nested-texts.ts";

/** `slice(1, ?, 1)`. */
function slice(reader: BodyReader): string {
  if (reader.word() !== "slice") throw new UnknownSyntax();
  const part = (): string => (reader.accept("?") ? "?" : String(reader.integer()));
  return `slice(${reader.list("(", ")", part).join(", ")})`;
}

/** `d0`, or `d0 : #sparse_tensor<slice(…)>`; an expression of the levels (`d0 = l0 * 2`) follows from theirs and is left out. */
interface Dimension {
  readonly name: string;
  readonly slice: string;
}
function dimension(reader: BodyReader): Dimension {
  const name = reader.word();
  if (reader.accept("=")) reader.until(",", ")", ":");
  if (!reader.accept(":")) return { name, slice: "" };
  reader.expect("#sparse_tensor<");
  const found = slice(reader);
  reader.expect(">");
  return { name, slice: ` : #sparse_tensor<${found}>` };
}

const properties = ["nonunique", "nonordered", "soa"];
/** `dense`, `compressed(nonunique)`, `structured[2, 4]`. */
function levelFormat(reader: BodyReader): string {
  const format = reader.word();
  const sizes = reader.at("[") ? `[${reader.list("[", "]", () => String(reader.integer())).join(", ")}]` : "";
  const given = reader.at("(") ? reader.list("(", ")", () => reader.word()) : [];
  const kept = properties.filter((property) => given.includes(property));
  return `${format}${sizes}${kept.length > 0 ? `(${kept.join(", ")})` : ""}`;
}

interface Level {
  readonly expression: string;
  readonly format: string;
}
function level(reader: BodyReader): Level {
  const text = reader.until(":");
  const expression = text.includes("=") ? text.slice(text.indexOf("=") + 1) : text;
  reader.expect(":");
  return { expression, format: levelFormat(reader) };
}

/** `[s0](d0, d1) -> (d0 : dense, d1 : compressed)`. */
function levelMap(reader: BodyReader, nested: NestedTexts): string {
  if (reader.at("{")) reader.list("{", "}", () => reader.word());
  const symbols = reader.at("[") ? reader.list("[", "]", () => reader.word()) : [];
  const dimensions = reader.list("(", ")", () => dimension(reader));
  reader.expect("->");
  const levels = reader.list("(", ")", () => level(reader));
  const names = dimensions.map(({ name }) => name).join(", ");
  const map = nested.attribute(
    `affine_map<(${names})[${symbols.join(", ")}] -> (${levels.map(({ expression }) => expression).join(", ")})>`,
  );
  if (map.kind !== "affine-map") throw new UnknownSyntax();
  const shownSymbols = symbols.length > 0 ? `[${symbols.map((_, index) => `s${index}`).join(", ")}]` : "";
  const shownDimensions = dimensions.map((one, index) => `d${index}${one.slice}`).join(", ");
  const shownLevels = map.map.results.map((result, index) => `${affineText(result)} : ${levels[index]!.format}`);
  return `${shownSymbols}(${shownDimensions}) -> (${shownLevels.join(", ")})`;
}

const entryOrder = ["map", "posWidth", "crdWidth", "explicitVal", "implicitVal"];

/** `{ map = …, posWidth = 32, … }`; widths of 0 are left out. */
function encoding(reader: BodyReader, nested: NestedTexts): string {
  const entries = new Map<string, string>();
  reader.expect("{");
  while (!reader.at("}")) {
    const key = reader.word();
    reader.expect("=");
    if (!entryOrder.includes(key) || entries.has(key)) throw new UnknownSyntax();
    if (key === "map") entries.set(key, levelMap(reader, nested));
    else if (key.endsWith("Width")) {
      const width = reader.integer();
      if (width !== 0n) entries.set(key, String(width));
    } else entries.set(key, attributeText(nested.attribute(reader.until(",", "}"))));
    if (!reader.accept(",")) break;
  }
  reader.expect("}");
  const shown = entryOrder.filter((key) => entries.has(key)).map((key) => `${key} = ${entries.get(key)!}`);
  return `{ ${shown.join(", ")} }`;
}

/** How sparse tensors are stored. */
export const sparseTensorAttributes = { "sparse_tensor.encoding": encoding } as const;
