import { attributeOf, type IrReader, type OpId, type Operation, type ValueId } from "../../module.ts";
import { indexType } from "../../types.ts";

// Which values an affine map may be applied to. A symbol is a value that does not change in the region of the affine scope around
// its use; a dimension may be an induction variable of an affine loop besides. The rules are upstream's `isValidDim` and
// `isValidSymbol`; where an operation is one that Weft does not declare, they err on the side of accepting.

/** Operations whose regions are affine scopes, and whether these see nothing of what surrounds them. */
const affineScopes: ReadonlyMap<string, boolean> = new Map([
  ["builtin.module", true],
  ["func.func", true],
  ["gpu.func", true],
  ["gpu.launch", false],
  ["llvm.func", true],
  ["shape.function_library", true],
  ["shape.func", true],
  ["wasmssa.func", true],
  ["wasmssa.import_func", true],
  // Of the dialect that upstream tests itself with.
  ["test.affine_scope", false],
]);

/** A region by the operation that has it. */
interface RegionReference {
  readonly op: OpId;
  readonly index: number;
}

const regionOf = (reader: IrReader, op: Operation): RegionReference | undefined => {
  if (op.parent === undefined) return undefined;
  const block = reader.block(op.parent);
  return { op: block.parent, index: block.regionIndex };
};
/** The region that a value is defined in. */
function homeOf(reader: IrReader, value: ValueId): RegionReference | undefined {
  const definition = reader.value(value);
  if (definition.kind === "result") return regionOf(reader, reader.operation(definition.op));
  const block = reader.block(definition.block);
  return { op: block.parent, index: block.regionIndex };
}
const isScope = (reader: IrReader, region: RegionReference | undefined): boolean =>
  region !== undefined && affineScopes.has(reader.operation(region.op).name);

const sizedMemRefs: ReadonlySet<string> = new Set(["memref.alloc", "memref.view", "memref.subview"]);
const dimOperations: ReadonlySet<string> = new Set(["memref.dim", "tensor.dim"]);
const constants: ReadonlySet<string> = new Set(["arith.constant", "index.constant", "ub.poison", "emitc.constant"]);
const indexTransformations: ReadonlySet<string> = new Set([
  "affine.apply",
  "affine.delinearize_index",
  "affine.linearize_index",
]);
/** Dialects of computations on numbers, and of those that Weft does not declare but upstream has pure operations in. */
const pureDialects: ReadonlySet<string> = new Set(["arith", "math", "index", "ub", "shape", "gpu", "emitc"]);
const pureOperations: ReadonlySet<string> = new Set([
  ...indexTransformations,
  "affine.min",
  "affine.max",
  // Pure when what is in their regions is: taken as such.
  "affine.for",
  "affine.if",
  "scf.for",
  "vector.vscale",
]);
const isPure = ({ name }: Operation): boolean =>
  pureOperations.has(name) || pureDialects.has(name.slice(0, name.indexOf(".")));

/** The values that may be dimensions and symbols of the affine operations in one scope. */
class AffineScope {
  readonly #reader: IrReader;
  /** The region of the scope and, where these are seen from there, those around it. */
  readonly #regions: readonly RegionReference[];
  readonly #dimensions = new Set<ValueId>();
  readonly #symbols = new Set<ValueId>();

  /** The scope that an operation stands in. */
  constructor(reader: IrReader, op: Operation) {
    this.#reader = reader;
    this.#regions = scopeRegions(reader, op);
  }

  isDimension(value: ValueId): boolean {
    return this.#all(value, this.#dimensions, (next, push) => this.#dimensionStep(next, push));
  }
  isSymbol(value: ValueId): boolean {
    return this.#all(value, this.#symbols, (next, push) => this.#symbolStep(next, push));
  }

