import type { Location } from "../../support/location.ts";
import type { Attribute } from "../attributes.ts";
import type { Type } from "../types.ts";

// What an alias stands for is asked for each time that it is used in another's definition, so every part is looked at once.
const depths = new WeakMap<object, number>();

/** How deeply an attribute, a type or a location is nested; what is kept as text counts as one level. */
export function depthOf(node: Attribute | Type | Location): number {
  let depth = depths.get(node);
  if (depth !== undefined) return depth;
  depth = 1;
  for (const part of partsOf(node)) depth = Math.max(depth, 1 + depthOf(part));
  depths.set(node, depth);
  return depth;
}

function partsOf(node: Attribute | Type | Location): readonly (Attribute | Type | Location)[] {
  switch (node.kind) {
    case "array":
      return node.elements;
    case "dictionary":
      return Object.values(node.entries);
    case "type":
      return [node.type];
    case "location":
      return [node.location];
    case "complex":
    case "unranked-tensor":
    case "unranked-memref":
    case "vector":
    case "memref":
    case "tensor":
      return [node.element];
    case "tuple":
      return node.elements;
    case "function":
      return [...node.inputs, ...node.results];
    case "name":
      return [node.child];
    case "callsite":
      return [node.callee, node.caller];
    case "fused":
      return node.from;
    default:
      return [];
  }
}
