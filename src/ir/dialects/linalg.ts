import { affineMaps, enumOf, i64Array, i64Attribute, stringAttributeSpec } from "../attribute-codecs.ts";
import { anyOf, anyShaped, anyType, constraint, index, rankedMemRef, rankedTensor } from "../constraints.ts";
import { dialect, one, op, optional, variadic } from "../define.ts";
import { i32, indexType, type Type } from "../types.ts";
import {
  castAttribute,
  elementwiseKind,
  iteratorTypes,
  sortedDimensions,
  windowAttribute,
} from "./linalg/attributes.ts";
import { genericAssembly } from "./linalg/generic-assembly.ts";
import { contractAssembly, elementwiseAssembly, namedAssembly } from "./linalg/named-assembly.ts";
import { type NamedOperation, type NamedOperationName, namedOperations } from "./linalg/named-operations.ts";
import { mapAssembly, rearrangeAssembly, reduceAssembly } from "./linalg/payload-assembly.ts";
import {
  verifyFilterTransform,
  verifyInputTransform,
  verifyOutputTransform,
  verifySoftmax,
} from "./linalg/verify-aggregate.ts";
import { contractionProblem, contractProblem } from "./linalg/verify-contraction.ts";
import { verifyNamed } from "./linalg/verify-named.ts";
import { verifyPack, verifyUnpack } from "./linalg/verify-packing.ts";
import { broadcastProblem, mapProblem, reduceProblem, transposeProblem } from "./linalg/verify-rearranging.ts";
import { verifyIndex, verifyStructured, verifyYield } from "./linalg/verify-structured.ts";
import { winogradKinds } from "./linalg/winograd.ts";

export type { IteratorType } from "./linalg/attributes.ts";

// --- what structured operations have in common -----------------------------------------------------------------------------------

const inputsAndOutputs = { inputs: variadic(anyType), outputs: variadic(anyShaped) } as const;
const tensorResults = { results: variadic(rankedTensor) } as const;
const structured = { regions: ["region"], traits: ["recursively-pure", "single-block", "destination-style"] } as const;
const resultsOfOutputs = ({ types }: { readonly types: { readonly outputs: readonly Type[] } }) => ({
  results: types.outputs.filter((type) => type.kind === "tensor"),
});

// --- the table of named operations -----------------------------------------------------------------------------------------------

/** The attributes that named operations may have; each has those that its entry in the table says. */
type NamedAttributes = Readonly<{
  indexing_maps: ReturnType<typeof affineMaps.optional>;
  cast: ReturnType<typeof castAttribute.optional>;
  strides: ReturnType<ReturnType<typeof windowAttribute>["optional"]>;
  dilations: ReturnType<ReturnType<typeof windowAttribute>["optional"]>;
}>;
const namedAttributes = ({ window, hasCast, hasMaps }: NamedOperation): NamedAttributes =>
  ({
    ...(hasMaps ? { indexing_maps: affineMaps.optional() } : {}),
    ...(hasCast ? { cast: castAttribute.optional() } : {}),
    ...(window > 0
      ? { strides: windowAttribute(window).optional(), dilations: windowAttribute(window).optional() }
      : {}),
  }) as NamedAttributes;

const declareNamed = (name: string, named: NamedOperation) =>
  op({
    summary: named.summary,
    operands: inputsAndOutputs,
    attributes: namedAttributes(named),
    results: tensorResults,
    ...structured,
    infer: resultsOfOutputs,
    assembly: namedAssembly(name),
    verify: verifyNamed(name, named.kind),
  });
const named = Object.fromEntries(
  Object.entries(namedOperations).map(([name, entry]) => [name, declareNamed(name, entry)]),
) as Readonly<Record<NamedOperationName, ReturnType<typeof declareNamed>>>;

// --- the others ------------------------------------------------------------------------------------------------------------------

