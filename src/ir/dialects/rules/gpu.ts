import type { IrReader, Operation, Region, ValueId } from "../../module.ts";
import { parentOf } from "../../module.ts";
import { symbolsIn } from "../../symbols.ts";
import type { FunctionType, Type } from "../../types.ts";
import { broken } from "../../verify-diagnostics.ts";
import { kernelMark, workgroupCount } from "../assembly/gpu.ts";
import type { CombiningKind } from "../combining-kinds.ts";
import { addressSpace, type AddressSpace } from "../gpu/attributes.ts";
import type { OperationView } from "./operation-view.ts";
import { type Finding, firstFinding, parentIs, typesOf } from "./regions.ts";

const isMarked = (op: Operation, mark: string): boolean => op.attributes[mark]?.kind === "unit";

/** How many buffers of the function lie in workgroup memory. */
export function workgroupBuffers(op: Operation): number {
  const count = op.attributes[workgroupCount];
  return count?.kind === "integer" ? Number(count.value) : 0;
}

interface FunctionView extends OperationView {
  readonly attributes: { readonly function_type: FunctionType };
  readonly regions: { readonly body: Region };
}

/** The entry block has the function's arguments, and after them its buffers in workgroup and in private memory. */
export function gpuFunctionRule({ op, reader, attributes, regions }: FunctionView): Finding {
  const parent = parentIs("gpu.module")({ op, reader });
  if (parent !== undefined) return parent;
  const { inputs, results } = attributes.function_type;
  if (isMarked(op, kernelMark) && results.length > 0)
    return broken(op, "expected void return type for kernel function");
  const entry = regions.body[0];
  if (entry === undefined) return broken(op, "expected body with at least one block");
  const values = reader.block(entry).arguments;
  const firstPrivate = inputs.length + workgroupBuffers(op);
  if (values.length < firstPrivate) return broken(op, `expected at least ${firstPrivate} arguments to body region`);
  const argument = firstFinding(inputs, (input, index) => {
    const found = reader.typeOf(values[index]!);
    return found === input
      ? undefined
      : broken(op, `expected body region argument #${index} to be of type '${input.text}', got '${found.text}'`);
  });
  return (
    argument ??
    attributionsLieIn("workgroup", op, typesOf(reader, values.slice(inputs.length, firstPrivate))) ??
    attributionsLieIn("private", op, typesOf(reader, values.slice(firstPrivate)))
  );
}

function attributionsLieIn(space: AddressSpace, op: Operation, types: readonly Type[]): Finding {
  return firstFinding(types, (type) => {
    if (type.kind !== "memref") return broken(op, "expected memref type in attribution");
    const wanted = addressSpace(space);
    // A memory space of another dialect is for those who know it.
    const isOther = type.memorySpace !== undefined && type.memorySpace.startsWith("#gpu.address_space");
    return isOther && type.memorySpace !== wanted
      ? broken(op, `expected memory space ${space} in attribution`)
      : undefined;
  });
}

/** A return gives what its function's type says. */
export function gpuReturnRule(view: OperationView): Finding {
  const { op, reader } = view;
  const parent = parentIs("gpu.func")(view);
  if (parent !== undefined) return parent;
  const type = parentOf(reader, op)?.properties["function_type"];
  if (type?.kind !== "type" || type.type.kind !== "function") return undefined;
  const { results } = type.type;
  if (results.length !== op.operands.length) return broken(op, `expected ${results.length} result operands`);
  return firstFinding(typesOf(reader, op.operands), (found, index) =>
    found === results[index] ? undefined : broken(op, `unexpected type \`'${found.text}'' for operand #${index}`),
  );
}

interface LaunchView extends OperationView {
  readonly attributes: { readonly kernel: readonly string[] };
  readonly operands: { readonly kernelOperands: readonly ValueId[] };
}

