import {
  defaultWebGpuLimits,
  type DeviceKind,
  usualPreferences,
  type WebGpuLimits,
  type WebGpuTarget,
} from "./webgpu.ts";

/** What WebGPU tells of an adapter (`GPUAdapterInfo`). */
export interface AdapterInfo {
  readonly vendor?: string;
  readonly architecture?: string;
  readonly device?: string;
  readonly description?: string;
  readonly isFallbackAdapter?: boolean;
}

/** Features that make a difference to the code. */
const usedFeatures: ReadonlySet<string> = new Set(["shader-f16", "subgroups", "timestamp-query"]);

/** Renderers in software, by what adapters say of them. */
const softwareRenderers = /swiftshader|lavapipe|llvmpipe|software|basic render/i;

/** The target that an adapter is: its own limits and features, and preferences by its kind. */
export function targetFromLimits(
  limits: Partial<WebGpuLimits>,
  features: Iterable<string>,
  info: AdapterInfo = {},
): WebGpuTarget {
  const names = [info.vendor, info.architecture, info.device, info.description];
  const described = names.filter((name) => name !== undefined && name !== "").join(" ");
  const kind: DeviceKind = info.isFallbackAdapter === true || softwareRenderers.test(described) ? "cpu" : "gpu";
  const preferences = usualPreferences[kind];
  const own = limitsOf(limits);
  return {
    name: described === "" ? "webgpu" : described,
    kind,
    features: [...features].filter((feature) => usedFeatures.has(feature)).sort(),
    limits: own,
    preferences: {
      ...preferences,
      workgroupSize: Math.min(preferences.workgroupSize, own.maxComputeInvocationsPerWorkgroup),
    },
  };
}

/** The limits used here among all that an adapter has; `GPUSupportedLimits` has them as getters. */
function limitsOf(limits: Partial<WebGpuLimits>): WebGpuLimits {
  const names = Object.keys(defaultWebGpuLimits) as readonly (keyof WebGpuLimits)[];
  const entries = names.map((name) => [name, limits[name] ?? defaultWebGpuLimits[name]] as const);
  return Object.fromEntries(entries) as unknown as WebGpuLimits;
}
