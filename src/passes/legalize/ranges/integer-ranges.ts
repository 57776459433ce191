import { arith, gpu, math, scf } from "../../../ir/dialects/index.ts";
import { dimensions } from "../../../ir/dialects/gpu/attributes.ts";
import { bodyOf, type IrReader, type Operation, type ValueId } from "../../../ir/module.ts";
import {
  binaryRanges,
  clamp,
  contains,
  exactly,
  isNonNegative,
  isSame,
  range,
  type Range,
  rangeOfType,
  signedBits,
  union,
  word,
} from "./range.ts";

/** Rounds after which a bound that still moves is taken to move as far as it can. */
const patience = 2;

/**
 * What integers of one function of a device may be, from constants, bounds of loops, and types. Indices are words; a loop's step is
 * positive. Values that are not integers have no range.
 */
export class IntegerRanges {
  readonly #reader: IrReader;
  readonly #ranges = new Map<ValueId, Range>();
  readonly #blockSize: readonly number[] | undefined;

  constructor(reader: IrReader, fn: Operation) {
    this.#reader = reader;
    this.#blockSize = gpu.func.match(reader, fn)?.attributes.known_block_size;
    this.#region(fn, 0);
  }

  /** The range of an integer or index; everything that its type holds where nothing else is known. */
  of(value: ValueId): Range {
    return this.#ranges.get(value) ?? rangeOfType(this.#reader.typeOf(value)) ?? signedBits(64);
  }
  /** A value that has come to stand for another. */
  note(value: ValueId, known: Range): void {
    this.#ranges.set(value, known);
  }

  #set(value: ValueId, found: Range | undefined): void {
    const all = rangeOfType(this.#reader.typeOf(value));
    // What leaves the type wraps around.
    if (all !== undefined) this.#ranges.set(value, found !== undefined && contains(all, found) ? found : all);
  }

