import {
  arrayAttribute,
  dictionaryAttribute,
  i32ArrayAttribute,
  typeAttribute,
  unitAttribute,
} from "../../ir/attributes.ts";
import { at } from "../../ir/builder.ts";
import { locationOf } from "../../ir/create-module.ts";
import { gpu } from "../../ir/dialects/gpu.ts";
import { createKernel } from "../../ir/dialects/gpu/kernel.ts";
import { memref } from "../../ir/dialects/memref.ts";
import { isTriviallyDead } from "../../ir/analysis/effects.ts";
import { type BlockId, bodyOf, type OpId, type Operation, type ValueId } from "../../ir/module.ts";
import { functionType } from "../../ir/types.ts";
import type { Registry } from "../../ir/registry.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import type { WebGpuTarget } from "../../targets/webgpu.ts";
import { EntryConstants, IndexArithmetic } from "../loops/index-arithmetic.ts";
import { kernelInputs, moveInto } from "./kernel-inputs.ts";
import { KernelNames } from "./kernel-names.ts";
import type { KernelSite, MappedKernel } from "./mapping.ts";
import type { PaddedBuffer } from "./padding/padded-buffers.ts";
import type { Spills } from "./spills.ts";
import { encodeRegion, regionAttributeName, writtenRegions } from "./written-regions.ts";

/** The name of the `gpu.module` that kernels are put into. */
export const kernelModuleName = "kernels";

/** What a kernel is made of. */
interface KernelRequest {
  /** Operations of one block, in order; the first is what the mapping replaces. */
  readonly ops: readonly Operation[];
  /** Part of the name, where no node of the model gives one. */
  readonly kind: string;
  readonly build: (site: KernelSite) => MappedKernel;
  /** Padded buffers among those that the operations read. */
  readonly paddings?: readonly PaddedBuffer[];
}

/** The kernels of a module that is being mapped, and how the entry point launches them. */
export class KernelModule {
  readonly #rewriter: Rewriter;
  readonly #registry: Registry;
  readonly #target: WebGpuTarget;
  readonly #entry: Operation;
  readonly #spills: Spills;
  readonly #constants: EntryConstants;
  readonly #names = new KernelNames();
  #block: BlockId | undefined;

  constructor(rewriter: Rewriter, registry: Registry, target: WebGpuTarget, entry: Operation, spills: Spills) {
    this.#rewriter = rewriter;
    this.#registry = registry;
    this.#target = target;
    this.#entry = entry;
    this.#spills = spills;
    this.#constants = new EntryConstants(rewriter, entry.regions[0]![0]!);
  }

