import type { Attribute } from "../../ir/attributes.ts";
import { hostTensorOf } from "../../ir/attributes.ts";
import { createFunction, createModule } from "../../ir/create-module.ts";
import { arith } from "../../ir/dialects/arith.ts";
import { registry } from "../../ir/dialects/index.ts";
import { onnx } from "../../ir/dialects/onnx/index.ts";
import { type BlockId, type IrReader, type Operation, type ValueId, walk } from "../../ir/module.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import { elementOf, hostElementType, type TensorType, tensorType, type Type } from "../../ir/types.ts";
import { isPositional, segmentSizes } from "../../ir/value-specs.ts";
import { interpretFunction } from "../../interpreter/interpret.ts";
import { CompileError, type Diagnostic } from "../../support/diagnostic.ts";
import { type HostTensor, tensorFromBytes, toNumbers } from "../../support/numeric/host-tensor.ts";
import { declaredShape } from "./declared-shapes.ts";
import { lowerOnnxDiagnostics } from "./diagnostics.ts";
import { reinterpret } from "./element-types.ts";
import { type Lowered, type LoweredRegion, type Lowering, LoweringRefused, type LoweringView } from "./lowering.ts";
import type { Tensor } from "./tensor.ts";
import { TensorBuilder } from "./tensor-builder.ts";

/** Results larger than this many elements are left to run time. */
const foldLimit = 1 << 24;
/** Where there is no later time to compute them, results larger than this many elements are refused. */
const evaluationLimit = 1 << 28;

export interface DriverOptions {
  readonly rules: ReadonlyMap<string, Lowering>;
  /** Whether every operator whose operands are known must be computed now, however large its results are. */
  readonly evaluatesAll?: boolean;
  /** Told of every value once it is lowered; how `infer-shapes` learns types. */
  readonly onLowered?: (value: ValueId, lowered: Lowered) => void;
}

/**
 * Walks a graph in order and lowers each operator by its rule. Whatever is known at compile time is computed on the way (through
 * the interpreter, in a scratch module), so shape arithmetic is gone by the time a rule asks for a shape. With every input
 * known, nothing is left but the answers: that is how the interpreter runs the onnx level.
 */
export class LoweringDriver {
  readonly diagnostics: Diagnostic[] = [];
  readonly #reader: IrReader;
  readonly #options: DriverOptions;
  /** What each value became; `undefined` for values of operators that were refused. */
  readonly #lowered = new Map<ValueId, Lowered | undefined>();

  constructor(reader: IrReader, options: DriverOptions) {
    this.#reader = reader;
    this.#options = options;
  }

  /** Says what a block argument is before its block is lowered. */
  bind(value: ValueId, lowered: Lowered | undefined): void {
    this.#lowered.set(value, lowered);
    if (lowered) this.#options.onLowered?.(value, lowered);
  }
  /** What a value became, with constants bound to builder `t`; undefined after a refusal. */
  lookup(t: TensorBuilder, value: ValueId): Lowered | undefined {
    const lowered = this.#lowered.get(value);
    return lowered && rebind(t, lowered);
  }

  /** Lowers the operations of a block up to its terminator, which is returned. */
  lowerBlock(t: TensorBuilder, block: BlockId): Operation {
    const { operations } = this.#reader.block(block);
    for (const id of operations.slice(0, -1)) this.#lowerOperation(t, this.#reader.operation(id));
    return this.#reader.operation(operations.at(-1)!);
  }

