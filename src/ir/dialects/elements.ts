import type { InferenceContext } from "../assembly.ts";
import { elementOf, isShaped, type Type } from "../types.ts";

/** Elements that are told one by one; beyond it a wrong number is found by the verifier. */
const listLimit = 65_536;

/** The types of the elements of a shaped type, one for each; undefined where it is not known. */
export function elementsOf(type: Type | undefined, context: InferenceContext): Type | readonly Type[] | undefined {
  if (type === undefined || !isShaped(type)) return undefined;
  const element = elementOf(type);
  const count = type.shape.reduce<number>((product, size) => product * Number(size), 1);
  const isListed = Number.isInteger(count) && count <= listLimit;
  return isListed && count !== context.count("elements") ? Array.from({ length: count }, () => element) : element;
}
