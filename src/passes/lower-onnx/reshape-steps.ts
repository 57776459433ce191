/** One `tensor.collapse_shape` or `tensor.expand_shape`: the shape after it and which dimensions each group merges or makes. */
export interface ReshapeStep {
  readonly kind: "collapse" | "expand";
  readonly groups: readonly (readonly number[])[];
  readonly shape: readonly number[];
}

const product = (sizes: readonly number[]): number => sizes.reduce((total, size) => total * size, 1);
const range = (start: number, end: number): readonly number[] =>
  Array.from({ length: end - start }, (_, index) => start + index);

/**
 * A reshape as at most one collapse and one expansion: dimensions are grouped greedily into the shortest runs of equal products,
 * so that a reshape that only splits, only merges, or leaves leading dimensions alone says so.
 */
export function reshapeSteps(from: readonly number[], to: readonly number[]): readonly ReshapeStep[] {
  if (from.length === to.length && from.every((size, axis) => size === to[axis])) return [];
  const groups = commonGroups(from, to) ?? [{ from: range(0, from.length), to: range(0, to.length) }];
  const middle = groups.map((group) => product(group.from.map((axis) => from[axis]!)));
  const steps: ReshapeStep[] = [];
  // A rank-0 operand or result has no dimensions to group: its one group is empty and the middle shape is [] or [1].
  if (to.length === 0 || from.length !== middle.length || groups.some((group) => group.from.length !== 1))
    steps.push(
      from.length === 0
        ? { kind: "expand", groups: [], shape: middle }
        : {
            kind: "collapse",
            groups: to.length === 0 ? [] : groups.map((group) => group.from),
            shape: to.length === 0 ? [] : middle,
          },
    );
  if (to.length > 0 && (to.length !== middle.length || groups.some((group) => group.to.length !== 1)))
    steps.push({ kind: "expand", groups: from.length === 0 ? [] : groups.map((group) => group.to), shape: to });
  if (from.length === 0) return [{ kind: "expand", groups: [], shape: to }];
  return steps;
}

interface Group {
  readonly from: readonly number[];
  readonly to: readonly number[];
}

function commonGroups(from: readonly number[], to: readonly number[]): readonly Group[] | undefined {
  if (from.length === 0 || to.length === 0 || from.includes(0) || to.includes(0)) return undefined;
  const groups: Group[] = [];
  let [left, right] = [0, 0];
  while (left < from.length && right < to.length) {
    const [startLeft, startRight] = [left, right];
    let [productLeft, productRight] = [from[left++]!, to[right++]!];
    while (productLeft !== productRight) {
      if (productLeft < productRight) productLeft *= from[left++]!;
      else productRight *= to[right++]!;
    }
    groups.push({ from: range(startLeft, left), to: range(startRight, right) });
  }
  // Trailing ones belong to the last group.
  const last = groups.at(-1)!;
  groups[groups.length - 1] = {
    from: [...last.from, ...range(left, from.length)],
    to: [...last.to, ...range(right, to.length)],
  };
  return groups;
}
