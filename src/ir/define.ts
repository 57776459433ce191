import type { Diagnostic } from "../support/diagnostic.ts";
import type { Location } from "../support/location.ts";
import type { Assembly } from "./assembly.ts";
import type { AttributeSpecs } from "./attribute-codecs.ts";
import { type Attribute, type Attributes, i32ArrayAttribute } from "./attributes.ts";
import type { BlockSpec, Builder } from "./builder.ts";
import type { IrReader, Operation, Region, ValueId } from "./module.ts";
import type { TypeRelation } from "./type-relations.ts";
import type { Type } from "./types.ts";
import {
  type Arity,
  group,
  groupsOf,
  isPositional,
  needsSegments,
  ones,
  plainCount,
  segmentSizes,
  type ValueSpec,
  type ValueSpecs,
  withoutNone,
} from "./value-specs.ts";
export { evenly, one, optional, variadic } from "./value-specs.ts";

/** What an operation has of each declared name. */
type Named = Readonly<Record<string, unknown>>;

/** Promises an operation makes; passes rely on them and the verifier checks those it can. */
export type Trait =
  /** No effect but its results; may be folded, repeated and dropped. */
  | "pure"
  /** As pure as the operations in its regions. */
  | "recursively-pure"
  | "reads-memory"
  | "writes-memory"
  | "allocates"
  | "commutative"
  /** f(f(x)) = f(x), or f(x, x) = x. */
  | "idempotent"
  /** f(f(x)) = x. */
  | "involution"
  | "terminator"
  | "constant-like"
  | "isolated-from-above"
  | "symbol"
  | "symbol-table"
  /** Each region has one block at most. */
  | "single-block"
  /** Its region's block needs no terminator. */
  | "no-terminator"
  /** Applies to each element by itself. */
  | "elementwise"
  | "same-operands-and-result-type"
  | "same-operands-type"
  /** Its verifier holds the results against the outputs that they belong to. */
  | "destination-style"
  | "affine-scope"
  /** Optional operands and results that are not given are left out at the end, or are of type `none`. */
  | "positional-values";

type OfArity<K extends Arity, T> = K extends "one" ? T : K extends "optional" ? T | undefined : readonly T[];
/** Values (or types) by declared name. */
export type ByName<S extends ValueSpecs, T> = {
  readonly [K in keyof S]: S[K] extends ValueSpec<infer A> ? OfArity<A, T> : never;
};
type OperandInput<S extends ValueSpecs> = {
  readonly [K in keyof S as S[K] extends ValueSpec<"one"> ? K : never]: ValueId;
} & { readonly [K in keyof S as S[K] extends ValueSpec<"optional"> ? K : never]?: ValueId | undefined } & {
  readonly [K in keyof S as S[K] extends ValueSpec<"variadic"> ? K : never]?: readonly ValueId[];
};
/** Result types by declared name; optional and variadic results that are left out are not made. */
type ResultInput<S extends ValueSpecs> = {
  readonly [K in keyof S as S[K] extends ValueSpec<"one"> ? K : never]: Type;
} & { readonly [K in keyof S as S[K] extends ValueSpec<"optional"> ? K : never]?: Type | undefined } & {
  readonly [K in keyof S as S[K] extends ValueSpec<"variadic"> ? K : never]?: readonly Type[];
};
type ValueOfAttribute<S> = S extends {
  readonly presence: "optional";
  readonly codec: { decode(a: Attribute): infer T };
}
  ? T | undefined
  : S extends { readonly codec: { decode(a: Attribute): infer T } }
    ? Exclude<T, undefined>
    : never;
export type AttributeValues<A extends AttributeSpecs> = { readonly [K in keyof A]: ValueOfAttribute<A[K]> };
type AttributeInput<A extends AttributeSpecs> = {
  readonly [K in keyof A as A[K] extends { readonly presence: "required" } ? K : never]: ValueOfAttribute<A[K]>;
} & {
  readonly [K in keyof A as A[K] extends { readonly presence: "required" } ? never : K]?:
    ValueOfAttribute<A[K]> | undefined;
};

/** A typed view of one operation. */
export interface OpView<
  O extends ValueSpecs = ValueSpecs,
  A extends AttributeSpecs = AttributeSpecs,
  R extends ValueSpecs = ValueSpecs,
  G extends string = string,
