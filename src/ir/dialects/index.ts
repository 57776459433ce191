import type { Dialect } from "../define.ts";
import { Registry } from "../registry.ts";
import { affine } from "./affine.ts";
import { arith } from "./arith.ts";
import { builtin } from "./builtin.ts";
import { cf } from "./cf.ts";
import { device } from "./device.ts";
import { func } from "./func.ts";
import { gpu } from "./gpu.ts";
import { linalg } from "./linalg.ts";
import { math } from "./math.ts";
import { memref } from "./memref.ts";
import { onnx, onnxDialect, onnxMicrosoft, onnxMl, onnxPreview, onnxTraining } from "./onnx/index.ts";
import { scf } from "./scf.ts";
import { tensor } from "./tensor.ts";
import { tosa } from "./tosa/index.ts";
import { ub } from "./ub.ts";
import { vector } from "./vector.ts";
import { weft } from "./weft.ts";

export {
  affine,
  arith,
  builtin,
  cf,
  device,
  func,
  gpu,
  linalg,
  math,
  memref,
  onnx,
  onnxMicrosoft,
  onnxMl,
  onnxPreview,
  onnxTraining,
  scf,
  tensor,
  tosa,
  vector,
  weft,
};

/** Every dialect of the compiler: a new one is registered here and nowhere else. */
export const allDialects: readonly Dialect[] = [
  affine.dialect,
  builtin.dialect,
  onnxDialect,
  func.dialect,
  cf.dialect,
  arith.dialect,
  math.dialect,
  tensor.dialect,
  linalg.dialect,
  scf.dialect,
  memref.dialect,
  vector.dialect,
  ub.dialect,
  tosa.dialect,
  gpu.dialect,
  device.dialect,
  weft.dialect,
];
/** The registry of all of them. */
export const registry = new Registry(allDialects);
