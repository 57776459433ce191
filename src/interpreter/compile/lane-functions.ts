import { type EmittedVector, Emitter } from "./emitter.ts";
import { evaluateCode } from "./javascript.ts";

/*
 * Loops over lanes are functions of their own, shared by all code with the same loop: an engine then optimizes a few small functions at
 * once, where it would have to come to every kernel's hundreds of small loops again.
 */

type LaneFunction = (...operands: readonly unknown[]) => void;
const functions = new Map<string, readonly { readonly constants: readonly unknown[]; readonly run: LaneFunction }[]>();
/** Functions bound to one operation's own constants would fill the table without ever being shared. */
const mostTexts = 4096;
const mostBindings = 8;

function functionOf(source: string, constants: readonly unknown[]): LaneFunction {
  const made = functions.get(source) ?? [];
  const known = made.find((entry) => entry.constants.every((constant, index) => constant === constants[index]));
  if (known) return known.run;
  const run = evaluateCode<LaneFunction>(source)(constants);
  if (functions.size < mostTexts && made.length < mostBindings) functions.set(source, [...made, { constants, run }]);
  return run;
}

/**
 * Emits a statement for each lane `l`. `inputs` are expressions of the values that it uses; `statement` gets their names and emits with
 * the function's own emitter. `kind` tells apart loops of equal text on arrays of different kinds.
 */
export function emitLanes(
  emitter: Emitter,
  lanes: number,
  kind: string,
  inputs: readonly string[],
  statement: (inner: Emitter, names: readonly string[]) => string,
): void {
  const inner = new Emitter(emitter.program, emitter.root, () => []);
  const names = inputs.map((_, index) => `p${index}`);
  const body = statement(inner, names);
  const constants = inner.constants.map((_, index) => `const k${index} = k[${index}];`).join(" ");
  const source = `"use strict"; ${constants} return function (${names.join(", ")}) { // ${kind}
for (let l = 0; l < ${lanes}; l++) { ${body} } };`;
  emitter.line(`${emitter.bind(functionOf(source, inner.constants))}(${inputs.join(", ")});`);
}

/** The expression to hand a vector's lanes to {@link emitLanes}, and of lane `l` inside it. */
export const laneInput = (vector: EmittedVector): string => vector.source.code;
export const laneOf = (vector: EmittedVector, name: string): string =>
  vector.source.kind === "splat" ? name : `${name}[l]`;
