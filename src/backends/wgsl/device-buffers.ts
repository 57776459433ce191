import { memref } from "../../ir/dialects/index.ts";
import { bodyOf, type IrReader, type Operation } from "../../ir/module.ts";
import type { Location } from "../../support/location.ts";
import { CompileError } from "../../support/diagnostic.ts";
import { contentHash } from "../../support/hash.ts";
import type { WebGpuLimits } from "../../targets/webgpu.ts";
import { symbolName } from "../entry-point.ts";
import { globalBytes } from "../global-bytes.ts";
import { wgslDiagnostics } from "./diagnostics.ts";
import type { BufferRole, ManifestBuffer, WeightsRange } from "./manifest.ts";
import { notLegal } from "./not-legal.ts";

/** A place in a buffer of the device. */
export interface Place {
  readonly buffer: number;
  readonly offset: number;
}

export const roundUp = (bytes: number, multiple: number): number => Math.ceil(bytes / multiple) * multiple;

/** The buffers that a model's steps use, and the weights file. */
export class DeviceBuffers {
  readonly #limits: WebGpuLimits;
  readonly #buffers: { name: string; role: BufferRole; size: number }[] = [];
  readonly #globals = new Map<string, Operation>();
  readonly #reader: IrReader;
  readonly #placed = new Map<string, Place>();
  readonly #byContent = new Map<string, { readonly place: Place; readonly bytes: Uint8Array }[]>();
  readonly #ranges: { fileOffset: number; buffer: number; offset: number; size: number }[] = [];
  readonly #pieces: Uint8Array[] = [];
  #fileEnd = 0;
  #weights: number | undefined;

  constructor(reader: IrReader, limits: WebGpuLimits) {
    this.#reader = reader;
    this.#limits = limits;
    for (const op of bodyOf(reader, reader.operation(reader.root)))
      if (op.name === memref.global.name) this.#globals.set(symbolName(op), op);
  }

  get buffers(): readonly ManifestBuffer[] {
    return this.#buffers;
  }
  get ranges(): readonly WeightsRange[] {
    return this.#ranges;
  }
  get weights(): { readonly pieces: readonly Uint8Array[]; readonly bytes: number; readonly hash: string } {
    const hash = contentHash(Buffer.from([...this.#byContent.keys()].join()));
    return { pieces: this.#pieces, bytes: this.#fileEnd, hash };
  }

  /** A new buffer of its own. @returns its index */
  add(name: string, role: BufferRole, bytes: number, location: Location): number {
    const size = Math.max(4, roundUp(bytes, 4));
    if (role !== "host") this.#checkSize(name, size, location);
    return this.#buffers.push({ name: this.#uniqueName(name), role, size }) - 1;
  }
  /** Makes an input or output one that is never on the device: only host functions use it. */
  leaveOnHost(buffer: number): void {
    this.#buffers[buffer]!.role = "host";
  }
  #uniqueName(wanted: string): string {
    let name = wanted;
    for (let number = 2; this.#buffers.some((other) => other.name === name); number++) name = `${wanted}_${number}`;
    return name;
  }
  #checkSize(what: string, asked: number, location: Location): void {
    const given = this.#limits.maxBufferSize;
    if (asked <= given) return;
    const values = { what: `the buffer ${what}`, asked: `${asked} bytes`, limit: "maxBufferSize", given };
    throw new CompileError([wgslDiagnostics.at("limit-exceeded", location, values)]);
  }

  /** Where a constant of the module lies; equal ones lie in one place. */
  global(name: string, user: Operation): Place {
    const known = this.#placed.get(name);
    if (known) return known;
    const op = this.#globals.get(name);
    const view = op && memref.global.match(this.#reader, op);
    const value = view?.attributes.initial_value;
    if (!op || !view?.attributes.constant || value === undefined || value.kind === "unit")
      throw notLegal(user.name, `there is no constant global @${name}`, user.location);
    const bytes = globalBytes(this.#reader, op, value);
    if (bytes === undefined) throw notLegal(op.name, "its initial value has no bytes", op.location);
    const place = this.#place(bytes, name, op.location);
    this.#placed.set(name, place);
    return place;
  }

  #place(bytes: Uint8Array, name: string, location: Location): Place {
    const hash = contentHash(bytes);
    const same = this.#byContent.get(hash) ?? [];
    this.#byContent.set(hash, same);
    const equal = same.find((other) => Buffer.compare(other.bytes, bytes) === 0);
    if (equal) return equal.place;
    const size = Math.max(4, roundUp(bytes.length, 4));
    this.#checkSize(`of @${name}`, size, location);
    const alignment = this.#limits.minStorageBufferOffsetAlignment;
    let current = this.#weights === undefined ? undefined : this.#buffers[this.#weights]!;
    let offset = current === undefined ? 0 : roundUp(current.size, alignment);
    if (current === undefined || offset + size > this.#limits.maxBufferSize) {
      this.#weights = this.#buffers.push({ name: this.#uniqueName("weights"), role: "weights", size: 0 }) - 1;
      current = this.#buffers[this.#weights]!;
      offset = 0;
      const fileOffset = this.#pad(alignment);
      this.#ranges.push({ fileOffset, buffer: this.#weights, offset: 0, size: 0 });
    }
    this.#pad(alignment);
    this.#write(bytes);
    this.#pad(4);
    current.size = offset + size;
    this.#ranges.at(-1)!.size = current.size;
    if (this.#fileEnd < this.#ranges.at(-1)!.fileOffset + current.size)
      this.#write(new Uint8Array(this.#ranges.at(-1)!.fileOffset + current.size - this.#fileEnd));
    const place: Place = { buffer: this.#weights!, offset };
    same.push({ place, bytes });
    return place;
  }
  #write(bytes: Uint8Array): void {
    this.#pieces.push(bytes);
    this.#fileEnd += bytes.length;
  }
  /** Pads the file; @returns where it ends then. */
  #pad(multiple: number): number {
    const padding = roundUp(this.#fileEnd, multiple) - this.#fileEnd;
    if (padding > 0) this.#write(new Uint8Array(padding));
    return this.#fileEnd;
  }
}
