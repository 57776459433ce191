import type { BlockId, IrReader, Operation, ValueId } from "../../../ir/module.ts";
import type { Registry } from "../../../ir/registry.ts";
import type { MemRefType, Type } from "../../../ir/types.ts";
import { CompileError } from "../../../support/diagnostic.ts";
import { describeOrigin } from "../../../support/location.ts";
import { atom, type Expression } from "../../printing/expression.ts";
import { backendDiagnostics } from "../../diagnostics.ts";
import type { Helper, HelperSet } from "../../printing/helpers.ts";
import { arithRules } from "./arith-rules.ts";
import { controlStatements } from "./control-rules.ts";
import { JsNames, jsCommentText } from "./identifiers.ts";
import { mathRules } from "./math-rules.ts";
import { memoryExpressions, memoryStatements, viewOfType } from "./memory-rules.ts";
import type { ArrayView, ExpressionRule, HostScope, StatementRule } from "./scope.ts";

const expressionRules: ReadonlyMap<string, ExpressionRule> = new Map(
  Object.entries({ ...arithRules, ...mathRules, ...memoryExpressions }),
);
const statementRules: ReadonlyMap<string, StatementRule> = new Map(
  Object.entries({ ...memoryStatements, ...controlStatements }),
);

/** Whether host functions can have the operation. */
export const hasHostRule = (name: string): boolean => expressionRules.has(name) || statementRules.has(name);

/** Longest text that is put into another expression instead of getting a variable of its own. */
const longestInlined = 56;

/** Prints the body of one function as JavaScript. It decides nothing: what an operation looks like is its rule's affair. */
export class HostFunctionPrinter implements HostScope {
  readonly reader: IrReader;
  readonly #registry: Registry;
  readonly #helpers: HelperSet;
  readonly #lines: string[] = [];
  readonly #expressions = new Map<ValueId, Expression>();
  readonly #buffers = new Map<ValueId, ArrayView>();
  readonly #names = new JsNames();
  #depth: number;
  #current: Operation;
  #lastComment: string;

  constructor(reader: IrReader, registry: Registry, helpers: HelperSet, root: Operation, depth = 1) {
    this.reader = reader;
    this.#registry = registry;
    this.#helpers = helpers;
    this.#current = root;
    this.#depth = depth;
    this.#lastComment = this.#commentOf(root);
  }

  get text(): string {
    return this.#lines.join("\n");
  }
  /** Declares a parameter after a hint, which may be any text; gives its name. */
  parameter(value: ValueId, hint: string): string {
    const name = this.#names.unique(hint);
    const type = this.typeOf(value);
    if (type.kind !== "memref") return this.reject(this.#current, `a parameter of type ${type.text}`);
    const view = viewOfType(this.#current, this, type as MemRefType, name, { ...atom("0"), literal: 0 });
    this.#buffers.set(value, view);
    return name;
  }

  typeOf(value: ValueId): Type {
    return this.reader.typeOf(value);
  }
  use(value: ValueId): Expression {
    return this.#expressions.get(value) ?? this.reject(this.#current, "a value that no printed operation makes");
  }
  buffer(value: ValueId): ArrayView {
    return (
      this.#buffers.get(value) ?? this.reject(this.#current, "a buffer that is neither a parameter nor a view of one")
    );
  }
  setBuffer(value: ValueId, view: ArrayView): void {
    this.#buffers.set(value, view);
  }
  bind(value: ValueId, name: string): void {
    this.#expressions.set(value, atom(name));
  }
  helper(helper: Helper): string {
    return this.#helpers.add(helper);
  }
  reject(op: Operation, why: string): never {
    throw new CompileError([
      backendDiagnostics.at("not-legal", op.location, { backend: "wgsl", what: `${op.name} on the host`, why }),
    ]);
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
  freshName(hint: string): string {
    return this.#names.numbered(hint);
  }
  declareMutable(value: ValueId, initializer?: Expression): string {
    if (this.typeOf(value).kind === "memref") return this.reject(this.#current, "a buffer that changes");
    const name = this.freshName("v");
    this.line(`let ${name}${initializer === undefined ? "" : ` = ${initializer.text}`};`);
    this.bind(value, name);
    return name;
  }
  constant(expression: Expression): Expression {
    if (expression.literal !== undefined || /^[\w$]+$/.test(expression.text)) return expression;
    const name = this.freshName("v");
    this.line(`const ${name} = ${expression.text};`);
    return atom(name);
  }

  block(id: BlockId): Operation | undefined {
    const operations = this.reader.block(id).operations;
    for (const inner of operations) {
      const op = this.reader.operation(inner);
      if (this.#registry.hasTrait(op, "terminator")) {
        this.#current = op;
        return op;
      }
      this.#operation(op);
    }
    return undefined;
  }

  #operation(op: Operation): void {
    this.#current = op;
    const statement = statementRules.get(op.name);
    if (statement) {
      this.#comment(op);
      return statement(op, this);
    }
    const rule = expressionRules.get(op.name) ?? this.reject(op, "no printing rule is known for it");
    const result = op.results[0]!;
    const isPure = this.#registry.hasTrait(op, "pure");
    if (this.reader.useCount(result) === 0) return;
    const expression = rule(op, this);
    this.#current = op;
    if (this.#isInlined(op, expression, isPure)) this.#expressions.set(result, expression);
    else {
      this.#comment(op);
      const name = this.freshName("v");
      this.line(`const ${name} = ${expression.text};`);
      this.bind(result, name);
    }
  }

  /** Literals are always put where they are read; other pure scalars when they are short and read once, right in this block. */
  #isInlined(op: Operation, expression: Expression, isPure: boolean): boolean {
    if (this.#registry.hasTrait(op, "constant-like")) return true;
    const uses = this.reader.uses(op.results[0]!);
    if (!isPure || uses.length !== 1 || expression.text.length > longestInlined) return false;
    const user = this.reader.operation(uses[0]!.op);
    if (user.parent !== op.parent) return false;
    // Values carried to a next iteration are assigned one after another: an expression among them could see a new value.
    return !this.#registry.hasTrait(user, "terminator") || user.operands.length === 1;
  }

  #commentOf(op: Operation): string {
    return describeOrigin(op.location);
  }
  #comment(op: Operation): void {
    const text = this.#commentOf(op);
    if (text === this.#lastComment || text === "") return;
    this.#lastComment = text;
    this.line(`// ${jsCommentText(text)}`);
  }
}
