import type { IrReader, Operation, ValueId } from "../../../ir/module.ts";
import type { Registry } from "../../../ir/registry.ts";
import type { MemRefType } from "../../../ir/types.ts";
import { describeOrigin } from "../../../support/location.ts";
import { lineCommentText, OriginComments } from "../../printing/comments.ts";
import { atom, type Expression } from "../../printing/expression.ts";
import type { Helper, HelperSet } from "../../printing/helpers.ts";
import { ruleTable } from "../../printing/rule.ts";
import { type Language, StructuredPrinter } from "../../printing/structured-printer.ts";
import { notLegal } from "../not-legal.ts";
import { arithRules } from "./arith-rules.ts";
import { controlRules } from "./control-rules.ts";
import { jsNames } from "./identifiers.ts";
import { mathRules } from "./math-rules.ts";
import { memoryExpressions, memoryStatements, viewOfType } from "./memory-rules.ts";
import type { ArrayView, ExpressionRule, HostScope, StatementRule } from "./scope.ts";

const rules = ruleTable<HostScope, Expression>(
  Object.entries<ExpressionRule>({ ...arithRules, ...mathRules, ...memoryExpressions }).map(([name, print]) => ({
    name,
    kind: "expression",
    print,
  })),
  Object.entries<StatementRule>(memoryStatements).map(([name, print]) => ({
    name,
    kind: "statement",
    print(op, scope) {
      print(op, scope);
      return true;
    },
  })),
  controlRules,
);

/** Whether host functions can have the operation. */
export const hasHostRule = (name: string): boolean => rules.has(name);

/** Longest text that is put into another expression instead of getting a variable of its own. */
const longestInlined = 56;

const language: Language<HostScope, Expression> = {
  rules,
  variable: atom,
  notLegal: ({ name, location }, why) => notLegal(`${name} on the host`, why, location),
};

/** Prints the body of one function as JavaScript. */
export class HostFunctionPrinter extends StructuredPrinter<HostScope, Expression> implements HostScope {
  readonly #helpers: HelperSet;
  readonly #buffers = new Map<ValueId, ArrayView>();
  readonly #names = jsNames();
  readonly #comments: OriginComments;

  constructor(reader: IrReader, registry: Registry, helpers: HelperSet, root: Operation) {
    super(reader, registry, language, root);
    this.#helpers = helpers;
    this.#comments = new OriginComments(describeOrigin, root);
  }

  protected override scope(): HostScope {
    return this;
  }
  /** Declares a parameter after a hint, which may be any text; gives its name. */
  parameter(value: ValueId, hint: string): string {
    const name = this.#names.unique(hint);
    const type = this.typeOf(value);
    if (type.kind !== "memref") return this.reject(this.current, `a parameter of type ${type.text}`);
    const view = viewOfType(this.current, this, type as MemRefType, name, { ...atom("0"), literal: 0 });
    this.#buffers.set(value, view);
    return name;
  }

  buffer(value: ValueId): ArrayView {
    return (
      this.#buffers.get(value) ?? this.reject(this.current, "a buffer that is neither a parameter nor a view of one")
    );
  }
  setBuffer(value: ValueId, view: ArrayView): void {
    this.#buffers.set(value, view);
  }
  helper(helper: Helper): string {
    return this.#helpers.add(helper);
  }
  freshName(hint: string): string {
    return this.#names.numbered(hint);
  }
  declareMutable(value: ValueId, initializer?: Expression): string {
    if (this.typeOf(value).kind === "memref") return this.reject(this.current, "a buffer that changes");
    const name = this.freshName("v");
    this.line(`let ${name}${initializer === undefined ? "" : ` = ${initializer.text}`};`);
    this.bind(value, name);
    return name;
  }
  constant(expression: Expression): Expression {
    if (expression.literal !== undefined || /^[\w$]+$/.test(expression.text)) return expression;
    return atom(this.#named(expression));
  }
  #named(expression: Expression): string {
    const name = this.freshName("v");
    this.line(`const ${name} = ${expression.text};`);
    return name;
  }

  protected override comment(op: Operation): void {
    const text = this.#comments.before(op);
    if (text !== undefined) this.line(`// ${lineCommentText(text)}`);
  }
  /** Nothing that gives a scalar has an effect. */
  protected override isNeedlessUnread(): boolean {
    return true;
  }
  protected override declareConstant(value: ValueId, expression: Expression): void {
    this.bind(value, this.#named(expression));
  }

  /** Literals are always put where they are read; other pure scalars when they are short and read once, right in this block. */
  protected override isInlined(op: Operation, expression: Expression): boolean {
    if (this.registry.hasTrait(op, "constant-like")) return true;
    return this.registry.hasTrait(op, "pure") && expression.text.length <= longestInlined && this.isReadOnceInBlock(op);
  }
}
