import type { Attribute } from "../../attributes.ts";
import type { Type } from "../../types.ts";

/** Reads attributes and types that stand in the body of another; what is not one is an `UnknownSyntax`. */
export interface NestedTexts {
  attribute(text: string): Attribute;
  type(text: string): Type;
}
