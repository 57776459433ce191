import type { AffineMap, IntegerSet } from "../../affine.ts";
import { isDynamic } from "../../index-list.ts";
import { type Operation, parentOf, type ValueId } from "../../module.ts";
import { indexType, type MemRefType, type Type, type VectorType } from "../../types.ts";
import { broken } from "../../verify-diagnostics.ts";
import { atomicKinds } from "../atomic-kinds.ts";
import { dmaMaps } from "../assembly/affine-access.ts";
import { affineScopeOf } from "./affine-scope.ts";
import type { OperationView } from "./operation-view.ts";
import {
  carriesAlike,
  endsInImplied,
  entryArguments,
  exactlyOneBlock,
  type Finding,
  firstFinding,
  firstOf,
  handsOn,
  noRegionArguments,
  typesOf,
} from "./regions.ts";

const terminator = "affine.yield";

const inputCount = ({ dimensions, symbols }: AffineMap | IntegerSet): number => dimensions + symbols;

/** Values that a map or set is applied to, the first ones as dimensions, are values that it may be applied to. */
function validInputs({ op, reader }: OperationView, values: readonly ValueId[], dimensions: number): Finding {
  const scope = affineScopeOf(reader, op);
  return firstFinding(values, (value, index) => {
    if (index >= dimensions)
      return scope.isSymbol(value) ? undefined : broken(op, "operand cannot be used as a symbol");
    return scope.isDimension(value) ? undefined : broken(op, "operand cannot be used as a dimension id");
  });
}

// --- maps applied to values ------------------------------------------------------------------------------------------------------

interface AppliedMapView extends OperationView {
  readonly attributes: { readonly map: AffineMap };
}

const fittingInputs = ({ op, attributes }: AppliedMapView): Finding =>
  op.operands.length === inputCount(attributes.map)
    ? undefined
    : broken(op, "operand count and affine map dimension and symbol count must match");

export const verifyApply = firstOf((view: AppliedMapView): Finding => {
  const { op, reader, attributes } = view;
  const { map } = attributes;
  const counted =
    fittingInputs(view) ?? (map.results.length === 1 ? undefined : broken(op, "mapping must produce one value"));
  if (counted !== undefined) return counted;
  // Other values than dimensions and symbols are allowed: not every use of the result is an affine one.
  const scope = affineScopeOf(reader, op);
  return firstFinding(op.operands.slice(map.dimensions), (value) =>
    scope.isDimension(value) && !scope.isSymbol(value)
      ? broken(op, "dimensional operand cannot be used as a symbol")
      : undefined,
  );
});

export const verifyMinMax = firstOf((view: AppliedMapView): Finding => {
  const noResult = view.attributes.map.results.length === 0;
  return fittingInputs(view) ?? (noResult ? broken(view.op, "affine map expect at least one result") : undefined);
});

// --- loops and conditions --------------------------------------------------------------------------------------------------------

interface ForView extends OperationView {
  readonly operands: {
    readonly lowerBoundOperands: readonly ValueId[];
    readonly upperBoundOperands: readonly ValueId[];
    readonly inits: readonly ValueId[];
  };
  readonly attributes: { readonly lowerBoundMap: AffineMap; readonly upperBoundMap: AffineMap };
}

/** A bound without inputs is not looked at, as in upstream's rule. */
const validBound = (view: OperationView, map: AffineMap, values: readonly ValueId[]): Finding =>
  inputCount(map) > 0 ? validInputs(view, values, map.dimensions) : undefined;

