import type { BlockId, IrReader, Operation, ValueId } from "../../ir/module.ts";
import type { Registry } from "../../ir/registry.ts";
import type { Type } from "../../ir/types.ts";
import type { CompileError } from "../../support/diagnostic.ts";
import type { Expression } from "./expression.ts";
import type { PrintingRule } from "./rule.ts";
import type { PrintingScope } from "./scope.ts";

/** What sets one language apart from another. */
export interface Language<S, E> {
  readonly rules: ReadonlyMap<string, PrintingRule<S, E>>;
  /** The expression that reads a variable. */
  readonly variable: (name: string) => E;
  /** The error of an operation that the language cannot express. */
  readonly notLegal: (op: Operation, why: string) => CompileError;
}

/**
 * Prints the body of one function in a language of expressions, statements and blocks in braces. It decides nothing: what an operation
 * looks like is its rule's affair. A language's printer says what its own rules may ask for, and which values get variables.
 */
export abstract class StructuredPrinter<S extends PrintingScope<E>, E extends Expression> implements PrintingScope<E> {
  readonly reader: IrReader;
  /** The operation that is printed now. */
  protected current: Operation;
  protected readonly registry: Registry;
  readonly #language: Language<S, E>;
  readonly #lines: string[] = [];
  readonly #expressions = new Map<ValueId, E>();
  #depth = 1;

  /** @param root the function */
  constructor(reader: IrReader, registry: Registry, language: Language<S, E>, root: Operation) {
    this.reader = reader;
    this.registry = registry;
    this.#language = language;
    this.current = root;
  }

  /** The lines so far. */
  get text(): string {
    return this.#lines.join("\n");
  }

  /** What rules are given: the printer itself. */
  protected abstract scope(): S;
  /** Whether an operation can be left out when nothing reads its result. */
  protected abstract isNeedlessUnread(op: Operation): boolean;
  /** Whether an expression is put where it is read; otherwise it gets a variable. */
  protected abstract isInlined(op: Operation, expression: E): boolean;
  /** Declares a variable that is not assigned again, and binds the value to it. */
  protected abstract declareConstant(value: ValueId, expression: E): void;
  abstract declareMutable(value: ValueId, initializer?: E): string;
  abstract freshName(hint: string): string;
  /** Prints what stands before an operation's own line: nothing, unless a language says where its code comes from. */
  protected comment(_op: Operation): void {}
  /** Takes an expression that is put where it is read. */
  protected inline(value: ValueId, expression: E): void {
    this.#expressions.set(value, expression);
  }

  typeOf(value: ValueId): Type {
    return this.reader.typeOf(value);
  }
  use(value: ValueId): E {
    const expression = this.#expressions.get(value);
    if (expression === undefined) throw this.illegal("a value that no printed operation makes");
    return expression;
  }
  isUsed(value: ValueId): boolean {
    return this.reader.useCount(value) > 0;
  }
  bind(value: ValueId, name: string): void {
    this.#expressions.set(value, this.#language.variable(name));
  }
  reject(op: Operation, why: string): never {
    throw this.#language.notLegal(op, why);
  }
  /** The error of something that the current operation asks for. */
  protected illegal(why: string): CompileError {
    return this.#language.notLegal(this.current, why);
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

  block(id: BlockId): Operation | undefined {
    const operations = this.reader.block(id).operations;
    for (const op of operations.slice(0, -1)) this.operation(this.reader.operation(op));
    const last = operations.at(-1);
    if (last === undefined) return undefined;
    const op = this.reader.operation(last);
    this.current = op;
    if (this.registry.hasTrait(op, "terminator")) return op;
    this.operation(op);
    return undefined;
  }

  /** Prints one operation by its rule. */
  operation(op: Operation): void {
    this.current = op;
    const rule = this.#language.rules.get(op.name);
    if (rule === undefined) return this.reject(op, "no printing rule is known for it");
    if (rule.kind === "statement") {
      this.comment(op);
      if (rule.print(op, this.scope()) === undefined) this.reject(op, "it is malformed");
      return;
    }
    const result = op.results[0]!;
    if (!this.isUsed(result) && this.isNeedlessUnread(op)) return;
    const expression = rule.print(op, this.scope()) ?? this.reject(op, "it is malformed");
    this.current = op;
    if (this.isInlined(op, expression)) return this.inline(result, expression);
    this.comment(op);
    this.declareConstant(result, expression);
  }

  /** Whether an operation's result is read once, right in its own block, where its expression can stand instead. */
  protected isReadOnceInBlock(op: Operation): boolean {
    const uses = this.reader.uses(op.results[0]!);
    if (uses.length !== 1) return false;
    const user = this.reader.operation(uses[0]!.op);
    if (user.parent !== op.parent) return false;
    // Values carried to a next iteration are assigned one after another: an expression among them could see a new value.
    return !this.registry.hasTrait(user, "terminator") || user.operands.length === 1;
  }
}
