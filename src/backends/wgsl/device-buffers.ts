import { func, memref } from "../../ir/dialects/index.ts";
import { bodyOf, type IrReader, type Operation, walk } from "../../ir/module.ts";
import type { Location } from "../../support/location.ts";
import { CompileError } from "../../support/diagnostic.ts";
import { contentHash } from "../../support/hash.ts";
import { roundUp } from "../../support/numeric/round-up.ts";
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
  /** Constants that nothing but host functions reads. */
  readonly #hostGlobals: ReadonlySet<string>;

  constructor(reader: IrReader, limits: WebGpuLimits) {
    this.#reader = reader;
    this.#limits = limits;
    this.#hostGlobals = hostGlobals(reader);
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
    const isOnHost = this.#hostGlobals.has(name);
    const hash = `${isOnHost ? "host" : "device"} ${contentHash(bytes)}`;
    const same = this.#byContent.get(hash) ?? [];
    this.#byContent.set(hash, same);
    const equal = same.find((other) => Buffer.compare(other.bytes, bytes) === 0);
    if (equal) return equal.place;
    const size = Math.max(4, roundUp(bytes.length, 4));
    const place = isOnHost ? this.#hostPlace(name, size) : this.#devicePlace(name, size, location);
    const fileOffset = this.#pad(this.#limits.minStorageBufferOffsetAlignment);
    this.#write(bytes);
    if (size > bytes.length) this.#write(new Uint8Array(size - bytes.length));
    const last = this.#ranges.at(-1);
    if (last?.buffer === place.buffer && last.fileOffset - last.offset === fileOffset - place.offset)
      last.size = place.offset + size - last.offset;
    else this.#ranges.push({ fileOffset, ...place, size });
    same.push({ place, bytes });
    return place;
  }
  /** A constant that only host functions read has a buffer of its own, which is never on the device. */
  #hostPlace(name: string, size: number): Place {
    return { buffer: this.#buffers.push({ name: this.#uniqueName(name), role: "host", size }) - 1, offset: 0 };
  }
  /** Constants share buffers, as large as the device allows. */
  #devicePlace(name: string, size: number, location: Location): Place {
    this.#checkSize(`of @${name}`, size, location);
    const current = this.#weights === undefined ? undefined : this.#buffers[this.#weights]!;
    const offset = current === undefined ? 0 : roundUp(current.size, this.#limits.minStorageBufferOffsetAlignment);
    if (current !== undefined && offset + size <= this.#limits.maxBufferSize) {
      current.size = offset + size;
      return { buffer: this.#weights!, offset };
    }
    this.#weights = this.#buffers.push({ name: this.#uniqueName("weights"), role: "weights", size }) - 1;
    return { buffer: this.#weights, offset: 0 };
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

/** The constants that are only handed to functions of the host. */
function hostGlobals(reader: IrReader): ReadonlySet<string> {
  const [all, others] = [new Set<string>(), new Set<string>()];
  for (const op of walk(reader)) {
    const name = memref.get_global.match(reader, op)?.attributes.name;
    if (name === undefined) continue;
    all.add(name);
    const isHostOnly = reader.uses(op.results[0]!).every((use) => reader.operation(use.op).name === func.call.name);
    if (!isHostOnly) others.add(name);
  }
  return all.difference(others);
}
