import type { IrReader, Operation, ValueId } from "../../ir/module.ts";

/** How one operation is printed: as the expression of its one result, or as statements. */
export type PrintingRule<S, E> =
  | {
      readonly name: string;
      readonly kind: "expression";
      /** Undefined when the operation does not match its own declaration. */
      readonly print: (op: Operation, scope: S) => E | undefined;
    }
  | {
      readonly name: string;
      readonly kind: "statement";
      readonly print: (op: Operation, scope: S) => true | undefined;
    };

/** The declaration of an operation, as far as rules go. */
export interface Matchable<V> {
  readonly name: string;
  match(reader: IrReader, op: Operation): V | undefined;
}

/** An operation with one operand. */
export interface UnaryView {
  readonly op: Operation;
  readonly operands: { readonly operand: ValueId };
}
/** An operation with two operands. */
export interface BinaryView {
  readonly op: Operation;
  readonly operands: { readonly lhs: ValueId; readonly rhs: ValueId };
}
/** A conversion. */
export interface CastView {
  readonly op: Operation;
  readonly operands: { readonly in: ValueId };
}

/** Makes the rules of one language, which has scopes `S` and expressions `E`. */
export const rulesFor = <S extends { readonly reader: IrReader }, E>() => ({
  /** A rule for an operation whose one result is an expression. */
  expressionRule: <V>(definition: Matchable<V>, print: (view: NonNullable<V>, scope: S) => E): PrintingRule<S, E> => ({
    name: definition.name,
    kind: "expression",
    print(op, scope) {
      const view = definition.match(scope.reader, op);
      return view === undefined || view === null ? undefined : print(view, scope);
    },
  }),
  /** A rule for an operation that is statements. */
  statementRule: <V>(
    definition: Matchable<V>,
    print: (view: NonNullable<V>, scope: S) => void,
  ): PrintingRule<S, E> => ({
    name: definition.name,
    kind: "statement",
    print(op, scope) {
      const view = definition.match(scope.reader, op);
      if (view === undefined || view === null) return undefined;
      print(view, scope);
      return true;
    },
  }),
});

/** Rules by the name of their operation. */
export const ruleTable = <S, E>(
  ...rules: readonly (readonly PrintingRule<S, E>[])[]
): ReadonlyMap<string, PrintingRule<S, E>> => new Map(rules.flat().map((rule) => [rule.name, rule]));
