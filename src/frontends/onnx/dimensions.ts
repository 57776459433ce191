import { CompileError, type Diagnostic } from "../../support/diagnostic.ts";
import { type Location, unknownLocation } from "../../support/location.ts";
import { escapeHostile, onnxDiagnostics, onnxLocation, quote } from "./diagnostics.ts";
import type { OnnxDimension, OnnxValueInfo } from "./graph.ts";

/** What a user says about the sizes that a model leaves open. */
export interface DimensionChoices {
  /** Values of symbolic dimensions, by name. */
  readonly bind: ReadonlyMap<string, number>;
  /** Whole shapes, by input. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
}

/** The sizes that a compilation works with. */
export interface BoundDimensions {
  /** The shape of every tensor input. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  /** The value of every symbolic dimension of the inputs. */
  readonly symbols: ReadonlyMap<string, number>;
}

/**
 * Gives every dimension of every tensor input a number: the model's own, or its symbol's from `bind`, or from `shapes`, where
 * a shape also gives its symbols their values for all inputs. Inputs of other types have no shape and are left out.
 * @param file the model's file name, for messages
 * @throws CompileError with everything that is missing, unknown or contradicts itself
 */
export function bindDimensions(
  inputs: readonly OnnxValueInfo[],
  choices: DimensionChoices,
  file: string,
): BoundDimensions {
  const diagnostics: Diagnostic[] = [];
  const tensors = inputs.filter(({ type }) => type === undefined || type.kind === "tensor").map(declaredShape);
  const symbols = bindSymbols(tensors, choices, file, diagnostics);
  const shapes = new Map<string, readonly number[]>();
  for (const tensor of tensors) {
    const shape = concreteShape(tensor, choices, symbols, file, diagnostics);
    if (shape !== undefined) shapes.set(tensor.name, shape);
  }
  if (diagnostics.length > 0) throw new CompileError(diagnostics);
  const values = new Map([...symbols].map(([name, { value }]) => [name, value]));
  return { shapes, symbols: values };
}

interface DeclaredInput {
  readonly name: string;
  readonly shape: readonly OnnxDimension[] | undefined;
}

const declaredShape = ({ name, type }: OnnxValueInfo): DeclaredInput => ({
  name,
  shape: type?.kind === "tensor" ? type.shape : undefined,
});

const placeOf = (file: string, input: string): Location => onnxLocation(file, `graph.${escapeHostile(input)}`);

/** A symbol's value and where it came from, for messages. */
interface SymbolValue {
  readonly value: number;
  readonly source: string;
}

function bindSymbols(
  inputs: readonly DeclaredInput[],
  choices: DimensionChoices,
  file: string,
  diagnostics: Diagnostic[],
): Map<string, SymbolValue> {
  const known = new Set(inputs.flatMap(({ shape }) => shape?.filter((size) => typeof size === "string") ?? []));
  const symbols = new Map<string, SymbolValue>();
  const list = (names: Iterable<string>): string => [...names].map(quote).join(", ") || "none";
  for (const [name, value] of choices.bind) {
    if (known.has(name)) symbols.set(name, { value, source: "--bind" });
    else {
      const values = { name: quote(name), known: list(known) };
      diagnostics.push(onnxDiagnostics.at("dimension-unknown-name", unknownLocation, values));
    }
  }
  for (const [name, sizes] of choices.shapes) {
    const input = inputs.find((candidate) => candidate.name === name);
    if (input === undefined) {
      const values = { name: quote(name), known: list(inputs.map((candidate) => candidate.name)) };
      diagnostics.push(onnxDiagnostics.at("dimension-unknown-input", unknownLocation, values));
      continue;
    }
    for (const [axis, symbol] of (input.shape ?? []).entries()) {
      const value = sizes[axis];
      if (typeof symbol !== "string" || value === undefined) continue;
      const source = `--shape ${quote(name)}`;
      const first = symbols.get(symbol);
      if (first === undefined) symbols.set(symbol, { value, source });
      else if (first.value !== value) {
        const values = {
          name: quote(symbol),
          first: first.value,
          firstSource: first.source,
          second: value,
          secondSource: source,
        };
        diagnostics.push(onnxDiagnostics.at("dimension-conflict", placeOf(file, name), values));
      }
    }
  }
  return symbols;
}

function concreteShape(
  { name, shape }: DeclaredInput,
  choices: DimensionChoices,
  symbols: ReadonlyMap<string, SymbolValue>,
  file: string,
  diagnostics: Diagnostic[],
): readonly number[] | undefined {
  const given = choices.shapes.get(name);
  const input = quote(name);
  const place = placeOf(file, name);
  const errors = diagnostics.length;
  if (given !== undefined) {
    if (shape !== undefined && shape.length !== given.length) {
      const values = { input, found: given.length, expected: shape.length };
      diagnostics.push(onnxDiagnostics.at("dimension-rank", place, values));
      return undefined;
    }
    for (const [axis, size] of (shape ?? []).entries()) {
      if (typeof size !== "number" || size === given[axis]) continue;
      const values = { axis, input, found: given[axis]!, expected: size };
      diagnostics.push(onnxDiagnostics.at("dimension-static", place, values));
    }
    return diagnostics.length > errors ? undefined : given;
  }
  const unbound = (what: string): void => {
    const text = shape === undefined ? "?" : shape.map((size) => escapeHostile(String(size ?? "?"))).join(", ");
    diagnostics.push(onnxDiagnostics.at("dimension-unbound", place, { input, shape: text, what }));
  };
  if (shape === undefined) return void unbound("its number of dimensions");
  const sizes: number[] = [];
  for (const [axis, size] of shape.entries()) {
    const value = typeof size === "string" ? symbols.get(size)?.value : size;
    if (value !== undefined) sizes.push(value);
    else unbound(typeof size === "string" ? `dimension ${quote(size)}` : `dimension ${axis}, which has no name,`);
  }
  return diagnostics.length > errors ? undefined : sizes;
}

/**
 * Reads `--bind` texts: `batch=1,H=48`.
 * @throws CompileError
 */
export function parseDimensionBindings(...texts: readonly string[]): ReadonlyMap<string, number> {
  return parseAssignments("--bind", texts, (value, invalid) => parseSize(value, invalid));
}

/**
 * Reads `--shape` texts: `x=1x3x48x192`, several separated by commas; nothing after `=` is a scalar's shape.
 * @throws CompileError
 */
export function parseInputShapes(...texts: readonly string[]): ReadonlyMap<string, readonly number[]> {
  return parseAssignments("--shape", texts, (value, invalid) =>
    value === "" ? [] : value.split("x").map((size) => parseSize(size, invalid)),
  );
}

type Invalid = (problem: string) => CompileError;

function parseSize(text: string, invalid: Invalid): number {
  const size = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!Number.isSafeInteger(size)) throw invalid(`${quote(text)} is not a size`);
  return size;
}

function parseAssignments<T>(
  option: string,
  texts: readonly string[],
  parse: (value: string, invalid: Invalid) => T,
): ReadonlyMap<string, T> {
  const assignments = new Map<string, T>();
  for (const text of texts) {
    const invalid: Invalid = (problem) =>
      new CompileError([
        onnxDiagnostics.at("dimension-syntax", unknownLocation, { option, text: quote(text), problem }),
      ]);
    for (const part of text.split(",")) {
      // Names may hold `=`; sizes do not.
      const equals = part.lastIndexOf("=");
      if (equals < 1) throw invalid(`${quote(part)} is not NAME=VALUE`);
      const name = part.slice(0, equals).trim();
      if (assignments.has(name)) throw invalid(`${quote(name)} is given twice`);
      assignments.set(name, parse(part.slice(equals + 1).trim(), invalid));
    }
  }
  return assignments;
}
