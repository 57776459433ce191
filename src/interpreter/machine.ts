import type { IrReader, Operation, ValueId } from "../ir/module.ts";
import { elementOf, hostElementType } from "../ir/types.ts";
import { allocateTensor, elementCount } from "../support/numeric/host-tensor.ts";
import { DivisionByZero, fail } from "./diagnostics.ts";
import type { Invocation, InvocationOrder } from "./launch/invocation.ts";
import { launchOf } from "./launch/launch.ts";
import { walkLaunch } from "./launch/walk.ts";
import type { Program } from "./program.ts";
import type { Execution, ScalarFunction } from "./rule.ts";
import { ruleOf } from "./rules/index.ts";
import {
  type BufferView,
  copyTensor,
  isBuffer,
  isScalar,
  isTensor,
  loadElement,
  type RuntimeValue,
  type Scalar,
  storeElement,
} from "./values.ts";

/** How a program is run. */
export interface MachineOptions {
  /** Operations and loop iterations after which the program is stopped; unlimited when absent. */
  readonly stepLimit?: number;
  /**
   * Called after each operation that runs, with its results: for tracing and bisection. Bodies of loops and structured operations that
   * run as compiled code are not seen from inside, their results are; with `path: "walked"` every operation is seen.
   */
  readonly onOperation?: (op: Operation, results: readonly RuntimeValue[]) => void;
  /** Whether loops may run as compiled JavaScript (as is usual) or every operation by its rule. Both give the same values. */
  readonly path?: "compiled" | "walked";
  /** How many invocations of a kernel's block are a subgroup; 32 when absent. */
  readonly subgroupSize?: number;
  /** In which order the invocations of a launch run where nothing orders them; "ascending" when absent. */
  readonly invocationOrder?: InvocationOrder;
}

const deepestCall = 400;
const usualSubgroup = 32;

/** Runs one program: walks its operations, each by its rule. */
export class Machine implements Execution {
  readonly program: Program;
  readonly options: MachineOptions;
  readonly loopPositions: (readonly number[])[] = [];
  readonly invocation: Invocation | undefined;
  readonly #globals: Map<string, BufferView>;
  #values = new Map<ValueId, RuntimeValue>();
  #depth = 0;
  readonly #steps: { taken: number };
  /** An operation whose operands belong to somebody else and must not be overwritten. */
  readonly #borrower: Operation | undefined;

  constructor(
    program: Program,
    options: MachineOptions = {},
    borrower?: Operation,
    within?: { readonly launcher: Machine; readonly invocation: Invocation },
  ) {
    this.program = program;
    this.options = options;
    this.#borrower = borrower;
    this.invocation = within?.invocation;
    this.#globals = within === undefined ? new Map() : within.launcher.#globals;
    this.#steps = within === undefined ? { taken: 0 } : within.launcher.#steps;
  }

  /** A machine with values of its own for one invocation of a kernel; steps are counted together. */
  forInvocation(invocation: Invocation): Machine {
    return new Machine(this.program, this.options, undefined, { launcher: this, invocation });
  }

  get reader(): IrReader {
    return this.program.reader;
  }

  bind(value: ValueId, held: RuntimeValue): void {
    this.#values.set(value, held);
  }

  /** Runs a function's body on arguments. */
  runFunction(op: Operation, values: readonly RuntimeValue[]): readonly RuntimeValue[] {
    const outer = this.#values;
    this.#values = new Map();
    try {
      const block = this.reader.block(op.regions[0]![0]!);
      block.arguments.forEach((argument, index) => this.bind(argument, values[index]!));
      const releases = this.program.releases(block.id);
      for (const id of block.operations) {
        const inner = this.reader.operation(id);
        const returned = this.step(inner);
        if (returned) return returned;
        // Intermediate tensors of a whole network would not fit in memory together.
        for (const value of releases.get(id) ?? []) this.#values.delete(value);
      }
      return fail("malformed", op.location, { name: op.name, reason: "its body has no terminator" });
    } finally {
      this.#values = outer;
    }
  }

  runRegion(op: Operation, region: number, values: readonly RuntimeValue[]): readonly RuntimeValue[] {
    const entry = op.regions[region]?.[0];
    if (entry === undefined)
      return fail("malformed", op.location, { name: op.name, reason: `region ${region} is empty` });
    const block = this.reader.block(entry);
    block.arguments.forEach((argument, index) => this.bind(argument, values[index]!));
    for (const id of block.operations) {
      const handedOn = this.step(this.reader.operation(id));
      if (handedOn) return handedOn;
    }
    return fail("malformed", op.location, { name: op.name, reason: "a region has no terminator" });
  }

