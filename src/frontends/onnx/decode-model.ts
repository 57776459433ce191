import { CompileError, type Diagnostic } from "../../support/diagnostic.ts";
import { fileLocation } from "../../support/location.ts";
import type { HostTensor } from "../../support/numeric/host-tensor.ts";
import { decodeAttribute } from "./attributes.ts";
import { collecting, escapeHostile, onnxDiagnostics, onnxLocation, quote, report } from "./diagnostics.ts";
import {
  newestOpset,
  type OnnxAttribute,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxType,
  type OnnxValueInfo,
} from "./graph.ts";
import type {
  AttributeProto,
  FunctionProto,
  GraphProto,
  ModelProto,
  NodeProto,
  OperatorSetIdProto,
  ValueInfoProto,
} from "./protobuf/onnx_pb.ts";
import { decodeSparseTensor, sparseTensorName } from "./sparse-tensor.ts";
import { decodeTensor, type TensorContext } from "./tensor.ts";
import { decodeType } from "./types.ts";

/** A function of a model file; its nodes' attributes may be references. Paths are relative to a call's path. */
export interface OnnxFunction {
  readonly domain: string;
  readonly name: string;
  readonly overload: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: readonly string[];
  readonly defaults: ReadonlyMap<string, OnnxAttribute>;
  readonly nodes: readonly OnnxNode[];
  readonly valueInfo: ReadonlyMap<string, OnnxType>;
}

/** A model as its file has it: not validated, not sorted, functions not inlined, operators of any version. */
export interface DecodedModel extends OnnxModel {
  readonly functions: readonly OnnxFunction[];
  /** Names defined twice in one graph among inputs and initializers, which the maps here cannot hold. */
  readonly duplicates: readonly Diagnostic[];
}

/** What a node and the function it calls have in common. */
export const functionKey = (domain: string, name: string, overload: string): string =>
  JSON.stringify([domain, name, overload]);

/** `version` of a node whose operator set is not imported; validation reports it. */
export const notImported = 0;

/** `ai.onnx` is a spelling of the default domain. */
const canonicalDomain = (domain: string): string => (domain === "ai.onnx" ? "" : domain);

/** Decodes everything in the message; what is wrong goes to `diagnostics`, in the file's order. */
export function decodeModel(proto: ModelProto, context: TensorContext, diagnostics: Diagnostic[]): DecodedModel {
  const opsets = decodeOpsets(proto.opsetImport, context.file, diagnostics);
  // Operator sets are imported since IR version 3; before, there was the first one of ai.onnx.
  if (proto.irVersion < 3n && !opsets.has("")) opsets.set("", 1);
  const duplicates: Diagnostic[] = [];
  const decoder = new GraphDecoder(context, diagnostics, duplicates);
  const graph = decoder.graph(proto.graph!, "graph", opsets);
  const functions = proto.functions.map((fn) => decoder.function(fn));
  const imports = [proto, ...proto.functions].flatMap(({ opsetImport }) => opsetImport);
  const versions = imports.map(({ domain, version }) => (canonicalDomain(domain) === "" ? Number(version) : 0));
  return {
    graph,
    opsets,
    fileOpset: versions.reduce((a, b) => Math.max(a, b), opsets.get("") ?? 0),
    irVersion: Number(proto.irVersion),
    producer: `${proto.producerName} ${proto.producerVersion}`.trim(),
    source: context.file,
    functions,
    duplicates,
  };
}

function decodeOpsets(
  imports: readonly OperatorSetIdProto[],
  file: string,
  diagnostics: Diagnostic[],
): Map<string, number> {
  const opsets = new Map<string, number>();
  const location = fileLocation(file);
  for (const { domain: stated, version } of imports) {
    const domain = canonicalDomain(stated);
    const quoted = quote(domain === "" ? "ai.onnx" : domain);
    const previous = opsets.get(domain);
    if (domain === "" && (version < 1n || version > BigInt(newestOpset))) {
      report(diagnostics, onnxDiagnostics.at("opset-range", location, { version, newest: newestOpset }));
    } else if (version < 1n || version > 2n ** 53n) {
      report(diagnostics, onnxDiagnostics.at("opset-version", location, { version, domain: quoted }));
    } else if (previous !== undefined && BigInt(previous) !== version) {
      const values = { domain: quoted, first: previous, second: version };
      report(diagnostics, onnxDiagnostics.at("opset-conflict", location, values));
    }
    if (previous === undefined) opsets.set(domain, Number(version));
  }
  return opsets;
}

class GraphDecoder {
  readonly #context: TensorContext;
  readonly #diagnostics: Diagnostic[];
  readonly #duplicates: Diagnostic[];

  constructor(context: TensorContext, diagnostics: Diagnostic[], duplicates: Diagnostic[]) {
    this.#context = context;
    this.#diagnostics = diagnostics;
    this.#duplicates = duplicates;
  }

