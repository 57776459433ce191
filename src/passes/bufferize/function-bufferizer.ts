import { type Attribute, dictionaryAttribute, noAttributes, unitAttribute } from "../../ir/attributes.ts";
import type { BlockSpec } from "../../ir/builder.ts";
import { at } from "../../ir/builder.ts";
import { bodyOf, type IrReader, ModuleReader, type Operation, type ValueId } from "../../ir/module.ts";
import { layoutOf, staticSizes } from "../../ir/analysis/memref-layout.ts";
import { builtin } from "../../ir/dialects/builtin.ts";
import { func } from "../../ir/dialects/func.ts";
import { memref } from "../../ir/dialects/memref.ts";
import { scf } from "../../ir/dialects/scf.ts";
import { tensor } from "../../ir/dialects/tensor.ts";
import { weft } from "../../ir/dialects/weft.ts";
import type { Rewriter } from "../../ir/rewriter.ts";
import { functionType, type MemRefType, memRefType, type TensorType, type Type } from "../../ir/types.ts";
import { CompileError } from "../../support/diagnostic.ts";
import { BufferizationAnalysis, type PaddingPolicy } from "./analysis.ts";
import { reshapeLike, sliceOf, staticSubview } from "./buffer-views.ts";
import { Buffers } from "./buffers.ts";
import { bufferizeDiagnostics } from "./diagnostics.ts";
import { copyBuffer, fillBuffer, indexConstant, loopsOver, padBuffer } from "./emit-tensor.ts";
import type { Globals } from "./globals.ts";
import { yieldOf } from "./program-order.ts";
import type { Target } from "./storage.ts";
import { ownType } from "./tensor-views.ts";

const bufferType = (type: Type): Type => (type.kind === "tensor" ? ownType(type) : type);

/** Makes the buffer form of one function beside the tensor form, which is left as it is. */
export class FunctionBufferizer {
  readonly #rewriter: Rewriter;
  readonly #source: IrReader;
  readonly #fn: Operation;
  readonly #analysis: BufferizationAnalysis;
  readonly #globals: Globals;
  readonly #scalars = new Map<ValueId, ValueId>();
  #buffers!: Buffers;
  #outputs: readonly ValueId[] = [];

  constructor(rewriter: Rewriter, fn: Operation, globals: Globals, padding: PaddingPolicy) {
    this.#rewriter = rewriter;
    this.#source = new ModuleReader(rewriter.base);
    this.#fn = fn;
    this.#globals = globals;
    this.#analysis = new BufferizationAnalysis(this.#source, fn, padding);
  }

