import type { ElementType } from "../../support/numeric/element-type.ts";
import type { HostTensor } from "../../support/numeric/host-tensor.ts";

/** The newest operator set of `ai.onnx` that this frontend knows, and the one every loaded node is written for. */
export const newestOpset = 27;

/** A number, a symbol (`dim_param`) that means the same number wherever it stands in the model, or unknown. */
export type OnnxDimension = number | string | undefined;

/** The type of a value. A tensor without a shape may have any rank. */
export type OnnxType =
  | {
      readonly kind: "tensor";
      readonly elementType: ElementType;
      readonly shape: readonly OnnxDimension[] | undefined;
    }
  | {
      readonly kind: "sparse-tensor";
      readonly elementType: ElementType;
      readonly shape: readonly OnnxDimension[] | undefined;
    }
  | { readonly kind: "sequence"; readonly element: OnnxType }
  | { readonly kind: "optional"; readonly element: OnnxType }
  | { readonly kind: "map"; readonly key: ElementType; readonly value: OnnxType }
  | { readonly kind: "opaque"; readonly domain: string; readonly name: string };

/** A named value at a graph's boundary. Its type may be missing in subgraphs only. */
export interface OnnxValueInfo {
  readonly name: string;
  readonly type: OnnxType | undefined;
}

/** An attribute's value. Sparse tensors are held dense. `float` values are binary32 numbers. */
export type OnnxAttribute =
  | { readonly kind: "int"; readonly value: bigint }
  | { readonly kind: "ints"; readonly values: readonly bigint[] }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "floats"; readonly values: readonly number[] }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "strings"; readonly values: readonly string[] }
  | { readonly kind: "tensor"; readonly tensor: HostTensor }
  | { readonly kind: "tensors"; readonly tensors: readonly HostTensor[] }
  | { readonly kind: "graph"; readonly graph: OnnxGraph }
  | { readonly kind: "graphs"; readonly graphs: readonly OnnxGraph[] }
  | { readonly kind: "type"; readonly type: OnnxType }
  | { readonly kind: "types"; readonly types: readonly OnnxType[] }
  /** Inside a function body only: the value that the call gives the function's attribute `name`. Inlining removes it. */
  | { readonly kind: "reference"; readonly name: string };

/** One operator application. */
export interface OnnxNode {
  /** The node's own name; often empty, and not unique. */
  readonly name: string;
  /** `""` is `ai.onnx`. */
  readonly domain: string;
  readonly opType: string;
  /** Distinguishes model-local functions of one name; `""` for operators. */
  readonly overload: string;
  /** The operator set of `domain` that the node is written for. After loading it is {@link newestOpset} for `ai.onnx`. */
  readonly version: number;
  /** Value names; `""` is an input that is not given. Trailing absent inputs are dropped. */
  readonly inputs: readonly string[];
  /** Value names; `""` is an output that nobody wants. As many as the file lists: Split and the like count them. */
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
  /**
   * Where the node is, for locations: `graph/Conv_3`, in a subgraph `graph/If_2.then_branch/Add_0`, in an inlined function
   * `graph/MyFunction_4/Add_1`. The number counts all nodes of the enclosing graph as the file lists them. Nodes that an
   * upgrade made share the path of the node they replace.
   */
  readonly path: string;
}

/** A graph: the model's own, or an attribute of a control-flow node, which may use names of the graphs around it. */
export interface OnnxGraph {
  readonly name: string;
  /** The inputs a caller must give, in order. Inputs that have an initializer are constants here and are not listed. */
  readonly inputs: readonly OnnxValueInfo[];
  readonly outputs: readonly OnnxValueInfo[];
  /** Topologically sorted; the file's order wherever that is sorted already. No `Constant` nodes: they are initializers. */
  readonly nodes: readonly OnnxNode[];
  readonly initializers: ReadonlyMap<string, HostTensor>;
  /** What the file declares about inner values and initializers. A hint: not checked against the operators. */
  readonly valueInfo: ReadonlyMap<string, OnnxType>;
}

/** A loaded model: valid, without function calls, every `ai.onnx` node in the form of {@link newestOpset}. */
export interface OnnxModel {
  readonly graph: OnnxGraph;
  /** The operator sets by domain (`""` is `ai.onnx`) that the nodes are written for. */
  readonly opsets: ReadonlyMap<string, number>;
  /** The highest operator set of `ai.onnx` that the file itself imports, in functions too; 0 where it imports none. */
  readonly fileOpset: number;
  readonly irVersion: number;
  /** Producer name and version as the file gives them, for reports. */
  readonly producer: string;
  /** The file's name, for locations. */
  readonly source: string;
}
