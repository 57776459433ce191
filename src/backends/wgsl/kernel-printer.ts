import { kernelValues } from "../../ir/dialects/gpu/kernel.ts";
import { memref, vector } from "../../ir/dialects/index.ts";
import type { BlockId, IrReader, Operation, ValueId } from "../../ir/module.ts";
import type { Registry } from "../../ir/registry.ts";
import { elementOf, type MemRefType, type Type } from "../../ir/types.ts";
import type { CompileError } from "../../support/diagnostic.ts";
import { atom, type Expression, expressionOf } from "./expression.ts";
import { type Helper, HelperSet } from "./helpers.ts";
import { NameTable } from "./identifiers.ts";
import { notLegal } from "./not-legal.ts";
import type { BuiltIn, Extension, LanguageFeature, PrintingRule, Scope } from "./scope.ts";
import { storageTypeName, valueTypeName } from "./types.ts";

/** Longest text, and deepest nesting, of what is put into another expression instead of getting a variable of its own. */
const longestInlined = 72;
const deepestInlined = 8;

const builtInNames: Readonly<Record<BuiltIn, string>> = {
  workgroup_id: "workgroup",
  local_invocation_id: "local",
  num_workgroups: "workgroups",
  subgroup_invocation_id: "lane",
  subgroup_size: "subgroup",
};
const vectorBuiltIns: ReadonlySet<BuiltIn> = new Set(["workgroup_id", "local_invocation_id", "num_workgroups"]);
const readers: ReadonlySet<string> = new Set([memref.load.name, vector.load.name]);
const atomicName = memref.atomic_rmw.name;
const loopNames = ["i", "j", "k", "l", "m", "n"];

/** A variable, or a field of one. */
const isName = (expression: Expression): boolean => !expression.reads && /^[A-Za-z]\w*(\.\w+)?$/.test(expression.text);

/** Prints the body of one kernel. It decides nothing: what an operation looks like is its rule's affair. */
export class KernelPrinter implements Scope {
  readonly reader: IrReader;
  readonly workgroupSize: readonly [number, number, number];
  readonly readsItsStorage: boolean;
  readonly #registry: Registry;
  readonly #rules: ReadonlyMap<string, PrintingRule>;
  readonly #helpers = new HelperSet();
  readonly #extensions = new Set<Extension>();
  readonly #languageFeatures = new Set<LanguageFeature>();
  readonly #builtIns = new Set<BuiltIn>();
  readonly #declarations: string[] = [];
  readonly #lines: string[] = [];
  readonly #expressions = new Map<ValueId, Expression>();
  /** Values whose expression reads memory and was not printed yet, in program order. */
  readonly #pending = new Set<ValueId>();
  readonly #names: NameTable;
  #depth = 1;
  #loopDepth = 0;
  #count = 0;
  #current: Operation;

  constructor(
    reader: IrReader,
    registry: Registry,
    rules: ReadonlyMap<string, PrintingRule>,
    root: Operation,
    workgroupSize: readonly [number, number, number],
  ) {
    this.reader = reader;
    this.#registry = registry;
    this.#rules = rules;
    this.#current = root;
    this.workgroupSize = workgroupSize;
    this.readsItsStorage = kernelValues(reader, root).inputs.some((value) => {
      const users = reader.uses(value).map(({ op }) => reader.operation(op));
      const writes = users.some(({ name }) => !readers.has(name));
      return writes && users.some(({ name }) => readers.has(name));
    });
    this.#names = new NameTable(Object.values(builtInNames));
  }

