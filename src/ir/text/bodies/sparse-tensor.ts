import { affineText } from "../../affine-expression.ts";
import { type Body, type BodyReader, commaList } from "./reader.ts";
import { spaced } from "./spacing.ts";

/** A level: the expression as it was written, and what follows the colon. */
interface Level {
  readonly expression: string;
  readonly type: string;
}

/** `{ map = (d0, d1) -> (d0 : dense, d1 : compressed), posWidth = 64 }`. */
export const sparseEncoding: Body = (reader) => {
  const entries = new Map<string, string>();
  reader.expect("{");
  // A comma may stand behind the last entry.
  while (!reader.accept("}")) {
    const name = reader.word();
    reader.expect("=");
    entries.set(name, name === "map" ? levelMap(reader) : encodingValue(reader, name));
    if (!reader.at("}")) reader.expect(",");
  }
  if (!entries.has("map")) reader.fail("expected a map");
  const order = ["map", "posWidth", "crdWidth", "explicitVal", "implicitVal"];
  const written = order.filter((name) => entries.has(name) && entries.get(name) !== "0");
  if ([...entries.keys()].some((name) => !order.includes(name))) reader.fail("unknown key");
  return `{ ${written.map((name) => `${name} = ${entries.get(name)!}`).join(", ")} }`;
};

const encodingValue = (reader: BodyReader, name: string): string =>
  name.endsWith("Width") ? reader.number() : reader.attribute();

/** `[s0](d0, d1) -> (d0 : dense, …)`; names of one's own become numbered ones. */
function levelMap(reader: BodyReader): string {
  const symbols = reader.accept("[") ? commaList(reader, () => reader.word()) : [];
  if (symbols.length > 0) reader.expect("]");
  if (reader.accept("{")) {
    commaList(reader, () => reader.word());
    reader.expect("}");
  }
  reader.expect("(");
  const dimensions = reader.at(")") ? [] : commaList(reader, () => dimension(reader));
  reader.expect(")");
  reader.expect("->");
  reader.expect("(");
  const levels = reader.at(")") ? [] : commaList(reader, () => level(reader));
  reader.expect(")");
  const head = `(${dimensions.map(({ name }) => name).join(", ")})${symbols.length > 0 ? `[${symbols.join(", ")}]` : ""}`;
  const map = reader.affineMap(`${head} -> (${levels.map(({ expression }) => expression).join(", ")})`);
  const symbolText = symbols.length > 0 ? `[${symbols.map((_, index) => `s${index}`).join(", ")}]` : "";
  const dimensionTexts = dimensions.map(({ slice }, index) => `d${index}${slice === undefined ? "" : ` : ${slice}`}`);
  const levelTexts = levels.map(({ type }, index) => `${affineText(map.results[index]!)} : ${type}`);
  return `${symbolText}(${dimensionTexts.join(", ")}) -> (${levelTexts.join(", ")})`;
}

function dimension(reader: BodyReader): { readonly name: string; readonly slice: string | undefined } {
  const name = reader.word();
  // How a dimension follows from the levels is inferred from how they follow from it.
  if (reader.accept("=")) spaced(reader, () => reader.at(":") || reader.at(",") || reader.at(")"));
  return { name, slice: reader.accept(":") ? reader.attribute() : undefined };
}

function level(reader: BodyReader): Level {
  reader.optional(() => {
    reader.word();
    reader.expect("=");
  });
  const expression = spaced(reader, () => reader.at(":"));
  reader.expect(":");
  return { expression, type: levelType(reader) };
}

const propertyOrder = ["nonunique", "nonordered", "soa"];

/** `compressed(nonunique, nonordered)`, `structured[2, 4]`. */
function levelType(reader: BodyReader): string {
  const name = reader.word();
  const sizes = reader.accept("[") ? commaList(reader, () => reader.number()) : undefined;
  if (sizes !== undefined) reader.expect("]");
  const properties = reader.accept("(") ? commaList(reader, () => reader.word()) : undefined;
  if (properties !== undefined) reader.expect(")");
  const ordered = propertyOrder.filter((property) => properties?.includes(property));
  return `${name}${sizes === undefined ? "" : `[${sizes.join(", ")}]`}${ordered.length === 0 ? "" : `(${ordered.join(", ")})`}`;
}
