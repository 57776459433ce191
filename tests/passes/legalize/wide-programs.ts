import fc from "fast-check";
import { registry } from "../../../src/ir/dialects/index.ts";
import type { Module } from "../../../src/ir/module.ts";
import { parseModule } from "../../../src/ir/text/parse.ts";
import { verifyModule } from "../../../src/ir/verifier.ts";
import { bufferOf, interpretFunction, type RuntimeValue } from "../../../src/interpreter/interpret.ts";
import { CompileError } from "../../../src/support/diagnostic.ts";

/** How many invocations, each with numbers of its own. */
export const invocations = 16;

/** A kernel on two long integers and a float of each invocation, `%a`, `%b` and `%f`; it gives a long integer, `%r`, and a float, `%g`. */
export const wideKernel = (body: string, more = ""): string => `module attributes {gpu.container_module} {
  gpu.module @kernels {
    ${more}
    gpu.func @k(%A: memref<16xi64>, %B: memref<16xi64>, %F: memref<16xf32>, %R: memref<16xi64>, %G: memref<16xf32>) kernel {
      %place = gpu.global_id x
      %a = memref.load %A[%place] : memref<16xi64>
      %b = memref.load %B[%place] : memref<16xi64>
      %f = memref.load %F[%place] : memref<16xf32>
      ${body}
      memref.store %r, %R[%place] : memref<16xi64>
      memref.store %g, %G[%place] : memref<16xf32>
      gpu.return
    }
  }
  func.func @main(%A: memref<16xi64>, %B: memref<16xi64>, %F: memref<16xf32>, %R: memref<16xi64>, %G: memref<16xf32>) {
    %c1 = arith.constant 1 : index
    %c4 = arith.constant 4 : index
    gpu.launch_func @kernels::@k blocks in (%c4, %c1, %c1) threads in (%c4, %c1, %c1) args(%A : memref<16xi64>, %B : memref<16xi64>, %F : memref<16xf32>, %R : memref<16xi64>, %G : memref<16xf32>)
    return
  }
}`;

export interface WideInputs {
  readonly a: readonly bigint[];
  readonly b: readonly bigint[];
  readonly f: readonly number[];
}

const words = fc.oneof(
  fc.constantFrom(
    0,
    1,
    2,
    3,
    7,
    0x7fff,
    0x8000,
    0xffff,
    0x10000,
    0xffffff,
    0x1000001,
    0x7fffffff,
    0x80000000,
    0xffffffff,
  ),
  fc.nat({ max: 0xffffffff }),
);
/** Long integers, near those where words meet and where floats are rounded. */
export const wide: fc.Arbitrary<bigint> = fc.oneof(
  fc.tuple(words, words).map(([high, low]) => BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low))),
  fc.integer({ min: -100, max: 100 }).map(BigInt),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc
    .tuple(fc.nat({ max: 63 }), fc.integer({ min: -2, max: 2 }))
    .map(([bit, off]) => BigInt.asIntN(64, (1n << BigInt(bit)) + BigInt(off))),
  // Halfway between two floats of 24 bits, and beside that.
  fc
    .tuple(fc.nat({ max: 38 }), fc.nat({ max: 0xffffff }), fc.integer({ min: -1, max: 1 }))
    .map(([shift, bits, off]) =>
      BigInt.asIntN(64, (((BigInt(bits) | 0x800000n) * 2n + 1n) << BigInt(shift)) + BigInt(off)),
    ),
);
const float: fc.Arbitrary<number> = fc
  .oneof(
    fc.float(),
    fc.integer().map(Math.fround),
    wide.map((value) => Math.fround(Number(value))),
    fc.constantFrom(
      NaN,
      Infinity,
      -Infinity,
      0,
      -0,
      0.5,
      -0.5,
      0.99999994,
      2 ** 31,
      -(2 ** 31),
      2 ** 62,
      -(2 ** 63),
      2 ** 63,
      2 ** 64,
      18446742974197924000,
      9223371487098962000,
    ),
  )
  .map(Math.fround);
const column = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> =>
  fc.array(value, { minLength: invocations, maxLength: invocations });
export const wideInputs: fc.Arbitrary<WideInputs> = fc.record({ a: column(wide), b: column(wide), f: column(float) });

export const parseWide = (text: string): Module => {
  const module = parseModule(text, { file: "wide.mlir", registry });
  const findings = verifyModule(module, registry);
  if (findings.length > 0) throw new CompileError(findings);
  return module;
};

/** What a program gives for numbers of each invocation. */
export function runWide(
  module: Module,
  { a, b, f }: WideInputs,
): { readonly r: readonly bigint[]; readonly g: readonly number[] } {
  const r = new BigInt64Array(invocations);
  const g = new Float32Array(invocations);
  const long = (data: BigInt64Array): RuntimeValue => bufferOf({ elementType: "i64", shape: [invocations], data });
  const short = (data: Float32Array): RuntimeValue => bufferOf({ elementType: "f32", shape: [invocations], data });
  interpretFunction(module, "main", [
    long(BigInt64Array.from(a)),
    long(BigInt64Array.from(b)),
    short(Float32Array.from(f)),
    long(r),
    short(g),
  ]);
  return { r: [...r], g: [...g] };
}
