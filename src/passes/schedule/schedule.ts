import {
  arrayAttribute,
  type Attribute,
  boolAttribute,
  dictionaryAttribute,
  i64ArrayAttribute,
  integerAttribute,
  stringAttribute,
} from "../../ir/attributes.ts";
import type { Operation } from "../../ir/module.ts";
import { CompileError, defineDiagnostics, message } from "../../support/diagnostic.ts";

/** What becomes of the iterations that a step's size does not divide. */
export const remainders = [
  /** A last, smaller tile. */
  "narrow",
  /** A last tile of whole vectors that starts early and computes some elements twice. */
  "overlap",
  /** Tiles of two sizes, one apart, none larger than asked for. */
  "balance",
] as const;
export type Remainder = (typeof remainders)[number];

/** One level of tiling: a loop of the nest that goes through `loop` in chunks. */
export interface TilingStep {
  readonly loop: number;
  readonly size: number;
  readonly remainder: Remainder;
}

/** An operand copied into consecutive memory before a tile is computed; a constant operand is rearranged at compile time. */
export interface Packing {
  /** Position among the anchor's operands. */
  readonly operand: number;
  /** How many steps are around the copy. */
  readonly depth: number;
  /** The order of the operand's dimensions in the copy, outermost first. */
  readonly order: readonly number[];
}

/**
 * How one loop nest is to be computed; loops by their numbers in the operation (in a fusion group, the anchor's). Written as the
 * attribute `weft.schedule` and applied as it stands: `tile` uses up the steps and packings, `vectorize` the rest.
 */
export interface Schedule {
  readonly steps: readonly TilingStep[];
  readonly packings: readonly Packing[];
  /** The loop whose neighbouring iterations go into the lanes of a vector; -1 for none. */
  readonly vectorLoop: number;
  readonly lanes: number;
  /** Loops written out in full; parallel ones become accumulators. The vector loop is always written out when it is parallel. */
  readonly unroll: readonly number[];
  /** Vectors summed separately when the vector loop is a reduction. */
  readonly accumulators: number;
  /** Whether the outermost step's iterations may be shared out among threads. */
  readonly threads: boolean;
}

const scheduleDiagnostics = defineDiagnostics("schedule", {
  malformed: {
    severity: "error",
    message: message`the attribute weft.schedule is not a schedule: ${"what"}`,
    help: "remove the attribute, or write it as choose-schedule does",
  },
});
export const scheduleAttributeName = "weft.schedule";

/** The attribute that stands for a schedule. */
export const encodeSchedule = (schedule: Schedule): Attribute =>
  dictionaryAttribute({
    ...(schedule.steps.length > 0
      ? {
          loops: i64ArrayAttribute(schedule.steps.map(({ loop }) => loop)),
          sizes: i64ArrayAttribute(schedule.steps.map(({ size }) => size)),
          remainders: arrayAttribute(schedule.steps.map(({ remainder }) => stringAttribute(remainder))),
        }
      : {}),
    ...(schedule.packings.length > 0
      ? {
          packings: arrayAttribute(
            schedule.packings.map(({ operand, depth, order }) =>
              dictionaryAttribute({
                operand: integerAttribute(operand),
                depth: integerAttribute(depth),
                order: i64ArrayAttribute(order),
              }),
            ),
          ),
        }
      : {}),
    ...(schedule.vectorLoop >= 0
      ? { vector_loop: integerAttribute(schedule.vectorLoop), lanes: integerAttribute(schedule.lanes) }
      : {}),
    ...(schedule.unroll.length > 0 ? { unroll: i64ArrayAttribute(schedule.unroll) } : {}),
    ...(schedule.accumulators > 1 ? { accumulators: integerAttribute(schedule.accumulators) } : {}),
    ...(schedule.threads ? { threads: boolAttribute(true) } : {}),
  });

/** The schedule of an operation; undefined when it has none. @throws CompileError when the attribute is not one */
export function scheduleOf(op: Operation, loops: number): Schedule | undefined {
  const given = op.attributes[scheduleAttributeName];
  if (given === undefined) return undefined;
  const fail = (what: string): never => {
    throw new CompileError([scheduleDiagnostics.at("malformed", op.location, { what })]);
  };
  if (given.kind !== "dictionary") return fail("it is no dictionary");
  const { entries } = given;
  const numbers = (attribute: Attribute | undefined, name: string): readonly number[] => {
    if (attribute === undefined) return [];
    return attribute.kind === "dense-array" ? attribute.values.map(Number) : fail(`${name} is no array`);
  };
  const number = (attribute: Attribute | undefined, name: string, absent: number): number => {
    if (attribute === undefined) return absent;
    return attribute.kind === "integer" ? Number(attribute.value) : fail(`${name} is no integer`);
  };
  const loop = (value: number): number =>
    Number.isInteger(value) && value >= 0 && value < loops ? value : fail(`there is no loop ${value}`);
  const sizes = numbers(entries["sizes"], "sizes");
  const listed = entries["remainders"];
  const named = listed?.kind === "array" ? listed.elements : [];
  const steps = numbers(entries["loops"], "loops").map((value, position): TilingStep => {
    const size = sizes[position] ?? fail("a step has no size");
    const name = named[position];
    const remainder = remainders.find((known) => name?.kind === "string" && name.value === known);
    if (size < 1 || !remainder) return fail("a step has no size or remainder");
    return { loop: loop(value), size, remainder };
  });
  const packed = entries["packings"];
  const packings = (packed?.kind === "array" ? packed.elements : []).map((element): Packing => {
    if (element.kind !== "dictionary") return fail("a packing is no dictionary");
    return {
      operand: number(element.entries["operand"], "operand", 0),
      depth: number(element.entries["depth"], "depth", 0),
      order: numbers(element.entries["order"], "order"),
    };
  });
  const vectorLoop = number(entries["vector_loop"], "vector_loop", -1);
  const lanes = number(entries["lanes"], "lanes", 1);
  if (vectorLoop >= 0) loop(vectorLoop);
  if (lanes < 1 || (lanes & (lanes - 1)) !== 0) fail(`${lanes} lanes are no power of two`);
  return {
    steps,
    packings,
    vectorLoop,
    lanes,
    unroll: numbers(entries["unroll"], "unroll").map(loop),
    accumulators: Math.max(1, number(entries["accumulators"], "accumulators", 1)),
    threads: entries["threads"]?.kind === "bool" && entries["threads"].value,
  };
}
