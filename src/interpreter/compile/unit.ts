import type { Operation, OpId, ValueId } from "../../ir/module.ts";
import { elementOf } from "../../ir/types.ts";
import { CompileError } from "../../support/diagnostic.ts";
import { iterationSpace, outputCount } from "../iteration-space.ts";
import type { Machine } from "../machine.ts";
import type { Program } from "../program.ts";
import { isLoopNest, outputsOf, tensorResults } from "../rules/linalg.ts";
import { type BufferView, isBuffer, isScalar, type RuntimeValue } from "../values.ts";
import { type EmittedScalar, Emitter, NotCompilable } from "./emitter.ts";
import { type Advancing, launchVolume } from "../launch/invocation.ts";
import type { Launch } from "../launch/launch.ts";
import { hasMeetings } from "../launch/walk.ts";
import { advanceLaunch, emitGrid, emitInvocation, launchKey } from "./launch.ts";
import { capturedBy, emitInput, emitRegion } from "./operations.ts";
import { evaluateCode, type Factory } from "./javascript.ts";
import { emitStructured, type OperandCode } from "./structured.ts";
import { boxedList } from "./values-code.ts";
import { controlEmitters } from "./control.ts";

/** A compiled function of a machine and values: the operation's operands, then what its regions read from above. */
type CompiledFunction = (machine: Machine, values: readonly RuntimeValue[]) => readonly RuntimeValue[];
/** The same where the code is a generator's. */
type StartInvocation = (machine: Machine, values: readonly RuntimeValue[]) => Advancing;
interface Unit {
  readonly run: CompiledFunction;
  readonly captured: readonly ValueId[];
}

const isInternal = (error: CompileError): boolean => error.diagnostics.some(({ code }) => code.startsWith("internal/"));

/** Loops that run as compiled code; other operations with regions are walked, and what is in them is compiled one by one. */
const compiledLoops: ReadonlySet<string> = new Set(["scf.for", "scf.while", "scf.parallel"]);

/** The compiled loops of one program. Equal code is shared: a network repeats its layers. */
export class CompiledUnits {
  readonly #program: Program;
  readonly #units = new Map<OpId, Map<string, Unit | undefined>>();
  readonly #factories = new Map<string, Factory<CompiledFunction>>();

  constructor(program: Program) {
    this.#program = program;
  }

  /** Runs an operation as compiled code; undefined when it is of another kind or contains what cannot be compiled. */
  run(machine: Machine, op: Operation, operands: readonly RuntimeValue[]): readonly RuntimeValue[] | undefined {
    if (isLoopNest(this.#program.reader, op)) return this.#runStructured(machine, op, operands);
    if (!compiledLoops.has(op.name)) return undefined;
    const unit = this.#unit(op, "", () => this.#compileLoop(op));
    return unit?.run(machine, [...operands, ...unit.captured.map((id) => machine.valueOf(id, op))]);
  }

  /** Runs a launch as compiled code; false when its kernel contains what cannot be compiled. */
  launch(machine: Machine, launch: Launch): boolean {
    const { op, kernel, shape, inputs } = launch;
    if (hasMeetings(this.#program.reader, kernel)) {
      const start = this.#unit(kernel, launchKey(shape), () =>
        this.#finish(emitInvocation(this.#program, kernel, shape), [], "undefined", "function*"),
      );
      if (start) advanceLaunch(machine, launch, start.run as unknown as StartInvocation);
      return start !== undefined;
    }
    const unit = this.#unit(kernel, launchKey(shape), () =>
      this.#finish(emitGrid(this.#program, kernel, shape), [], "[]"),
    );
    if (!unit) return false;
    machine.count(op, launchVolume(shape));
    unit.run(machine, inputs);
    return true;
  }

  #unit(op: Operation, key: string, compile: () => Unit): Unit | undefined {
    let variants = this.#units.get(op.id);
    if (!variants) this.#units.set(op.id, (variants = new Map()));
    if (variants.has(key)) return variants.get(key);
    let unit: Unit | undefined;
    try {
      unit = compile();
    } catch (error) {
      // What has no meaning fails only if and when it runs.
      const leftToRules = error instanceof NotCompilable || (error instanceof CompileError && !isInternal(error));
      if (!leftToRules) throw error;
    }
    variants.set(key, unit);
    return unit;
  }

