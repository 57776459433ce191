import { CompileError } from "../../support/diagnostic.ts";
import type { IrReader, BlockId, Operation, ValueId } from "../../ir/module.ts";
import type { Registry } from "../../ir/registry.ts";
import { elementOf, type MemRefType, type Type, type VectorType } from "../../ir/types.ts";
import { describeLocation, type Location } from "../../support/location.ts";
import { backendDiagnostics } from "../diagnostics.ts";
import { arithmetic, atom, type Expression } from "./expression.ts";
import type { Helper, HelperSet } from "./helpers.ts";
import { cCommentText, NameTable } from "./identifiers.ts";
import type { MemoryAccess } from "./memory-access.ts";
import type { CDialect, PrintingRule, Scope } from "./scope.ts";
import { laneCount, laneShortName, scalarName, stridesOf, vectorName, vectorTypedefs } from "./types.ts";

/** What the functions of one module share while they are printed. */
export interface ModuleContext {
  readonly reader: IrReader;
  readonly registry: Registry;
  readonly rules: ReadonlyMap<string, PrintingRule>;
  readonly dialect: CDialect;
  readonly threads: number;
  readonly helpers: HelperSet;
  readonly globalPointer: (name: string) => string | undefined;
  readonly functionName: (name: string) => string | undefined;
}

/** Longest text that is put into another expression instead of getting a variable of its own. */
const longestInlined = 56;

/** The error of a construct that no rule prints. */
export const notLegal = (what: string, why: string, location: Location): CompileError =>
  new CompileError([backendDiagnostics.at("not-legal", location, { backend: "c", what, why })]);

/** Prints the body of one function. It decides nothing: what an operation looks like is its rule's affair. */
export class FunctionPrinter implements Scope {
  readonly #context: ModuleContext;
  readonly #access: MemoryAccess;
  readonly #lines: string[] = [];
  readonly #expressions = new Map<ValueId, Expression>();
  readonly #names = new NameTable();
  #depth = 1;
  #count = 0;
  #loops = 0;
  #isParallel = false;
  #lastComment: string;
  #current: Operation;

  constructor(context: ModuleContext, access: MemoryAccess, root: Operation) {
    this.#context = context;
    this.#access = access;
    this.#current = root;
    this.#lastComment = this.#commentOf(root);
  }

  get reader(): IrReader {
    return this.#context.reader;
  }
  get dialect(): CDialect {
    return this.#context.dialect;
  }
  get threads(): number {
    return this.#context.threads;
  }
  get text(): string {
    return this.#lines.join("\n");
  }

  typeOf(value: ValueId): Type {
    return this.reader.typeOf(value);
  }
  use(value: ValueId): Expression {
    const expression = this.#expressions.get(value);
    if (expression === undefined) throw this.#illegal("a value that no printed operation makes");
    return expression;
  }
  isUsed(value: ValueId): boolean {
    return this.reader.uses(value).length > 0;
  }
  cType(type: Type): string {
    if (type.kind === "vector") return this.vectorType(type);
    const name = scalarName(type);
    if (name === undefined) throw this.#illegal(`C has no type for ${type.text} here`);
    return name;
  }
  vectorType(type: VectorType, form?: "unsigned" | "unaligned"): string {
    const lanes = laneCount(type);
    const short = laneShortName(type.element);
    const name = vectorName(type, form === "unsigned");
    if (this.dialect !== "gnu11" || lanes === undefined || short === undefined || name === undefined)
      throw this.#illegal(`C has no vector type for ${type.text}`);
    this.helper({ name: `vector v${lanes}${short}`, code: vectorTypedefs(lanes, short) });
    return form === "unaligned" ? `${name}_unaligned` : name;
  }
  elementType(type: MemRefType): string {
    const { element } = type;
    if (element.kind === "vector") return this.vectorType(element, "unaligned");
    if (element.text === "i1") throw this.#illegal("truth values in memory must be bytes by now");
    return this.cType(element);
  }
  pointerType(value: ValueId): string {
    const type = this.typeOf(value);
    if (type.kind !== "memref") throw this.#illegal(`${type.text} is no buffer`);
    return `${this.#access.isWritten(value) ? "" : "const "}${this.elementType(type)} *`;
  }
  offset(type: MemRefType, indices: readonly ValueId[]): Expression {
    const strides = stridesOf(type);
    if (strides === undefined) throw this.#illegal(`the strides of ${type.text} are not known`);
    let constant = 0;
    let sum: Expression | undefined;
    indices.forEach((index, dimension) => {
      const stride = strides[dimension]!;
      const at = this.use(index);
      if (at.literal !== undefined) constant += at.literal * stride;
      else if (stride !== 0) {
        const term = stride === 1 ? at : arithmetic(at, "*", atom(String(stride)));
        sum = sum === undefined ? term : arithmetic(sum, "+", term);
      }
    });
    if (sum === undefined) return { ...atom(String(constant)), literal: constant };
    if (constant === 0) return sum;
    return arithmetic(sum, constant < 0 ? "-" : "+", atom(String(Math.abs(constant))));
  }
  helper(helper: Helper): string {
    return this.#context.helpers.add(helper);
  }
  include(header: string): void {
    this.#context.helpers.include(header);
  }
  globalPointer(name: string): string {
    const pointer = this.#context.globalPointer(name);
    if (pointer === undefined) throw this.#illegal(`there is no constant global @${name}`);
    return pointer;
  }
  functionName(name: string): string {
    const known = this.#context.functionName(name);
    if (known === undefined) throw this.#illegal(`there is no function @${name}`);
    return known;
  }
  reject(op: Operation, why: string): never {
    throw notLegal(op.name, why, op.location);
  }
  #illegal(why: string): CompileError {
    return notLegal(this.#current.name, why, this.#current.location);
  }