> {
  readonly op: Operation;
  readonly operands: ByName<O, ValueId>;
  readonly types: ByName<O, Type>;
  readonly attributes: AttributeValues<A>;
  readonly results: ByName<R, ValueId>;
  readonly regions: { readonly [K in G]: Region };
  readonly reader: IrReader;
}

/** One operation's declaration. Everything else about it is derived. */
export interface OpDeclaration<O extends ValueSpecs, A extends AttributeSpecs, R extends ValueSpecs, G extends string> {
  /** One line for documentation and hovers. */
  readonly summary: string;
  readonly operands: O;
  readonly attributes: A;
  readonly results: R;
  readonly regions?: readonly G[];
  /** The name of any number of regions after those. */
  readonly variadicRegion?: string;
  /** The blocks that it may go to, in order; only the last may stand for any number. */
  readonly successors?: Readonly<Record<string, "one" | "variadic">>;
  /** It may have any number of regions, which have no names. */
  readonly anyRegions?: boolean;
  readonly traits?: readonly Trait[];
  /** Result types from operand types and attributes; without it `build` wants them given. */
  readonly infer?: (context: {
    readonly types: ByName<O, Type>;
    readonly attributes: AttributeValues<A>;
  }) => ByName<R, Type>;
  /** How types must relate, checked before anything that is inferred from them. */
  readonly relations?: readonly TypeRelation[];
  /** Rules beyond the constraints above. */
  readonly verify?: (view: OpView<O, A, R, G>) => Iterable<Diagnostic>;
  /** The pretty text; the generic form is used without it. */
  readonly assembly?: Assembly;
}

interface BuildOptions<R extends ValueSpecs, G extends string> {
  /**
   * Needed for operations whose types cannot be inferred: in order, or by name where the number alone does not tell which of
   * several optional or variadic results they are for.
   */
  readonly resultTypes?: readonly Type[] | ResultInput<R>;
  readonly regions?: { readonly [K in G]?: readonly BlockSpec[] };
  /** Discardable attributes. */
  readonly extra?: Attributes;
  readonly location?: Location;
}

/** A declared operation: its declaration, its matcher and its builder. */
export interface OpDefinition<
  O extends ValueSpecs = ValueSpecs,
  A extends AttributeSpecs = AttributeSpecs,
  R extends ValueSpecs = ValueSpecs,
  G extends string = string,
> extends OpDeclaration<O, A, R, G> {
  /** `dialect.name`. */
  readonly name: string;
  /** The typed view of an operation of this kind; undefined for any other. The one way passes and backends look at operations. */
  match(reader: IrReader, op: Operation | undefined): OpView<O, A, R, G> | undefined;
  /** Makes one at the builder's insertion point; returns it with its results by name. */
  build(
    builder: Builder,
    operands: OperandInput<O>,
    attributes: AttributeInput<A>,
    options?: BuildOptions<R, G>,
  ): { readonly op: Operation } & ByName<R, ValueId>;
}

/** What is known of any operation, without its types: for registries, verifiers, text and documentation. */
export interface AnyOpDefinition {
  readonly name: string;
  readonly summary: string;
  readonly operands: ValueSpecs;
  readonly attributes: AttributeSpecs;
  readonly results: ValueSpecs;
  readonly regions?: readonly string[];
  readonly variadicRegion?: string;
  readonly successors?: Readonly<Record<string, "one" | "variadic">>;
  readonly anyRegions?: boolean;
  readonly traits?: readonly Trait[];
  readonly assembly?: Assembly;
  readonly infer?: (context: { readonly types: never; readonly attributes: never }) => Named;
  readonly relations?: readonly TypeRelation[];
  readonly verify?: (view: never) => Iterable<Diagnostic>;
  match(reader: IrReader, op: Operation | undefined): OpView | undefined;
}

/** Whether an operation of this kind may have so many regions. */
export function fitsRegions(definition: AnyOpDefinition, count: number): boolean {
  const declared = definition.regions?.length ?? 0;
  if (definition.anyRegions) return true;
  return definition.variadicRegion === undefined ? count === declared : count >= declared;
}

/** Writes down one operation; `dialect` gives it its name. */
export const op = <
  const O extends ValueSpecs,
  const A extends AttributeSpecs,
  const R extends ValueSpecs,
  const G extends string = never,
