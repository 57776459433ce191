/** Bits of a small repeatable random generator (mulberry32). */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Operator {
  readonly name: string;
  readonly properties: string;
  /** The right operand that makes it the identity. */
  readonly neutral: number | undefined;
}
const overflow = " <{overflowFlags = #arith.overflow<none>}>";
const operators: readonly Operator[] = [
  { name: "arith.addi", properties: overflow, neutral: 0 },
  { name: "arith.subi", properties: overflow, neutral: 0 },
  { name: "arith.muli", properties: overflow, neutral: 1 },
  { name: "arith.andi", properties: "", neutral: -1 },
  { name: "arith.ori", properties: "", neutral: 0 },
  { name: "arith.xori", properties: "", neutral: 0 },
  { name: "arith.maxsi", properties: "", neutral: undefined },
  { name: "arith.minsi", properties: "", neutral: undefined },
];
const identities = operators.filter(({ neutral }) => neutral !== undefined);

/**
 * A module in generic form: one function of `operations` arith operations on i64, of which 10 % are constants over 64 values, 15 % can be
 * folded (both operands are constants), 5 % are identities (x + 0, x * 1 …) and 20 % repeat one of the last 64 operations. The rest take
 * recent values. Values that nothing uses are returned, so that nothing is dead.
 */
export function generateModule(operations: number, seed = 1): string {
  const next = random(seed);
  const below = (limit: number): number => Math.floor(next() * limit);
  const lines: string[] = [];
  /** Values of each kind, newest last; `unused` is drawn from first. */
  const constants: number[] = [];
  const recent: number[] = [];
  const unused: number[] = [];
  const repeatable: string[] = [];
  let count = 0;

  const define = (text: string): void => {
    lines.push(`    %${count} = ${text}`);
  };
  const constant = (value: number): void => {
    define(`"arith.constant"() <{value = ${value} : i64}> : () -> i64`);
    constants.push(count++);
  };
  const binary = ({ name, properties }: Operator, lhs: string, rhs: string): string =>
    `"${name}"(${lhs}, ${rhs})${properties} : (i64, i64) -> i64`;
  const result = (text: string): void => {
    define(text);
    repeatable.push(text);
    if (repeatable.length > 64) repeatable.shift();
    recent.push(count);
    if (recent.length > 256) recent.shift();
    unused.push(count++);
  };
  const fresh = (): string => {
    if (unused.length > 32) return `%${unused.splice(below(unused.length), 1)[0]}`;
    return recent.length > 0 ? `%${recent[below(recent.length)]}` : `%arg${below(4)}`;
  };
  const oneConstant = (): string => `%${constants[below(constants.length)]}`;

  // The neutral elements come first, so that identities can name them.
  const neutral = new Map<number, string>();
  for (const value of [0, 1, -1]) {
    neutral.set(value, `%${count}`);
    constant(value);
  }
  const isComplete = (): boolean => count >= operations;
  while (!isComplete()) {
    const kind = next();
    if (kind < 0.1) constant(below(64));
    else if (kind < 0.25) result(binary(operators[below(operators.length)]!, oneConstant(), oneConstant()));
    else if (kind < 0.3) {
      const operator = identities[below(identities.length)]!;
      result(binary(operator, fresh(), neutral.get(operator.neutral!)!));
    } else if (kind < 0.5 && repeatable.length > 0) result(repeatable[below(repeatable.length)]!);
    else result(binary(operators[below(operators.length)]!, fresh(), fresh()));
  }
  const types = unused.map(() => "i64").join(", ");
  const returned = unused.map((value) => `%${value}`).join(", ");
  const parameters = Array.from({ length: 4 }, (_, index) => `%arg${index}: i64`).join(", ");
  return [
    `"builtin.module"() ({`,
    `  "func.func"() <{function_type = (i64, i64, i64, i64) -> (${types}), sym_name = "main"}> ({`,
    `  ^bb0(${parameters}):`,
    ...lines,
    `    "func.return"(${returned}) : (${types}) -> ()`,
    `  }) : () -> ()`,
    `}) : () -> ()`,
    "",
  ].join("\n");
}
