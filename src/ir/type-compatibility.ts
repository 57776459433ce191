import { isShaped, type Type } from "./types.ts";

/** Whether two types may be those of one value: equal, or shaped alike where both sizes are known. */
export function areCompatible(left: Type, right: Type): boolean {
  if (left === right) return true;
  const isUnranked = (type: Type): boolean => type.kind === "unranked-tensor" || type.kind === "unranked-memref";
  if (isUnranked(left) || isUnranked(right))
    return "element" in left && "element" in right && left.element === right.element;
  if (!isShaped(left) || !isShaped(right) || left.kind !== right.kind || left.element !== right.element) return false;
  return (
    left.shape.length === right.shape.length &&
    left.shape.every((size, index) => size === "?" || right.shape[index] === "?" || size === right.shape[index])
  );
}
