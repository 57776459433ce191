import type { IrReader, Operation, ValueId } from "../../ir/module.ts";
import type { Registry } from "../../ir/registry.ts";
import { elementOf, type MemRefType, type Type, type VectorType } from "../../ir/types.ts";
import { describeLocation, type Location } from "../../support/location.ts";
import { OriginComments } from "../printing/comments.ts";
import { arithmetic, atom, type Expression } from "../printing/expression.ts";
import { StructuredPrinter } from "../printing/structured-printer.ts";
import type { Helper, HelperSet } from "./helpers.ts";
import { cCommentText, cNames } from "./identifiers.ts";
import type { MemoryAccess } from "./memory-access.ts";
import { notLegal } from "./not-legal.ts";
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

/** What a comment says of where code comes from. */
const originText = (location: Location): string => (location.kind === "unknown" ? "" : describeLocation(location));

/** Prints the body of one function. */
export class FunctionPrinter extends StructuredPrinter<Scope, Expression> implements Scope {
  readonly #context: ModuleContext;
  readonly #access: MemoryAccess;
  readonly #names = cNames();
  readonly #comments: OriginComments;
  #count = 0;
  #loops = 0;
  #isParallel = false;

  constructor(context: ModuleContext, access: MemoryAccess, root: Operation) {
    super(
      context.reader,
      context.registry,
      { rules: context.rules, variable: atom, notLegal: ({ name, location }, why) => notLegal(name, why, location) },
      root,
    );
    this.#context = context;
    this.#access = access;
    this.#comments = new OriginComments(originText, root);
  }

  get dialect(): CDialect {
    return this.#context.dialect;
  }
  get threads(): number {
    return this.#context.threads;
  }
  protected override scope(): Scope {
    return this;
  }

  cType(type: Type): string {
    if (type.kind === "vector") return this.vectorType(type);
    const name = scalarName(type);
    if (name === undefined) throw this.illegal(`C has no type for ${type.text} here`);
    return name;
  }
  vectorType(type: VectorType, form?: "unsigned" | "unaligned"): string {
    const lanes = laneCount(type);
    const short = laneShortName(type.element);
    const name = vectorName(type, form === "unsigned");
    if (this.dialect !== "gnu11" || lanes === undefined || short === undefined || name === undefined)
      throw this.illegal(`C has no vector type for ${type.text}`);
    this.helper({ name: `vector v${lanes}${short}`, code: vectorTypedefs(lanes, short) });
    return form === "unaligned" ? `${name}_unaligned` : name;
  }
  elementType(type: MemRefType): string {
    const { element } = type;
    if (element.kind === "vector") return this.vectorType(element, "unaligned");
    if (element.text === "i1") throw this.illegal("truth values in memory must be bytes by now");
    return this.cType(element);
  }
  pointerType(value: ValueId): string {
    const type = this.typeOf(value);
    if (type.kind !== "memref") throw this.illegal(`${type.text} is no buffer`);
    return `${this.#access.isWritten(value) ? "" : "const "}${this.elementType(type)} *`;
  }
  offset(type: MemRefType, indices: readonly ValueId[]): Expression {
    const strides = stridesOf(type);
    if (strides === undefined) throw this.illegal(`the strides of ${type.text} are not known`);
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
    if (pointer === undefined) throw this.illegal(`there is no constant global @${name}`);
    return pointer;
  }
  functionName(name: string): string {
    const known = this.#context.functionName(name);
    if (known === undefined) throw this.illegal(`there is no function @${name}`);
    return known;
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
  declareMutable(value: ValueId, initializer?: Expression): string {
    const name = this.freshName(`v${this.#count++}`);
    const type = this.typeOf(value);
    const declared = type.kind === "memref" ? this.pointerType(value) : `${this.cType(type)} `;
    this.line(`${declared}${name}${initializer === undefined ? "" : ` = ${initializer.text}`};`);
    this.bind(value, name);
    return name;
  }

  protected override comment(op: Operation): void {
    const text = this.#comments.before(op);
    if (text !== undefined) this.line(`/* ${cCommentText(text)} */`);
  }
  protected override isNeedlessUnread(op: Operation): boolean {
    return this.registry.hasTrait(op, "pure");
  }
  protected override declareConstant(value: ValueId, expression: Expression): void {
    const type = this.typeOf(value);
    const name = this.freshName(`${type.kind === "memref" ? "b" : "v"}${this.#count++}`);
    if (type.kind === "memref") this.line(`${this.pointerType(value)}const ${name} = ${expression.text};`);
    else this.line(`const ${this.cType(type)} ${name} = ${expression.text};`);
    if (!this.isUsed(value)) this.line(`(void)${name};`);
    this.bind(value, name);
  }

  /** Literals are always put where they are read; other pure scalars when they are short and read once, right in this block. */
  protected override isInlined(op: Operation, expression: Expression): boolean {
    const type = this.typeOf(op.results[0]!);
    if (type.kind === "memref") return false;
    if (this.registry.hasTrait(op, "constant-like")) return elementOf(type) === type || isSplat(expression);
    if (!this.registry.hasTrait(op, "pure") || type.kind === "vector") return false;
    return expression.text.length <= longestInlined && this.isReadOnceInBlock(op);
  }
}

const isSplat = (expression: Expression): boolean => !expression.text.includes("{");
