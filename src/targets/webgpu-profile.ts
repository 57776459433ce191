import { isNode, LineCounter, type Node, parseDocument } from "yaml";
import { z } from "zod";
import { CompileError, defineDiagnostics, type Diagnostic, message } from "../support/diagnostic.ts";
import { fileLocation, type Location } from "../support/location.ts";
import { nearestWord } from "../support/did-you-mean.ts";
import { defaultWebGpuLimits, deviceKinds, usualPreferences, type WebGpuLimits, type WebGpuTarget } from "./webgpu.ts";

const diagnostics = defineDiagnostics("device-profile", {
  syntax: {
    severity: "error",
    message: message`not YAML: ${"what"}`,
    help: "write the profile as samples/targets/webgpu-desktop.yaml is written",
  },
  invalid: {
    severity: "error",
    message: message`${"property"}: ${"what"}`,
    help: "correct the profile; samples/targets has complete ones",
  },
});

const count = z.int().positive();
const powerOfTwo = count.refine((value) => Number.isInteger(Math.log2(value)), "a power of two is expected");

/** Offsets are multiples of it: no WebGPU implementation asks for more than the specification's default. */
const { minStorageBufferOffsetAlignment: coarsest } = defaultWebGpuLimits;
const alignment = powerOfTwo.refine((value) => value <= coarsest, `every WebGPU device aligns to ${coarsest} or less`);

const limits = z
  .strictObject({
    ...Object.fromEntries(Object.entries(defaultWebGpuLimits).map(([name, least]) => [name, count.default(least)])),
    minStorageBufferOffsetAlignment: alignment.default(coarsest),
  })
  .transform((given) => given as unknown as WebGpuLimits);

/** WebGPU's names for what devices may have: a name misspelt would silently be a feature that is not there. */
const featureNames: ReadonlySet<string> = new Set(
  (
    "core-features-and-limits depth-clip-control depth32float-stencil8 texture-compression-bc texture-compression-bc-sliced-3d " +
    "texture-compression-etc2 texture-compression-astc texture-compression-astc-sliced-3d timestamp-query indirect-first-instance " +
    "shader-f16 rg11b10ufloat-renderable bgra8unorm-storage float32-filterable float32-blendable clip-distances " +
    "dual-source-blending subgroups texture-formats-tier1 texture-formats-tier2 primitive-index texture-component-swizzle"
  ).split(" "),
);
const noFeature = (written: string): string => {
  const nearest = nearestWord(written, featureNames);
  return `WebGPU has no such feature${nearest === undefined ? "" : `; there is ${nearest}`}`;
};
const feature = z.string().superRefine((written, context) => {
  if (!featureNames.has(written)) context.addIssue({ code: "custom", message: noFeature(written) });
});

const preferences = z
  .strictObject({
    workgroupSize: powerOfTwo,
    workgroupMemory: z.boolean(),
    packedDots: z.boolean(),
    registerBlock: z.strictObject({ rows: count.max(16), columns: count.max(16) }),
    invocationsToFill: count,
    dispatchMicroseconds: z.int().nonnegative(),
    transfer: z.strictObject({ microseconds: z.int().nonnegative(), megabytesPerSecond: count }),
  })
  .partial();

/** The one definition of what a profile may say. */
const profile = z
  .strictObject({
    name: z.string().min(1).max(200),
    kind: z.enum(deviceKinds),
    features: z.array(feature).max(64).default([]),
    limits: limits.prefault({}),
    preferences: preferences.prefault({}),
  })
  .superRefine(({ limits: { maxComputeInvocationsPerWorkgroup: most }, preferences: { workgroupSize } }, context) => {
    if (workgroupSize === undefined || workgroupSize <= most) return;
    const problem = `the device has workgroups of at most ${most} invocations`;
    context.addIssue({ code: "custom", path: ["preferences", "workgroupSize"], message: problem });
  })
  .transform(({ preferences: given, ...rest }): WebGpuTarget => ({
    ...rest,
    preferences: { ...usualPreferences[rest.kind], ...(given as Partial<WebGpuTarget["preferences"]>) },
  }));

/**
 * Reads the description of a device: limits that are left out are WebGPU's defaults, preferences those usual for the kind.
 * @param file the name that diagnostics show
 * @throws CompileError with everything that is wrong, each with its place
 */
export function parseWebGpuProfile(text: string, file: string): WebGpuTarget {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const placeOf = (offset: number): Location => {
    const { line, col } = lines.linePos(offset);
    return fileLocation(file, line, col);
  };
  const problems: Diagnostic[] = document.errors.map((error) =>
    diagnostics.at("syntax", placeOf(error.pos[0]), { what: error.message.split("\n")[0]! }),
  );
  if (problems.length > 0) throw new CompileError(problems);
  const result = profile.safeParse(plainValue(document, file));
  if (result.success) return result.data;
  throw new CompileError(
    result.error.issues.map((issue) => {
      const [path, node] = nearestNode(document, issue);
      const property = path.length === 0 ? "profile" : path.join(".");
      return diagnostics.at("invalid", placeOf(node?.range?.[0] ?? 0), { property, what: issue.message });
    }),
  );
}

type Document = ReturnType<typeof parseDocument>;

/** The document as plain values. Aliases that unfold into very much are refused by the parser's own bound. */
function plainValue(document: Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 }) as unknown;
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw new CompileError([diagnostics.at("syntax", fileLocation(file), { what })]);
  }
}

/** The property an issue is about, and the node of it, or of what is around it, that the text has. */
function nearestNode(document: Document, issue: z.core.$ZodIssue): readonly [readonly string[], Node | undefined] {
  const unknown = issue.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [];
  const path = [...issue.path, ...unknown].map(String);
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node)) return [path, node];
  }
  return [path, document.contents ?? undefined];
}
