import {
  type Assertion,
  type CharacterTest,
  isWord,
  parsePattern,
  PatternError,
  type RegularExpression,
} from "./regular-expression-syntax.ts";

/** One state of the automaton: it consumes a character, or goes on to others without doing so. */
type State =
  | { readonly kind: "character"; readonly test: CharacterTest; next: number }
  | { readonly kind: "assertion"; readonly assertion: Assertion; next: number }
  | { readonly kind: "split"; readonly targets: number[] }
  | { readonly kind: "accept" };

/** Repetitions are unrolled, so a short pattern may need many states. */
const stateLimit = 20_000;

/**
 * Whether whole texts match a pattern in RE2's syntax, in time linear in the text, whatever the pattern: all ways to match are followed
 * at once (Thompson, "Regular expression search algorithm", 1968).
 *
 * @throws PatternError
 */
export function fullMatcher(pattern: string): (text: string) => boolean {
  const states: State[] = [{ kind: "accept" }];
  const start = compile(parsePattern(pattern), 0, states);
  return (text) =>
    matches(
      states,
      start,
      Array.from(text, (character) => character.codePointAt(0)!),
    );
}

function add(states: State[], state: State): number {
  if (states.length >= stateLimit) throw new PatternError(`it needs more than ${stateLimit} states`);
  return states.push(state) - 1;
}

/** Adds the states of an expression that goes on to `next`; returns its first one. */
function compile(expression: RegularExpression, next: number, states: State[]): number {
  switch (expression.kind) {
    case "character":
    case "assertion":
      return add(states, { ...expression, next });
    case "sequence":
      return expression.parts.reduceRight((after, part) => compile(part, after, states), next);
    case "choice":
      return add(states, {
        kind: "split",
        targets: expression.options.map((option) => compile(option, next, states)),
      });
    case "repetition":
      return compileRepetition(expression, next, states);
  }
}

function compileRepetition(
  { body, least, most }: Extract<RegularExpression, { readonly kind: "repetition" }>,
  next: number,
  states: State[],
): number {
  let start = next;
  if (most === Infinity) {
    const loop: State = { kind: "split", targets: [next] };
    start = add(states, loop);
    loop.targets.push(compile(body, start, states));
  } else {
    for (let count = least; count < most; count++)
      start = add(states, { kind: "split", targets: [next, compile(body, start, states)] });
  }
  for (let count = 0; count < least; count++) start = compile(body, start, states);
  return start;
}

function matches(states: readonly State[], start: number, text: readonly number[]): boolean {
  let active = reachable(states, [start], text, 0);
  for (const [position, character] of text.entries()) {
    const next: number[] = [];
    for (const index of active) {
      const state = states[index]!;
      if (state.kind === "character" && state.test(character)) next.push(state.next);
    }
    if (next.length === 0) return false;
    active = reachable(states, next, text, position + 1);
  }
  return active.has(0);
}

/** All states that can be reached at a position without consuming a character. */
function reachable(
  states: readonly State[],
  from: readonly number[],
  text: readonly number[],
  position: number,
): ReadonlySet<number> {
  const found = new Set<number>();
  const pending = [...from];
  for (let index = pending.pop(); index !== undefined; index = pending.pop()) {
    if (found.has(index)) continue;
    found.add(index);
    const state = states[index]!;
    if (state.kind === "split") pending.push(...state.targets);
    else if (state.kind === "assertion" && holds(state.assertion, text, position)) pending.push(state.next);
  }
  return found;
}

function holds(assertion: Assertion, text: readonly number[], position: number): boolean {
  const newline = 0x0a;
  const isBoundary = (): boolean => {
    const [before, after] = [text[position - 1], text[position]];
    return (before !== undefined && isWord(before)) !== (after !== undefined && isWord(after));
  };
  switch (assertion) {
    case "text-start":
      return position === 0;
    case "text-end":
      return position === text.length;
    case "line-start":
      return position === 0 || text[position - 1] === newline;
    case "line-end":
      return position === text.length || text[position] === newline;
    case "word-boundary":
      return isBoundary();
    case "no-word-boundary":
      return !isBoundary();
  }
}