  line(text: string): void {
    this.#lines.push("  ".repeat(this.#depth) + text);
  }
  braces(head: string, body: () => void, tail = "}"): void {
    this.line(`${head} {`);
    this.indented(body, tail);
  }
  indented(body: () => void, tail: string): void {
    this.#depth++;
    body();
    this.#depth--;
    this.line(tail);
  }
  enterParallel(): boolean {
    if (this.#isParallel) return false;
    this.#isParallel = true;
    return true;
  }
  leaveParallel(): void {
    this.#isParallel = false;
  }
  freshName(hint: string): string {
    return this.#names.unique(hint);
  }
  nextNumber(): number {
    return this.#loops++;
  }
  bind(value: ValueId, name: string): void {
    this.#expressions.set(value, atom(name));
  }
  declareMutable(value: ValueId, initializer?: Expression): string {
    const name = this.freshName(`v${this.#count++}`);
    const type = this.typeOf(value);
    const declared = type.kind === "memref" ? this.pointerType(value) : `${this.cType(type)} `;
    this.line(`${declared}${name}${initializer === undefined ? "" : ` = ${initializer.text}`};`);
    this.bind(value, name);
    return name;
  }

  block(id: BlockId): Operation | undefined {
    const operations = this.reader.block(id).operations;
    for (const op of operations.slice(0, -1)) this.operation(this.reader.operation(op));
    const last = operations.at(-1);
    if (last === undefined) return undefined;
    const op = this.reader.operation(last);
    this.#current = op;
    if (this.#context.registry.hasTrait(op, "terminator")) return op;
    this.operation(op);
    return undefined;
  }

  /** Prints one operation by its rule. */
  operation(op: Operation): void {
    this.#current = op;
    const rule = this.#context.rules.get(op.name);
    if (rule === undefined) throw notLegal(op.name, "no printing rule is known for it", op.location);
    if (rule.kind === "statement") {
      this.#comment(op);
      if (rule.print(op, this) === undefined) throw notLegal(op.name, "it is malformed", op.location);
      return;
    }
    const result = op.results[0]!;
    const uses = this.reader.uses(result);
    const isPure = this.#context.registry.hasTrait(op, "pure");
    if (uses.length === 0 && isPure) return;
    const expression = rule.print(op, this);
    this.#current = op;
    if (expression === undefined) throw notLegal(op.name, "it is malformed", op.location);
    if (this.#isInlined(op, expression, isPure)) this.#expressions.set(result, expression);
    else {
      this.#comment(op);
      this.#declareConstant(result, expression);
    }
  }

  #declareConstant(value: ValueId, expression: Expression): void {
    const type = this.typeOf(value);
    const name = this.freshName(`${type.kind === "memref" ? "b" : "v"}${this.#count++}`);
    if (type.kind === "memref") this.line(`${this.pointerType(value)}const ${name} = ${expression.text};`);
    else this.line(`const ${this.cType(type)} ${name} = ${expression.text};`);
    if (!this.isUsed(value)) this.line(`(void)${name};`);
    this.bind(value, name);
  }

  /** Literals are always put where they are read; other pure scalars when they are short and read once, right in this block. */
  #isInlined(op: Operation, expression: Expression, isPure: boolean): boolean {
    const type = this.typeOf(op.results[0]!);
    if (type.kind === "memref") return false;
    if (this.#context.registry.hasTrait(op, "constant-like")) return elementOf(type) === type || isSplat(expression);
    const uses = this.reader.uses(op.results[0]!);
    if (!isPure || uses.length !== 1 || type.kind === "vector" || expression.text.length > longestInlined) return false;
    const user = this.reader.operation(uses[0]!.op);
    if (user.parent !== op.parent) return false;
    // Values carried to a next iteration are assigned one after another: an expression among them could see a new value.
    return !this.#context.registry.hasTrait(user, "terminator") || user.operands.length === 1;
  }

  #commentOf(op: Operation): string {
    return op.location.kind === "unknown" ? "" : describeLocation(op.location);
  }
  #comment(op: Operation): void {
    const text = this.#commentOf(op);
    if (text === this.#lastComment || text === "") return;
    this.#lastComment = text;
    this.line(`/* ${cCommentText(text)} */`);
  }
}

const isSplat = (expression: Expression): boolean => !expression.text.includes("{");
