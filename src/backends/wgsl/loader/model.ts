/// <reference types="@webgpu/types" />
import type { DeviceTensorEntry, HostStep, WebGpuManifest } from "../manifest.ts";
import type { Buffers } from "./buffers.ts";
import { type Context, storageKinds } from "./context.ts";
import { hostClassOf, padded } from "./elements.ts";
import { describeStep, isInner, type Program, type Stretch } from "./program.ts";
import { checkInputs, dataFrom, type Input, isOnHost, keptTensor } from "./tensor.ts";
import { makeTimer, type Timer } from "./timer.ts";
import type { Model, RunOptions, TensorData, Timings } from "./weft-webgpu.d.ts";
import { messageOf, WeftError } from "./weft-error.ts";

type Inputs = Readonly<Record<string, Input>>;
type Outputs = Record<string, Input>;

/** A model whose buffers, pipelines and bind groups are made. */
export function makeModel(manifest: WebGpuManifest, context: Context, buffers: Buffers, program: Program): Model {
  const { device } = context;
  const { model: name, inputs: inputEntries, outputs: outputEntries, steps } = manifest;
  const count = (kind: string): number => steps.filter((step) => step.kind === kind).length;
  const dispatches = count("dispatch");
  let timer: Timer | undefined;
  let lastTimings: Timings | undefined;
  /** Runs go one at a time: they share the model's buffers. */
  let queue: Promise<unknown> = Promise.resolve();

  async function run(inputs: Inputs, { keep = [], timings }: RunOptions): Promise<Outputs> {
    const started = performance.now();
    context.check();
    checkInputs(inputEntries, inputs, device, outputEntries, keep);
    const kept = new Map<DeviceTensorEntry, GPUBuffer>();
    try {
      if (timings && dispatches > 0 && device.features.has("timestamp-query"))
        timer ??= await makeTimer(context, dispatches);
      const usedTimer = timings ? timer : undefined;
      for (const entry of outputEntries)
        if (keep.includes(entry.name)) kept.set(entry, await context.allocate(entry.name, entry.bytes, storageKinds));
      await giveHostInputs(inputs);
      const outputs = await compute(inputs, kept, usedTimer);
      const total = performance.now() - started;
      lastTimings = { total, ...(usedTimer && { steps: await usedTimer.read() }) };
      // They are the caller's from here on.
      for (const buffer of kept.values()) context.disown(buffer);
      return outputs;
    } catch (error) {
      timer = undefined;
      for (const buffer of kept.values()) buffer.destroy();
      throw error;
    }
  }

  async function compute(
    inputs: Inputs,
    kept: ReadonlyMap<DeviceTensorEntry, GPUBuffer>,
    timer: Timer | undefined,
  ): Promise<Outputs> {
    const read = outputEntries.filter((entry) => buffers.device[entry.buffer] && !kept.has(entry));
    let contents: readonly ArrayBuffer[] = [];
    for (const [index, stretch] of program.stretches.entries()) {
      const { host } = stretch;
      const wanted = host ? host.arguments.filter(({ read }) => read) : [];
      const ranges = host
        ? wanted.map(({ buffer, offset, size }) => ({ from: buffers.device[buffer]!, offset, bytes: size }))
        : read.map(({ buffer, bytes }) => ({ from: buffers.device[buffer]!, offset: 0, bytes }));
      // Between two calls of the host there may be nothing to do.
      if (!host || index === 0 || stretch.commands.length + wanted.length > 0)
        contents = await context.submit(
          host ? describeStep(host) : name,
          (encoder) => {
            if (index === 0) giveInputs(inputs, encoder);
            record(stretch, encoder, timer);
            if (!host) for (const [entry, to] of kept) keepOutput(entry, to, encoder);
          },
          ranges,
        );
      if (!host) break;
      wanted.forEach(({ buffer, offset }, index) =>
        buffers.host[buffer]!.set(new Uint8Array(contents[index]!), offset),
      );
      await callHost(host);
    }
    // A model's names are any text: without a prototype none means something else.
    const outputs = Object.create(null) as Outputs;
    for (const entry of outputEntries) {
      const to = kept.get(entry);
      const bytes = contents[read.indexOf(entry)] ?? buffers.host[entry.buffer]?.slice(0, entry.bytes).buffer;
      outputs[entry.name] = to ? keptTensor(entry, device, to) : dataFrom(entry, bytes!);
    }
    return outputs;
  }

  /** Inputs that host functions read. */
  async function giveHostInputs(inputs: Inputs): Promise<void> {
    for (const { name, buffer } of inputEntries) {
      if (!buffers.host[buffer]) continue;
      const given = inputs[name]!;
      buffers.host[buffer]!.set(bytesOf(isOnHost(given) ? given : await given.read()));
    }
  }

  function giveInputs(inputs: Inputs, encoder: GPUCommandEncoder): void {
    for (const { name, bytes, buffer } of inputEntries) {
      const to = buffers.device[buffer];
      const given = inputs[name]!;
      if (!to || bytes === 0) continue;
      if (isOnHost(given)) write(to, 0, bytesOf(given));
      else encoder.copyBufferToBuffer(given.buffer, 0, to, 0, padded(bytes));
    }
  }

  /** Writes bytes, and zeros up to the next multiple of 4, which is what WebGPU writes. */
  function write(to: GPUBuffer, offset: number, bytes: Uint8Array<ArrayBuffer>): void {
    const size = padded(bytes.length);
    let whole = bytes;
    if (size > bytes.length) (whole = new Uint8Array(size)).set(bytes);
    device.queue.writeBuffer(to, offset, whole);
  }

  function keepOutput({ buffer, bytes }: DeviceTensorEntry, to: GPUBuffer, encoder: GPUCommandEncoder): void {
    const from = buffers.device[buffer];
    if (!from) write(to, 0, buffers.host[buffer]!.subarray(0, bytes));
    else if (bytes > 0) encoder.copyBufferToBuffer(from, 0, to, 0, padded(bytes));
  }

  function record({ commands }: Stretch, encoder: GPUCommandEncoder, timer: Timer | undefined): void {
    let pass: GPUComputePassEncoder | undefined;
    let pipeline: GPUComputePipeline | undefined;
    const endPass = (): void => {
      pass?.end();
      pass = pipeline = undefined;
    };
    for (const command of commands) {
      if (command.kind === "copy") {
        endPass();
        const { source, destination } = command;
        const [from, to] = [buffers.device[source.buffer]!, buffers.device[destination.buffer]!];
        const direct = isInner(command) ? program.scratch! : to;
        const place = isInner(command) ? 0 : destination.offset;
        encoder.copyBufferToBuffer(from, source.offset, direct, place, source.size);
        if (direct !== to) encoder.copyBufferToBuffer(direct, 0, to, destination.offset, source.size);
        continue;
      }
      pass ??= encoder.beginComputePass(timer && { timestampWrites: timer.next(command.step) });
      if (pipeline !== command.pipeline) pass.setPipeline((pipeline = command.pipeline));
      pass.setBindGroup(0, command.group);
      pass.dispatchWorkgroups(...command.step.workgroups);
      if (timer) endPass();
    }
    endPass();
  }

  async function callHost(host: HostStep): Promise<void> {
    const op = describeStep(host);
    const views = host.arguments.map(({ elementType, buffer, offset, size }) => {
      const view = hostClassOf(elementType);
      return new view(buffers.host[buffer]!.buffer, offset, size / view.BYTES_PER_ELEMENT);
    });
    try {
      program.functions[host.function]!(...views);
    } catch (cause) {
      throw new WeftError("host-error", `${op}: ${messageOf(cause)}`, { op, cause });
    }
    const written = host.arguments.filter(({ written }) => written);
    if (written.length === 0) return;
    await context.guard(op, () => {
      for (const { buffer, offset, size } of written)
        write(buffers.device[buffer]!, offset, buffers.host[buffer]!.subarray(offset, offset + size));
    });
  }

  return {
    name,
    inputs: inputEntries,
    outputs: outputEntries,
    device,
    dispatches,
    hostCalls: count("host"),
    get timings() {
      return lastTimings;
    },
    // What is not kept is an array, as the declaration says.
    run(inputs: Inputs, options: RunOptions = {}) {
      const result = queue.then(() => run(inputs, options));
      queue = result.catch(() => {});
      return result as Promise<Record<string, TensorData>>;
    },
    dispose: () => context.end(new WeftError("disposed", `${name} is disposed of`)),
  };
}

const bytesOf = (data: TensorData): Uint8Array<ArrayBuffer> =>
  new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
