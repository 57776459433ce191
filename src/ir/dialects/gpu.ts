import { allTypesMatch } from "../assembly.ts";
import {
  dictionaryArray,
  i32Attribute,
  indexAttribute,
  symbolNameSpec,
  unitAttributeSpec,
} from "../attribute-codecs.ts";
import { anyOf, anyType, constraint, index, integerOrFloat } from "../constraints.ts";
import { dialect, one, op, optional, variadic } from "../define.ts";
import { i32, i64, indexType } from "../types.ts";
import {
  asyncDependencies,
  gpuFunctionAssembly,
  launchArguments,
  launchSizeType,
  reductionOperation,
} from "./assembly/gpu.ts";
import { functionTypeAttribute } from "./func.ts";
import {
  asyncToken,
  dimensionSpec,
  knownSizes,
  offloadingHandler,
  reductionKind,
  symbolPath,
  targets,
} from "./gpu/attributes.ts";
import { allReduceRule, gpuFunctionRule, gpuReturnRule, launchRule, subgroupReduceRule } from "./rules/gpu.ts";
import { exactlyOneBlock, firstOf, noRegionArguments } from "./rules/regions.ts";

const launchSize = constraint(
  "index or 32-bit signless integer or 64-bit signless integer",
  (type) => type === indexType || type === i32 || type === i64,
);
const reduced = anyOf(
  integerOrFloat,
  constraint(
    "fixed-length vector of Integer or Float values of ranks 1",
    (type) =>
      type.kind === "vector" &&
      type.shape.length === 1 &&
      type.scalable.length === 0 &&
      integerOrFloat.accepts(type.element),
  ),
);
const sizes = ["gridSizeX", "gridSizeY", "gridSizeZ", "blockSizeX", "blockSizeY", "blockSizeZ"] as const;

/** One of the coordinates that tell invocations apart, or of the sizes that bound them. */
const coordinate = (summary: string) =>
  op({
    summary,
    operands: {},
    attributes: { dimension: dimensionSpec, upper_bound: indexAttribute.optional() },
    results: { result: one(index) },
    traits: ["pure"],
    infer: () => ({ result: indexType }),
    assembly: "$dimension (`upper_bound` $upper_bound^)? attr-dict",
  });
const ofSubgroup = (summary: string, assembly = "(`upper_bound` $upper_bound^)? attr-dict `:` type($result)") =>
  op({
    summary,
    operands: {},
    attributes: { upper_bound: indexAttribute.optional() },
    results: { result: one(index) },
    traits: ["pure"],
    infer: () => ({ result: indexType }),
    assembly,
  });

/**
 * Kernels and how they are launched: the part of upstream's dialect that the project uses; its other operations are carried along.
 * A block (WebGPU: workgroup) is a number of invocations (upstream: threads) that share its workgroup memory.
 *
 * A module whose functions launch kernels has the unit attribute `gpu.container_module`. A `gpu.func` that may be launched has the
 * discardable unit attribute `gpu.kernel`; `sym_name` and `workgroup_attributions` (how many of the entry block's arguments after
 * the function's own are buffers in workgroup memory; those after them are private) are discardable too, as upstream keeps them:
 * `createKernel` writes them.
 */