  /** Runs one operation; what a terminator hands on, undefined for others. */
  step(op: Operation): readonly RuntimeValue[] | undefined {
    const operands = op.operands.map((operand) => this.valueOf(operand, op));
    this.count(op, 1);
    const rule = ruleOf(op.name);
    if (!rule) return fail("no-rule", op.location, { name: op.name });
    if (rule.kind === "terminator") return operands;
    const results = this.evaluate(op, operands);
    op.results.forEach((result, index) => this.bind(result, results[index]!));
    this.options.onOperation?.(op, results);
    return undefined;
  }

  /** The results of one operation on operands. */
  evaluate(op: Operation, operands: readonly RuntimeValue[]): readonly RuntimeValue[] {
    const rule = ruleOf(op.name);
    if (!rule || rule.kind === "terminator") return fail("no-rule", op.location, { name: op.name });
    if (rule.kind === "operation") {
      const compiled = op.regions.length > 0 && this.options.path !== "walked";
      return (
        (compiled ? this.program.compiled.run(this, op, operands) : undefined) ?? rule.evaluate(this, op, operands)
      );
    }
    try {
      return this.#applyScalar(op, this.program.scalarFunction(op), operands);
    } catch (error) {
      if (error instanceof DivisionByZero) return fail("division-by-zero", op.location, { name: op.name });
      throw error;
    }
  }

  /** A scalar operation on scalars, or on each element of vectors and tensors. */
  #applyScalar(op: Operation, apply: ScalarFunction, operands: readonly RuntimeValue[]): readonly RuntimeValue[] {
    const call = apply as (...values: readonly RuntimeValue[]) => Scalar | readonly Scalar[];
    // A scalar condition selects whole values of any type.
    const whole = isScalar(operands[0]!) || !isTensor(operands[0]!);
    if (whole) {
      const result = call(...operands);
      return op.results.length === 1 ? [result as RuntimeValue] : (result as readonly Scalar[]);
    }
    const tensors = operands.filter(isTensor);
    const shape = tensors[0]!.shape;
    if (tensors.length < operands.length || tensors.some((tensor) => tensor.shape.some((size, i) => size !== shape[i])))
      fail("shape-mismatch", op.location, { name: op.name, reason: "its operands have different shapes" });
    const results = op.results.map((result) =>
      allocateTensor(hostElementType(elementOf(this.reader.typeOf(result)))!, shape),
    );
    const count = elementCount(shape);
    for (let i = 0; i < count; i++) {
      const result = call(...tensors.map((tensor) => loadElement(tensor.elementType, tensor.data, i)));
      results.forEach(({ elementType, data }, index) =>
        storeElement(
          elementType,
          data,
          i,
          results.length === 1 ? (result as Scalar) : (result as readonly Scalar[])[index]!,
        ),
      );
    }
    return results;
  }

  /** What a value holds now, for `op`. */
  valueOf(value: ValueId, op: Operation): RuntimeValue {
    return (
      this.#values.get(value) ??
      fail("malformed", op.location, { name: op.name, reason: "an operand has no value where it runs" })
    );
  }

  call(op: Operation, callee: string, values: readonly RuntimeValue[]): readonly RuntimeValue[] {
    const target = this.program.callee(op, callee);
    if (!target) return fail("unknown-function", op.location, { callee });
    if (this.#depth >= deepestCall) return fail("call-depth", op.location, { callee, depth: deepestCall });
    this.#depth++;
    try {
      return this.runFunction(target, values);
    } finally {
      this.#depth--;
    }
  }

  launch(op: Operation, operands: readonly RuntimeValue[]): void {
    const launch = launchOf(this.reader, op, operands, {
      subgroupSize: this.options.subgroupSize ?? usualSubgroup,
      order: this.options.invocationOrder ?? "ascending",
    });
    const compiled = this.options.path !== "walked" && this.program.compiled.launch(this, launch);
    if (!compiled) walkLaunch(this, launch);
  }

  global(op: Operation, name: string): BufferView {
    const known = this.#globals.get(name);
    if (known) return known;
    const buffer = this.program.global(name) ?? fail("unknown-global", op.location, { global: name });
    this.#globals.set(name, buffer);
    return buffer;
  }

  take(op: Operation, operand: number, value: RuntimeValue): RuntimeValue {
    if (isScalar(value) || isBuffer(value)) return value;
    if (this.reader.typeOf(op.operands[operand]!).kind !== "tensor") return value;
    // Who traces may keep what was shown.
    const borrowed = this.#borrower?.id === op.id || this.options.onOperation !== undefined;
    return !borrowed && this.program.ownership.mayTake(op, operand) ? value : copyTensor(value);
  }

  count(op: Operation, steps: number): void {
    this.#steps.taken += steps;
    if (this.options.stepLimit !== undefined && this.#steps.taken > this.options.stepLimit)
      fail("step-limit", op.location, { name: op.name, steps: this.options.stepLimit });
  }
}