export const verifyFor = firstOf((view: ForView): Finding => {
  const { op, reader, operands, attributes } = view;
  const { lowerBoundMap, upperBoundMap } = attributes;
  const shape = exactlyOneBlock(view, 0, "region") ?? endsInImplied(view, terminator);
  if (shape !== undefined) return shape;
  const [induction, ...carried] = typesOf(reader, entryArguments(view));
  if (induction !== indexType)
    return broken(op, "expected body to have a single index argument for the induction variable");
  const bounds =
    validBound(view, lowerBoundMap, operands.lowerBoundOperands) ??
    validBound(view, upperBoundMap, operands.upperBoundOperands);
  if (bounds !== undefined) return bounds;
  if (lowerBoundMap.results.length === 0) return broken(op, "expected lower bound map to have at least one result");
  if (upperBoundMap.results.length === 0) return broken(op, "expected upper bound map to have at least one result");
  return carriesAlike(op, {
    inits: typesOf(reader, operands.inits),
    iterationArguments: carried,
    // The terminator is held to the results by its own rule.
    yielded: carried,
    results: typesOf(reader, op.results),
  });
});

interface IfView extends OperationView {
  readonly attributes: { readonly condition: IntegerSet };
}

export const verifyIf = firstOf((view: IfView): Finding => {
  const { op, reader, attributes } = view;
  const { condition } = attributes;
  if (op.operands.length !== inputCount(condition))
    return broken(op, "operand count and condition integer set dimension and symbol count must match");
  const withoutElse = op.regions[1]!.length === 0 ? typesOf(reader, op.results) : [];
  return (
    exactlyOneBlock(view, 0, "thenRegion") ??
    noRegionArguments(view) ??
    validInputs(view, op.operands, condition.dimensions) ??
    endsInImplied(view, terminator) ??
    handsOn(op, "from parent to parent", [], withoutElse)
  );
});

