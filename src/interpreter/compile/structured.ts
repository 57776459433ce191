import { type AffineExpression, linearForm } from "../../ir/affine.ts";
import { linalg } from "../../ir/dialects/linalg.ts";
import { bodyOf, type Operation, walk } from "../../ir/module.ts";
import { elementOf, indexType } from "../../ir/types.ts";
import { affineRange, type IterationSpace } from "../iteration-space.ts";
import { ruleOf } from "../rules/index.ts";
import { isBuffer, isScalar, rowMajorStrides, type RuntimeValue } from "../values.ts";
import { type EmittedScalar, type Emitter, elementStorage, NotCompilable, type OperationEmitter } from "./emitter.ts";
import { loadCode, storeCode } from "./storage-code.ts";

/** One operand of a structured operation: where its element for a point of the loops is. */
interface Access {
  /** The local that holds the operand's data. */
  readonly data: string;
  /** Elements to advance for each step of each loop. */
  readonly steps: readonly number[];
  /** Parts of the position that are no linear function of the loops: an expression times a stride. */
  readonly rest: readonly { readonly expression: AffineExpression; readonly stride: number }[];
  readonly start: string;
}

/** How many points of a reduction's innermost parallel loop are computed side by side, to overlap their chains of additions. */
const sideBySide = 4;
/** Bodies with more operations gain nothing from it. */
const largestJammedBody = 8;

/** The position an operand's element has, apart into what is linear in the loops and the rest. */
function accessOf(
  data: string,
  offset: string,
  strides: readonly number[],
  results: readonly AffineExpression[],
  loops: number,
): Access {
  const steps = Array.from({ length: loops }, () => 0);
  const rest: { expression: AffineExpression; stride: number }[] = [];
  let constant = 0;
  results.forEach((expression, axis) => {
    const stride = strides[axis]!;
    const linear = linearForm(expression);
    if (!linear) {
      rest.push({ expression, stride });
      return;
    }
    constant += linear.constant * stride;
    for (const [loop, factor] of linear.coefficients) steps[loop] = steps[loop]! + factor * stride;
  });
  const start = constant === 0 ? offset : offset === "0" ? String(constant) : `${offset} + ${constant}`;
  return { data, steps, rest, start };
}

/** The code of an affine expression in the loop variables. Divisors are positive. */
function affineCode(expression: AffineExpression, loops: readonly string[], sizes: readonly number[]): string {
  switch (expression.kind) {
    case "dimension":
      return loops[expression.position]!;
    case "constant":
      return expression.value < 0 ? `(${expression.value})` : String(expression.value);
    case "symbol":
      throw new NotCompilable("symbol");
    default: {
      const left = affineCode(expression.left, loops, sizes);
      const right = affineCode(expression.right, loops, sizes);
      if (expression.kind === "add") return `(${left} + ${right})`;
      if (expression.kind === "multiply") return `(${left} * ${right})`;
      if (expression.kind === "floor-divide") return `Math.floor(${left} / ${right})`;
      if (expression.kind === "ceiling-divide") return `Math.ceil(${left} / ${right})`;
      const nonNegative = affineRange(expression.left, sizes)[0] >= 0;
      return nonNegative ? `(${left} % ${right})` : `((${left} % ${right} + ${right}) % ${right})`;
    }
  }
}

/** Whether the body does nothing but compute: no memory but its operands' is seen. */
function isComputation(emitter: Emitter, op: Operation): boolean {
  for (const inner of walk(emitter.program.reader, op.id)) {
    const rule = ruleOf(inner.name);
    if (!rule || (rule.kind === "operation" && rule.purity === "effect")) return false;
  }
  return true;
}

/** A structured operation's loop nest, while it is emitted. */
interface Nest {
  readonly emitter: Emitter;
  readonly op: Operation;
  readonly sizes: readonly number[];
  readonly accesses: readonly (Access | undefined)[];
  readonly scalars: readonly (EmittedScalar | undefined)[];
  /** How many of the operands, the last ones, are outputs. */
  readonly outputs: number;
  /** The number of loops outside the reduction, inside which outputs are kept in locals; undefined where they are not. */
  readonly outerLoops: number | undefined;
}

/** How many loops, from the outermost on, it takes to include every one that moves an access. */
const movingLoops = ({ steps, rest }: Access, sizes: readonly number[]): number =>
  rest.length > 0 ? sizes.length : steps.findLastIndex((step, loop) => step !== 0 && sizes[loop]! > 1) + 1;