  /** Goes through a region; @returns what its terminator hands on. */
  #region(op: Operation, region: number): readonly ValueId[] {
    const block = op.regions[region]?.[0];
    if (block === undefined) return [];
    for (const id of this.#reader.block(block).operations) {
      const inner = this.#reader.operation(id);
      (controlRules[inner.name] ?? this.#ordinary)(inner, this.#control);
    }
    return bodyOf(this.#reader, op, region).at(-1)?.operands ?? [];
  }

  readonly #ordinary = (op: Operation): void => {
    op.regions.forEach((_, index) => this.#region(op, index));
    if (op.results.length === 1) this.#set(op.results[0]!, this.#result(op));
  };

  readonly #control: ControlContext = {
    of: (value) => this.of(value),
    set: (value, found) => this.#set(value, found),
    isInteger: (value) => rangeOfType(this.#reader.typeOf(value)) !== undefined,
    all: (value) => rangeOfType(this.#reader.typeOf(value))!,
    argumentsOf: (op, region) => this.#reader.block(op.regions[region]![0]!).arguments,
    region: (op, region) => this.#region(op, region),
  };

  #result(op: Operation): Range | undefined {
    const [dialect, name = ""] = op.name.split(".");
    if (dialect === "gpu") return this.#ofInvocation(op);
    const [first, second] = op.operands;
    if (dialect !== "arith" || first === undefined) return this.#unary(op);
    const binary = second === undefined ? undefined : binaryRanges[name];
    return binary === undefined ? this.#unary(op) : binary(this.of(first), this.of(second!));
  }

  #unary(op: Operation): Range | undefined {
    const [operand, yes, no] = op.operands;
    switch (op.name) {
      case arith.constant.name: {
        const value = op.properties["value"];
        if (value?.kind === "bool") return exactly(value.value ? 1 : 0);
        return value?.kind === "integer" ? exactly(value.value) : undefined;
      }
      case arith.select.name:
        return union(this.of(yes!), this.of(no!));
      case arith.extsi.name: {
        const given = this.of(operand!);
        // A true `i1` is -1.
        return this.#width(operand!) === 1 ? range(-given.high, -given.low) : given;
      }
      case arith.extui.name:
      case arith.index_castui.name: {
        const given = this.of(operand!);
        return isNonNegative(given) ? given : range(0n, (1n << BigInt(this.#width(operand!))) - 1n);
      }
      case arith.trunci.name: {
        const given = this.of(operand!);
        return this.#width(op.results[0]!) === 1 ? undefined : given;
      }
      case arith.index_cast.name:
        // Long integers become the nearest index.
        return clamp(this.of(operand!), rangeOfType(this.#reader.typeOf(op.results[0]!)) ?? word);
      case math.absi.name: {
        const { low, high } = this.of(operand!);
        if (low >= 0n) return { low, high };
        return high <= 0n ? range(-high, -low) : range(0n, -low > high ? -low : high);
      }
      case math.ctpop.name:
      case math.ctlz.name:
      case math.cttz.name:
        return range(0, this.#width(operand!));
      default:
        return undefined;
    }
  }
  #width(value: ValueId): number {
    const type = this.#reader.typeOf(value);
    return type.kind === "integer" ? type.width : 32;
  }

  /** Where an invocation is; sizes of grids and subgroups are not known. */
  #ofInvocation(op: Operation): Range | undefined {
    const bound = op.properties["upper_bound"];
    const most = bound?.kind === "integer" ? bound.value - 1n : word.high;
    const axis = dimensions.findIndex(
      (dimension) => op.properties["dimension"] !== undefined && dimensionOf(op) === dimension,
    );
    const size = this.#blockSize?.[axis];
    if (op.name === gpu.thread_id.name) return range(0n, size === undefined ? most : BigInt(size - 1));
    if (op.name === gpu.block_dim.name) return size === undefined ? range(0n, word.high) : exactly(size);
    const isPlace = op.results.length === 1 && this.#reader.typeOf(op.results[0]!).kind === "index";
    return isPlace ? range(0n, most) : undefined;
  }
}

function dimensionOf(op: Operation): string | undefined {
  const dimension = op.properties["dimension"];
  return dimension?.kind === "dialect" ? /^<dim ([xyz])>$/.exec(dimension.body)?.[1] : undefined;
}

interface ControlContext {
  of(value: ValueId): Range;
  set(value: ValueId, found: Range | undefined): void;
  isInteger(value: ValueId): boolean;
  all(value: ValueId): Range;
  argumentsOf(op: Operation, region: number): readonly ValueId[];
  region(op: Operation, region: number): readonly ValueId[];
}

/**
 * Finds what values that a loop carries may be: from what they begin with, round by round, until nothing changes; bounds that go on
 * moving are taken to move as far as they can.
 */
function carried(
  context: ControlContext,
  values: readonly ValueId[],
  inits: readonly ValueId[],
  round: () => readonly ValueId[],
): void {
  const integers = values.flatMap((value, index) => (context.isInteger(value) ? [index] : []));
  for (const index of integers) context.set(values[index]!, context.of(inits[index]!));
  for (let rounds = 0; ; rounds++) {
    const next = round();
    let isStable = true;
    for (const index of integers) {
      const value = values[index]!;
      const before = context.of(value);
      const after = union(before, context.of(next[index]!));
      if (isSame(before, after)) continue;
      isStable = false;
      const all = context.all(value);
      const low = after.low < before.low && rounds >= patience ? all.low : after.low;
      const high = after.high > before.high && rounds >= patience ? all.high : after.high;
      context.set(value, { low, high });
    }
    if (isStable) return;
  }
}

/** What operations with regions do to ranges. */
const controlRules: Readonly<Record<string, (op: Operation, context: ControlContext) => void>> = {
  [scf.for.name](op, context) {
    const [lower, upper] = op.operands as readonly [ValueId, ValueId];
    const [position, ...values] = context.argumentsOf(op, 0) as [ValueId, ...ValueId[]];
    const first = context.of(lower);
    const last = context.of(upper).high - 1n;
    const isUnsigned = op.properties["unsignedCmp"] !== undefined;
    context.set(position, isUnsigned || last < first.low ? undefined : { low: first.low, high: last });
    const inits = op.operands.slice(3);
    carried(context, values, inits, () => context.region(op, 0));
    op.results.forEach((result, index) => context.set(result, context.of(values[index]!)));
  },
  [scf.while.name](op, context) {
    const before = context.argumentsOf(op, 0);
    const after = context.argumentsOf(op, 1);
    let decided: readonly ValueId[] = [];
    carried(context, before, op.operands, () => {
      decided = context.region(op, 0).slice(1);
      after.forEach((value, index) => context.set(value, context.of(decided[index]!)));
      return context.region(op, 1);
    });
    op.results.forEach((result, index) => context.set(result, context.of(decided[index]!)));
  },
  [scf.if.name](op, context) {
    const [yes, no] = [context.region(op, 0), context.region(op, 1)];
    op.results.forEach((result, index) => context.set(result, union(context.of(yes[index]!), context.of(no[index]!))));
  },
};