>(
  declaration: OpDeclaration<O, A, R, G>,
): OpDeclaration<O, A, R, G> => declaration;

/** The attributes of an operation as TypeScript values, defaults filled in; undefined where one does not decode. */
export function decodeAttributes(specs: AttributeSpecs, op: Operation): Named {
  const decoded: Record<string, unknown> = {};
  for (const name in specs) {
    const spec = specs[name]!;
    const written = op.properties[name] ?? op.attributes[name];
    decoded[name] =
      written !== undefined ? spec.codec.decode(written) : spec.presence === "defaulted" ? spec.default : undefined;
  }
  return decoded;
}

function encodeAttributes(specs: AttributeSpecs, values: Named): Record<string, Attribute> {
  const encoded: Record<string, Attribute> = {};
  for (const name in specs) {
    const spec = specs[name]!;
    const value = values[name] ?? (spec.presence === "defaulted" ? spec.default : undefined);
    // A unit attribute that is not set is written by its absence.
    if (value === undefined || (value === false && spec.codec.description === "unit attribute")) continue;
    encoded[name] = spec.codec.encode(value as never);
  }
  return encoded;
}

/** A view whose parts are made when they are asked for: most matches look at one or two of them. */
class MatchedView {
  readonly reader: IrReader;
  readonly op: Operation;
  readonly #declaration: OpDeclaration<ValueSpecs, AttributeSpecs, ValueSpecs, string>;
  readonly #sizes: readonly number[];
  readonly #resultSizes: readonly number[];
  #operands: Named | undefined;
  #attributes: Named | undefined;
  #results: Named | undefined;