  /** Whether a value and all that it depends on pass; a step pushes what else must. Without recursion: chains may be long. */
  #all(
    value: ValueId,
    known: Set<ValueId>,
    step: (value: ValueId, push: (other: ValueId) => void) => boolean,
  ): boolean {
    const pending = [value];
    const seen = new Set<ValueId>();
    const push = (other: ValueId): void => {
      pending.push(other);
    };
    while (pending.length > 0) {
      const next = pending.pop()!;
      if (known.has(next) || seen.has(next)) continue;
      seen.add(next);
      if (this.#reader.typeOf(next) !== indexType || !step(next, push)) return false;
    }
    for (const passed of seen) known.add(passed);
    return true;
  }

  #dimensionStep(value: ValueId, push: (other: ValueId) => void): boolean {
    if (this.#isTopLevel(value) || this.#isInduction(value)) return true;
    const op = this.#reader.definition(value);
    if (op !== undefined && indexTransformations.has(op.name)) {
      op.operands.forEach(push);
      return true;
    }
    if (this.isSymbol(value)) return true;
    return (
      op !== undefined && dimOperations.has(op.name) && isScope(this.#reader, homeOf(this.#reader, op.operands[0]!))
    );
  }

  #symbolStep(value: ValueId, push: (other: ValueId) => void): boolean {
    if (this.#isTopLevel(value)) return true;
    const op = this.#reader.definition(value);
    if (op === undefined) return false;
    if (constants.has(op.name)) return true;
    if (isPure(op)) {
      op.operands.forEach(push);
      return true;
    }
    return dimOperations.has(op.name) && this.#isSymbolicSize(op, push);
  }

  #isTopLevel(value: ValueId): boolean {
    const home = homeOf(this.#reader, value);
    return this.#regions.some(({ op, index }) => home?.op === op && home.index === index);
  }

  /** Whether a value is an induction variable of an affine loop. */
  #isInduction(value: ValueId): boolean {
    const definition = this.#reader.value(value);
    if (definition.kind !== "argument") return false;
    const { name } = this.#reader.operation(this.#reader.block(definition.block).parent);
    return name === "affine.parallel" || (name === "affine.for" && definition.index === 0);
  }

  /** Whether the size that a `dim` asks for is that of a whole function's value, known, or itself a symbol. */
  #isSymbolicSize(dim: Operation, push: (other: ValueId) => void): boolean {
    const reader = this.#reader;
    const [shaped, position] = dim.operands as readonly [ValueId, ValueId];
    if (isScope(reader, homeOf(reader, shaped))) return true;
    const index = constantIndex(reader, position);
    let op = reader.definition(shaped);
    while (op?.name === "memref.cast") op = reader.definition(op.operands[0]!);
    if (index === undefined || op === undefined || !sizedMemRefs.has(op.name)) return false;
    const type = reader.typeOf(op.results[0]!);
    if (type.kind !== "memref" || index < 0 || index >= type.shape.length) return false;
    if (type.shape[index] !== "?") return true;
    const dynamicPosition = type.shape.slice(0, index).filter((size) => size === "?").length;
    const size = dynamicSizes(op)[dynamicPosition];
    if (size === undefined) return false;
    push(size);
    return true;
  }
}

/** The operands that give the sizes of a memref that is made. */
function dynamicSizes(op: Operation): readonly ValueId[] {
  const segments = op.properties["operandSegmentSizes"];
  if (op.name === "memref.view") return op.operands.slice(2);
  if (segments?.kind !== "dense-array") return [];
  const sizes = segments.values.map(Number);
  if (op.name === "memref.alloc") return op.operands.slice(0, sizes[0]);
  const start = (sizes[0] ?? 0) + (sizes[1] ?? 0);
  return op.operands.slice(start, start + (sizes[2] ?? 0));
}

function constantIndex(reader: IrReader, value: ValueId): number | undefined {
  const op = reader.definition(value);
  const attribute = op !== undefined && constants.has(op.name) ? attributeOf(op, "value") : undefined;
  return attribute?.kind === "integer" ? Number(attribute.value) : undefined;
}

function scopeRegions(reader: IrReader, op: Operation): readonly RegionReference[] {
  let region = regionOf(reader, op);
  while (region !== undefined && !isScope(reader, region)) region = regionOf(reader, reader.operation(region.op));
  const regions: RegionReference[] = [];
  while (region !== undefined) {
    regions.push(region);
    const around = reader.operation(region.op);
    if (affineScopes.get(around.name) === true) break;
    region = regionOf(reader, around);
  }
  return regions;
}

const scopes = new WeakMap<IrReader, Map<string, AffineScope>>();

/**
 * The scope that an operation stands in, shared by all operations in it while one reader is used.
 * @param reader reads a module that does not change
 */
export function affineScopeOf(reader: IrReader, op: Operation): AffineScope {
  let known = scopes.get(reader);
  if (known === undefined) scopes.set(reader, (known = new Map()));
  const region = scopeRegions(reader, op)[0];
  const key = region === undefined ? "" : `${region.op}:${region.index}`;
  let scope = known.get(key);
  if (scope === undefined) known.set(key, (scope = new AffineScope(reader, op)));
  return scope;
}