  /** Moves operations into a kernel of their own, and launches it in their place. */
  launch({ ops, kind, build, paddings = [] }: KernelRequest): void {
    const rewriter = this.#rewriter;
    const around = paddings.flatMap(({ value, source }) => (source === undefined ? [value] : [value, source]));
    const inputs = kernelInputs(
      rewriter,
      this.#registry,
      ops,
      around,
      this.#spills.buffers,
      this.#entry.regions[0]![0]!,
    );
    const location = locationOf("map-to-gpu", ...ops);
    const name = this.#names.next(location, kind);
    rewriter.location = location;
    const place = this.#placeAfter(ops.at(-1)!);
    const regions = writtenRegions(rewriter, ops);
    let mapped: MappedKernel | undefined;
    const kernel = at(rewriter, { kind: "end", block: this.#moduleBlock() }, () =>
      createKernel(
        rewriter,
        name,
        { inputs: inputs.parameters.map((value) => rewriter.typeOf(value)), blockSize: [1, 1, 1] },
        (_, values) => {
          const block = (rewriter.insertionPoint as { readonly kind: "end"; readonly block: BlockId }).block;
          const inside = moveInto(
            rewriter,
            block,
            ops,
            inputs,
            values.inputs,
            (buffer) => memref.load.build(rewriter, { memref: buffer, indices: [] }, {}).result,
          );
          const arithmetic = new IndexArithmetic(rewriter, new EntryConstants(rewriter, block));
          const op = rewriter.operation(ops[0]!.id);
          mapped = at(rewriter, { kind: "before", op: op.id }, () =>
            build({
              rewriter,
              target: this.#target,
              arithmetic,
              op,
              block,
              paddings: paddings.map(({ buffer, box, value, source }) => ({
                buffer: inside.get(buffer)!,
                box,
                value: inside.get(value)!,
                source: source === undefined ? undefined : inside.get(source)!,
              })),
            }),
          );
          rewriter.location = location;
        },
      ),
    );
    const { shape, attributes = {} } = mapped!;
    const operands = dropUnused(rewriter, this.#registry, kernel.id, inputs.parameters);
    const made = rewriter.operation(kernel.id);
    rewriter.update(made.id, {
      properties: {
        ...made.properties,
        function_type: typeAttribute(
          functionType(
            operands.map((value) => rewriter.typeOf(value)),
            [],
          ),
        ),
        known_block_size: i32ArrayAttribute(shape.threads),
        arg_attrs: arrayAttribute(
          operands.map((value) => {
            const region = regions.get(value);
            return dictionaryAttribute(region ? { [regionAttributeName]: encodeRegion(region) } : {});
          }),
        ),
      },
      attributes: { ...made.attributes, ...attributes },
    });
    this.#launchAt(place, name, shape, operands);
  }

  #launchAt(place: OpId, name: string, shape: MappedKernel["shape"], operands: readonly ValueId[]): void {
    const [gridSizeX, gridSizeY, gridSizeZ] = shape.blocks.map((count) => this.#constants.index(count));
    const [blockSizeX, blockSizeY, blockSizeZ] = shape.threads.map((count) => this.#constants.index(count));
    at(this.#rewriter, { kind: "before", op: place }, () =>
      gpu.launch_func.build(
        this.#rewriter,
        {
          gridSizeX: gridSizeX!,
          gridSizeY: gridSizeY!,
          gridSizeZ: gridSizeZ!,
          blockSizeX: blockSizeX!,
          blockSizeY: blockSizeY!,
          blockSizeZ: blockSizeZ!,
          kernelOperands: operands,
        },
        { kernel: [kernelModuleName, name] },
        { resultTypes: [] },
      ),
    );
  }

  #placeAfter(op: Operation): OpId {
    const { operations } = this.#rewriter.block(op.parent!);
    return operations[operations.indexOf(op.id) + 1]!;
  }

  /** The block of the `gpu.module`, which is made before the entry point when the first kernel is. */
  #moduleBlock(): BlockId {
    if (this.#block !== undefined) return this.#block;
    const rewriter = this.#rewriter;
    at(rewriter, { kind: "before", op: this.#entry.id }, () =>
      gpu.module.build(
        rewriter,
        {},
        { sym_name: kernelModuleName },
        { regions: { bodyRegion: [{ arguments: [], body: (_, __, block) => void (this.#block = block) }] } },
      ),
    );
    const root = rewriter.operation(rewriter.root);
    rewriter.update(root.id, { attributes: { ...root.attributes, "gpu.container_module": unitAttribute } });
    return this.#block!;
  }
}

/** Erases what a kernel does not use of its views, constants and parameters; returns the operands that are left for its launch. */
function dropUnused(
  rewriter: Rewriter,
  registry: Registry,
  kernel: OpId,
  operands: readonly ValueId[],
): readonly ValueId[] {
  const block = rewriter.operation(kernel).regions[0]![0]!;
  for (const op of bodyOf(rewriter, rewriter.operation(kernel)).toReversed())
    if (op.results.every((result) => rewriter.useCount(result) === 0) && isTriviallyDead(rewriter, registry, op))
      rewriter.erase(op);
  const { arguments: values } = rewriter.block(block);
  const unused = new Set(operands.flatMap((_, index) => (rewriter.useCount(values[index]!) === 0 ? [index] : [])));
  rewriter.eraseArguments(block, unused);
  return operands.filter((_, index) => !unused.has(index));
}