/** Where an operand of compiled code is: the locals of its data and offset. */
export interface OperandCode {
  readonly data: string;
  readonly offset: string;
}

/**
 * Emits the loop nest of a structured operation on operands of known shapes. Each output element is accumulated in the order of the
 * loops, as the rule does.
 *
 * @param code for each operand, where its elements are; undefined for scalars.
 * @param aliased whether an output may share memory with another operand.
 */
export function emitStructured(
  emitter: Emitter,
  op: Operation,
  { maps, sizes }: IterationSpace,
  operands: readonly RuntimeValue[],
  code: readonly (OperandCode | undefined)[],
  scalars: readonly (EmittedScalar | undefined)[],
  outputs: number,
  aliased: boolean,
): void {
  const accesses = operands.map((value, index) => {
    const names = code[index];
    if (!names || isScalar(value)) return undefined;
    const strides = isBuffer(value) ? value.strides : rowMajorStrides(value.shape);
    return accessOf(names.data, names.offset, strides, maps[index]!.results, sizes.length);
  });
  const outer = accesses.slice(-outputs).map((access) => movingLoops(access!, sizes));
  const reduces = outer[0]! <= sizes.findLastIndex((size) => size > 1);
  const accumulates = reduces && !aliased && outer.every((loops) => loops === outer[0]) && isComputation(emitter, op);
  const nest: Nest = {
    emitter,
    op,
    sizes,
    accesses,
    scalars,
    outputs,
    outerLoops: accumulates ? outer[0]! : undefined,
  };
  const positions = accesses.map((access) => {
    if (!access || access.start === "0") return "0";
    const name = emitter.fresh("p");
    emitter.line(`const ${name} = ${access.start};`);
    return name;
  });
  emitLoops(nest, [], positions);
}

/** `place + distance`. */
const shifted = (place: string, distance: number): string =>
  distance === 0 ? place : place === "0" ? String(distance) : `${place} + ${distance}`;

/** Emits loop number `loops.length` and what is inside it. */
function emitLoops(nest: Nest, loops: readonly string[], places: readonly string[]): void {
  const { emitter, op, sizes, accesses, outerLoops } = nest;
  const loop = loops.length;
  if (loop === outerLoops) return emitReduction(nest, loops, places, 1);
  if (loop === sizes.length) return emitPoint(nest, loops, places);
  const size = sizes[loop]!;
  const jams =
    loop + 1 === outerLoops && size >= sideBySide && bodyOf(emitter.program.reader, op).length <= largestJammedBody;
  if (!jams) {
    emitLoop(nest, loop, [0, size, 1], places, (variable, inside) => emitLoops(nest, [...loops, variable], inside));
    return;
  }
  const whole = size - (size % sideBySide);
  emitLoop(nest, loop, [0, whole, sideBySide], places, (variable, inside) =>
    emitReduction(nest, [...loops, variable], inside, sideBySide),
  );
  if (whole === size) return;
  const rest = places.map((place, index) => shifted(place, whole * (accesses[index]?.steps[loop] ?? 0)));
  emitLoop(nest, loop, [whole, size, 1], rest, (variable, inside) =>
    emitReduction(nest, [...loops, variable], inside, 1),
  );
}

/** Emits one loop over `from, from + step, … < to`; a loop of one iteration is only its body. */
function emitLoop(
  { emitter, accesses }: Nest,
  loop: number,
  [from, to, step]: readonly [number, number, number],
  places: readonly string[],
  body: (variable: string, places: readonly string[]) => void,
): void {
  if (from + step >= to) {
    emitter.line("{");
    body(String(from), places);
    emitter.line("}");
    return;
  }
  const variable = emitter.fresh("i");
  const starts = [`${variable} = ${from}`];
  const increments = [`${variable} += ${step}`];
  const inside = places.map((place, index) => {
    const distance = (accesses[index]?.steps[loop] ?? 0) * step;
    if (distance === 0) return place;
    const name = emitter.fresh("p");
    starts.push(`${name} = ${place}`);
    increments.push(`${name} += ${distance}`);
    return name;
  });
  emitter.line(`for (let ${starts.join(", ")}; ${variable} < ${to}; ${increments.join(", ")}) {`);
  body(variable, inside);
  emitter.line("}");
}