/** The kernel is there, is one, and takes what it is given. */
export function launchRule({ op, reader, attributes, operands }: LaunchView): Finding {
  const module = surrounding(reader, op, "builtin.module");
  if (module === undefined) return broken(op, "expected to belong to a module");
  if (!isMarked(module, "gpu.container_module"))
    return broken(op, "expected the closest surrounding module to have the 'gpu.container_module' attribute");
  // As upstream, but that launches in loops are looked at too: those of a device's own functions are not.
  if (surrounding(reader, op, "gpu.module") !== undefined) return undefined;
  const [container = "", ...path] = attributes.kernel;
  const holder = symbolsIn(reader, module).get(container);
  if (holder === undefined) return broken(op, `kernel container '${container}' is undefined`);
  // Compiled kernels have no types to look at.
  if (holder.name === "gpu.binary") return undefined;
  if (holder.name !== "gpu.module") return broken(op, `kernel module '${container}' is undefined`);
  const shown = attributes.kernel.map((name) => `@${name}`).join("::");
  const kernel = path.length === 1 ? symbolsIn(reader, holder).get(path[0]!) : undefined;
  if (kernel === undefined) return broken(op, `kernel function '${shown}' is undefined`);
  if (!isMarked(kernel, kernelMark)) return broken(op, `kernel function is missing the '${kernelMark}' attribute`);
  const type = kernel.properties["function_type"];
  if (kernel.name !== "gpu.func" || type?.kind !== "type" || type.type.kind !== "function") return undefined;
  const { inputs } = type.type;
  const given = typesOf(reader, operands.kernelOperands);
  if (given.length !== inputs.length)
    return broken(op, `got ${given.length} kernel operands but expected ${inputs.length}`);
  return firstFinding(inputs, (input, index) =>
    input === given[index] ? undefined : broken(op, `type of function argument ${index} does not match`),
  );
}

function surrounding(reader: IrReader, op: Operation, name: string): Operation | undefined {
  let around = parentOf(reader, op);
  while (around !== undefined && around.name !== name) around = parentOf(reader, around);
  return around;
}

const integersOnly: ReadonlySet<CombiningKind> = new Set(["minui", "minsi", "maxui", "maxsi", "and", "or", "xor"]);
const floatsOnly: ReadonlySet<CombiningKind> = new Set(["minnumf", "maxnumf", "minimumf", "maximumf"]);

/** The kind fits the type. */
function kindFits(op: Operation, kind: CombiningKind, type: Type): Finding {
  const element = type.kind === "vector" ? type.element : type;
  const fits = element.kind === "float" ? !integersOnly.has(kind) : !floatsOnly.has(kind);
  return fits ? undefined : broken(op, `\`${kind}\` reduction operation is not compatible with type '${type.text}'`);
}

interface SubgroupReduceView extends OperationView {
  readonly types: { readonly value: Type };
  readonly attributes: {
    readonly op: CombiningKind;
    readonly cluster_size: number | undefined;
    readonly cluster_stride: number;
  };
}

/** A reduction across a subgroup suits its type, and its clusters are powers of two. */
export function subgroupReduceRule({ op, types, attributes }: SubgroupReduceView): Finding {
  const { value } = types;
  const kind = kindFits(op, attributes.op, value);
  if (kind !== undefined) return kind;
  const isPowerOfTwo = (size: number): boolean => size > 0 && (size & (size - 1)) === 0;
  const { cluster_size: size, cluster_stride: stride } = attributes;
  if (size !== undefined && !isPowerOfTwo(size)) return broken(op, `cluster size ${size} is not a power of two`);
  if (stride !== 1 && size === undefined)
    return broken(op, "cluster stride can only be specified if cluster size is specified");
  return isPowerOfTwo(stride) ? undefined : broken(op, `cluster stride ${stride} is not a power of two`);
}

interface AllReduceView extends OperationView {
  readonly types: { readonly value: Type };
  readonly attributes: { readonly op: CombiningKind | undefined };
  readonly regions: { readonly body: Region };
}

/** The values are combined by a kind, or by a region of two arguments that yields what they give. */
export function allReduceRule({ op, reader, types, attributes, regions }: AllReduceView): Finding {
  const kind = attributes.op;
  if (regions.body.length > 0 === (kind !== undefined))
    return broken(op, "expected either an op attribute or a non-empty body");
  if (kind !== undefined) return kindFits(op, kind, types.value);
  const parameters = typesOf(reader, reader.block(regions.body[0]!).arguments);
  if (parameters.length !== 2) return broken(op, "expected two region arguments");
  if (parameters.some((type) => type !== types.value)) return broken(op, "incorrect region argument type");
  return undefined;
}
