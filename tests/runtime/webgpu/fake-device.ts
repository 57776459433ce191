/// <reference types="@webgpu/types" />

/** What a fake device does wrong. */
export interface Faults {
  /** The number, from 0, of the buffer that there is no memory for. */
  readonly noMemoryForBuffer?: number;
  /** What the shader compiler says. */
  readonly shaderError?: { readonly lineNum: number; readonly linePos: number; readonly message: string };
  readonly limits?: Readonly<Record<string, number>>;
}

/** A device that computes nothing, and counts what is made on it. */
export interface FakeDevice {
  readonly device: GPUDevice;
  /** Buffers made, and those of them that are not destroyed. */
  readonly made: () => number;
  readonly alive: () => number;
  readonly isDestroyed: () => boolean;
  /** Takes the device away. */
  lose(message: string): void;
}

/** WebGPU's default limits, as far as the loader asks. */
const defaults: Readonly<Record<string, number>> = {
  maxBufferSize: 268_435_456,
  maxStorageBufferBindingSize: 134_217_728,
  maxStorageBuffersPerShaderStage: 8,
  maxComputeWorkgroupsPerDimension: 65_535,
  minUniformBufferOffsetAlignment: 256,
};

export function fakeDevice(faults: Faults = {}): FakeDevice {
  const alive = new Set<object>();
  let made = 0;
  let isDestroyed = false;
  const scopes: { readonly filter: string; error: { readonly message: string } | null }[] = [];
  const report = (filter: string, message: string): void => {
    const scope = scopes.findLast((scope) => scope.filter === filter);
    if (!scope) throw new Error(`nobody looks for this error: ${message}`);
    scope.error ??= { message };
  };
  let lose: (info: { readonly reason: string; readonly message: string }) => void = () => {};
  const lost = new Promise((resolve) => (lose = resolve));
  const createBuffer = ({ size }: GPUBufferDescriptor): object => {
    if (made++ === faults.noMemoryForBuffer) report("out-of-memory", "no memory");
    const buffer = {
      size,
      getMappedRange: () => new ArrayBuffer(size),
      mapAsync: () => Promise.resolve(),
      unmap() {},
      destroy: () => void alive.delete(buffer),
    };
    alive.add(buffer);
    return buffer;
  };
  const pass = { setPipeline() {}, setBindGroup() {}, dispatchWorkgroups() {}, end() {} };
  const encoder = { beginComputePass: () => pass, copyBufferToBuffer() {}, resolveQuerySet() {}, finish: () => ({}) };
  const device = {
    limits: { ...defaults, ...faults.limits },
    features: new Set<string>(),
    lost,
    queue: { submit() {}, writeBuffer() {} },
    createBuffer,
    createBindGroup: () => ({}),
    createBindGroupLayout: () => ({}),
    createPipelineLayout: () => ({}),
    createCommandEncoder: () => encoder,
    createShaderModule: () => ({
      getCompilationInfo: async () => ({
        messages: faults.shaderError ? [{ type: "error", ...faults.shaderError }] : [],
      }),
    }),
    createComputePipelineAsync: () =>
      faults.shaderError ? Promise.reject(new Error("the pipeline is invalid")) : Promise.resolve({}),
    pushErrorScope: (filter: string) => void scopes.push({ filter, error: null }),
    popErrorScope: () => Promise.resolve(scopes.pop()?.error ?? null),
    destroy() {
      isDestroyed = true;
      lose({ reason: "destroyed", message: "" });
    },
  };
  return {
    device: device as unknown as GPUDevice,
    made: () => made,
    alive: () => alive.size,
    isDestroyed: () => isDestroyed,
    lose: (message) => lose({ reason: "unknown", message }),
  };
}

/** An adapter that gives this device. */
export const adapterOf = ({ device }: FakeDevice): GPUAdapter =>
  ({ limits: device.limits, features: device.features, requestDevice: async () => device }) as unknown as GPUAdapter;
