import { arrayAttribute, dictionaryAttribute, i32ArrayAttribute, unitAttribute } from "../../ir/attributes.ts";
import { at } from "../../ir/builder.ts";
import { locationOf } from "../../ir/create-module.ts";
import { gpu } from "../../ir/dialects/gpu.ts";
import { createKernel } from "../../ir/dialects/gpu/kernel.ts";
import { memref } from "../../ir/dialects/memref.ts";
import type { BlockId, OpId, Operation, ValueId } from "../../ir/module.ts";
import type { Registry } from "../../ir/registry.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import type { WebGpuTarget } from "../../targets/webgpu.ts";
import { EntryConstants, IndexArithmetic } from "../loops/index-arithmetic.ts";
import { kernelInputs, moveInto } from "./kernel-inputs.ts";
import { KernelNames } from "./kernel-names.ts";
import type { KernelSite, MappedKernel } from "./mapping.ts";
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
  launch({ ops, kind, build }: KernelRequest): void {
    const rewriter = this.#rewriter;
    const inputs = kernelInputs(rewriter, this.#registry, ops, this.#spills.buffers, this.#entry.regions[0]![0]!);
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
          moveInto(
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
            build({ rewriter, target: this.#target, arithmetic, op, block }),
          );
          rewriter.location = location;
        },
      ),
    );
    const { shape, attributes = {} } = mapped!;
    const made = rewriter.operation(kernel.id);
    rewriter.update(made.id, {
      properties: {
        ...made.properties,
        known_block_size: i32ArrayAttribute(shape.threads),
        arg_attrs: arrayAttribute(
          inputs.parameters.map((value) => {
            const region = regions.get(value);
            return dictionaryAttribute(region ? { [regionAttributeName]: encodeRegion(region) } : {});
          }),
        ),
      },
      attributes: { ...made.attributes, ...attributes },
    });
    this.#launchAt(place, name, shape, inputs.parameters);
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