interface ParallelView extends OperationView {
  readonly attributes: {
    readonly reductions: readonly number[];
    readonly lowerBoundsMap: AffineMap;
    readonly lowerBoundsGroups: readonly number[];
    readonly upperBoundsMap: AffineMap;
    readonly upperBoundsGroups: readonly number[];
    readonly steps: readonly number[];
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

export const verifyParallel = firstOf((view: ParallelView): Finding => {
  const { op, attributes } = view;
  const { lowerBoundsMap, lowerBoundsGroups, upperBoundsMap, upperBoundsGroups, steps } = attributes;
  const shape = exactlyOneBlock(view, 0, "region") ?? endsInImplied(view, terminator);
  if (shape !== undefined) return shape;
  const loops = entryArguments(view).length;
  const [lower, upper] = [lowerBoundsGroups.length, upperBoundsGroups.length];
  if (lower !== loops || upper !== loops || steps.length !== loops)
    return broken(
      op,
      `the number of region arguments (${loops}) and the number of map groups for lower (${lower}) and upper bound (${upper}), and the number of steps (${steps.length}) must all match`,
    );
  const [lowerResults, upperResults] = [sum(lowerBoundsGroups), sum(upperBoundsGroups)];
  if (lowerResults !== lowerBoundsMap.results.length)
    return broken(op, `expected lower bounds map to have ${lowerResults} results`);
  if (upperResults !== upperBoundsMap.results.length)
    return broken(op, `expected upper bounds map to have ${upperResults} results`);
  const split = inputCount(lowerBoundsMap);
  return (
    validReductions(view) ??
    validInputs(view, op.operands.slice(0, split), lowerBoundsMap.dimensions) ??
    validInputs(view, op.operands.slice(split), upperBoundsMap.dimensions)
  );
});

type Accepts = (type: Type) => boolean;
const isFloat: Accepts = (type) => type.kind === "float";
const isInteger: Accepts = (type) => type.kind === "integer";
const isSigned: Accepts = (type) => type.kind === "integer" && type.signedness === "signed";
const isUnsigned: Accepts = (type) => type.kind === "integer" && type.signedness === "unsigned";
/** What upstream lets each kind of reduction accumulate; nothing for those that are not here. */
const accumulates: { readonly [K in (typeof atomicKinds)[number]]?: Accepts } = {
  addf: isFloat,
  mulf: isFloat,
  maximumf: isFloat,
  minimumf: isFloat,
  addi: isInteger,
  muli: isInteger,
  ori: isInteger,
  andi: isInteger,
  maxs: isSigned,
  mins: isSigned,
  maxu: isUnsigned,
  minu: isUnsigned,
  assign: () => true,
};

function validReductions({ op, reader, attributes }: ParallelView): Finding {
  const { reductions } = attributes;
  if (reductions.length !== op.results.length) return broken(op, "a reduction must be specified for each output");
  return firstFinding(reductions, (kind, index) => {
    const accepts = accumulates[atomicKinds[kind]!];
    return accepts?.(reader.typeOf(op.results[index]!)) === true
      ? undefined
      : broken(op, "result type cannot match reduction attribute");
  });
}

const yielding: ReadonlySet<string> = new Set(["affine.if", "affine.for", "affine.parallel"]);

export const verifyYield = firstOf(({ op, reader }: OperationView): Finding => {
  const parent = parentOf(reader, op);
  if (parent === undefined || !yielding.has(parent.name))
    return broken(op, "only terminates affine.if/for/parallel regions");
  if (parent.results.length !== op.operands.length)
    return broken(op, "parent of yield must have same number of results as the yield operands");
  return firstFinding(op.operands, (operand, index) =>
    reader.typeOf(operand) === reader.typeOf(parent.results[index]!)
      ? undefined
      : broken(op, "types mismatch between yield op and its parent"),
  );
});

// --- memory ----------------------------------------------------------------------------------------------------------------------

interface AccessView extends AppliedMapView {
  readonly types: { readonly memref: Type };
  readonly operands: { readonly indices: readonly ValueId[] };
}

/** A memref is read or written where a map says. */
function validSubscripts(view: AccessView): Finding {
  const { op, types, operands, attributes } = view;
  const { map } = attributes;
  if (map.results.length !== (types.memref as MemRefType).shape.length)
    return broken(op, "affine map num results must equal memref rank");
  if (inputCount(map) !== operands.indices.length) return broken(op, "expects as many subscripts as affine map inputs");
  return validInputs(view, operands.indices, map.dimensions);
}

const elementOfMemRef = (view: AccessView): Type => (view.types.memref as MemRefType).element;

export const verifyLoad = firstOf((view: AccessView): Finding => {
  const { op, reader } = view;
  if (reader.typeOf(op.results[0]!) !== elementOfMemRef(view))
    return broken(op, "result type must match element type of memref");
  return validSubscripts(view);
});
export const verifyStore = firstOf((view: AccessView): Finding => {
  const { op, reader } = view;
  if (reader.typeOf(op.operands[0]!) !== elementOfMemRef(view))
    return broken(op, "value to store must have the same type as memref element type");
  return validSubscripts(view);
});

const vectorAccess = (view: AccessView, vector: ValueId): Finding =>
  validSubscripts(view) ??
  ((view.reader.typeOf(vector) as VectorType).element === elementOfMemRef(view)
    ? undefined
    : broken(view.op, "requires memref and vector types of the same elemental type"));
export const verifyVectorLoad = firstOf((view: AccessView): Finding => vectorAccess(view, view.op.results[0]!));
export const verifyVectorStore = firstOf((view: AccessView): Finding => vectorAccess(view, view.op.operands[0]!));

export const verifyPrefetch = firstOf((view: AccessView): Finding => {
  const { op, reader, types, operands, attributes } = view;
  const { map } = attributes;
  if (map.results.length !== (types.memref as MemRefType).shape.length)
    return broken(op, "affine.prefetch affine map num results must equal memref rank");
  if (inputCount(map) !== operands.indices.length) return broken(op, "too few operands");
  const scope = affineScopeOf(reader, op);
  return firstFinding(operands.indices, (value) =>
    scope.isDimension(value) ? undefined : broken(op, "index must be a valid dimension or symbol identifier"),
  );
});

// --- transfers -------------------------------------------------------------------------------------------------------------------

/** The values of subscripts are indices that an affine map may be applied to. */
function validIndices({ op, reader }: OperationView, what: string, name: string, values: readonly ValueId[]): Finding {
  const scope = affineScopeOf(reader, op);
  return firstFinding(values, (value) => {
    if (reader.typeOf(value) !== indexType) return broken(op, `${what}index to ${name} must have 'index' type`);
    return scope.isDimension(value)
      ? undefined
      : broken(op, `${what}index must be a valid dimension or symbol identifier`);
  });
}

const mapNamed = (op: Operation, name: string): AffineMap | undefined => {
  const attribute = op.attributes[name];
  return attribute?.kind === "affine-map" ? attribute.map : undefined;
};

export const verifyDmaStart = firstOf((view: OperationView): Finding => {
  const { op, reader } = view;
  const maps = dmaMaps.map((name) => mapNamed(op, name));
  const missing = dmaMaps.find((_, index) => maps[index] === undefined);
  if (missing !== undefined) return broken(op, `requires attribute '${missing}'`);
  const counts = maps.map((map) => inputCount(map!));
  const starts = counts.map((_, index) => index + sum(counts.slice(0, index)));
  const memrefs = ["source", "destination", "tag"];
  const wrongMemRef = firstFinding(starts, (start, index) => {
    const operand = op.operands[start];
    return operand !== undefined && reader.typeOf(operand).kind === "memref"
      ? undefined
      : broken(op, `expected DMA ${memrefs[index]!} to be of memref type`);
  });
  if (wrongMemRef !== undefined) return wrongMemRef;
  const rest = op.operands.length - sum(counts) - memrefs.length;
  if (rest !== 1 && rest !== 3) return broken(op, "incorrect number of operands");
  return firstFinding(["src ", "dst ", "tag "], (what, index) => {
    const start = starts[index]! + 1;
    return validIndices(view, what, "dma_start", op.operands.slice(start, start + counts[index]!));
  });
});

export const verifyDmaWait = firstOf((view: OperationView): Finding => {
  const { op, reader } = view;
  const [tag, ...rest] = op.operands;
  if (tag === undefined || reader.typeOf(tag).kind !== "memref")
    return broken(op, "expected DMA tag to be of memref type");
  if (mapNamed(op, "tag_map") === undefined) return broken(op, "requires attribute 'tag_map'");
  return validIndices(view, "", "dma_wait", rest.slice(0, -1));
});

// --- indices ---------------------------------------------------------------------------------------------------------------------

interface BasisView extends OperationView {
  readonly attributes: { readonly static_basis: readonly number[] };
  readonly operands: { readonly dynamic_basis: readonly ValueId[] };
}

const fittingBasis = ({ op, attributes, operands }: BasisView): Finding =>
  attributes.static_basis.filter(isDynamic).length === operands.dynamic_basis.length
    ? undefined
    : broken(
        op,
        "mismatch between dynamic and static basis (kDynamic marker but no corresponding dynamic basis entry) -- this can only happen due to an incorrect fold/rewrite",
      );

export const verifyDelinearize = firstOf((view: BasisView): Finding => {
  const { op, attributes } = view;
  const basis = attributes.static_basis;
  if (op.results.length !== basis.length && op.results.length !== basis.length + 1)
    return broken(op, "should return an index for each basis element and up to one extra index");
  const mismatch = fittingBasis(view);
  if (mismatch !== undefined) return mismatch;
  return basis.some((entry) => entry <= 0 && !isDynamic(entry))
    ? broken(op, "no basis element may be statically non-positive")
    : undefined;
});

export const verifyLinearize = firstOf(
  (view: BasisView & { readonly operands: { readonly multi_index: readonly ValueId[] } }): Finding => {
    const { op, attributes, operands } = view;
    const basis = attributes.static_basis.length;
    const indices = operands.multi_index.length;
    if (indices !== basis && indices !== basis + 1)
      return broken(op, "should be passed a basis element for each index except possibly the first");
    return fittingBasis(view);
  },
);
