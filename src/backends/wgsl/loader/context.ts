/// <reference types="@webgpu/types" />
import { aligned, padded } from "./elements.ts";
import { messageOf, WeftError } from "./weft-error.ts";

// The specification's numbers: their names are only where WebGPU is global.
const mapRead = 0x1;
const stagingKinds = 0x1 | 0x8;
/** Storage that can be copied from and to. */
export const storageKinds = 0x80 | 0x4 | 0x8;
/** Parameters of kernels. */
export const uniformKinds = 0x40;
/** What timestamps are written to and copied from. */
export const queryKinds = 0x200 | 0x4;

interface Destroyable {
  destroy(): void;
}

/** Part of a buffer that is to be read. */
export interface ReadRange {
  readonly from: GPUBuffer;
  readonly offset: number;
  readonly bytes: number;
}

/** A model's share of a device: what it has there, and how it talks to it. */
export interface Context {
  readonly device: GPUDevice;
  /** Throws if nothing can run any more: the device is lost, or the share has ended. */
  check(): void;
  /** The promise's result, or a rejection as soon as nothing can run any more. */
  wait<T>(promise: Promise<T>): Promise<T>;
  /** Does `work`, whose commands must all be given before it returns; rejects if the device refuses one. */
  guard<T>(what: string, work: () => T): Promise<Awaited<T>>;
  /**
   * Makes a buffer.
   * @param fill writes its first contents
   */
  allocate(label: string, bytes: number, kinds: number, fill?: (contents: Uint8Array) => void): Promise<GPUBuffer>;
  /** Records commands and submits them. @returns the contents of `ranges` after that */
  submit(
    what: string,
    record: (encoder: GPUCommandEncoder) => void,
    ranges?: readonly ReadRange[],
  ): Promise<readonly ArrayBuffer[]>;
  /** Has something destroyed at the end. */
  own<T extends Destroyable>(thing: T): T;
  /** Leaves something to others. */
  disown(thing: Destroyable): void;
  /** Destroys everything, also the device if it was made for this share; what is waited for is rejected. */
  end(error: WeftError): void;
}

/** What is remembered of a device, whoever uses it. */
interface DeviceState {
  readonly waiting: Set<(error: WeftError) => void>;
  lost?: WeftError;
}
const states = new WeakMap<GPUDevice, DeviceState>();

/** One handler for each device, however many models come and go on it. */
function stateOf(device: GPUDevice): DeviceState {
  const known = states.get(device);
  if (known) return known;
  const state: DeviceState = { waiting: new Set() };
  const lose = ({ reason, message }: GPUDeviceLostInfo): void => {
    state.lost = new WeftError("device-lost", `the GPU device is lost (${reason}): ${message}`);
    for (const reject of state.waiting) reject(state.lost);
  };
  device.lost.then(lose, lose);
  states.set(device, state);
  return state;
}

/** Popped in the reverse order: memory first. */
const errorFilters: readonly GPUErrorFilter[] = ["validation", "internal", "out-of-memory"];

/** A share of a device; `isOwn` where nobody else uses it, so that it goes with the share. */
export function makeContext(device: GPUDevice, isOwn: boolean): Context {
  const state = stateOf(device);
  const waiting = new Set<(error: WeftError) => void>();
  const owned = new Set<Destroyable>();
  /** Buffers to read through, by size, for the next time. */
  const staging = new Map<number, GPUBuffer>();
  let ended: WeftError | undefined;

  const check = (): void => {
    const failure = ended ?? state.lost;
    if (failure) throw failure;
  };
  const wait = <T>(promise: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      if (ended ?? state.lost) reject(ended ?? state.lost);
      waiting.add(reject);
      state.waiting.add(reject);
      const settle = (): void => {
        waiting.delete(reject);
        state.waiting.delete(reject);
      };
      promise.then(resolve, reject).finally(settle);
    });
  const own = <T extends Destroyable>(thing: T): T => {
    owned.add(thing);
    return thing;
  };

  async function guard<T>(what: string, work: () => T): Promise<Awaited<T>> {
    check();
    for (const filter of errorFilters) device.pushErrorScope(filter);
    let result: T;
    let scopes: Promise<readonly (GPUError | null)[]>;
    try {
      result = work();
      // Whether this fails too is not asked where the scopes tell of the cause.
      if (result instanceof Promise) result.catch(() => {});
    } finally {
      scopes = wait(Promise.all(errorFilters.map(() => device.popErrorScope())));
      scopes.catch(() => {});
    }
    const [memory, ...others] = await scopes;
    if (memory) throw new WeftError("out-of-memory", `${what}: the device has no memory left: ${memory.message}`);
    const refused = others.find((error) => error);
    if (refused) throw new WeftError("device-error", `${what}: ${refused.message}`);
    return await result;
  }

  function createBuffer(label: string, size: number, usage: number, mappedAtCreation = false): GPUBuffer {
    try {
      return own(device.createBuffer({ label, size, usage, mappedAtCreation }));
    } catch (cause) {
      // What is mapped needs memory on this side too.
      throw new WeftError("out-of-memory", `buffer ${label} of ${size} bytes: ${messageOf(cause)}`, { cause });
    }
  }

  function allocate(label: string, bytes: number, kinds: number, fill?: (contents: Uint8Array) => void) {
    const size = Math.max(4, padded(bytes));
    return guard(`buffer ${label} of ${size} bytes`, () => {
      const buffer = createBuffer(label, size, kinds, !!fill);
      if (fill) {
        fill(new Uint8Array(buffer.getMappedRange()));
        buffer.unmap();
      }
      return buffer;
    });
  }

  async function submit(
    what: string,
    record: (encoder: GPUCommandEncoder) => void,
    ranges: readonly ReadRange[] = [],
  ): Promise<readonly ArrayBuffer[]> {
    let size = 0;
    const places = ranges.map(({ bytes }) => (size += aligned(bytes)) - aligned(bytes));
    let buffer = staging.get(size);
    staging.delete(size);
    try {
      const done = guard(what, () => {
        const encoder = device.createCommandEncoder({ label: what });
        record(encoder);
        if (size > 0) buffer ??= createBuffer("read back", size, stagingKinds);
        ranges.forEach(({ from, offset, bytes }, index) => {
          if (bytes > 0) encoder.copyBufferToBuffer(from, offset, buffer!, places[index]!, padded(bytes));
        });
        device.queue.submit([encoder.finish()]);
      });
      // Asked for at once, so that one wait is enough.
      const mapped = buffer && wait(buffer.mapAsync(mapRead));
      mapped?.catch(() => {});
      await done;
      await mapped;
      const contents = buffer?.getMappedRange() ?? new ArrayBuffer();
      const copies = ranges.map(({ bytes }, index) => contents.slice(places[index], places[index]! + bytes));
      if (buffer) {
        buffer.unmap();
        staging.set(size, buffer);
      }
      return copies;
    } catch (error) {
      // It may be mapped still.
      buffer?.destroy();
      throw error;
    }
  }

  return {
    device,
    check,
    wait,
    guard,
    allocate,
    submit,
    own,
    disown: (thing) => void owned.delete(thing),
    end(error) {
      ended ??= error;
      for (const reject of waiting) reject(ended);
      for (const thing of owned) thing.destroy();
      owned.clear();
      if (isOwn) device.destroy();
    },
  };
}
