import { type Attributes, integerAttribute, stringAttribute, unitAttribute } from "../../attributes.ts";
import type { Builder } from "../../builder.ts";
import type { IrReader, Operation, ValueId } from "../../module.ts";
import { functionType, type MemRefType, type Type } from "../../types.ts";
import { kernelMark, workgroupCount } from "../assembly/gpu.ts";
import { gpu } from "../gpu.ts";
import { workgroupBuffers } from "../rules/gpu.ts";

/** What a kernel takes and how it is launched. */
export interface KernelSignature {
  readonly inputs: readonly Type[];
  /** Buffers that the invocations of a block share, in memory space `#gpu.address_space<workgroup>`. */
  readonly workgroup?: readonly MemRefType[];
  /** Buffers of each invocation, in memory space `#gpu.address_space<private>`. */
  readonly private?: readonly MemRefType[];
  /** Invocations of a block along x, y and z. */
  readonly blockSize: readonly [number, number, number];
  /** Further discardable attributes. */
  readonly attributes?: Attributes;
}

/** The values that a kernel's body begins with. */
export interface KernelValues {
  readonly inputs: readonly ValueId[];
  readonly workgroup: readonly ValueId[];
  readonly private: readonly ValueId[];
}

/** Makes a `gpu.func` that may be launched, at the builder's insertion point (in a `gpu.module`), with `gpu.return` at its end. */
export function createKernel(
  builder: Builder,
  name: string,
  signature: KernelSignature,
  body: (builder: Builder, values: KernelValues) => void,
): Operation {
  const { inputs, workgroup = [], private: own = [], blockSize, attributes = {} } = signature;
  const { op } = gpu.func.build(
    builder,
    {},
    { function_type: functionType(inputs, []), known_block_size: blockSize },
    {
      extra: {
        sym_name: stringAttribute(name),
        [workgroupCount]: integerAttribute(workgroup.length),
        [kernelMark]: unitAttribute,
        ...attributes,
      },
      regions: {
        body: [
          {
            arguments: [...inputs, ...workgroup, ...own],
            body: (inner, values) => {
              const firstPrivate = inputs.length + workgroup.length;
              body(inner, {
                inputs: values.slice(0, inputs.length),
                workgroup: values.slice(inputs.length, firstPrivate),
                private: values.slice(firstPrivate),
              });
              gpu.return.build(inner, {}, {});
            },
          },
        ],
      },
    },
  );
  return op;
}

/** Whether the operation is a function that may be launched. */
export const isKernel = (op: Operation): boolean =>
  op.name === gpu.func.name && op.attributes[kernelMark]?.kind === "unit";

/** The arguments and buffers of a `gpu.func`. */
export function kernelValues(reader: IrReader, kernel: Operation): KernelValues {
  const values = reader.block(kernel.regions[0]![0]!).arguments;
  const count = gpu.func.match(reader, kernel)?.attributes.function_type.inputs.length ?? values.length;
  const firstPrivate = count + workgroupBuffers(kernel);
  return {
    inputs: values.slice(0, count),
    workgroup: values.slice(count, firstPrivate),
    private: values.slice(firstPrivate),
  };
}
