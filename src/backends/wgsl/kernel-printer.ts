import { kernelValues } from "../../ir/dialects/gpu/kernel.ts";
import { memref, vector } from "../../ir/dialects/index.ts";
import type { IrReader, Operation, ValueId } from "../../ir/module.ts";
import type { Registry } from "../../ir/registry.ts";
import { elementOf, type MemRefType, type Type } from "../../ir/types.ts";
import type { CompileError } from "../../support/diagnostic.ts";
import { atom, type Expression, expressionOf } from "./expression.ts";
import { type Helper, HelperSet } from "../printing/helpers.ts";
import { StructuredPrinter } from "../printing/structured-printer.ts";
import { wgslNames } from "./identifiers.ts";
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

/** Prints the body of one kernel. */
export class KernelPrinter extends StructuredPrinter<Scope, Expression> implements Scope {
  readonly workgroupSize: readonly [number, number, number];
  readonly readsItsStorage: boolean;
  readonly #helpers = new HelperSet();
  readonly #extensions = new Set<Extension>();
  readonly #languageFeatures = new Set<LanguageFeature>();
  readonly #builtIns = new Set<BuiltIn>();
  readonly #declarations: string[] = [];
  /** Values whose expression reads memory and was not printed yet, in program order. */
  readonly #pending = new Map<ValueId, Expression>();
  readonly #names = wgslNames(Object.values(builtInNames));
  #loopDepth = 0;
  #count = 0;

  constructor(
    reader: IrReader,
    registry: Registry,
    rules: ReadonlyMap<string, PrintingRule>,
    root: Operation,
    workgroupSize: readonly [number, number, number],
  ) {
    const illegal = ({ name, location }: Operation, why: string): CompileError => notLegal(name, why, location);
    super(reader, registry, { rules, variable: atom, notLegal: illegal }, root);
    this.workgroupSize = workgroupSize;
    this.readsItsStorage = kernelValues(reader, root).inputs.some((value) => {
      const users = reader.uses(value).map(({ op }) => reader.operation(op));
      const writes = users.some(({ name }) => !readers.has(name));
      return writes && users.some(({ name }) => readers.has(name));
    });
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
      body: this.text,
    };
  }

  protected override scope(): Scope {
    return this;
  }
  override use(value: ValueId): Expression {
    this.#pending.delete(value);
    return super.use(value);
  }
  typeName(type: Type): string {
    const name = valueTypeName(type);
    if (name === undefined) throw this.illegal(`WGSL has no type for ${type.text} here`);
    if (elementOf(type).text === "f16") this.enable("f16");
    return name;
  }
  element(memref: ValueId, indices: readonly ValueId[]): Expression {
    const type = this.typeOf(memref);
    const base = this.use(memref);
    if (type.kind !== "memref" || indices.length !== 1) throw this.illegal("accesses must have one index by now");
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
  /** Expressions that read memory become variables before it. */
  override braces(head: string, body: () => void, tail?: string): void {
    this.settle();
    super.braces(head, body, tail);
  }
  override indented(body: () => void, tail: string): void {
    this.#loopDepth++;
    super.indented(() => {
      body();
      this.settle();
    }, tail);
    this.#loopDepth--;
  }
  settle(): void {
    for (const [value, expression] of this.#pending) this.declareConstant(value, expression);
    this.#pending.clear();
  }
  freshName(hint: string): string {
    return this.#names.unique(hint);
  }
  counterName(): string {
    return this.freshName(loopNames[Math.min(this.#loopDepth, loopNames.length - 1)]!);
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
      throw this.illegal(`WGSL has no array for ${type.text}`);
    if (elementOf(type.element).text === "f16") this.enable("f16");
    return `array<${isAtomic ? `atomic<${element}>` : element}, ${Math.max(size, 1)}>`;
  }

  protected override isNeedlessUnread(op: Operation): boolean {
    return this.#isMovable(op);
  }
  /** Whether an operation has no effect; one that reads memory is held back until then (see `settle`). */
  #isMovable(op: Operation): boolean {
    return this.registry.hasTrait(op, "pure") || this.registry.hasTrait(op, "reads-memory");
  }
  /** Makes `value` read as an expression that has no effect and reads no memory. */
  bindExpression(value: ValueId, expression: Expression): void {
    super.inline(value, expression);
  }
  protected override inline(value: ValueId, expression: Expression): void {
    super.inline(value, expression);
    if (expression.reads) this.#pending.set(value, expression);
  }
  protected override declareConstant(value: ValueId, expression: Expression): void {
    const name = this.freshName(`v${this.#count++}`);
    this.line(`let ${name} = ${expression.text};`);
    this.bind(value, name);
  }

  /** Literals and names are always put where they are read; other scalars and vectors when they are short and read once in this block. */
  protected override isInlined(op: Operation, expression: Expression): boolean {
    if (this.registry.hasTrait(op, "constant-like") || isName(expression)) return true;
    if (!this.#isMovable(op) || expression.text.length > longestInlined || expression.depth > deepestInlined)
      return false;
    return this.isReadOnceInBlock(op);
  }
}
