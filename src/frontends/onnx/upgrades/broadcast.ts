import type { HostTensor } from "../../../support/numeric/host-tensor.ts";
import { intAttribute, type Rewriting } from "./rewriting.ts";

/**
 * `small` with as many dimensions of size 1 behind its own as make its first dimension meet dimension `axis` of `big` under
 * today's broadcasting, which aligns the last dimensions. Where ranks are not declared they are computed at run time.
 */
export function alignAt(small: string, big: string, axis: number, to: Rewriting): string {
  const smallRank = to.rankOf(small);
  const bigRank = to.rankOf(big);
  // A negative axis counts from the end of `big`, so that its rank does not matter.
  const fromEnd = axis < 0 ? -axis : bigRank === undefined ? undefined : bigRank - axis;
  if (smallRank === undefined || fromEnd === undefined) return alignAtRunTime(small, big, axis, to);
  const missing = fromEnd - smallRank;
  if (missing < 0) to.refuse(`rank ${smallRank} from axis ${axis} on exceeds the other operand's rank`);
  if (missing === 0) return small;
  const constant = to.scope.constantOf(small);
  if (constant !== undefined) {
    const shape = [...constant.shape, ...Array.from({ length: missing }, () => 1)];
    return to.constant("aligned", { ...constant, shape } satisfies HostTensor);
  }
  const axes = Array.from({ length: missing }, (_, index) => smallRank + index);
  return to.apply("Unsqueeze", [small, to.ints("axes", axes)]);
}

function alignAtRunTime(small: string, big: string, axis: number, to: Rewriting): string {
  const rank = (name: string): string => to.apply("Shape", [to.apply("Shape", [name])]);
  const fromEnd = axis < 0 ? to.ints("from_end", [-axis]) : to.apply("Sub", [rank(big), to.ints("axis", [axis])]);
  const missing = to.apply("Sub", [fromEnd, rank(small)]);
  const ones = to.apply("Expand", [to.ints("one", [1]), missing]);
  const shape = to.apply("Concat", [to.apply("Shape", [small]), ones], { axis: intAttribute(0) });
  return to.apply("Reshape", [small, shape], { allowzero: intAttribute(1) });
}
