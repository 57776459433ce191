import type { Attribute } from "../attributes.ts";
import { i64, type TensorType, tensorType, type VectorType } from "../types.ts";
import { parseDense, type TensorLiteral } from "./dense-literal.ts";
import type { TokenTable } from "./lexer.ts";
import type { LiteralError } from "./number-literal.ts";
import { attributeText } from "./print-attribute.ts";

type PlacedError = LiteralError & { readonly index: number };

/** What stands between the angle brackets of `sparse<…>`: the places of elements, and the elements. */
export function sparseText(
  table: TokenTable,
  indices: TensorLiteral,
  values: TensorLiteral,
  type: TensorType | VectorType,
): string | PlacedError {
  const rank = type.shape.length;
  const places = indices.shape ?? [1, rank];
  const count = values.shape ?? [places[0]!];
  // Places in one dimension need no brackets of their own.
  const arePlaces = places.length === 2 ? places[1] === rank : places.length === 1 && rank === 1;
  if (!arePlaces || count.length !== 1 || count[0] !== places[0])
    return {
      index: indices.start,
      error:
        `expected shape ([${type.shape.join(", ")}]); inferred shape of indices literal ([${places.join(", ")}]); ` +
        `inferred shape of values literal ([${count.join(", ")}])`,
    };
  const parts: string[] = [];
  for (const [literal, part] of [
    [indices, tensorType(places, i64)],
    [values, tensorType(count, type.element)],
  ] as const) {
    const attribute = parseDense(table, literal, part);
    if ("error" in attribute) return attribute;
    const outside = literal === indices ? outsideIndex(attribute, type) : undefined;
    if (outside !== undefined) return { index: indices.start, error: outside };
    parts.push(attributeText(attribute).slice("dense<".length, -`> : ${part.text}`.length));
  }
  return parts.join(", ");
}

/** Tells of the first place that is not inside the shape. */
function outsideIndex(attribute: Attribute, { shape, text }: TensorType | VectorType): string | undefined {
  if (attribute.kind !== "dense") return undefined;
  const numbers = [...(attribute.data as BigInt64Array)].map(Number);
  const all = attribute.splat
    ? Array.from({ length: Number(attribute.type.shape[0]) * shape.length }, () => numbers[0]!)
    : numbers;
  for (let row = 0; row * shape.length < all.length; row++) {
    const place = all.slice(row * shape.length, (row + 1) * shape.length);
    if (place.some((index, dimension) => index < 0 || index >= Number(shape[dimension])))
      return `sparse index #${row} is not contained within the value shape, with index=[${place.join(", ")}], and type='${text}'`;
    if (shape.length === 0) break;
  }
  return undefined;
}