  /** Builds the new function before the old one. */
  run(): void {
    const view = func.func.match(this.#source, this.#fn)!;
    const { inputs, results } = view.attributes.function_type;
    const outputs = results.filter((type) => type.kind === "tensor");
    const parameters = [...inputs, ...outputs].map(bufferType);
    const returned = results.filter((type) => type.kind !== "tensor");
    const entry = this.#fn.regions[0]![0]!;
    const attributes = {
      ...this.#fn.attributes,
      ...(view.attributes.sym_name === "main" ? { "weft.entry_point": unitAttribute } : {}),
    };
    const properties: Record<string, Attribute> = {
      ...this.#fn.properties,
      function_type: { kind: "type", type: functionType(parameters, returned) },
      arg_attrs: this.#argumentAttributes(inputs, results),
    };
    delete properties["res_attrs"];
    at(this.#rewriter, { kind: "before", op: this.#fn.id }, () =>
      this.#rewriter.create({
        name: this.#fn.name,
        properties,
        attributes,
        location: this.#fn.location,
        regions: [
          [
            {
              arguments: parameters,
              body: (_, values) => this.#body(this.#source.block(entry).arguments, values, results),
            },
          ],
        ],
      }),
    );
  }

  #argumentAttributes(inputs: readonly Type[], results: readonly Type[]): Attribute {
    const listed = (name: string, count: number): readonly Attribute[] => {
      const given = this.#fn.properties[name] ?? this.#fn.attributes[name];
      const elements = given?.kind === "array" ? given.elements : [];
      return Array.from({ length: count }, (_, index) => elements[index] ?? dictionaryAttribute(noAttributes));
    };
    const outputs = listed("res_attrs", results.length)
      .filter((_, index) => results[index]!.kind === "tensor")
      .map((given) =>
        dictionaryAttribute({ ...(given.kind === "dictionary" ? given.entries : {}), "weft.output": unitAttribute }),
      );
    return { kind: "array", elements: [...listed("arg_attrs", inputs.length), ...outputs] };
  }

  #body(parameters: readonly ValueId[], values: readonly ValueId[], results: readonly Type[]): void {
    const start = this.#marker();
    let next = parameters.length;
    this.#outputs = results.map((type) => (type.kind === "tensor" ? values[next++]! : (-1 as ValueId)));
    this.#buffers = new Buffers(this.#rewriter, this.#analysis, this.#globals, start.id, this.#outputs);
    parameters.forEach((parameter, index) => this.#bind(parameter, values[index]!));
    this.#block(this.#fn, 0);
    this.#rewriter.erase(start);
  }

  #bind(old: ValueId, made: ValueId): void {
    if (this.#isTensor(old)) this.#buffers.set(old, made);
    else this.#scalars.set(old, made);
  }
  #isTensor(value: ValueId): boolean {
    return this.#source.typeOf(value).kind === "tensor";
  }
  /** The new value of an old scalar, or the buffer of an old tensor. */
  #map(value: ValueId): ValueId {
    if (this.#isTensor(value)) return this.#buffers.of(value);
    const made = this.#scalars.get(value);
    if (made === undefined) throw new Error(`value ${value} is used before it is defined`);
    return made;
  }
  #mapAll(values: readonly ValueId[]): readonly ValueId[] {
    return values.map((value) => this.#map(value));
  }
  #scalarsOf(values: readonly ValueId[]): readonly ValueId[] {
    return values.filter((value) => !this.#isTensor(value));
  }

  /** A buffer for something that ends with `op`. */
  #temporary(op: Operation, type: MemRefType): ValueId {
    return this.#buffers.temporary(type, this.#analysis.loopsAround(op));
  }

  /** Marks the start of a block while it is built. */
  #marker(): Operation {
    return builtin.unrealized_conversion_cast.build(this.#rewriter, {}, {}, { resultTypes: [] }).op;
  }

  #block(op: Operation, region: number): void {
    for (const inner of bodyOf(this.#source, op, region)) {
      this.#rewriter.location = inner.location;
      this.#operation(inner);
    }
  }

  /** A region whose block keeps its non-tensor arguments. */
  #regionOf(op: Operation, region: number): readonly BlockSpec[] {
    return op.regions[region]!.map((block) => {
      const parameters = this.#scalarsOf(this.#source.block(block).arguments);
      return {
        arguments: parameters.map((parameter) => this.#source.typeOf(parameter)),
        body: (_, values) => {
          parameters.forEach((parameter, index) => this.#scalars.set(parameter, values[index]!));
          this.#block(op, region);
        },
      };
    });
  }

  /** The same operation over mapped operands, its tensor results gone. */
  #rebuild(op: Operation, operands: readonly ValueId[]): void {
    const results = this.#scalarsOf(op.results);
    const made = this.#rewriter.create({
      name: op.name,
      operands,
      resultTypes: results.map((result) => this.#source.typeOf(result)),
      properties: op.properties,
      attributes: op.attributes,
      location: op.location,
      regions: op.regions.map((_, region) => this.#regionOf(op, region)),
    });
    results.forEach((result, index) => this.#scalars.set(result, made.results[index]!));
  }

  /** Copies what an operation updates into its own buffer, unless it works in place or the contents do not matter. */
  #prepare(destination: ValueId, result: ValueId): ValueId {
    const buffer = this.#buffers.of(result);
    const isEmpty = this.#source.definition(destination)?.name === "tensor.empty";
    if (!isEmpty && this.#analysis.storage.place(result).kind === "fresh")
      copyBuffer(this.#rewriter, this.#buffers.of(destination), buffer);
    return buffer;
  }

  #operation(op: Operation): void {
    const rule = this.#rules[op.name];
    if (rule) return rule(op);
    if (op.results.some((result) => this.#isTensor(result)))
      throw new CompileError([bufferizeDiagnostics.at("unsupported-op", op.location, { op: op.name })]);
    this.#rebuild(op, this.#mapAll(op.operands));
  }

  readonly #rules: Readonly<Record<string, (op: Operation) => void>> = {
    "arith.constant": (op) => {
      if (!this.#isTensor(op.results[0]!)) this.#rebuild(op, []);
    },
    "tensor.empty": () => {},
    "tensor.dim": (op) => this.#dim(op),
    "tensor.extract": (op) => {
      const [buffer, ...indices] = this.#mapAll(op.operands);
      this.#scalars.set(op.results[0]!, memref.load.build(this.#rewriter, { memref: buffer!, indices }, {}).result);
    },
    "tensor.insert": (op) => {
      const buffer = this.#prepare(op.operands[1]!, op.results[0]!);
      const [value, , ...indices] = this.#mapAll(op.operands.with(1, op.results[0]!));
      memref.store.build(this.#rewriter, { value: value!, memref: buffer, indices }, {});
    },
    "tensor.from_elements": (op) => this.#fromElements(op),
    "tensor.splat": (op) => fillBuffer(this.#rewriter, this.#map(op.operands[0]!), this.#buffers.of(op.results[0]!)),
    "tensor.generate": (op) => this.#generate(op),
    "tensor.pad": (op) => this.#pad(op),
    "tensor.concat": (op) => this.#concat(op),
    "tensor.extract_slice": (op) => this.#extractSlice(op),
    "tensor.insert_slice": (op) => this.#insertSlice(op),
    "tensor.expand_shape": (op) => this.#reshape(op),
    "tensor.collapse_shape": (op) => this.#reshape(op),
    "tensor.reshape": (op) => this.#reshape(op),
    "tensor.cast": (op) => this.#reshape(op),
    "linalg.generic": (op) => this.#linalg(op),
    "linalg.fill": (op) => this.#linalg(op),
    "linalg.copy": (op) => this.#linalg(op),
    "weft.kernel": (op) => this.#kernel(op),
    "weft.yield": () => void weft.yield.build(this.#rewriter, {}, {}),
    "scf.for": (op) => this.#for(op),
    "scf.while": (op) => this.#while(op),
    "scf.if": (op) => this.#if(op),
    "func.call": (op) => this.#call(op),
    "func.return": (op) => this.#return(op),
  };

  // --- tensor operations -----------------------------------------------------------------------------------------------------

  #dim(op: Operation): void {
    const index = this.#source.definition(op.operands[1]!);
    const constant = index?.properties["value"];
    const sizes = staticSizes(this.#source.typeOf(op.operands[0]!) as TensorType);
    const made =
      constant?.kind === "integer"
        ? indexConstant(this.#rewriter, sizes[Number(constant.value)] ?? 0)
        : memref.dim.build(
            this.#rewriter,
            { source: this.#map(op.operands[0]!), index: this.#map(op.operands[1]!) },
            {},
          ).result;
    this.#scalars.set(op.results[0]!, made);
  }

  #fromElements(op: Operation): void {
    const buffer = this.#buffers.of(op.results[0]!);
    const shape = staticSizes(this.#source.typeOf(op.results[0]!) as TensorType);
    op.operands.forEach((element, position) => {
      let rest = position;
      const places: number[] = [];
      for (const size of [...shape].reverse()) {
        places.unshift(rest % size);
        rest = Math.floor(rest / size);
      }
      const indices = places.map((place) => indexConstant(this.#rewriter, place));
      memref.store.build(this.#rewriter, { value: this.#map(element), memref: buffer, indices }, {});
    });
  }

  #generate(op: Operation): void {
    const buffer = this.#buffers.of(op.results[0]!);
    const parameters = this.#source.block(op.regions[0]![0]!).arguments;
    loopsOver(this.#rewriter, staticSizes(this.#source.typeOf(op.results[0]!) as TensorType), (_, indices) => {
      parameters.forEach((parameter, index) => this.#scalars.set(parameter, indices[index]!));
      const value = this.#bodyValue(op);
      memref.store.build(this.#rewriter, { value, memref: buffer, indices }, {});
    });
  }

  /** The body of a tensor.generate or tensor.pad in place; returns what it yields. */
  #bodyValue(op: Operation): ValueId {
    for (const inner of bodyOf(this.#source, op)) if (inner.name !== "tensor.yield") this.#operation(inner);
    return this.#map(yieldOf(this.#source, op).operands[0]!);
  }

  #pad(op: Operation): void {
    const view = tensor.pad.match(this.#source, op)!;
    const { static_low: low, static_high: high } = view.attributes;
    if ([...low, ...high].some((amount) => amount < 0))
      throw new CompileError([bufferizeDiagnostics.at("negative-padding", op.location, {})]);
    const target = this.#buffers.of(op.results[0]!);
    const parameters = this.#source.block(op.regions[0]![0]!).arguments;
    const source = this.#buffers.of(view.operands.source);
    if (parameters.every((parameter) => this.#source.uses(parameter).length === 0))
      return padBuffer(
        this.#rewriter,
        source,
        target,
        low,
        this.#bodyValue(op),
        this.#isPlaced(view.operands.source, { kind: "window", of: op.results[0]!, offsets: low }),
      );
    // The new elements depend on where they are: compute all, then write the source over its part.
    loopsOver(this.#rewriter, staticSizes(this.#source.typeOf(op.results[0]!) as TensorType), (_, indices) => {
      parameters.forEach((parameter, index) => this.#scalars.set(parameter, indices[index]!));
      memref.store.build(this.#rewriter, { value: this.#bodyValue(op), memref: target, indices }, {});
    });
    const sizes = staticSizes(this.#source.typeOf(view.operands.source) as TensorType);
    copyBuffer(this.#rewriter, source, staticSubview(this.#rewriter, target, low, sizes));
  }

  #concat(op: Operation): void {
    const result = op.results[0]!;
    const dimension = tensor.concat.match(this.#source, op)!.attributes.dim;
    let offset = 0;
    for (const input of op.operands) {
      const sizes = staticSizes(this.#source.typeOf(input) as TensorType);
      const offsets = sizes.map((_, position) => (position === dimension ? offset : 0));
      if (!this.#isPlaced(input, { kind: "window", of: result, offsets }) && !sizes.includes(0)) {
        const window = staticSubview(this.#rewriter, this.#buffers.of(result), offsets, sizes);
        copyBuffer(this.#rewriter, this.#buffers.of(input), window);
      }
      offset += sizes[dimension]!;
    }
  }

  /** Whether a value already lies at a target. */
  #isPlaced(value: ValueId, target: Target): boolean {
    const { storage } = this.#analysis;
    const placement = storage.placements.get(storage.root(value).value);
    if (!placement || storage.named(placement.through) !== storage.named(value)) return false;
    const placed = placement.target;
    if (placed.kind === "output") return target.kind === "output" && target.index === placed.index;
    if (target.kind === "output" || placed.of !== target.of || placed.kind !== target.kind) return false;
    return (
      placed.kind !== "window" ||
      target.kind !== "window" ||
      placed.offsets.every((offset, at) => offset === target.offsets[at])
    );
  }

  #extractSlice(op: Operation): void {
    const result = op.results[0]!;
    const view = tensor.extract_slice.match(this.#source, op)!;
    const { offsets, sizes, strides } = view.operands;
    const spec = {
      ...view.attributes,
      offsets: this.#mapAll(offsets),
      sizes: this.#mapAll(sizes),
      strides: this.#mapAll(strides),
    };
    const shape = staticSizes(this.#source.typeOf(result) as TensorType);
    const window = sliceOf(this.#rewriter, this.#buffers.of(view.operands.source), spec, shape);
    if (this.#analysis.storage.place(result).kind === "view") this.#buffers.set(result, window);
    else copyBuffer(this.#rewriter, window, this.#buffers.of(result));
  }

  #insertSlice(op: Operation): void {
    const view = tensor.insert_slice.match(this.#source, op)!;
    const { offsets, sizes, strides, source, dest } = view.operands;
    const buffer = this.#prepare(dest, op.results[0]!);
    const spec = {
      ...view.attributes,
      offsets: this.#mapAll(offsets),
      sizes: this.#mapAll(sizes),
      strides: this.#mapAll(strides),
    };
    const shape = staticSizes(this.#source.typeOf(source) as TensorType);
    if (shape.includes(0)) return;
    copyBuffer(this.#rewriter, this.#buffers.of(source), sliceOf(this.#rewriter, buffer, spec, shape));
  }

  #reshape(op: Operation): void {
    const [source, result] = [op.operands[0]!, op.results[0]!];
    if (this.#analysis.storage.place(result).kind === "view")
      return this.#buffers.set(result, reshapeLike(this.#rewriter, op, this.#buffers.of(source)));
    // The source's elements do not lie in a row: gather them, then they can be seen in the new shape.
    const gathered = this.#temporary(op, ownType(this.#source.typeOf(source) as TensorType));
    copyBuffer(this.#rewriter, this.#buffers.of(source), gathered);
    copyBuffer(this.#rewriter, reshapeLike(this.#rewriter, op, gathered), this.#buffers.of(result));
  }

  // --- structured operations -------------------------------------------------------------------------------------------------

  #linalg(op: Operation): void {
    const tensors = op.results.length;
    const inputs = op.operands.length - tensors;
    const operands = op.operands.map((operand, index) => {
      if (index < inputs || tensors === 0) return this.#map(operand);
      const result = op.results[index - inputs]!;
      return this.#analysis.needsContents(op, index) ? this.#prepare(operand, result) : this.#buffers.of(result);
    });
    this.#rebuild(op, operands);
  }

  #kernel(op: Operation): void {
    const view = weft.kernel.match(this.#source, op)!;
    const made = view.operands.inputs.filter((input) => this.#source.definition(input)?.name !== "tensor.empty");
    weft.kernel.build(
      this.#rewriter,
      { inputs: this.#mapAll(made), outputs: op.results.map((result) => this.#buffers.of(result)) },
      {},
      { resultTypes: [], regions: { body: this.#regionOf(op, 0) }, extra: op.attributes },
    );
  }

  // --- control flow ----------------------------------------------------------------------------------------------------------

  /** Copies the values that a region ends with to where they must be, as if all at once. */
  #moveAll(last: Operation, from: readonly ValueId[], to: readonly ValueId[]): void {
    const { storage } = this.#analysis;
    const moves = from
      .map((source, index) => ({ source, target: to[index]! }))
      .filter(({ source, target }) => this.#isTensor(source) && storage.named(source) !== storage.named(target));
    const sources = moves.map(({ source }) => {
      const buffer = this.#buffers.of(source);
      if (!moves.some((move) => storage.shares(move.target, source))) return buffer;
      const saved = this.#temporary(last, ownType(this.#source.typeOf(source) as TensorType));
      copyBuffer(this.#rewriter, buffer, saved);
      return saved;
    });
    moves.forEach(({ target }, index) => copyBuffer(this.#rewriter, sources[index]!, this.#buffers.of(target)));
  }

  #initialise(inits: readonly ValueId[], carried: readonly ValueId[]): void {
    inits.forEach((init, index) => {
      if (this.#isTensor(init)) this.#prepare(init, carried[index]!);
    });
  }

  #for(op: Operation): void {
    const [lowerBound, upperBound, step] = this.#mapAll(op.operands.slice(0, 3));
    const inits = op.operands.slice(3);
    const [induction, ...carried] = this.#source.block(op.regions[0]![0]!).arguments;
    this.#initialise(inits, carried);
    const scalars = this.#scalarsOf(carried);
    const made = scf.for.build(
      this.#rewriter,
      { lowerBound: lowerBound!, upperBound: upperBound!, step: step!, initArgs: this.#mapAll(this.#scalarsOf(inits)) },
      {},
      {
        regions: {
          region: [
            {
              arguments: [induction!, ...scalars].map((value) => this.#source.typeOf(value)),
              body: (_, values) => {
                [induction!, ...scalars].forEach((old, index) => this.#scalars.set(old, values[index]!));
                this.#loopBody(op, 0, (last) => {
                  this.#moveAll(last, last.operands, carried);
                  scf.yield.build(this.#rewriter, { results: this.#mapAll(this.#scalarsOf(last.operands)) }, {});
                });
              },
            },
          ],
        },
        extra: op.attributes,
        location: op.location,
      },
    );
    this.#bindResults(op, made.op);
  }

  /** The operations of a region but the last, which `finish` replaces. */
  #regionBody(op: Operation, region: number, finish: (last: Operation) => void): void {
    const operations = bodyOf(this.#source, op, region);
    for (const inner of operations.slice(0, -1)) {
      this.#rewriter.location = inner.location;
      this.#operation(inner);
    }
    this.#rewriter.location = op.location;
    finish(operations.at(-1)!);
  }

  /** One round of a loop: buffers whose contents live in it are allocated at its start. */
  #loopBody(op: Operation, region: number, finish: (last: Operation) => void): void {
    const start = this.#marker();
    this.#buffers.enterLoop(op.id, start.id);
    this.#regionBody(op, region, finish);
    this.#rewriter.erase(start);
  }

  #bindResults(op: Operation, made: Operation): void {
    this.#scalarsOf(op.results).forEach((result, index) => this.#scalars.set(result, made.results[index]!));
  }

  #while(op: Operation): void {
    const [before, after] = op.regions.map((region) => this.#source.block(region[0]!).arguments);
    this.#initialise(op.operands, before!);
    const region = (index: number, parameters: readonly ValueId[], finish: (last: Operation) => void): BlockSpec => {
      const scalars = this.#scalarsOf(parameters);
      return {
        arguments: scalars.map((value) => this.#source.typeOf(value)),
        body: (_, values) => {
          scalars.forEach((old, position) => this.#scalars.set(old, values[position]!));
          // What the first region forwards lives on in the second: buffers are allocated outside the loop.
          this.#regionBody(op, index, finish);
        },
      };
    };
    const made = this.#rewriter.create({
      name: op.name,
      operands: this.#mapAll(this.#scalarsOf(op.operands)),
      resultTypes: this.#scalarsOf(op.results).map((result) => this.#source.typeOf(result)),
      attributes: op.attributes,
      location: op.location,
      regions: [
        [
          region(0, before!, (last) => {
            const [condition, ...forwarded] = last.operands;
            this.#moveAll(last, forwarded, after!);
            const args = this.#mapAll(this.#scalarsOf(forwarded));
            scf.condition.build(this.#rewriter, { condition: this.#map(condition!), args }, {});
          }),
        ],
        [
          region(1, after!, (last) => {
            this.#moveAll(last, last.operands, before!);
            scf.yield.build(this.#rewriter, { results: this.#mapAll(this.#scalarsOf(last.operands)) }, {});
          }),
        ],
      ],
    });
    this.#bindResults(op, made);
  }

  #if(op: Operation): void {
    const branch = (region: number): readonly BlockSpec[] =>
      op.regions[region]!.map(() => ({
        arguments: [],
        body: () =>
          this.#regionBody(op, region, (last) => {
            last.operands.forEach((value, index) => this.#deliver(value, op.results[index]!));
            scf.yield.build(this.#rewriter, { results: this.#mapAll(this.#scalarsOf(last.operands)) }, {});
          }),
      }));
    const made = scf.if.build(
      this.#rewriter,
      { condition: this.#map(op.operands[0]!) },
      {},
      {
        resultTypes: this.#scalarsOf(op.results).map((result) => this.#source.typeOf(result)),
        regions: { thenRegion: branch(0), elseRegion: branch(1) },
        extra: op.attributes,
        location: op.location,
      },
    );
    this.#bindResults(op, made.op);
  }

  /** Brings a branch's value to where the branch's result is, unless it was computed there. */
  #deliver(value: ValueId, result: ValueId): void {
    if (!this.#isTensor(value)) return;
    const { storage } = this.#analysis;
    if (storage.named(value) === storage.named(result)) return;
    if (this.#isPlaced(value, { kind: "whole", of: result })) return;
    copyBuffer(this.#rewriter, this.#buffers.of(value), this.#buffers.of(result));
  }

  #call(op: Operation): void {
    const { callee } = func.call.match(this.#source, op)!.attributes;
    const plain = (type: MemRefType): MemRefType => memRefType(type.shape, type.element);
    const inputs = this.#mapAll(op.operands).map((operand) => {
      const type = this.#rewriter.typeOf(operand);
      if (type.kind !== "memref" || type.layout === undefined) return operand;
      const gathered = this.#temporary(op, plain(type));
      copyBuffer(this.#rewriter, operand, gathered);
      return gathered;
    });
    const outputs = op.results
      .filter((result) => this.#isTensor(result))
      .map((result) => {
        const buffer = this.#buffers.of(result);
        const type = this.#rewriter.typeOf(buffer) as MemRefType;
        return {
          buffer,
          passed: layoutOf(type) && type.layout === undefined ? buffer : this.#temporary(op, plain(type)),
        };
      });
    const made = func.call.build(
      this.#rewriter,
      { operands: [...inputs, ...outputs.map(({ passed }) => passed)] },
      { callee },
      { resultTypes: this.#scalarsOf(op.results).map((result) => this.#source.typeOf(result)), extra: op.attributes },
    );
    for (const { buffer, passed } of outputs) copyBuffer(this.#rewriter, passed, buffer);
    this.#bindResults(op, made.op);
  }

  #return(op: Operation): void {
    op.operands.forEach((value, index) => {
      if (!this.#isTensor(value) || this.#isPlaced(value, { kind: "output", index })) return;
      copyBuffer(this.#rewriter, this.#buffers.of(value), this.#outputs[index]!);
    });
    func.return.build(this.#rewriter, { operands: this.#mapAll(this.#scalarsOf(op.operands)) }, {});
  }
}
