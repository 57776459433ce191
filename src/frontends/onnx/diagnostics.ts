import { CompileError, defineDiagnostics, type Diagnostic, message } from "../../support/diagnostic.ts";
import { fileLocation, type Location, nameLocation } from "../../support/location.ts";

/** Everything the ONNX frontend can have against a file. Texts from the model are passed through {@link quote}. */
export const onnxDiagnostics = defineDiagnostics("onnx", {
  // The file.
  "file-unreadable": {
    severity: "error",
    message: message`cannot read the model: ${"cause"}`,
    help: "give the path of a readable .onnx file",
  },
  "file-too-large": {
    severity: "error",
    message: message`the file has ${"size"} bytes; a protobuf file cannot have more than ${"limit"}`,
    help: "store the weights as external data beside the model",
  },
  "too-many-problems": {
    severity: "error",
    message: message`the model has more than ${"limit"} problems; the rest is not shown`,
    help: "the file is badly damaged; get it again",
  },
  // The wire format.
  "wire-truncated": {
    severity: "error",
    message: message`the data ends at byte ${"offset"}, inside ${"field"}`,
    help: "the file is cut short or not an ONNX file; get it again",
  },
  "wire-length": {
    severity: "error",
    message: message`${"field"} at byte ${"offset"} claims ${"length"} bytes, but only ${"left"} are left around it`,
    help: "the file is cut short or not an ONNX file; get it again",
  },
  "wire-type": {
    severity: "error",
    message: message`${"field"} at byte ${"offset"} is stored as ${"found"}; ONNX stores it as ${"expected"}`,
    help: "the file is damaged or not an ONNX file; get it again",
  },
  "wire-tag": {
    severity: "error",
    message: message`there is no protobuf field at byte ${"offset"}, inside ${"field"}`,
    help: "the file is damaged or not an ONNX file; get it again",
  },
  "wire-varint": {
    severity: "error",
    message: message`the number at byte ${"offset"}, inside ${"field"}, does not end after ten bytes`,
    help: "the file is damaged or not an ONNX file; get it again",
  },
  "wire-depth": {
    severity: "error",
    message: message`messages are nested deeper than ${"limit"} levels at byte ${"offset"}`,
    help: "flatten the subgraphs; no protobuf reader accepts deeper nesting",
  },
  "wire-memory": {
    severity: "error",
    message: message`reading ${"field"} at byte ${"offset"} would need more than ${"limit"} bytes of memory`,
    help: "store tensors as raw_data or as external data",
  },
  // The model.
  "not-a-model": {
    severity: "error",
    message: message`this is no ONNX model: ${"missing"} is missing`,
    help: "give the path of an .onnx file",
  },
  "ir-version": {
    severity: "error",
    message: message`the model has IR version ${"found"}; versions 1 to ${"newest"} are supported`,
    help: "export the model with a supported ONNX release",
  },
  "opset-range": {
    severity: "error",
    message: message`operator set ${"version"} of ai.onnx is not supported; the supported range is 1–${"newest"}`,
    help: "export the model with a supported operator set",
  },
  "opset-version": {
    severity: "error",
    message: message`${"version"} is no version of the operator set ${"domain"}`,
    help: "correct the model's opset_import",
  },
  "opset-conflict": {
    severity: "error",
    message: message`the operator set ${"domain"} is imported twice, in versions ${"first"} and ${"second"}`,
    help: "import each operator set once",
  },
  "opset-missing": {
    severity: "error",
    message: message`${"opType"} is of the operator set ${"domain"}, which the model does not import`,
    help: "add the operator set to the model's opset_import",
  },
  // Tensors.
  "tensor-negative-dimension": {
    severity: "error",
    message: message`dimension ${"axis"} of tensor ${"name"} is ${"size"}`,
    help: "a stored tensor's dimensions are counts; correct the file",
  },
  "tensor-too-large": {
    severity: "error",
    message: message`tensor ${"name"} of shape [${"shape"}] would need more than ${"limit"} bytes`,
    help: "split the tensor or store it with fewer elements",
  },
  "tensor-data-size": {
    severity: "error",
    message: message`tensor ${"name"} of type ${"type"} and shape [${"shape"}] needs ${"expected"} ${"unit"} of data, but ${"field"} has ${"found"}`,
    help: "the file is damaged or was written wrongly; export the model again",
  },
  "tensor-type": {
    severity: "error",
    message: message`tensor ${"name"} has the element type ${"type"}, which is not supported`,
    help: "convert the tensor to a supported element type",
  },
  "tensor-segment": {
    severity: "error",
    message: message`tensor ${"name"} is stored in segments, which no released ONNX version writes`,
    help: "store the tensor whole or as external data",
  },
  "tensor-data-missing": {
    severity: "error",
    message: message`tensor ${"name"} of shape [${"shape"}] has no data`,
    help: "the model was saved without its weights; save it with them",
  },
  "tensor-several-data": {
    severity: "error",
    message: message`tensor ${"name"} has data in ${"fields"}; only ${"expected"} may have some`,
    help: "the file was written wrongly; export the model again",
  },
  "tensor-value": {
    severity: "error",
    message: message`element ${"index"} of tensor ${"name"} is ${"value"}, which is no ${"type"}`,
    help: "the file was written wrongly; export the model again",
  },
  "sparse-invalid": {
    severity: "error",
    message: message`sparse tensor ${"name"}: ${"problem"}`,
    help: "the file was written wrongly; export the model again",
  },
  // External data.
  "external-refused": {
    severity: "error",
    message: message`tensor ${"name"} has external data, but the model was not read from a folder`,
    help: "load the model from its file, or embed the data",
  },
  "external-location": {
    severity: "error",
    message: message`the external data of tensor ${"name"} is at ${"path"}: ${"problem"}`,
    help: "external data must be a file inside the model's folder, named by a relative path",
  },
  "external-field": {
    severity: "error",
    message: message`the external data of tensor ${"name"} has the ${"key"} ${"value"}, which is no byte count`,
    help: "correct the tensor's external_data entries",
  },
  "external-too-short": {
    severity: "error",
    message: message`the external data of tensor ${"name"} is bytes ${"begin"} to ${"end"} of ${"path"}, which has ${"size"} bytes`,
    help: "the data file is cut short or belongs to another model; get it again",
  },
  // Graphs.
  "graph-missing": {
    severity: "error",
    message: message`the model has no graph`,
    help: "give a file that holds a model",
  },
  "duplicate-name": {
    severity: "error",
    message: message`${"name"} is defined twice: as ${"first"} and as ${"second"}`,
    help: "every value needs a name of its own, also against the graphs around a subgraph",
  },
  "undefined-name": {
    severity: "error",
    message: message`${"reader"} reads ${"name"}, which nothing defines`,
    help: "define the value by an input, an initializer or a node",
  },
  "undefined-output": {
    severity: "error",
    message: message`the graph's output ${"name"} is never computed`,
    help: "compute the output in a node, or drop it from the graph's outputs",
  },
  "empty-name": {
    severity: "error",
    message: message`${"what"} has no name`,
    help: "give it a name; values are found by name",
  },
  "op-type-missing": {
    severity: "error",
    message: message`the node has no op_type`,
    help: "every node names its operator; export the model again",
  },
  cycle: {
    severity: "error",
    message: message`the graph has a cycle: ${"path"}`,
    help: "a node cannot depend on itself; use Loop or Scan for repetition",
  },
  "type-invalid": {
    severity: "error",
    message: message`the type of ${"name"} is not valid: ${"problem"}`,
    help: "correct the declared type",
  },
  "attribute-duplicate": {
    severity: "error",
    message: message`the attribute ${"name"} is given twice`,
    help: "give each attribute once",
  },
  "attribute-invalid": {
    severity: "error",
    message: message`the attribute ${"name"} is not valid: ${"problem"}`,
    help: "the file was written wrongly; export the model again",
  },
  // Functions.
  "function-duplicate": {
    severity: "error",
    message: message`the function ${"name"} is defined twice`,
    help: "give the functions different names, domains or overloads",
  },
  "function-recursion": {
    severity: "error",
    message: message`functions call each other in a circle: ${"path"}`,
    help: "ONNX functions cannot be recursive; use Loop or If",
  },
  "function-call": {
    severity: "error",
    message: message`the call of function ${"name"} is not valid: ${"problem"}`,
    help: "make the call fit the function's inputs, outputs and attributes",
  },
  "function-expansion": {
    severity: "error",
    message: message`the model's functions expand to more than ${"limit"} nodes`,
    help: "functions that call functions many times grow exponentially; flatten the model",
  },
  "function-depth": {
    severity: "error",
    message: message`function calls and subgraphs are nested more than ${"limit"} levels deep`,
    help: "inline the functions before exporting the model",
  },
  "reference-outside-function": {
    severity: "error",
    message: message`the attribute ${"name"} refers to an attribute of a function, but the node is in no function`,
    help: "give the attribute a value",
  },
  // Operator versions.
  "upgrade-impossible": {
    severity: "error",
    message: message`${"opType"} of operator set ${"version"} cannot be brought to the newest operator set: ${"reason"}`,
    help: "export the model with a newer operator set",
  },
  // Dimensions.
  "dimension-unbound": {
    severity: "error",
    message: message`input ${"input"} has the shape [${"shape"}]: ${"what"} has no value`,
    help: "the compiler needs fixed sizes; give them with --bind NAME=VALUE or --shape INPUT=1x3x224x224",
  },
  "dimension-conflict": {
    severity: "error",
    message: message`dimension ${"name"} has two values: ${"first"} from ${"firstSource"} and ${"second"} from ${"secondSource"}`,
    help: "give one value, or shapes that agree",
  },
  "dimension-rank": {
    severity: "error",
    message: message`--shape gives input ${"input"} ${"found"} dimensions, but it has ${"expected"}`,
    help: "give as many dimensions as the input has",
  },
  "dimension-static": {
    severity: "error",
    message: message`--shape gives dimension ${"axis"} of input ${"input"} the size ${"found"}, but the model fixes it to ${"expected"}`,
    help: "give the size that the model has",
  },
  "dimension-unknown-name": {
    severity: "error",
    message: message`--bind names the dimension ${"name"}, which no input has; there are ${"known"}`,
    help: "use one of the model's dimension names",
  },
  "dimension-unknown-input": {
    severity: "error",
    message: message`--shape names the input ${"name"}, which the model does not have; there are ${"known"}`,
    help: "use one of the model's input names",
  },
  "dimension-syntax": {
    severity: "error",
    message: message`${"option"} ${"text"} is not understood: ${"problem"}`,
    help: "write --bind batch=1,H=48 and --shape x=1x3x48x192",
  },
});

