/// <reference types="@webgpu/types" />
import { makeContext } from "./context.ts";
import { classNameOf, classOf } from "./elements.ts";
import type { DeviceTensor, TensorData, TensorInfo } from "./weft-webgpu.d.ts";
import { WeftError } from "./weft-error.ts";

/** A tensor's elements, over their bytes. */
export function dataFrom({ elementType }: Pick<TensorInfo, "elementType">, contents: ArrayBuffer): TensorData {
  return new (classOf(elementType))(contents);
}

/** An output that stays on the device, in a buffer of its own. */
export function keptTensor({ elementType, shape, bytes }: TensorInfo, device: GPUDevice, buffer: GPUBuffer) {
  let isDisposed = false;
  const tensor: DeviceTensor = {
    elementType,
    shape,
    bytes,
    device,
    buffer,
    get isDisposed() {
      return isDisposed;
    },
    async read() {
      const end = new WeftError("disposed", "the tensor is disposed of");
      if (isDisposed) throw end;
      const context = makeContext(device, false);
      try {
        const [contents] = await context.submit("read", () => {}, [{ from: buffer, offset: 0, bytes }]);
        return dataFrom(tensor, contents!);
      } finally {
        context.end(end);
      }
    },
    dispose() {
      isDisposed = true;
      buffer.destroy();
    },
  };
  return tensor;
}

/** What may be given for an input. */
export type Input = TensorData | DeviceTensor;

/** Whether an input is data of the caller, not a tensor on the device. */
export const isOnHost = (input: Input): input is TensorData => ArrayBuffer.isView(input);

/** @throws WeftError `wrong-input` with everything that is wrong with a run's inputs and its wishes */
export function checkInputs(
  infos: readonly TensorInfo[],
  inputs: Readonly<Record<string, Input>>,
  device: GPUDevice,
  outputs: readonly TensorInfo[],
  keep: readonly string[],
): void {
  const unknown = (kind: string, known: readonly TensorInfo[], names: readonly string[]): readonly string[] =>
    names
      .filter((name) => !known.some((info) => info.name === name))
      .map((name) => `there is no ${kind} ${JSON.stringify(name)}`);
  const wrong = infos.flatMap((info) => {
    const problem = problemOf(info, Object.hasOwn(inputs, info.name) ? inputs[info.name] : undefined, device);
    return problem ? [`input ${JSON.stringify(info.name)} ${problem}`] : [];
  });
  const problems = [...unknown("input", infos, Object.keys(inputs)), ...wrong, ...unknown("output", outputs, keep)];
  if (problems.length > 0) throw new WeftError("wrong-input", problems.join("; "), { problems });
}

const spell = ({ elementType, shape }: Pick<TensorInfo, "elementType" | "shape">): string =>
  `${elementType}[${shape.join(", ")}]`;

function problemOf(info: TensorInfo, given: Input | undefined, device: GPUDevice): string | undefined {
  const { elementType, bytes } = info;
  const { name, BYTES_PER_ELEMENT } = classOf(elementType);
  const wanted = `; it takes ${spell(info)}, a ${name} of ${bytes / BYTES_PER_ELEMENT}`;
  if (!given) return `is missing${wanted}`;
  if (isOnHost(given)) {
    const found = classNameOf(given);
    const fits = (found === name || (elementType === "f16" && found === "Uint16Array")) && given.byteLength === bytes;
    return fits ? undefined : `is a ${found} of ${given.length}${wanted}`;
  }
  if (!given.buffer) return `is no tensor${wanted}`;
  if (given.isDisposed) return "is disposed of";
  if (given.device !== device) return "is on another device; load both models with the same device";
  return given.elementType === elementType && given.bytes === bytes ? undefined : `is ${spell(given)}${wanted}`;
}