  /** Everything the rules asked for. */
  get printed(): {
    readonly extensions: readonly Extension[];
    readonly languageFeatures: readonly LanguageFeature[];
    readonly helpers: readonly string[];
    readonly declarations: readonly string[];
    readonly parameters: readonly string[];
    readonly body: string;
  } {
    return {
      extensions: [...this.#extensions].sort(),
      languageFeatures: [...this.#languageFeatures],
      helpers: this.#helpers.codes,
      declarations: this.#declarations,
      parameters: [...this.#builtIns].map(
        (name) => `@builtin(${name}) ${builtInNames[name]}: ${vectorBuiltIns.has(name) ? "vec3<u32>" : "u32"}`,
      ),
      body: this.#lines.join("\n"),
    };
  }

  typeOf(value: ValueId): Type {
    return this.reader.typeOf(value);
  }
  use(value: ValueId): Expression {
    const expression = this.#expressions.get(value);
    if (expression === undefined) throw this.#illegal("a value that no printed operation makes");
    if (expression.reads) this.#pending.delete(value);
    return expression;
  }
  isUsed(value: ValueId): boolean {
    return this.reader.useCount(value) > 0;
  }
  typeName(type: Type): string {
    const name = valueTypeName(type);
    if (name === undefined) throw this.#illegal(`WGSL has no type for ${type.text} here`);
    if (elementOf(type).text === "f16") this.enable("f16");
    return name;
  }
  element(memref: ValueId, indices: readonly ValueId[]): Expression {
    const type = this.typeOf(memref);
    const base = this.use(memref);
    if (type.kind !== "memref" || indices.length !== 1) throw this.#illegal("accesses must have one index by now");
    const index = this.use(indices[0]!);
    return expressionOf(`${base.text}[${index.text}]`, [base, index]);
  }
  helper(helper: Helper): string {
    return this.#helpers.add(helper);
  }
  enable(extension: Extension): void {
    this.#extensions.add(extension);
  }
  require(feature: LanguageFeature): void {
    this.#languageFeatures.add(feature);
  }
  builtIn(name: BuiltIn): Expression {
    this.#builtIns.add(name);
    if (name.startsWith("subgroup")) this.enable("subgroups");
    return atom(builtInNames[name]);
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
    this.settle();
    this.line(`${head} {`);
    this.indented(body, tail);
  }
  indented(body: () => void, tail: string): void {
    this.#depth++;
    this.#loopDepth++;
    body();
    this.settle();
    this.#loopDepth--;
    this.#depth--;
    this.line(tail);
  }
  settle(): void {
    for (const value of this.#pending) this.#declareConstant(value, this.#expressions.get(value)!);
    this.#pending.clear();
  }
  freshName(hint: string): string {
    return this.#names.unique(hint);
  }
  counterName(): string {
    return this.freshName(loopNames[Math.min(this.#loopDepth, loopNames.length - 1)]!);
  }
  bind(value: ValueId, name: string): void {
    this.bindExpression(value, atom(name));
  }
  /** Makes `value` read as an expression that has no effect and reads no memory. */
  bindExpression(value: ValueId, expression: Expression): void {
    this.#expressions.set(value, expression);
  }
  named(expression: Expression): Expression {
    const name = this.freshName(`c${this.#count++}`);
    this.line(`let ${name} = ${expression.text};`);
    return atom(name);
  }
  repeatable(expression: Expression): Expression {
    return expression.isConstant || isName(expression) ? expression : this.named(expression);
  }
  declareMutable(value: ValueId, initializer?: Expression): string {
    const name = this.freshName(`v${this.#count++}`);
    const type = this.typeName(this.typeOf(value));
    this.line(`var ${name}: ${type}${initializer === undefined ? "" : ` = ${initializer.text}`};`);
    this.bind(value, name);
    return name;
  }
  /** Declares a buffer that the workgroup shares, outside the function. */
  declareWorkgroup(value: ValueId, type: MemRefType): void {
    const name = this.freshName("tile");
    this.#declarations.push(`var<workgroup> ${name}: ${this.arrayType(type, this.isAtomic(value))};`);
    this.bind(value, name);
  }
  declarePrivate(value: ValueId, type: MemRefType): void {
    const name = this.freshName("own");
    this.line(`var ${name}: ${this.arrayType(type)};`);
    this.bind(value, name);
  }
  isAtomic(memref: ValueId): boolean {
    return this.reader.uses(memref).some(({ op }) => this.reader.operation(op).name === atomicName);
  }
  arrayType(type: MemRefType, isAtomic = false): string {
    const element = storageTypeName(type.element);
    const [size] = type.shape;
    if (element === undefined || type.shape.length !== 1 || typeof size !== "number")
      throw this.#illegal(`WGSL has no array for ${type.text}`);
    if (elementOf(type.element).text === "f16") this.enable("f16");
    return `array<${isAtomic ? `atomic<${element}>` : element}, ${Math.max(size, 1)}>`;
  }

  block(id: BlockId): Operation | undefined {
    const operations = this.reader.block(id).operations;
    for (const op of operations.slice(0, -1)) this.operation(this.reader.operation(op));
    const last = operations.at(-1);
    if (last === undefined) return undefined;
    const op = this.reader.operation(last);
    this.#current = op;
    if (this.#registry.hasTrait(op, "terminator")) return op;
    this.operation(op);
    return undefined;
  }

  /** Prints one operation by its rule. */
  operation(op: Operation): void {
    this.#current = op;
    const rule = this.#rules.get(op.name);
    if (rule === undefined) throw notLegal(op.name, "no printing rule is known for it", op.location);
    if (rule.kind === "statement") {
      if (rule.print(op, this) === undefined) throw notLegal(op.name, "it is malformed", op.location);
      return;
    }
    const result = op.results[0]!;
    const isPure = this.#registry.hasTrait(op, "pure") || this.#registry.hasTrait(op, "reads-memory");
    const uses = this.reader.useCount(result);
    if (uses === 0 && isPure) return;
    const expression = rule.print(op, this);
    this.#current = op;
    if (expression === undefined) throw notLegal(op.name, "it is malformed", op.location);
    if (!this.#isInlined(op, expression, isPure)) this.#declareConstant(result, expression);
    else {
      this.#expressions.set(result, expression);
      if (expression.reads) this.#pending.add(result);
    }
  }

  #declareConstant(value: ValueId, expression: Expression): void {
    const name = this.freshName(`v${this.#count++}`);
    this.line(`let ${name} = ${expression.text};`);
    this.bind(value, name);
  }

  /** Literals and names are always put where they are read; other scalars and vectors when they are short and read once in this block. */
  #isInlined(op: Operation, expression: Expression, isPure: boolean): boolean {
    const result = op.results[0]!;
    if (this.#registry.hasTrait(op, "constant-like")) return true;
    if (isName(expression)) return true;
    if (!isPure || expression.text.length > longestInlined || expression.depth > deepestInlined) return false;
    const uses = this.reader.uses(result);
    if (uses.length !== 1) return false;
    const user = this.reader.operation(uses[0]!.op);
    if (user.parent !== op.parent) return false;
    // Values carried to a next iteration are assigned one after another: an expression among them could see a new value.
    return !this.#registry.hasTrait(user, "terminator") || user.operands.length === 1;
  }
}