  constructor(
    reader: IrReader,
    op: Operation,
    declaration: OpDeclaration<ValueSpecs, AttributeSpecs, ValueSpecs, string>,
    sizes: readonly number[],
    resultSizes: readonly number[],
  ) {
    this.reader = reader;
    this.op = op;
    this.#declaration = declaration;
    this.#sizes = sizes;
    this.#resultSizes = resultSizes;
  }
  get operands(): Named {
    return (this.#operands ??= this.#given(this.#declaration.operands, this.op.operands, this.#sizes));
  }
  get types(): Named {
    const types = this.op.operands.map((operand) => this.reader.typeOf(operand));
    const grouped = group(this.#declaration.operands, types, this.#sizes);
    return isPositional(this.#declaration)
      ? withoutNone(this.#declaration.operands, grouped, (type) => type as Type)
      : grouped;
  }
  #given(specs: ValueSpecs, values: readonly ValueId[], sizes: readonly number[]): Named {
    const grouped = group(specs, values, sizes);
    return isPositional(this.#declaration)
      ? withoutNone(specs, grouped, (value) => this.reader.typeOf(value as ValueId))
      : grouped;
  }
  get attributes(): Named {
    return (this.#attributes ??= decodeAttributes(this.#declaration.attributes, this.op));
  }
  get results(): Named {
    return (this.#results ??= this.#given(this.#declaration.results, this.op.results, this.#resultSizes));
  }
  get regions(): Readonly<Record<string, Region>> {
    const names = this.#declaration.regions ?? [];
    return Object.fromEntries(names.map((region, index) => [region, this.op.regions[index] ?? []]));
  }
}

function bind(name: string, declaration: OpDeclaration<ValueSpecs, AttributeSpecs, ValueSpecs, string>): OpDefinition {
  const { operands: operandSpecs, results: resultSpecs, attributes: attributeSpecs } = declaration;
  const plainOperands = plainCount(operandSpecs);
  const plainResults = plainCount(resultSpecs);
  const positional = isPositional(declaration);
  const regionNames = declaration.regions ?? [];
  const inferred = (types: Named, attributes: Named): readonly Type[] | Named => {
    if (declaration.infer) return declaration.infer({ types: types as never, attributes: attributes as never });
    if (declaration.traits?.includes("same-operands-and-result-type")) {
      const first = Object.values(types)[0];
      return [(Array.isArray(first) ? first[0] : first) as Type];
    }
    // Also true where there are none; optional results that are not asked for are not made.
    if (Object.values(resultSpecs).every(({ arity }) => arity === "optional")) return [];
    throw new Error(`${name} needs its result types`);
  };
  /** Result types as they were given, one list for each declared result. */
  const resultGroups = (types: readonly Type[] | Named): readonly (readonly Type[])[] => {
    if (!Array.isArray(types)) return groupsOf(resultSpecs, types as Named);
    const sizes = segmentSizes(resultSpecs, types.length, undefined);
    if (!sizes) throw new Error(`${name} needs its result types by name`);
    let start = 0;
    return sizes.map((size) => (types as readonly Type[]).slice(start, (start += size)));
  };
  return {
    ...declaration,
    name,
    match(reader, op) {
      if (op?.name !== name) return undefined;
      const sizes =
        op.operands.length === plainOperands
          ? ones
          : segmentSizes(operandSpecs, op.operands.length, op.properties["operandSegmentSizes"], positional);
      const resultSizes =
        op.results.length === plainResults
          ? ones
          : segmentSizes(resultSpecs, op.results.length, op.properties["resultSegmentSizes"], positional);
      if (!sizes || !resultSizes) return undefined;
      return new MatchedView(reader, op, declaration, sizes, resultSizes) as never;
    },
    build(builder, operands, attributes, options = {}) {
      const groups = groupsOf<ValueId>(operandSpecs, operands);
      const flat = groups.flat();
      const sizes = groups.map((values) => values.length);
      const properties = encodeAttributes(attributeSpecs, attributes);
      if (needsSegments(operandSpecs)) properties["operandSegmentSizes"] = i32ArrayAttribute(sizes);
      const results = resultGroups(
        options.resultTypes ??
          inferred(
            group(
              operandSpecs,
              flat.map((operand) => builder.typeOf(operand)),
              sizes,
            ),
            Object.fromEntries(
              Object.entries(attributeSpecs).map(([key, spec]) => [
                key,
                (attributes as Named)[key] ?? (spec.presence === "defaulted" ? spec.default : undefined),
              ]),
            ),
          ),
      );
      const resultSizes = results.map((types) => types.length);
      if (needsSegments(resultSpecs)) properties["resultSegmentSizes"] = i32ArrayAttribute(resultSizes);
      const regions = options.regions as Readonly<Record<string, readonly BlockSpec[] | undefined>> | undefined;
      const made = builder.create({
        name,
        operands: flat,
        resultTypes: results.flat(),
        properties,
        ...(options.extra ? { attributes: options.extra } : {}),
        ...(options.location ? { location: options.location } : {}),
        regions: regionNames.map((region) => regions?.[region] ?? []),
      });
      return { op: made, ...group(resultSpecs, made.results, resultSizes) } as never;
    },
  };
}

type Bound<T> = {
  readonly [K in keyof T]: T[K] extends OpDeclaration<infer O, infer A, infer R, infer G>
    ? OpDefinition<O, A, R, G>
    : never;
};

/** A dialect: a name and its operations. */
export interface Dialect {
  readonly name: string;
  readonly summary: string;
  readonly operations: readonly AnyOpDefinition[];
  /** Whether operations of its name that it does not declare are carried along; otherwise they are errors. */
  readonly isOpen: boolean;
}

// Declarations differ in their type parameters; only `any` admits all of them in one record.
type AnyDeclaration = OpDeclaration<any, any, any, any>; // oxlint-disable-line typescript/no-explicit-any

/**
 * Names a dialect's operations. Returns them by key for typed use, and the dialect itself for registries. `traits` are those that
 * all of them have; others may add operations of the name to an open dialect.
 */
export function dialect<const T extends Readonly<Record<string, AnyDeclaration>>>(
  name: string,
  summary: string,
  declarations: T,
  { traits = [], isOpen = false }: { readonly traits?: readonly Trait[]; readonly isOpen?: boolean } = {},
): Bound<T> & { readonly dialect: Dialect } {
  const bound = Object.fromEntries(
    Object.entries(declarations).map(([key, declaration]) => [
      key,
      bind(
        `${name}.${key}`,
        traits.length === 0 ? declaration : { ...declaration, traits: [...(declaration.traits ?? []), ...traits] },
      ),
    ]),
  );
  const operations = Object.values(bound) as readonly unknown[] as readonly AnyOpDefinition[];
  return { ...bound, dialect: { name, summary, operations, isOpen } } as never;
}
