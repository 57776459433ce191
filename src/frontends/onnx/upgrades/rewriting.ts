import { CompileError } from "../../../support/diagnostic.ts";
import { type HostTensor, tensorFromNumbers } from "../../../support/numeric/host-tensor.ts";
import { onnxDiagnostics, onnxLocation, quote } from "../diagnostics.ts";
import { newestOpset, type OnnxAttribute, type OnnxNode, type OnnxType } from "../graph.ts";
import type { FreshNames } from "../names.ts";

/** What is known about values where a rewritten node stands. */
export interface ValueScope {
  typeOf(name: string): OnnxType | undefined;
  constantOf(name: string): HostTensor | undefined;
  /** Whether anything reads the value, or it is an output of its graph. */
  isUsed(name: string): boolean;
}

/** What a rewritten node differs in from the node it replaces. */
export interface Changes {
  readonly opType?: string;
  readonly inputs?: readonly string[];
  readonly outputs?: readonly string[];
  /** Attributes to drop. */
  readonly without?: readonly string[];
  /** Attributes to set. */
  readonly set?: Readonly<Record<string, OnnxAttribute>>;
  /** The operator set of the result, where it is not the one after the entry's. */
  readonly version?: number;
}

/** Collects what one table entry makes of one node: nodes in order, and constants for their graph. */
export class Rewriting {
  readonly nodes: OnnxNode[] = [];
  readonly constants = new Map<string, HostTensor>();
  readonly scope: ValueScope;
  readonly #node: OnnxNode;
  readonly #nextVersion: number;
  readonly #fresh: FreshNames;
  readonly #file: string;

  constructor(node: OnnxNode, nextVersion: number, scope: ValueScope, fresh: FreshNames, file: string) {
    this.#node = node;
    this.#nextVersion = nextVersion;
    this.scope = scope;
    this.#fresh = fresh;
    this.#file = file;
  }

  /** Emits the node itself with changes, in the form of the operator set after the entry's; it may be upgraded further. */
  next(node: OnnxNode, changes: Changes = {}): void {
    const attributes = new Map(node.attributes);
    for (const name of changes.without ?? []) attributes.delete(name);
    for (const [name, value] of Object.entries(changes.set ?? {})) attributes.set(name, value);
    const inputs = [...(changes.inputs ?? node.inputs)];
    while (inputs.at(-1) === "") inputs.pop();
    this.nodes.push({
      ...node,
      opType: changes.opType ?? node.opType,
      version: changes.version ?? this.#nextVersion,
      inputs,
      outputs: changes.outputs ?? node.outputs,
      attributes,
    });
  }

  /** Emits a helper node in its newest form and returns the name of its one output. */
  apply(
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
    output = this.name(opType),
  ): string {
    this.nodes.push({
      name: "",
      domain: "",
      opType,
      overload: "",
      version: newestOpset,
      inputs,
      outputs: [output],
      attributes: new Map(Object.entries(attributes)),
      path: this.#node.path,
    });
    return output;
  }

  /** A fresh value name that says where it comes from. */
  name(hint: string): string {
    return this.#fresh.take(`${this.#node.path}/${hint}`);
  }

  /** The name of a constant of the graph. */
  constant(hint: string, tensor: HostTensor): string {
    const name = this.name(hint);
    this.constants.set(name, tensor);
    return name;
  }

  /** A vector of i64. */
  ints(hint: string, values: readonly (bigint | number)[]): string {
    return this.constant(hint, tensorFromNumbers("i64", [values.length], values));
  }

  /** A vector of f32. */
  floats(hint: string, values: readonly number[]): string {
    return this.constant(hint, tensorFromNumbers("f32", [values.length], values));
  }

  /** A scalar of the element type of `reference`: a constant where that is declared, else cast at run time. */
  scalarLike(hint: string, value: number, reference: string): string {
    const type = this.scope.typeOf(reference);
    const known = type?.kind === "tensor" && type.elementType !== "string" ? type.elementType : undefined;
    const name = this.constant(hint, tensorFromNumbers(known ?? "f32", [], [value]));
    return known === undefined ? this.apply("CastLike", [name, reference]) : name;
  }

  /** The rank of a value, where it is declared. */
  rankOf(name: string): number | undefined {
    const type = this.scope.typeOf(name);
    return type?.kind === "tensor" ? type.shape?.length : undefined;
  }

  int(name: string): number | undefined;
  int(name: string, otherwise: number): number;
  int(name: string, otherwise?: number): number | undefined {
    const attribute = this.#attribute(name, "int");
    return attribute === undefined ? otherwise : Number(attribute.value);
  }

  intList(name: string): readonly bigint[] | undefined {
    return this.#attribute(name, "ints")?.values;
  }

  float(name: string): number | undefined {
    return this.#attribute(name, "float")?.value;
  }

  floatList(name: string): readonly number[] | undefined {
    return this.#attribute(name, "floats")?.values;
  }

  string(name: string): string | undefined {
    return this.#attribute(name, "string")?.value;
  }

  /** The value of an attribute that the operator cannot be without. */
  required<T>(name: string, value: T | undefined): T {
    if (value === undefined) throw this.#invalid(name, `${this.#node.opType} needs it`);
    return value;
  }

  /** Gives up: the node's meaning has no newer form. */
  refuse(reason: string): never {
    const { opType, version, path } = this.#node;
    const values = { opType, version, reason };
    throw new CompileError([onnxDiagnostics.at("upgrade-impossible", onnxLocation(this.#file, path), values)]);
  }

  #attribute<K extends OnnxAttribute["kind"]>(name: string, kind: K): Extract<OnnxAttribute, { kind: K }> | undefined {
    const attribute = this.#node.attributes.get(name);
    if (attribute === undefined) return undefined;
    if (attribute.kind === kind) return attribute as Extract<OnnxAttribute, { kind: K }>;
    throw this.#invalid(name, `it is of kind ${attribute.kind} instead of ${kind}`);
  }

  #invalid(name: string, problem: string): CompileError {
    const values = { name: quote(name), problem };
    return new CompileError([
      onnxDiagnostics.at("attribute-invalid", onnxLocation(this.#file, this.#node.path), values),
    ]);
  }
}

export const intAttribute = (value: number | bigint): OnnxAttribute => ({ kind: "int", value: BigInt(value) });
export const floatAttribute = (value: number): OnnxAttribute => ({ kind: "float", value });
export const stringAttribute = (value: string): OnnxAttribute => ({ kind: "string", value });