  #lowerOperation(t: TensorBuilder, op: Operation): void {
    if (op.name === arith.constant.name || (op.name === onnx.Constant.name && valueOf(op)?.kind === "dense")) {
      this.bind(op.results[0]!, constantOf(this.#reader, t, op));
      return;
    }
    // What an operand that is not given reads, in onnx-mlir's form.
    if (op.name === onnx.NoValue.name) return;
    const rule = this.#options.rules.get(op.name);
    if (!rule) {
      this.#refuse(op, "unsupported", "Weft has no lowering for it");
      return;
    }
    // After a refusal the operators that depend on it are not examined: their errors would only repeat the first.
    const read = [...op.operands, ...capturedValues(this.#reader, op)];
    if (read.some((value) => this.#lowered.has(value) && this.#lowered.get(value) === undefined)) {
      for (const result of op.results) this.bind(result, undefined);
      return;
    }
    try {
      const known = read.every((value) => isKnown(this.#lowered.get(value)));
      const results = known ? this.#evaluate(t, op, rule) : this.#apply(t, op, rule);
      declaredResults(op).forEach((result, index) => {
        if (result === undefined) return;
        if (results[index] === undefined && this.#reader.uses(result).length > 0)
          throw new LoweringRefused("invalid", `it has no result ${index} with these attributes`);
        this.bind(result, results[index]);
      });
    } catch (error) {
      if (error instanceof LoweringRefused) this.#refuse(op, error.reason.kind, error.reason.text);
      else if (error instanceof CompileError) {
        this.diagnostics.push(...error.diagnostics);
        for (const result of op.results) this.bind(result, undefined);
      } else throw error;
    }
  }

  #refuse(op: Operation, kind: "unsupported" | "invalid", text: string): void {
    const types = op.operands.map((operand) => describe(this.#lowered.get(operand), this.#reader.typeOf(operand)));
    const values = { op: op.name, types: types.join(", "), text };
    this.diagnostics.push(
      kind === "unsupported"
        ? lowerOnnxDiagnostics.at("unsupported", op.location, values)
        : lowerOnnxDiagnostics.at("invalid", op.location, values),
    );
    for (const result of op.results) this.bind(result, undefined);
  }

  #apply(t: TensorBuilder, op: Operation, rule: Lowering): readonly Lowered[] {
    const before = t.builder.location;
    t.builder.location = op.location;
    try {
      return rule.rule(this.#view(t, op));
    } finally {
      t.builder.location = before;
    }
  }

  /** Computes an operator all of whose operands are known. */
  #evaluate(t: TensorBuilder, op: Operation, rule: Lowering): readonly Lowered[] {
    let results: readonly Lowered[] = [];
    const pending: Tensor[] = [];
    const module = createModule((rewriter) => {
      createFunction(rewriter, "scratch", [], () => {
        results = this.#apply(scratchBuilder(rewriter), op, rule);
        for (const result of results) collectUnknown(result, pending);
        return pending.map((tensor) => tensor.value);
      });
    }, op.location);
    const largest = pending.reduce((most, { size }) => Math.max(most, size), 0);
    if (largest > evaluationLimit && this.#options.evaluatesAll)
      throw new LoweringRefused("unsupported", `its result would have more than ${evaluationLimit} elements`);
    if (largest > foldLimit && !this.#options.evaluatesAll) return this.#apply(t, op, rule);
    const computed = pending.length === 0 ? [] : interpretFunction(module, "scratch", []);
    const constants = new Map(
      pending.map((tensor, index) => [tensor, reinterpret(computed[index] as HostTensor, tensor.element)]),
    );
    return results.map((result) => withConstants(t, result, constants));
  }

  #view(t: TensorBuilder, op: Operation): LoweringView {
    const definition = registry.definition(op.name);
    const view = definition?.match(this.#reader, op);
    if (!definition || !view)
      throw new LoweringRefused("invalid", "its operands or attributes do not fit its declaration");
    const sizes = segmentSizes(
      definition.operands,
      op.operands.length,
      op.properties["operandSegmentSizes"],
      isPositional(definition),
    )!;
    const values: Record<string, unknown> = {};
    const inputs = {};
    let start = 0;
    Object.entries(definition.operands).forEach(([name, spec], position) => {
      const size = sizes[position]!;
      const given = op.operands
        .slice(start, start + size)
        .filter((operand) => spec.arity !== "optional" || this.#reader.typeOf(operand).kind !== "none");
      const group = given.map((operand) => {
        const lowered = this.lookup(t, operand);
        if (!lowered) throw new LoweringRefused("invalid", `its operand ${name} has no value`);
        if (lowered.kind === "tensor" && !spec.constraint.accepts(tensorType(lowered.shape, lowered.element)))
          throw new LoweringRefused("invalid", `its operand ${name} must be a ${spec.constraint.description}`);
        return lowered;
      });
      start += size;
      const value = spec.arity === "variadic" ? group : group[0];
      values[name] = value;
      Object.defineProperty(inputs, name, { enumerable: true, get: () => onlyTensors(name, value) });
    });
    const refuse =
      (kind: "unsupported" | "invalid") =>
      (text: string): never => {
        throw new LoweringRefused(kind, text);
      };
    const slots = declaredResults(op);
    const known = (operand: Tensor, name: string): HostTensor =>
      operand.constant ?? refuse("unsupported")(`${name} must be known at compile time`);
    return {
      t,
      inputs: inputs as LoweringView["inputs"],
      values: values as LoweringView["values"],
      attributes: view.attributes,
      regions: Object.fromEntries(
        (definition.regions ?? []).map((name, index) => [name, this.#region(() => t, op, index)]),
      ),
      resultCount: slots.length,
      isUsed: (index) => {
        const result = slots[index];
        return result !== undefined && this.#reader.uses(result).length > 0;
      },
      declaredShape: (index) => {
        const result = slots[index];
        return result === undefined ? undefined : declaredShape(this.#reader, result);
      },
      known,
      integers: (operand, name) => [...toNumbers(known(operand, name))],
      warn: (text) => {
        this.diagnostics.push(lowerOnnxDiagnostics.at("assumption", op.location, { op: op.name, text }));
      },
      unsupported: refuse("unsupported"),
      invalid: refuse("invalid"),
    };
  }

  #region(builder: () => TensorBuilder, op: Operation, index: number): LoweredRegion {
    const entry = op.regions[index]?.[0];
    const parameters = entry === undefined ? [] : this.#reader.block(entry).arguments;
    const run = (inputs: readonly Lowered[]): readonly Lowered[] => {
      if (entry === undefined) throw new LoweringRefused("invalid", "a subgraph is missing");
      if (inputs.length !== parameters.length)
        throw new LoweringRefused("invalid", `its subgraph takes ${parameters.length} inputs, not ${inputs.length}`);
      parameters.forEach((argument, position) => this.bind(argument, inputs[position]));
      const t = builder();
      const terminator = this.lowerBlock(t, entry);
      return terminator.operands.map((operand) => {
        const lowered = this.lookup(t, operand);
        if (!lowered) throw new LoweringRefused("unsupported", "an operator of its subgraph is");
        return lowered;
      });
    };
    return {
      arity: parameters.length,
      isGiven: entry !== undefined,
      argumentElements: parameters.map((argument) => {
        const element = elementOf(this.#reader.typeOf(argument));
        return hostElementType(element) === undefined ? undefined : element;
      }),
      argumentShapes: parameters.map((argument) => {
        const type = this.#reader.typeOf(argument);
        return type.kind === "tensor" ? type.shape : undefined;
      }),
      run,
      attempt: (inputs) => {
        const reported = this.diagnostics.length;
        try {
          const results = run(inputs);
          if (!this.diagnostics.slice(reported).some(({ severity }) => severity === "error")) return results;
        } catch (error) {
          if (!(error instanceof LoweringRefused)) throw error;
        }
        this.diagnostics.length = reported;
        return undefined;
      },
    };
  }
}

/** An operation's results in the order of their declaration; undefined where an optional one before the last is left out. */
function declaredResults(op: Operation): readonly (ValueId | undefined)[] {
  const sizes = op.properties["resultSegmentSizes"];
  if (sizes?.kind !== "dense-array") return op.results;
  let next = 0;
  const slots = sizes.values.flatMap((size): readonly (ValueId | undefined)[] =>
    Number(size) === 0 ? [undefined] : op.results.slice(next, (next += Number(size))),
  );
  return slots.slice(0, slots.findLastIndex((slot) => slot !== undefined) + 1);
}

/** A builder into a scratch function, whose constants stay as they are. */
function scratchBuilder(rewriter: Rewriter): TensorBuilder {
  const point = rewriter.insertionPoint!;
  if (point.kind !== "end") throw new Error("a scratch function is built at its end");
  return entryBuilder(rewriter, point.block, { resources: false });
}

/** A builder whose constants go to the start of a function's entry block. */
export function entryBuilder(
  rewriter: Rewriter,
  entry: BlockId,
  options: { readonly resources: boolean },
): TensorBuilder {
  return new TensorBuilder(
    rewriter,
    () => {
      const first = rewriter.firstOperation(entry);
      return first === undefined ? { kind: "end", block: entry } : { kind: "before", op: first };
    },
    options,
  );
}

const valueOf = (op: Operation): Attribute | undefined => op.properties["value"] ?? op.attributes["value"];

function constantOf(reader: IrReader, t: TensorBuilder, op: Operation): Lowered {
  const attribute = valueOf(op)!;
  const type = reader.typeOf(op.results[0]!) as TensorType;
  return t.constant(hostTensorOfConstant(reader, attribute, type), type.element);
}

/** The elements of a constant tensor attribute, as views where they can be. */
function hostTensorOfConstant(reader: IrReader, attribute: Attribute, type: TensorType): HostTensor {
  if (attribute.kind === "dense") {
    const host = hostTensorOf(attribute);
    if (host) return host;
  }
  if (attribute.kind === "resource") {
    const bytes = reader.resource(attribute.key)?.bytes;
    const elementType = hostElementType(type.element);
    if (bytes && elementType) return tensorFromBytes(elementType, type.shape as readonly number[], bytes);
  }
  throw new Error(`a constant of type ${type.text} has no elements`);
}

const isKnown = (lowered: Lowered | undefined): boolean => {
  if (lowered === undefined) return true;
  if (lowered.kind === "sequence") return lowered.elements.every(isKnown);
  if (lowered.kind === "optional") return isKnown(lowered.value);
  return lowered.constant !== undefined;
};

/** Applies a change to every tensor inside a value. */
function mapTensors(lowered: Lowered, change: (tensor: Tensor) => Tensor): Lowered {
  if (lowered.kind === "tensor") return change(lowered);
  if (lowered.kind === "optional")
    return { kind: "optional", value: lowered.value && mapTensors(lowered.value, change) };
  return { kind: "sequence", elements: lowered.elements.map((element) => mapTensors(element, change)) };
}
/** Constants made with one builder, usable with another. */
const rebind = (t: TensorBuilder, lowered: Lowered): Lowered =>
  mapTensors(lowered, (tensor) => (tensor.constant ? t.constant(tensor.constant, tensor.element) : tensor));
const withConstants = (t: TensorBuilder, lowered: Lowered, constants: ReadonlyMap<Tensor, HostTensor>): Lowered =>
  mapTensors(lowered, (tensor) => t.constant(tensor.constant ?? constants.get(tensor)!, tensor.element));
function collectUnknown(lowered: Lowered, into: Tensor[]): void {
  mapTensors(lowered, (tensor) => {
    if (tensor.constant === undefined) into.push(tensor);
    return tensor;
  });
}

function onlyTensors(name: string, value: unknown): unknown {
  for (const lowered of Array.isArray(value) ? (value as Lowered[]) : value ? [value as Lowered] : [])
    if (lowered.kind !== "tensor")
      throw new LoweringRefused("invalid", `its operand ${name} must be a tensor, not a ${lowered.kind}`);
  return value;
}

/** Values that the regions of an operation read from outside it. */
function capturedValues(reader: IrReader, op: Operation): readonly ValueId[] {
  if (op.regions.length === 0) return [];
  const defined = new Set<ValueId>();
  const read = new Set<ValueId>();
  for (const inner of walk(reader, op.id)) {
    if (inner.id !== op.id) inner.operands.forEach((operand) => read.add(operand));
    inner.results.forEach((result) => defined.add(result));
    for (const region of inner.regions)
      for (const block of region) reader.block(block).arguments.forEach((argument) => defined.add(argument));
  }
  return [...read].filter((value) => !defined.has(value));
}

/** `f32[1, 3]`, or the declared type where nothing better is known. */
function describe(lowered: Lowered | undefined, declared: Type): string {
  if (lowered?.kind === "tensor") return `${lowered.element.text}[${lowered.shape.join(", ")}]`;
  return lowered ? lowered.kind : declared.text;
}