const tensorOrMemRef = anyOf(rankedMemRef, rankedTensor);
/** A destination-style operation of one input and one output. */
const rearranging = (summary: string, list: "permutation" | "dimensions", problem: typeof transposeProblem) =>
  op({
    summary,
    operands: { input: one(tensorOrMemRef), init: one(tensorOrMemRef) },
    attributes: { [list]: i64Array } as Readonly<Record<typeof list, typeof i64Array>>,
    results: { result: variadic(rankedTensor) },
    ...structured,
    infer: ({ types }) => ({ result: types.init.kind === "tensor" ? [types.init] : [] }),
    assembly: rearrangeAssembly(list),
    verify: verifyStructured((reader, view) => problem(reader, view.op)),
  });

const packingAttributes = {
  outer_dims_perm: i64Array.optional(),
  inner_dims_pos: i64Array,
  static_inner_tiles: i64Array,
} as const;
const asDestination = {
  result: (types: Readonly<Record<string, Type | undefined>>) => types["dest"],
} as const;

const tensorOfRank = (rank: number) =>
  constraint(`${rank}D tensor of any type values`, (type) => type.kind === "tensor" && type.shape.length === rank);
/** One of the three steps around the products in Winograd's convolution. */
const winograd = <const N extends string>(
  summary: string,
  source: N,
  ranks: readonly [number, number],
  verify: typeof verifyFilterTransform,
) =>
  op({
    summary,
    operands: { [source]: one(tensorOfRank(ranks[0])), output: one(tensorOfRank(ranks[1])) },
    attributes: { fmr: enumOf(i32, ...winogradKinds) },
    results: { result: one(tensorOfRank(ranks[1])) },
    traits: ["pure"],
    assembly: `attr-dict \`fmr\` \`(\` $fmr \`)\` \`ins\` \`(\` $${source} \`:\` type($${source}) \`)\`
      \`outs\` \`(\` $output \`:\` type($output) \`)\` \`->\` type($result)`,
    verify,
  });

