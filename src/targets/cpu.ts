/** What code generation for one kind of CPU core wants to know. */
export interface CpuTarget {
  readonly name: string;
  /** Widest vector register, in bytes. */
  readonly vectorBytes: number;
  /** How many vector registers there are. */
  readonly vectorRegisters: number;
  /** Fused multiply-adds started per cycle for vectors of this many bytes. */
  readonly fmaPerCycle: Readonly<Record<number, number>>;
  /** Level 1 data cache and level 2 cache of a core, in bytes. */
  readonly l1Bytes: number;
  readonly l2Bytes: number;
}

/**
 * x86 cores with AVX-512. Two 256-bit multiply-adds a cycle are what both kinds do (Zen 4: one of 512 bits, Intel's servers two);
 * the smaller figure is taken, so that narrow vectors are chosen where they waste fewer lanes.
 */
export const avx512: CpuTarget = {
  name: "avx512",
  vectorBytes: 64,
  vectorRegisters: 32,
  fmaPerCycle: { 16: 2, 32: 2, 64: 1 },
  l1Bytes: 32 * 1024,
  l2Bytes: 1024 * 1024,
};

/** x86 cores with AVX2 and FMA. */
export const avx2: CpuTarget = {
  name: "avx2",
  vectorBytes: 32,
  vectorRegisters: 16,
  fmaPerCycle: { 16: 2, 32: 2 },
  l1Bytes: 32 * 1024,
  l2Bytes: 512 * 1024,
};

/** Arm cores with NEON. */
export const neon: CpuTarget = {
  name: "neon",
  vectorBytes: 16,
  vectorRegisters: 32,
  fmaPerCycle: { 16: 2 },
  l1Bytes: 64 * 1024,
  l2Bytes: 512 * 1024,
};

/** The CPU descriptions by name. */
export const cpuTargets = { avx512, avx2, neon } as const;
