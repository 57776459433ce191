import type { Lowered } from "./lowering.ts";
import type { Tensor } from "./tensor.ts";

/** The tensors inside values, in order: what loops and branches can carry. */
export function tensorsOf(values: readonly (Lowered | undefined)[]): readonly Tensor[] {
  return values.flatMap((value): readonly Tensor[] => {
    if (value === undefined) return [];
    if (value.kind === "tensor") return [value];
    return tensorsOf(value.kind === "sequence" ? value.elements : [value.value]);
  });
}

/** Values of the structure of `like` with other tensors in it. */
export function withTensors(like: readonly Lowered[], tensors: readonly Tensor[]): readonly Lowered[] {
  const rest = [...tensors];
  const rebuilt = (value: Lowered): Lowered => {
    if (value.kind === "tensor") return rest.shift()!;
    if (value.kind === "optional") return { kind: "optional", value: value.value && rebuilt(value.value) };
    return { kind: "sequence", elements: value.elements.map(rebuilt) };
  };
  return like.map(rebuilt);
}

/** Whether two values have the same structure, shapes and element types: one may take the other's place at run time. */
export function sameStructure(
  left: readonly (Lowered | undefined)[],
  right: readonly (Lowered | undefined)[],
): boolean {
  return (
    left.length === right.length &&
    left.every((value, index) => {
      const other = right[index];
      if (value === undefined || other === undefined) return value === other;
      if (value.kind === "tensor")
        return other.kind === "tensor" && value.element === other.element && value.shape.join() === other.shape.join();
      if (value.kind === "optional") return other.kind === "optional" && sameStructure([value.value], [other.value]);
      return other.kind === "sequence" && sameStructure(value.elements, other.elements);
    })
  );
}

/** Whether all elements inside are known at compile time. */
export const allKnown = (values: readonly Lowered[]): boolean =>
  tensorsOf(values).every((tensor) => tensor.constant !== undefined);
