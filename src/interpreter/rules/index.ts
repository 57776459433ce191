import type { DialectRules, Rule } from "../rule.ts";
import { affineRules } from "./affine.ts";
import { arithRules } from "./arith.ts";
import { builtinRules } from "./builtin.ts";
import { deviceRules } from "./device.ts";
import { funcRules } from "./func.ts";
import { gpuRules } from "./gpu.ts";
import { linalgRules } from "./linalg.ts";
import { mathRules } from "./math.ts";
import { memrefRules } from "./memref.ts";
import { scfRules } from "./scf.ts";
import { tensorRules } from "./tensor.ts";
import { vectorRules } from "./vector.ts";
import { weftRules } from "./weft.ts";

/** The rules of every dialect that runs: a new dialect is registered here and nowhere else. */
const dialects: Readonly<Record<string, DialectRules>> = {
  affine: affineRules,
  arith: arithRules,
  builtin: builtinRules,
  device: deviceRules,
  func: funcRules,
  gpu: gpuRules,
  linalg: linalgRules,
  math: mathRules,
  memref: memrefRules,
  scf: scfRules,
  tensor: tensorRules,
  vector: vectorRules,
  weft: weftRules,
};
const rules: ReadonlyMap<string, Rule> = new Map(
  Object.entries(dialects).flatMap(([dialect, entries]) =>
    Object.entries(entries).map(([name, rule]) => [`${dialect}.${name}`, rule] as const),
  ),
);

/** The rule of an operation by its full name. */
export const ruleOf = (name: string): Rule | undefined => rules.get(name);
/** Full names of the operations that have rules. */
export const ruleNames = (): readonly string[] => [...rules.keys()];
