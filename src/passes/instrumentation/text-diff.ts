/** One line of an edit script. */
interface Edit {
  readonly kind: " " | "-" | "+";
  readonly line: string;
}

/** Beyond this many changed lines the middle is shown as replaced whole: the search for the least edit is quadratic in them. */
const maximumChanges = 2000;

/** The least edit script between two lists of lines (Myers, "An O(ND) Difference Algorithm", 1986). */
function editScript(before: readonly string[], after: readonly string[]): readonly Edit[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  while (
    end < before.length - start &&
    end < after.length - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  )
    end++;
  const kept = (line: string): Edit => ({ kind: " ", line });
  return [
    ...before.slice(0, start).map(kept),
    ...changedPart(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...before.slice(before.length - end).map(kept),
  ];
}

function changedPart(before: readonly string[], after: readonly string[]): readonly Edit[] {
  const replaced = (): readonly Edit[] => [
    ...before.map((line) => ({ kind: "-", line }) as const),
    ...after.map((line) => ({ kind: "+", line }) as const),
  ];
  if (before.length === 0 || after.length === 0) return replaced();
  const trace: Map<number, number>[] = [];
  let frontier = new Map<number, number>([[1, 0]]);
  for (let distance = 0; distance <= maximumChanges; distance++) {
    const next = new Map(frontier);
    trace.push(frontier);
    for (let diagonal = -distance; diagonal <= distance; diagonal += 2) {
      const down =
        diagonal === -distance ||
        (diagonal !== distance && (next.get(diagonal - 1) ?? -1) < (next.get(diagonal + 1) ?? -1));
      let x = down ? (next.get(diagonal + 1) ?? 0) : (next.get(diagonal - 1) ?? 0) + 1;
      let y = x - diagonal;
      while (x < before.length && y < after.length && before[x] === after[y]) {
        x++;
        y++;
      }
      next.set(diagonal, x);
      if (x >= before.length && y >= after.length) return backtrack(before, after, trace);
    }
    frontier = next;
  }
  return replaced();
}

function backtrack(
  before: readonly string[],
  after: readonly string[],
  trace: readonly ReadonlyMap<number, number>[],
): readonly Edit[] {
  const edits: Edit[] = [];
  let [x, y] = [before.length, after.length];
  for (let distance = trace.length - 1; distance >= 0; distance--) {
    const frontier = trace[distance]!;
    const diagonal = x - y;
    const down =
      diagonal === -distance ||
      (diagonal !== distance && (frontier.get(diagonal - 1) ?? -1) < (frontier.get(diagonal + 1) ?? -1));
    const previousDiagonal = down ? diagonal + 1 : diagonal - 1;
    const previousX = distance === 0 ? 0 : (frontier.get(previousDiagonal) ?? 0);
    const previousY = distance === 0 ? 0 : previousX - previousDiagonal;
    while (x > previousX && y > previousY) {
      edits.push({ kind: " ", line: before[--x]! });
      y--;
    }
    if (distance === 0) break;
    if (down) edits.push({ kind: "+", line: after[--y]! });
    else edits.push({ kind: "-", line: before[--x]! });
  }
  return edits.reverse();
}

const contextLines = 3;

/** The difference of two texts as `diff -u` writes it; empty when they are equal. */
export function unifiedDiff(before: string, after: string, names: readonly [string, string]): string {
  if (before === after) return "";
  const edits = editScript(before.split("\n"), after.split("\n"));
  const near = edits.map(() => false);
  edits.forEach((edit, index) => {
    if (edit.kind === " ") return;
    for (let at = index - contextLines; at <= index + contextLines; at++)
      if (at >= 0 && at < edits.length) near[at] = true;
  });
  const text = [`--- ${names[0]}`, `+++ ${names[1]}`];
  let [oldLine, newLine] = [1, 1];
  for (let index = 0; index < edits.length;) {
    if (!near[index]) {
      oldLine++;
      newLine++;
      index++;
      continue;
    }
    const hunk: Edit[] = [];
    for (; index < edits.length && near[index]; index++) hunk.push(edits[index]!);
    const oldCount = hunk.filter((edit) => edit.kind !== "+").length;
    const newCount = hunk.filter((edit) => edit.kind !== "-").length;
    text.push(`@@ -${range(oldLine, oldCount)} +${range(newLine, newCount)} @@`);
    text.push(...hunk.map((edit) => edit.kind + edit.line));
    oldLine += oldCount;
    newLine += newCount;
  }
  return `${text.join("\n")}\n`;
}

/** A hunk's range as `diff -u` writes it: the line before when it is empty, no count when it is one. */
const range = (start: number, count: number): string =>
  count === 0 ? `${start - 1},0` : count === 1 ? `${start}` : `${start},${count}`;