/** The place `path` of the model `file`: a node path, a tensor, a field. */
export const onnxLocation = (file: string, path: string): Location => nameLocation(path, fileLocation(file));

/**
 * Text of a model for a message: quoted, control and bidirectional-override characters escaped, cut at 120 characters,
 * because such text is not ours and goes to a terminal.
 */
export function quote(text: string): string {
  const cut = text.length > 120 ? `${text.slice(0, 120)}…` : text;
  return `'${escapeHostile(cut).replaceAll("'", "\\'")}'`;
}

/** {@link quote} without the quotation marks or the limit, for node paths. */
export function escapeHostile(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
}

/** A damaged file can have millions of problems; nobody reads more than these. */
const problemLimit = 1000;

/** Adds a problem to a list. @throws CompileError with the list when it gets too long */
export function report(diagnostics: Diagnostic[], diagnostic: Diagnostic): void {
  diagnostics.push(diagnostic);
  if (diagnostics.length < problemLimit) return;
  const last = onnxDiagnostics.at("too-many-problems", diagnostic.location, { limit: problemLimit });
  throw new CompileError([...diagnostics, last]);
}

/** Runs `step`; a {@link CompileError} it throws is added to `diagnostics` and answered with `undefined`. */
export function collecting<T>(diagnostics: Diagnostic[], step: () => T): T | undefined {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof CompileError) || error.diagnostics.length > problemLimit) throw error;
    for (const diagnostic of error.diagnostics) report(diagnostics, diagnostic);
    return undefined;
  }
}
