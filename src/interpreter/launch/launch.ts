import { gpu } from "../../ir/dialects/gpu.ts";
import { type IrReader, type Operation, parentOf, type ValueId } from "../../ir/module.ts";
import { symbolsIn } from "../../ir/symbols.ts";
import { type MemRefType, staticShape } from "../../ir/types.ts";
import { fail } from "../diagnostics.ts";
import type { BufferView, RuntimeValue } from "../values.ts";
import { allocateElements, numberStorage } from "../vector-elements.ts";
import type { LaunchShape, Triple } from "./invocation.ts";

/** One launch: which kernel, how many invocations, and what they are given. */
export interface Launch {
  readonly op: Operation;
  readonly kernel: Operation;
  readonly shape: LaunchShape;
  readonly inputs: readonly RuntimeValue[];
}

/** What an operation launches when it runs on these operands. */
export function launchOf(
  reader: IrReader,
  op: Operation,
  operands: readonly RuntimeValue[],
  usual: Pick<LaunchShape, "subgroupSize" | "order">,
): Launch {
  const view = gpu.launch_func.match(reader, op);
  const kernel = view && findKernel(reader, op, view.attributes.kernel);
  if (kernel === undefined)
    return fail("malformed", op.location, { name: op.name, reason: "there is no kernel of that name" });
  const asked = ["asyncDependencies", "clusterSizeX", "dynamicSharedMemorySize", "asyncObject"] as const;
  if (op.results.length > 0 || asked.some((name) => [view!.operands[name] ?? []].flat().length > 0))
    return fail("malformed", op.location, {
      name: op.name,
      reason: "asynchronous launches, clusters and dynamic workgroup memory are not supported",
    });
  const sizes = operands.slice(0, 6).map(Number);
  if (sizes.some((size) => size < 0))
    return fail("malformed", op.location, { name: op.name, reason: "a size is negative" });
  const known = gpu.func.match(reader, kernel)?.attributes.known_block_size;
  if (known?.some((size, axis) => size !== sizes[3 + axis]))
    return fail("malformed", op.location, { name: op.name, reason: "the kernel is for blocks of another size" });
  const [grid, block] = [sizes.slice(0, 3), sizes.slice(3)] as unknown as readonly [Triple, Triple];
  const shape = { grid, block, ...usual };
  return { op, kernel, shape, inputs: operands.slice(6) };
}

function findKernel(reader: IrReader, from: Operation, path: readonly string[]): Operation | undefined {
  let around = parentOf(reader, from);
  while (around !== undefined && around.name !== "builtin.module") around = parentOf(reader, around);
  const found = path.reduce<Operation | undefined>(
    (table, name) => (table === undefined ? undefined : symbolsIn(reader, table).get(name)),
    around,
  );
  return found?.name === gpu.func.name ? found : undefined;
}

/** New buffers, filled with zeros, for values in workgroup or private memory. */
export function ownBuffers(reader: IrReader, kernel: Operation, values: readonly ValueId[]): readonly BufferView[] {
  return values.map((value) => {
    const type = reader.typeOf(value) as MemRefType;
    const element = numberStorage(type);
    const shape = staticShape(type);
    if (element === undefined || shape === undefined)
      return fail("unsupported-type", kernel.location, { name: kernel.name, type: type.text });
    return allocateElements(type, element, shape);
  });
}
