import { evaluateAffine } from "../../../../src/ir/affine.ts";
import { namedOperations } from "../../../../src/ir/dialects/linalg/named-operations.ts";

/** Element types of a named operation's operands: those of its inputs, of zero points and seeds, and of its output. */
export interface Elements {
  readonly input: string;
  readonly output: string;
}

/** How an operation is written. */
export interface Variant {
  readonly elements: Elements;
  readonly strides?: readonly number[];
  readonly dilations?: readonly number[];
  readonly attributes?: string;
  readonly kind: "tensor" | "memref";
  /** Sizes of the loops. */
  readonly sizes?: readonly number[];
}

/** No two are the same, so that a wrong index does not fit. */
const differentSizes = [2, 3, 4, 5, 6, 7, 8, 9, 10];

const window = (name: string, entries: readonly number[] | undefined): readonly string[] =>
  entries === undefined ? [] : [`${name} = dense<[${entries.join(", ")}]> : tensor<${entries.length}xi64>`];

/** A function with one named operation on operands whose shapes fit. */
export function namedProgram(name: string, variant: Variant): string {
  const { elements, strides, dilations, attributes = "", kind, sizes = differentSizes } = variant;
  const { nest, inputs, window: spatial } = namedOperations[name]!;
  const ones = Array.from({ length: spatial }, () => 1);
  const operand = (index: number): string => {
    const element = index === inputs ? elements.output : elements.input;
    if (name === "fill") return index === 0 ? elements.output : `${kind}<4x5x${element}>`;
    if (name === "fill_rng_2d" && index < inputs) return ["f64", "f64", "i32"][index]!;
    if (name === "select" && index === 0) return `${kind}<4x5xi1>`;
    if (nest === undefined) return `${kind}<4x5x${element}>`;
    const map = nest.maps(strides ?? ones, dilations ?? ones)[index]!;
    if (index > 1 && index < inputs) return "i32";
    const last = sizes.slice(0, map.dimensions).map((size) => size - 1);
    const shape = map.results.map((result) => evaluateAffine(result, last) + 1);
    return `${kind}<${[...shape, element].join("x")}>`;
  };
  const types = Array.from({ length: inputs + 1 }, (_, index) => operand(index));
  const entries = [...window("strides", strides), ...window("dilations", dilations), attributes].filter(Boolean);
  const values = types.map((_, index) => `%${index}`);
  const group = (from: number, to: number): string =>
    `${values.slice(from, to).join(", ")} : ${types.slice(from, to).join(", ")}`;
  const result = kind === "tensor" ? types.at(-1)! : "";
  return [
    `func.func @program(${types.map((type, index) => `%${index}: ${type}`).join(", ")}) ${result && `-> ${result} `}{`,
    `  ${result && "%result = "}linalg.${name}${entries.length > 0 ? ` {${entries.join(", ")}}` : ""}` +
      ` ins(${group(0, inputs)}) outs(${group(inputs, inputs + 1)})${result && ` -> ${result}`}`,
    `  return${result && ` %result : ${result}`}`,
    "}",
    "",
  ].join("\n");
}
