import { func } from "../ir/dialects/func.ts";
import { memref } from "../ir/dialects/memref.ts";
import {
  bodyOf,
  type BlockId,
  type IrReader,
  type Module,
  ModuleReader,
  type Operation,
  type OpId,
  type ValueId,
} from "../ir/module.ts";
import { lookUpSymbol } from "../ir/symbols.ts";
import { elementOf, hostElementType, type MemRefType, staticShape } from "../ir/types.ts";
import { allocateTensor } from "../support/numeric/host-tensor.ts";
import { CompiledUnits } from "./compile/unit.ts";
import { valueOfConstant } from "./constants.ts";
import { fail } from "./diagnostics.ts";
import { Ownership } from "./ownership.ts";
import type { ScalarFunction } from "./rule.ts";
import { ruleOf } from "./rules/index.ts";
import { bufferOf, type BufferView, copyTensor } from "./values.ts";
import type { HostTensor } from "../support/numeric/host-tensor.ts";

const programs = new WeakMap<Module, Program>();

interface SymbolTables {
  readonly functions: ReadonlyMap<string, Operation>;
  readonly globals: ReadonlyMap<string, Operation>;
}

function symbolsOf(reader: IrReader): SymbolTables {
  const functions = new Map<string, Operation>();
  const globals = new Map<string, Operation>();
  for (const op of bodyOf(reader, reader.operation(reader.root))) {
    const callee = func.func.match(reader, op)?.attributes.sym_name;
    if (callee !== undefined) functions.set(callee, op);
    const global = memref.global.match(reader, op)?.attributes.sym_name;
    if (global !== undefined) globals.set(global, op);
  }
  return { functions, globals };
}

/** What the interpreter has worked out about a program: kept for as long as the module is, since that does not change. */
export class Program {
  readonly reader: IrReader;
  readonly ownership: Ownership;
  readonly compiled: CompiledUnits;
  #symbols: SymbolTables | undefined;
  readonly #constants = new Map<string, BufferView>();
  readonly #scalars = new Map<OpId, ScalarFunction>();
  readonly #releases = new Map<BlockId, ReadonlyMap<OpId, readonly ValueId[]>>();

  /** @param reader must not change while the program is in use. */
  constructor(reader: IrReader) {
    this.reader = reader;
    this.ownership = new Ownership(reader);
    this.compiled = new CompiledUnits(this);
  }
  static of(module: Module): Program {
    let program = programs.get(module);
    if (!program) programs.set(module, (program = new Program(new ModuleReader(module))));
    return program;
  }

  get #tables(): SymbolTables {
    return (this.#symbols ??= symbolsOf(this.reader));
  }
  /** A function that has a body. */
  function(name: string): Operation | undefined {
    const op = this.#tables.functions.get(name);
    return op?.regions[0]?.[0] === undefined ? undefined : op;
  }
  /** The function that a call names where it stands; modules of kernels have functions of their own. */
  callee(from: Operation, name: string): Operation | undefined {
    const op = lookUpSymbol(this.reader, from, name);
    return op?.name === func.func.name && op.regions[0]?.[0] !== undefined ? op : undefined;
  }
  /** All functions of the module. */
  get functions(): readonly Operation[] {
    return [...this.#tables.functions.values()];
  }

  /** A global's buffer: a constant's is shared by all runs, others are new. */
  global(name: string): BufferView | undefined {
    const known = this.#constants.get(name);
    const op = this.#tables.globals.get(name);
    if (known || !op) return known;
    const { attributes } = memref.global.match(this.reader, op)!;
    const tensor = this.#initialValue(op, attributes.type as MemRefType, attributes.initial_value);
    if (!attributes.constant) return bufferOf(copyTensor(tensor));
    const buffer = bufferOf(tensor);
    this.#constants.set(name, buffer);
    return buffer;
  }
  #initialValue(op: Operation, type: MemRefType, value: Parameters<typeof valueOfConstant>[1] | undefined): HostTensor {
    if (value !== undefined && value.kind !== "unit") {
      return valueOfConstant(this.reader, value, elementOf(type), op.location) as HostTensor;
    }
    const element = hostElementType(type.element);
    const shape = staticShape(type);
    if (!element || !shape) return fail("unsupported-type", op.location, { name: op.name, type: type.text });
    return allocateTensor(element, shape) as HostTensor;
  }

  /** The function of a scalar operation, for its element types. */
  scalarFunction(op: Operation): ScalarFunction {
    const known = this.#scalars.get(op.id);
    if (known) return known;
    const rule = ruleOf(op.name);
    const operands = op.operands.map((operand) => elementOf(this.reader.typeOf(operand)));
    const results = op.results.map((result) => elementOf(this.reader.typeOf(result)));
    const made = rule?.kind === "scalar" ? rule.specialize(op, operands, results, this.reader) : undefined;
    if (!made)
      return fail("unsupported-type", op.location, {
        name: op.name,
        type: (operands[0] ?? results[0])?.text ?? "none",
      });
    this.#scalars.set(op.id, made);
    return made;
  }

  /** Which of a block's values are read for the last time by each of its operations (or by what is inside them). */
  releases(block: BlockId): ReadonlyMap<OpId, readonly ValueId[]> {
    const known = this.#releases.get(block);
    if (known) return known;
    const { operations, arguments: values } = this.reader.block(block);
    const positions = new Map(operations.map((id, position) => [id, position]));
    const releases = new Map<OpId, ValueId[]>();
    const note = (value: ValueId, from: number): void => {
      let last = from;
      for (const use of this.reader.uses(value)) last = Math.max(last, this.#positionIn(block, use.op, positions));
      const op = operations[last];
      if (op !== undefined) releases.set(op, [...(releases.get(op) ?? []), value]);
    };
    values.forEach((value) => note(value, 0));
    operations.forEach((id, position) => this.reader.operation(id).results.forEach((value) => note(value, position)));
    this.#releases.set(block, releases);
    return releases;
  }
  #positionIn(block: BlockId, op: OpId, positions: ReadonlyMap<OpId, number>): number {
    let at = this.reader.operation(op);
    while (at.parent !== block) {
      // Another block of the same region uses it, which may be come to after this one.
      if (at.parent === undefined) return positions.size - 1;
      at = this.reader.operation(this.reader.block(at.parent).parent);
    }
    return positions.get(at.id)!;
  }
}
