import fc from "fast-check";

/** The text of a function of arith operations on scalars. */
export type ArithProgram = string;

const integerTypes = ["i1", "i8", "i32", "i64", "index"] as const;
const types = [...integerTypes, "f32", "f64"] as const;
type ScalarType = (typeof types)[number];
const widths: Readonly<Record<ScalarType, number>> = { i1: 1, i8: 8, i32: 32, i64: 64, index: 64, f32: 32, f64: 64 };
const isInteger = (type: ScalarType): boolean => !type.startsWith("f");

const overflowing = ["addi", "subi", "muli", "shli"];
const binary = [
  ...["addi", "subi", "muli", "addi", "subi", "muli", "andi", "ori", "xori", "shli", "shrsi", "shrui"],
  ...["divsi", "divui", "ceildivsi", "ceildivui", "floordivsi", "remsi", "remui", "maxsi", "maxui", "minsi", "minui"],
];
const floatBinary = ["addf", "subf", "mulf", "divf", "maximumf", "minimumf", "maxnumf", "minnumf"];
const predicates = ["eq", "ne", "slt", "sle", "sgt", "sge", "ult", "ule", "ugt", "uge"];
const floatPredicates = ["oeq", "ogt", "olt", "one", "ord", "ueq", "une", "uno"];
const floatConstants = ["0.0", "-0.0", "1.0", "-1.0", "2.5", "1.0e10"];

/** Draws numbers below a limit, one after another. */
type Draw = (limit: number) => number;

class Writer {
  readonly lines: string[] = [];
  readonly #draw: Draw;
  readonly #values = new Map<ScalarType, string[]>(types.map((type) => [type, [`%a_${type}`, `%b_${type}`]]));
  readonly #unused = new Map<string, ScalarType>();
  #count = 0;