/** Emits the loops of a reduction for `copies` neighbouring outputs side by side, each in its own local. */
function emitReduction(nest: Nest, loops: readonly string[], places: readonly string[], copies: number): void {
  const { emitter, accesses, outputs } = nest;
  const first = accesses.length - outputs;
  const moved = loops.length - 1;
  const distance = (index: number, copy: number): number => copy * (accesses[index]?.steps[moved] ?? 0);
  const element = (index: number, copy: number): string =>
    `${accesses[index]!.data}[${shifted(places[index]!, distance(index, copy))}]`;
  const accumulators = Array.from({ length: copies }, (_, copy) =>
    accesses.slice(first).map((_, output) => {
      const name = emitter.fresh("a");
      emitter.line(
        `let ${name} = ${loadCode(emitter, storageOf(nest, first + output), element(first + output, copy))};`,
      );
      return name;
    }),
  );
  const inner = (loop: number, all: readonly string[], at: readonly string[]): void => {
    if (loop < nest.sizes.length) {
      emitLoop(nest, loop, [0, nest.sizes[loop]!, 1], at, (variable, inside) =>
        inner(loop + 1, [...all, variable], inside),
      );
      return;
    }
    const shared = new Map<number, EmittedScalar>();
    for (let copy = 0; copy < copies; copy++) {
      const here = at.map((place, index) => (accesses[index] ? shifted(place, distance(index, copy)) : place));
      const variables = copy === 0 ? all : all.with(moved, `(${all[moved]!} + ${copy})`);
      emitPoint(nest, variables, here, accumulators[copy], { shared, still: (index) => distance(index, 1) === 0 });
    }
  };
  inner(loops.length, loops, places);
  accumulators.forEach((names, copy) =>
    names.forEach((name, output) =>
      emitter.line(storeCode(emitter, storageOf(nest, first + output), element(first + output, copy), name)),
    ),
  );
}

const storageOf = ({ emitter, op }: Nest, operand: number) => elementStorage(emitter.typeOf(op.operands[operand]!));

/**
 * Emits one point of the loops: elements are read, the body computes, outputs are written, to `accumulators` where given.
 * Operands that stand `still` from one copy to the next are read once and `shared`.
 */
function emitPoint(
  nest: Nest,
  loops: readonly string[],
  places: readonly string[],
  accumulators?: readonly string[],
  copies?: { readonly shared: Map<number, EmittedScalar>; readonly still: (operand: number) => boolean },
): void {
  const { emitter, op, sizes, accesses, scalars, outputs } = nest;
  const { reader } = emitter.program;
  const first = accesses.length - outputs;
  const variables = loops.map((code, loop): EmittedScalar => {
    const [low, high] = /^\d+$/.test(code) ? [Number(code), Number(code)] : [0, sizes[loop]! - 1];
    return { kind: "scalar", code, type: indexType, low, high };
  });
  const place = (operand: number): string => {
    const { data, rest } = accesses[operand]!;
    const parts = rest.map(({ expression, stride }) => ` + ${affineCode(expression, loops, sizes)} * ${stride}`);
    return `${data}[${places[operand]!}${parts.join("")}]`;
  };
  const values = reader.block(op.regions[0]![0]!).arguments;
  values.forEach((argument, index) => {
    if (reader.uses(argument).length === 0) return;
    const known = scalars[index] ?? copies?.shared.get(index);
    if (known) return emitter.set(argument, known);
    const accumulator = index < first ? undefined : accumulators?.[index - first];
    const code = accumulator ?? loadCode(emitter, storageOf(nest, index), place(index));
    const value = emitter.define(elementOf(emitter.typeOf(op.operands[index]!)), code);
    if (copies?.still(index) && !accumulator) copies.shared.set(index, value);
    emitter.set(argument, value);
  });
  emitter.positions = variables;
  const yielded = emitter.region(op, 0);
  yielded.forEach((value, output) => {
    if (value.kind !== "scalar") throw new NotCompilable(op.name);
    const accumulator = accumulators?.[output];
    emitter.line(
      accumulator
        ? `${accumulator} = ${value.code};`
        : storeCode(emitter, storageOf(nest, first + output), place(first + output), value.code),
    );
  });
}

/** `linalg.index` gives the loop variable. */
export const indexEmitter: OperationEmitter = (emitter, op) => {
  const dimension = linalg.index.match(emitter.program.reader, op)?.attributes.dim ?? -1;
  const variable = emitter.positions?.[dimension];
  if (!variable) return false;
  emitter.set(op.results[0]!, variable);
  return true;
};