  graph(proto: GraphProto, path: string, opsets: ReadonlyMap<string, number>): OnnxGraph {
    const initializers = new Map<string, HostTensor>();
    const add = (name: string, decode: (at: string) => HostTensor): void => {
      const at = `${path}.${escapeHostile(name)}`;
      if (initializers.has(name)) this.#duplicate(name, "an initializer", at);
      const tensor = collecting(this.#diagnostics, () => decode(at));
      initializers.set(name, tensor ?? unreadable);
    };
    for (const tensor of proto.initializer) add(tensor.name, (at) => decodeTensor(tensor, this.#context, at));
    for (const tensor of proto.sparseInitializer) {
      add(sparseTensorName(tensor), (at) => decodeSparseTensor(tensor, this.#context, at));
    }
    const inputs = proto.input.map((input) => this.#value(input, path));
    const seen = new Set<string>();
    for (const { name } of inputs) {
      // Validation sees the others.
      if (seen.has(name) && initializers.has(name)) this.#duplicate(name, "an input", path);
      seen.add(name);
    }
    const outputs = proto.output.map((output) => this.#value(output, path));
    return {
      name: proto.name,
      inputs: inputs.filter(({ name }) => !initializers.has(name)),
      outputs,
      nodes: proto.node.map((node, index) => this.#node(node, `${path}/`, index, opsets)),
      initializers,
      valueInfo: this.#valueInfo(proto.valueInfo, path),
    };
  }

  function(proto: FunctionProto): OnnxFunction {
    const path = `function ${escapeHostile(proto.name)}`;
    const opsets = decodeOpsets(proto.opsetImport, this.#context.file, this.#diagnostics);
    return {
      domain: canonicalDomain(proto.domain),
      name: proto.name,
      overload: proto.overload,
      inputs: proto.input,
      outputs: proto.output,
      attributes: proto.attribute,
      defaults: this.#attributes(proto.attributeProto, path, opsets),
      nodes: proto.node.map((node, index) => this.#node(node, "", index, opsets)),
      valueInfo: this.#valueInfo(proto.valueInfo, path),
    };
  }

  #node(proto: NodeProto, prefix: string, index: number, opsets: ReadonlyMap<string, number>): OnnxNode {
    const domain = canonicalDomain(proto.domain);
    const path = `${prefix}${escapeHostile(proto.opType.slice(0, 64))}_${index}`;
    return {
      name: proto.name,
      domain,
      opType: proto.opType,
      overload: proto.overload,
      version: opsets.get(domain) ?? notImported,
      inputs: withoutTrailingAbsent(proto.input),
      outputs: proto.output,
      attributes: this.#attributes(proto.attribute, path, opsets),
      path,
    };
  }

  #attributes(
    protos: readonly AttributeProto[],
    path: string,
    opsets: ReadonlyMap<string, number>,
  ): Map<string, OnnxAttribute> {
    const attributes = new Map<string, OnnxAttribute>();
    for (const proto of protos) {
      const name = quote(proto.name);
      if (attributes.has(proto.name)) {
        const location = onnxLocation(this.#context.file, path);
        report(this.#diagnostics, onnxDiagnostics.at("attribute-duplicate", location, { name }));
      }
      const at = `${path}.${escapeHostile(proto.name)}`;
      const attribute = collecting(this.#diagnostics, () =>
        decodeAttribute(proto, this.#context, at, (graph, where) => this.graph(graph, where, opsets)),
      );
      if (attribute !== undefined) attributes.set(proto.name, attribute);
    }
    return attributes;
  }

  #value(proto: ValueInfoProto, path: string): OnnxValueInfo {
    const type = collecting(this.#diagnostics, () => decodeType(proto.type, proto.name, this.#context.file, path));
    return { name: proto.name, type };
  }

  /** Inner types are hints: those that cannot be read are left out. */
  #valueInfo(protos: readonly ValueInfoProto[], path: string): Map<string, OnnxType> {
    const types = new Map<string, OnnxType>();
    for (const proto of protos) {
      try {
        const type = decodeType(proto.type, proto.name, this.#context.file, path);
        if (type !== undefined) types.set(proto.name, type);
      } catch (error) {
        if (!(error instanceof CompileError)) throw error;
      }
    }
    return types;
  }

  #duplicate(name: string, kind: string, path: string): void {
    const values = { name: quote(name), first: kind, second: kind };
    report(this.#duplicates, onnxDiagnostics.at("duplicate-name", onnxLocation(this.#context.file, path), values));
  }
}

/** Stands for an initializer whose error has been reported, so that its name is defined. */
const unreadable: HostTensor = Object.freeze({ elementType: "f32", shape: [0], data: new Float32Array(0) });

function withoutTrailingAbsent(names: readonly string[]): readonly string[] {
  let length = names.length;
  while (length > 0 && names[length - 1] === "") length--;
  return length === names.length ? names : names.slice(0, length);
}