export const gpu = dialect(
  "gpu",
  "kernels, what tells their invocations apart, and launches",
  {
    module: op({
      summary: "a container of kernels",
      operands: {},
      attributes: {
        sym_name: symbolNameSpec,
        targets: targets.optional(),
        offloadingHandler: offloadingHandler.optional(),
      },
      results: {},
      regions: ["bodyRegion"],
      traits: ["isolated-from-above", "symbol", "symbol-table", "single-block", "no-terminator"],
      assembly: "$sym_name (`<` $offloadingHandler^ `>`)? ($targets^)? attr-dict-with-keyword $bodyRegion",
      verify: firstOf((view) => exactlyOneBlock(view, 0, "bodyRegion") ?? noRegionArguments(view)),
    }),
    func: op({
      summary: "a function that runs on the device; a kernel where it may be launched",
      operands: {},
      attributes: {
        function_type: functionTypeAttribute,
        arg_attrs: dictionaryArray.optional(),
        res_attrs: dictionaryArray.optional(),
        workgroup_attrib_attrs: dictionaryArray.optional(),
        private_attrib_attrs: dictionaryArray.optional(),
        ...knownSizes,
      },
      results: {},
      regions: ["body"],
      traits: ["isolated-from-above", "symbol", "affine-scope"],
      assembly: gpuFunctionAssembly,
      verify: firstOf(gpuFunctionRule),
    }),
    return: op({
      summary: "ends a function of the device",
      operands: { operands: variadic(anyType) },
      attributes: {},
      results: {},
      traits: ["terminator", "pure"],
      assembly: "attr-dict ($operands^ `:` type($operands))?",
      verify: firstOf(gpuReturnRule),
    }),
    launch_func: op({
      summary:
        "runs a kernel once for each invocation of each block of a grid, and waits for all of them unless it is `async`",
      operands: {
        asyncDependencies: variadic(asyncToken),
        gridSizeX: one(launchSize),
        gridSizeY: one(launchSize),
        gridSizeZ: one(launchSize),
        blockSizeX: one(launchSize),
        blockSizeY: one(launchSize),
        blockSizeZ: one(launchSize),
        clusterSizeX: optional(launchSize),
        clusterSizeY: optional(launchSize),
        clusterSizeZ: optional(launchSize),
        dynamicSharedMemorySize: optional({
          description: "32-bit signless integer",
          accepts: (type) => type === i32,
          only: i32,
        }),
        kernelOperands: variadic(anyType),
        asyncObject: optional(anyType),
      },
      attributes: { kernel: symbolPath },
      results: { asyncToken: optional(asyncToken) },
      relations: [
        {
          description: `all of {${sizes.join(", ")}} have same type`,
          holds: ({ types }) => sizes.every((name) => types[name] === types["gridSizeX"]),
        },
      ],
      assembly: {
        format:
          "custom<AsyncDependencies>(type($asyncToken), $asyncDependencies) (`<` $asyncObject^ `:` type($asyncObject) `>`)? $kernel " +
          "(`clusters` `in` ` ` `(` $clusterSizeX^ `,` $clusterSizeY `,` $clusterSizeZ `)`)? " +
          "`blocks` `in` ` ` `(` $gridSizeX `,` $gridSizeY `,` $gridSizeZ `)` " +
          "`threads` `in` ` ` `(` $blockSizeX `,` $blockSizeY `,` $blockSizeZ `)` " +
          "custom<LaunchDimType>(type($gridSizeX), ref($clusterSizeX), type($clusterSizeX), type($clusterSizeY), type($clusterSizeZ)) " +
          "(`dynamic_shared_memory_size` $dynamicSharedMemorySize^)? " +
          "custom<LaunchFuncOperands>($kernelOperands, type($kernelOperands)) attr-dict",
        custom: {
          AsyncDependencies: asyncDependencies,
          LaunchDimType: launchSizeType,
          LaunchFuncOperands: launchArguments,
        },
        infer: allTypesMatch(...sizes),
      },
      verify: firstOf(launchRule),
    }),
    block_id: coordinate("which block of the grid it is"),
    thread_id: coordinate("which invocation of the block it is"),
    block_dim: coordinate("how many invocations a block has"),
    grid_dim: coordinate("how many blocks the grid has"),
    global_id: coordinate(
      "which invocation of the grid it is: the block's number times its size, plus the number within it",
    ),
    lane_id: ofSubgroup("which invocation of the subgroup it is", "(`upper_bound` $upper_bound^)? attr-dict"),
    subgroup_id: ofSubgroup("which subgroup of the block it is in"),
    num_subgroups: ofSubgroup("how many subgroups a block has"),
    subgroup_size: ofSubgroup("how many invocations a subgroup has"),
    barrier: op({
      summary: "goes on when all invocations of the block have come here, and sees what they wrote before",
      operands: {},
      attributes: {},
      results: {},
      assembly: "attr-dict",
    }),
    subgroup_reduce: op({
      summary: "combines the values that the invocations of a subgroup give; each gets the result",
      operands: { value: one(reduced) },
      attributes: {
        op: reductionKind,
        uniform: unitAttributeSpec,
        cluster_size: i32Attribute.optional(),
        cluster_stride: i32Attribute.default(1),
      },
      results: { result: one(reduced) },
      traits: ["same-operands-and-result-type"],
      assembly: {
        format:
          "custom<AllReduceOperation>($op) $value (`uniform` $uniform^)? " +
          "(`cluster` `(` `size` `=` $cluster_size^ (`,` `stride` `=` $cluster_stride^)? `)`)? " +
          "attr-dict `:` functional-type(operands, results)",
        custom: { AllReduceOperation: reductionOperation },
      },
      verify: firstOf(subgroupReduceRule),
    }),
    all_reduce: op({
      summary: "the same for the invocations of a block",
      operands: { value: one(integerOrFloat) },
      attributes: { op: reductionKind.optional(), uniform: unitAttributeSpec },
      results: { result: one(integerOrFloat) },
      regions: ["body"],
      traits: ["same-operands-and-result-type", "isolated-from-above"],
      assembly: {
        format:
          "custom<AllReduceOperation>($op) $value (`uniform` $uniform^)? $body attr-dict `:` functional-type(operands, results)",
        custom: { AllReduceOperation: reductionOperation },
      },
      verify: firstOf(allReduceRule),
    }),
    yield: op({
      summary: "what a region of the dialect gives",
      operands: { values: variadic(anyType) },
      attributes: {},
      results: {},
      traits: ["terminator", "pure"],
      assembly: "attr-dict ($values^ `:` type($values))?",
    }),
  },
  { isOpen: true },
);