  #finish(emitter: Emitter, captured: readonly ValueId[], results: string, keyword?: "function*"): Unit {
    const source = emitter.source(results, keyword);
    let factory = this.#factories.get(source);
    if (!factory) this.#factories.set(source, (factory = evaluateCode(source)));
    return { run: factory(emitter.constants), captured };
  }

  #compileLoop(op: Operation): Unit {
    const emitter = new Emitter(this.#program, op, emitRegion);
    const captured = capturedBy(emitter, op).filter((id) => !op.operands.includes(id));
    bindInputs(emitter, [...op.operands, ...captured]);
    if (!controlEmitters[op.name]!(emitter, op)) throw new NotCompilable(op.name);
    const results = boxedList(
      emitter,
      op.results.map((result) => emitter.get(result)),
    );
    return this.#finish(emitter, captured, results);
  }

  #runStructured(
    machine: Machine,
    op: Operation,
    operands: readonly RuntimeValue[],
  ): readonly RuntimeValue[] | undefined {
    const { reader } = this.#program;
    const space = iterationSpace(reader, op, operands);
    const count = outputCount(op);
    const unit = this.#unit(op, structureKey(operands, count), () => this.#compileStructured(op, operands, space));
    if (!unit) return undefined;
    machine.count(
      op,
      space.sizes.reduce((product, size) => product * size, 1),
    );
    const outputs = outputsOf(machine, op, operands);
    if (!space.sizes.includes(0)) {
      const inputs = operands.slice(0, operands.length - count);
      unit.run(machine, [...inputs, ...outputs, ...unit.captured.map((id) => machine.valueOf(id, op))]);
    }
    return tensorResults(outputs);
  }

  #compileStructured(op: Operation, operands: readonly RuntimeValue[], space: ReturnType<typeof iterationSpace>): Unit {
    const emitter = new Emitter(this.#program, op, emitRegion);
    const captured = capturedBy(emitter, op);
    const scalars: (EmittedScalar | undefined)[] = [];
    const code = operands.map((value, index): OperandCode | undefined => {
      const type = emitter.typeOf(op.operands[index]!);
      if (isScalar(value)) {
        scalars[index] = emitter.define(elementOf(type), `v[${index}]`);
        return undefined;
      }
      const data = emitter.fresh("d");
      emitter.line(`const ${data} = v[${index}].data;`);
      return { data, offset: isBuffer(value) ? `v[${index}].offset` : "0" };
    });
    captured.forEach((id, index) => emitInput(emitter, id, `v[${operands.length + index}]`));
    const count = outputCount(op);
    emitStructured(emitter, op, space, operands, code, scalars, count, aliases(operands, count));
    return this.#finish(emitter, captured, "undefined");
  }
}

function bindInputs(emitter: Emitter, ids: readonly ValueId[]): void {
  ids.forEach((id, index) => {
    if (!emitter.has(id)) emitInput(emitter, id, `v[${index}]`);
  });
}

/** What the code of a structured operation depends on besides the operation: shapes, strides and whether buffers overlap. */
function structureKey(operands: readonly RuntimeValue[], outputs: number): string {
  const layouts = operands.map((value) =>
    isScalar(value) ? "" : isBuffer(value) ? `${value.shape.join()}:${value.strides.join()}` : value.shape.join(),
  );
  return `${layouts.join(";")}${aliases(operands, outputs) ? ";aliased" : ""}`;
}

/** Whether an output buffer may share bytes with another operand. Tensors never do. */
function aliases(operands: readonly RuntimeValue[], outputs: number): boolean {
  const first = operands.length - outputs;
  return operands.some(
    (output, index) =>
      index >= first &&
      !isScalar(output) &&
      isBuffer(output) &&
      operands.some(
        (other, position) => position !== index && !isScalar(other) && isBuffer(other) && overlap(output, other),
      ),
  );
}

function overlap(left: BufferView, right: BufferView): boolean {
  if (left.bytes !== right.bytes) return false;
  const [leftStart, leftEnd] = extent(left);
  const [rightStart, rightEnd] = extent(right);
  return leftStart < rightEnd && rightStart < leftEnd;
}
/** The bytes between a buffer's first and last element. */
function extent({ byteOffset, data, offset, shape, strides }: BufferView): readonly [number, number] {
  let [low, high] = [offset, offset];
  shape.forEach((size, axis) => {
    const reach = (size - 1) * strides[axis]!;
    if (reach < 0) low += reach;
    else high += reach;
  });
  const size = data.BYTES_PER_ELEMENT;
  return [byteOffset + low * size, byteOffset + (high + 1) * size];
}