  constructor(draw: Draw) {
    this.#draw = draw;
  }
  one<T>(choices: readonly T[]): T {
    return choices[this.#draw(choices.length)]!;
  }
  /** A value of a type, one of the newest more often than not; sometimes a new constant. */
  value(type: ScalarType): string {
    if (this.#draw(4) === 0) return this.constant(type);
    const known = this.#values.get(type)!;
    const from = this.#draw(2) === 0 ? Math.max(0, known.length - 3) : 0;
    const name = known[from + this.#draw(known.length - from)]!;
    this.#unused.delete(name);
    return name;
  }
  constant(type: ScalarType): string {
    const name = `%${this.#count++}`;
    this.lines.push(`${name} = arith.constant ${this.#literal(type)}`);
    return name;
  }
  #literal(type: ScalarType): string {
    if (type === "i1") return this.one(["true", "false"]);
    if (!isInteger(type)) return `${this.one(floatConstants)} : ${type}`;
    const greatest = 2n ** BigInt(widths[type] - 1) - 1n;
    return `${this.one([0n, 0n, 1n, -1n, 2n, 3n, greatest, -greatest - 1n])} : ${type}`;
  }
  define(text: string, ...results: readonly ScalarType[]): void {
    const names = results.map((type) => {
      const name = `%${this.#count++}`;
      this.#values.get(type)!.push(name);
      this.#unused.set(name, type);
      return name;
    });
    this.lines.push(`${names.join(", ")} = arith.${text}`);
  }
  /** The values that nothing reads. */
  unused(): ReadonlyMap<string, ScalarType> {
    return this.#unused;
  }
}

const flags = (writer: Writer, name: string): string =>
  overflowing.includes(name) ? writer.one(["", "", " overflow<nsw>", " overflow<nuw>", " overflow<nsw, nuw>"]) : "";

/** Ways to add an operation. */
const operations: readonly ((writer: Writer) => void)[] = [
  ...Array.from({ length: 8 }, () => (writer: Writer): void => {
    const [name, type] = [writer.one(binary), writer.one(integerTypes)];
    const text = `${name} ${writer.value(type)}, ${writer.value(type)}${flags(writer, name)} : ${type}`;
    writer.define(text, type);
  }),
  (writer) => {
    const type = writer.one(["f32", "f64"] as const);
    writer.define(`${writer.one(floatBinary)} ${writer.value(type)}, ${writer.value(type)} : ${type}`, type);
  },
  (writer) => {
    const type = writer.one(["f32", "f64"] as const);
    writer.define(`negf ${writer.value(type)} : ${type}`, type);
  },
  (writer) => {
    const type = writer.one(integerTypes);
    writer.define(`cmpi ${writer.one(predicates)}, ${writer.value(type)}, ${writer.value(type)} : ${type}`, "i1");
  },
  (writer) => {
    const type = writer.one(["f32", "f64"] as const);
    writer.define(`cmpf ${writer.one(floatPredicates)}, ${writer.value(type)}, ${writer.value(type)} : ${type}`, "i1");
  },
  (writer) => {
    const type = writer.one(types);
    writer.define(`select ${writer.value("i1")}, ${writer.value(type)}, ${writer.value(type)} : ${type}`, type);
  },
  ...Array.from({ length: 2 }, () => (writer: Writer): void => {
    const [narrow, wide] = writer.one([
      ["i1", "i8"],
      ["i1", "i32"],
      ["i8", "i32"],
      ["i8", "i64"],
      ["i32", "i64"],
    ] as const);
    if (writer.one([true, false])) writer.define(`trunci ${writer.value(wide)} : ${wide} to ${narrow}`, narrow);
    else writer.define(`${writer.one(["extsi", "extui"])} ${writer.value(narrow)} : ${narrow} to ${wide}`, wide);
  }),
  (writer) => {
    // Not from index to i32: upstream's release 22 takes that and back for nothing, though bits are lost.
    const [from, to] = writer.one([
      ["i32", "index"],
      ["i64", "index"],
      ["index", "i64"],
    ] as const);
    writer.define(`${writer.one(["index_cast", "index_castui"])} ${writer.value(from)} : ${from} to ${to}`, to);
  },
  (writer) => {
    const type = writer.one(["i8", "i32", "i64"] as const);
    const name = writer.one(["mulsi_extended", "mului_extended", "addui_extended"]);
    const second = name === "addui_extended" ? "i1" : type;
    const suffix = name === "addui_extended" ? `${type}, i1` : type;
    writer.define(`${name} ${writer.value(type)}, ${writer.value(type)} : ${suffix}`, type, second);
  },
  (writer) => {
    const [from, to] = [writer.one(["i8", "i32", "i64"] as const), writer.one(["f32", "f64"] as const)];
    if (writer.one([true, false]))
      writer.define(`${writer.one(["sitofp", "uitofp"])} ${writer.value(from)} : ${from} to ${to}`, to);
    else writer.define(`${writer.one(["fptosi", "fptoui"])} ${writer.value(to)} : ${to} to ${from}`, from);
  },
  (writer) => {
    if (writer.one([true, false])) writer.define(`extf ${writer.value("f32")} : f32 to f64`, "f64");
    else writer.define(`truncf ${writer.value("f64")} : f64 to f32`, "f32");
  },
];

function write(draws: readonly number[]): ArithProgram {
  let position = 0;
  const writer = new Writer((limit) => draws[position++ % draws.length]! % limit);
  const count = 4 + (draws.length >> 3);
  for (let made = 0; made < count; made++) writer.one(operations)(writer);
  const parameters = types.flatMap((type) => [`%a_${type}: ${type}`, `%b_${type}: ${type}`]).join(", ");
  const unused = [...writer.unused()];
  const returned = unused.map(([name]) => name).join(", ");
  const returnedTypes = unused.map(([, type]) => type).join(", ");
  return [
    `func.func @program(${parameters}) -> (${returnedTypes}) {`,
    ...writer.lines.map((line) => `  ${line}`),
    `  return ${returned}${unused.length === 0 ? "" : ` : ${returnedTypes}`}`,
    "}",
    "",
  ].join("\n");
}

/** Programs of a few to some dozens of operations, their constants mostly those that rules look for. */
export const arithProgram: fc.Arbitrary<ArithProgram> = fc
  .array(fc.nat({ max: 0x7fff_ffff }), { minLength: 40, maxLength: 400 })
  .map(write);
