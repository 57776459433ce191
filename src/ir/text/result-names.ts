import type { IrReader, Operation } from "../module.ts";
import type { ArgumentNamer, ResultNamer } from "./value-names.ts";

/** What upstream calls the results of these operations. */
const names: Readonly<Record<string, string>> = {
  "func.constant": "f",
  "linalg.broadcast": "broadcasted",
  "linalg.map": "mapped",
  "linalg.pack": "pack",
  "linalg.reduce": "reduced",
  "linalg.transpose": "transposed",
  "linalg.unpack": "unpack",
  "memref.alloc": "alloc",
  "memref.alloca": "alloca",
  "memref.assume_alignment": "assume_align",
  "memref.cast": "cast",
  "memref.collapse_shape": "collapse_shape",
  "memref.dim": "dim",
  "memref.expand_shape": "expand_shape",
  "memref.extract_aligned_pointer_as_index": "intptr",
  "memref.memory_space_cast": "memspacecast",
  "memref.reinterpret_cast": "reinterpret_cast",
  "memref.reshape": "reshape",
  "memref.subview": "subview",
  "memref.transpose": "transpose",
  "memref.view": "view",
  "tensor.cast": "cast",
  "tensor.collapse_shape": "collapsed",
  "tensor.concat": "concat",
  "tensor.dim": "dim",
  "tensor.expand_shape": "expanded",
  "tensor.extract": "extracted",
  "tensor.extract_slice": "extracted_slice",
  "tensor.from_elements": "from_elements",
  "tensor.gather": "gather",
  "tensor.generate": "generated",
  "tensor.insert": "inserted",
  "tensor.insert_slice": "inserted_slice",
  "tensor.pad": "padded",
  "tensor.rank": "rank",
  "tensor.reshape": "reshape",
  "tensor.scatter": "scatter",
  "tensor.splat": "splat",
  "vector.vscale": "vscale",
};

/** `%c0`, `%c1_i32`, `%true`, `%cst` for constants, `%alloc` and the like for others; undefined where a number does. */
export const resultName: ResultNamer = (op: Operation, reader: IrReader): string | undefined => {
  if (op.name === "arith.constant") return constantName(op, reader);
  if (op.name.startsWith("gpu.")) return placeName(op);
  return Object.hasOwn(names, op.name) ? names[op.name] : undefined;
};

/** `%block_id_x`. */
function placeName(op: Operation): string | undefined {
  const dimension = op.properties["dimension"];
  const letter = dimension?.kind === "dialect" ? /^<dim ([xyz])>$/.exec(dimension.body)?.[1] : undefined;
  return letter === undefined ? undefined : `${op.name.slice("gpu.".length)}_${letter}`;
}

function constantName(op: Operation, reader: IrReader): string {
  const value = op.properties["value"];
  if (value?.kind === "bool") return value.value ? "true" : "false";
  if (value?.kind !== "integer") return "cst";
  const type = reader.typeOf(op.results[0]!);
  if (type.text === "i1") return value.value === 0n ? "false" : "true";
  return type.kind === "index" ? `c${value.value}` : `c${value.value}_${type.text}`;
}

/** `%in` and `%out` (or `%init`) for the arguments of a structured operation's body. */
export const argumentName: ArgumentNamer = (op: Operation, index: number): string | undefined => {
  if (op.name === "linalg.map") return index >= op.operands.length - 1 ? "init" : "in";
  if (op.name === "linalg.reduce") return index >= op.operands.length >> 1 ? "init" : "in";
  if (op.name !== "linalg.generic") return undefined;
  const sizes = op.properties["operandSegmentSizes"];
  return sizes?.kind === "dense-array" && index >= Number(sizes.values[0]) ? "out" : "in";
};