export const linalg = dialect("linalg", "structured computation over tensors and buffers", {
  ...named,
  generic: op({
    summary: "a perfect loop nest: a scalar body applied at every point, operands indexed by affine maps",
    operands: inputsAndOutputs,
    attributes: {
      indexing_maps: affineMaps,
      iterator_types: iteratorTypes,
      doc: stringAttributeSpec.optional(),
      library_call: stringAttributeSpec.optional(),
    },
    results: tensorResults,
    ...structured,
    infer: resultsOfOutputs,
    assembly: genericAssembly,
    verify: verifyStructured(),
  }),
  contract: op({
    summary: "sum of products of two operands, indexed in any way that leaves dimensions out or permutes them",
    operands: inputsAndOutputs,
    attributes: { indexing_maps: affineMaps, cast: castAttribute.optional() },
    results: tensorResults,
    ...structured,
    infer: resultsOfOutputs,
    assembly: contractAssembly,
    verify: verifyStructured(contractProblem, contractionProblem),
  }),
  elementwise: op({
    summary: "a function of elements at the same place, which the attribute names",
    operands: inputsAndOutputs,
    attributes: { kind: elementwiseKind, indexing_maps: affineMaps.optional() },
    results: tensorResults,
    ...structured,
    infer: resultsOfOutputs,
    assembly: elementwiseAssembly,
    verify: verifyStructured(),
  }),
  map: op({
    summary: "a scalar body applied to the elements at each place",
    operands: { inputs: variadic(tensorOrMemRef), init: one(tensorOrMemRef) },
    attributes: {},
    results: { result: variadic(rankedTensor) },
    ...structured,
    infer: ({ types }) => ({ result: types.init.kind === "tensor" ? [types.init] : [] }),
    assembly: mapAssembly,
    verify: verifyStructured(mapProblem),
  }),
  reduce: op({
    summary:
      "a scalar body that combines the elements along some dimensions; the first half of the operands are inputs",
    operands: { operands: variadic(tensorOrMemRef) },
    attributes: { dimensions: sortedDimensions },
    results: { results: variadic(rankedTensor) },
    ...structured,
    infer: ({ types }) => ({
      results: types.operands.slice(types.operands.length >> 1).filter((type) => type.kind === "tensor"),
    }),
    assembly: reduceAssembly,
    verify: verifyStructured(reduceProblem),
  }),
  transpose: rearranging("elements with their dimensions permuted", "permutation", transposeProblem),
  broadcast: rearranging("elements repeated along dimensions that are added", "dimensions", broadcastProblem),
  softmax: op({
    summary: "exp(x - max) / sum of the same, along a dimension",
    operands: { input: one(anyShaped), output: one(anyShaped) },
    attributes: { dimension: i64Attribute },
    results: { result: variadic(rankedTensor) },
    traits: ["recursively-pure", "destination-style"],
    infer: ({ types }) => ({ result: types.output.kind === "tensor" ? [types.output] : [] }),
    assembly:
      "attr-dict `dimension` `(` $dimension `)` `ins` `(` $input `:` type($input) `)` " +
      "`outs` `(` $output `:` type($output) `)` (`->` type($result)^)?",
    verify: verifySoftmax,
  }),
  pack: op({
    summary: "a tensor cut into tiles, which become its last dimensions",
    operands: {
      source: one(rankedTensor),
      dest: one(rankedTensor),
      padding_value: optional(anyType),
      inner_tiles: variadic(index),
    },
    attributes: packingAttributes,
    results: { result: one(rankedTensor) },
    traits: ["pure"],
    infer: ({ types }) => ({ result: types.dest }),
    assembly: {
      format:
        "$source (`padding_value` `(` $padding_value^ `:` type($padding_value) `)`)? " +
        "(`outer_dims_perm` `=` $outer_dims_perm^)? `inner_dims_pos` `=` $inner_dims_pos `inner_tiles` `=` " +
        "custom<DynamicIndexList>($inner_tiles, $static_inner_tiles) `into` $dest attr-dict `:` type($source) `->` type($dest)",
      infer: asDestination,
    },
    verify: verifyPack,
  }),
  unpack: op({
    summary: "the reverse of a pack: a tensor put together from tiles",
    operands: { source: one(rankedTensor), dest: one(rankedTensor), inner_tiles: variadic(index) },
    attributes: packingAttributes,
    results: { result: one(rankedTensor) },
    traits: ["pure"],
    infer: ({ types }) => ({ result: types.dest }),
    assembly: {
      format:
        "$source (`outer_dims_perm` `=` $outer_dims_perm^)? `inner_dims_pos` `=` $inner_dims_pos `inner_tiles` `=` " +
        "custom<DynamicIndexList>($inner_tiles, $static_inner_tiles) `into` $dest attr-dict `:` type($source) `->` type($dest)",
      infer: asDestination,
    },
    verify: verifyUnpack,
  }),
  winograd_filter_transform: winograd("filters, as tiles to be multiplied", "filter", [4, 4], verifyFilterTransform),
  winograd_input_transform: winograd("images, as tiles to be multiplied", "input", [4, 6], verifyInputTransform),
  winograd_output_transform: winograd("products of tiles, as images", "value", [6, 4], verifyOutputTransform),
  index: op({
    summary: "the present position along a loop of the surrounding structured operation",
    operands: {},
    attributes: { dim: i64Attribute },
    results: { result: one(index) },
    traits: ["pure"],
    infer: () => ({ result: indexType }),
    assembly: "$dim attr-dict `:` type($result)",
    verify: verifyIndex,
  }),
  yield: op({
    summary: "ends the body of a structured operation",
    operands: { values: variadic(anyType) },
    attributes: {},
    results: {},
    traits: ["terminator", "pure"],
    assembly: "($values^)? attr-dict (`:` type($values)^)?",
    verify: verifyYield,
  }),
});
