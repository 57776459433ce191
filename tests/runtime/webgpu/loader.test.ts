import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Weft } from "../../../src/backends/wgsl/loader/index.ts";
import type { DeviceTensor, Model, TensorData } from "../../../src/backends/wgsl/loader/weft-webgpu.d.ts";
import type { NumericElementType } from "../../../src/support/numeric/element-type.ts";
import { elementTypes } from "../../../src/support/numeric/element-type.ts";
import { allocateTensor, tensorFromNumbers } from "../../../src/support/numeric/host-tensor.ts";
import { artifactExecutor, findAdapter, sharedDevice } from "../../../src/runtime/webgpu/index.ts";
import { identityModel } from "./typed-model.ts";
import { count, expectedOutputs, vectorAdd } from "./vector-add.ts";

const ramp = (scale: number): Float32Array => Float32Array.from({ length: count }, (_, index) => index * scale);

let device: GPUDevice;
const models: Model[] = [];
const load = async (files: ReadonlyMap<string, string | Uint8Array | readonly Uint8Array[]>): Promise<Model> => {
  const model = await Weft.load(files, { device });
  models.push(model);
  return model;
};
beforeAll(async () => {
  device = await (await findAdapter()).requestDevice({ requiredFeatures: ["timestamp-query"] });
});
afterAll(() => {
  for (const model of models) model.dispose();
  device.destroy();
});

/** A kept output. */
const onDevice = (tensor: TensorData | DeviceTensor | undefined): DeviceTensor => {
  if (tensor && "dispose" in tensor) return tensor;
  throw new TypeError("this output should be on the device");
};

describe("a model with all kinds of steps", () => {
  test("says what it is", async () => {
    const { name, inputs, outputs, dispatches, hostCalls } = await load(vectorAdd().files);
    expect({ name, dispatches, hostCalls }).toEqual({ name: "vector add", dispatches: 1, hostCalls: 1 });
    expect(inputs).toMatchObject([{ name: "x", elementType: "f32", shape: [count] }]);
    expect(outputs.map(({ name }) => name)).toEqual(["y", "__proto__"]);
  });
  test("computes what it should, run after run, asked for at once or in turn", async () => {
    const model = await load(vectorAdd().files);
    const runs = [1, 2, 3].map((scale) => ({ x: ramp(scale), outputs: model.run({ x: ramp(scale) }) }));
    for (const { x, outputs } of runs) {
      const { y, z } = expectedOutputs(x);
      expect(await outputs).toEqual(Object.assign(Object.create(null), { y, ["__proto__"]: z }));
      expect((await model.run({ x }))["y"]).toEqual(y);
    }
  });
  test("reads inputs where they are in larger memory", async () => {
    const model = await load(vectorAdd().files);
    const x = new Float32Array(count + 20).subarray(7, 7 + count).fill(2);
    expect((await model.run({ x }))["y"]).toEqual(expectedOutputs(x).y);
  });
  test("measures dispatches, as often as asked", async () => {
    const model = await load(vectorAdd().files);
    expect(model.timings).toBeUndefined();
    for (let run = 0; run < 2; run++) {
      await model.run({ x: ramp(1) }, { timings: true });
      const { total, steps } = model.timings!;
      expect(total).toBeGreaterThan(0);
      expect(steps).toMatchObject([{ name: "add", origin: "/Add <x>" }]);
      expect(steps![0]!.milliseconds).toBeGreaterThanOrEqual(0);
    }
    await model.run({ x: ramp(1) });
    expect(model.timings).not.toHaveProperty("steps");
  });
  test("more dispatches than a query set measures", async () => {
    const many = vectorAdd((manifest) => ({
      ...manifest,
      steps: Array.from({ length: 2500 }, (_, index) => ({ ...manifest.steps[0]!, name: `add ${index}` })),
    }));
    const model = await load(many.files);
    await model.run({ x: ramp(1) }, { timings: true });
    expect(model.timings!.steps!.map(({ name }) => name)).toEqual(
      Array.from({ length: 2500 }, (_, index) => `add ${index}`),
    );
    expect(model.timings!.steps!.every(({ milliseconds }) => milliseconds >= 0 && milliseconds < 60_000)).toBe(true);
  });
});

describe("tensors that stay on the device", () => {
  test("feed the next run, and another model", async () => {
    const [first, second] = [await load(vectorAdd().files), await load(vectorAdd().files)];
    let x = ramp(0.25);
    let { y } = await first.run({ x }, { keep: ["y"] });
    for (const model of [first, second, first]) {
      x = expectedOutputs(x).y;
      const kept = onDevice(y);
      expect({ elementType: kept.elementType, shape: kept.shape, bytes: kept.bytes }).toEqual({
        elementType: "f32",
        shape: [2, count / 2],
        bytes: count * 4,
      });
      expect(await kept.read()).toEqual(x);
      ({ y } = await model.run({ x: kept }, { keep: ["y"] }));
      // What another run has read before can be read again.
      expect(await kept.read()).toEqual(x);
      kept.dispose();
    }
    expect(await onDevice(y).read()).toEqual(expectedOutputs(x).y);
    onDevice(y).dispose();
  });
  test("cannot be used once disposed of, or elsewhere", async () => {
    const model = await load(vectorAdd().files);
    const { y } = await model.run({ x: ramp(1) }, { keep: ["y"] });
    const elsewhere = await Weft.load(vectorAdd().files, { adapter: await findAdapter() });
    await expect(elsewhere.run({ x: y! })).rejects.toMatchObject({
      code: "wrong-input",
      problems: [expect.stringContaining("another device")],
    });
    elsewhere.dispose();
    onDevice(y).dispose();
    await expect(model.run({ x: y! })).rejects.toMatchObject({ code: "wrong-input" });
    await expect(onDevice(y).read()).rejects.toMatchObject({ code: "disposed" });
  });
});

describe("inputs and outputs of every element type, by the device and by the host", () => {
  const numeric = elementTypes.filter((type): type is NumericElementType => type !== "string");
  // Five elements: no multiple of four bytes for the narrow ones. None: nothing to copy.
  const lengths = [5, 0];
  const tensors = new Map(
    numeric.flatMap((elementType) =>
      lengths.map((length) => {
        const tensor =
          length === 0
            ? allocateTensor(elementType, [0])
            : tensorFromNumbers(elementType, [length], [1, 0, 2, 1, 4].slice(0, length));
        return [`${elementType} ${length}`, tensor] as const;
      }),
    ),
  );
  const through = new Map(
    [...tensors].map(([name, { elementType, data }]) => [
      name,
      { elementType, count: data.length, bytes: data.byteLength },
    ]),
  );
  test.each([
    ["device", false],
    ["host", true],
  ])("%s", async (_, onHost) => {
    const model = await load(identityModel(through, onHost));
    const given = Object.fromEntries([...tensors].map(([name, { data }]) => [name, data]));
    const outputs = await model.run(given);
    expect(Object.entries(outputs)).toEqual(Object.entries(given));
    const kept = await model.run(given, { keep: Object.keys(given) });
    const again = await model.run(kept);
    expect(Object.entries(again)).toEqual(Object.entries(given));
    for (const [name, tensor] of Object.entries(kept)) {
      expect(await onDevice(tensor).read()).toEqual(given[name]);
      onDevice(tensor).dispose();
    }
  });
});

describe("wrong inputs, all at once", () => {
  test("names, types, sizes, outputs to keep", async () => {
    const model = await load(
      identityModel(
        new Map([
          ["a", { elementType: "f32", count: 2, bytes: 8 }],
          ["b", { elementType: "i64", count: 1, bytes: 8 }],
          ["c", { elementType: "f16", count: 2, bytes: 4 }],
          ["d", { elementType: "i1", count: 1, bytes: 1 }],
        ]),
        false,
      ),
    );
    const given = { A: new Float32Array(2), a: new Float32Array(3), b: new Float64Array(1), c: new Uint16Array(2) };
    const error = await model.run(given, { keep: ["e"] }).catch((error: unknown) => error);
    expect(error).toMatchObject({ name: "WeftError", code: "wrong-input" });
    expect((error as { readonly problems: readonly string[] }).problems).toEqual([
      'there is no input "A"',
      'input "a" is a Float32Array of 3; it takes f32[2], a Float32Array of 2',
      'input "b" is a Float64Array of 1; it takes i64[1], a BigInt64Array of 1',
      'input "d" is missing; it takes i1[1], a Uint8Array of 1',
      'there is no output "e"',
    ]);
  });
  test("values that are no tensors", async () => {
    const model = await load(vectorAdd().files);
    for (const wrong of [1, "text", {}, [1, 2], null]) {
      const run = model.run({ x: wrong as unknown as TensorData });
      await expect(run).rejects.toMatchObject({ code: "wrong-input" });
    }
  });
});

describe("on a device that counts", () => {
  test("every buffer and query set is destroyed", async () => {
    const device = await (await findAdapter()).requestDevice({ requiredFeatures: ["timestamp-query"] });
    const alive = new Set<object>();
    const counted = <T extends { destroy(): undefined }>(thing: T): T => {
      const destroy = thing.destroy.bind(thing);
      thing.destroy = () => {
        alive.delete(thing);
        return destroy();
      };
      alive.add(thing);
      return thing;
    };
    const [createBuffer, createQuerySet] = [device.createBuffer.bind(device), device.createQuerySet.bind(device)];
    device.createBuffer = (descriptor) => counted(createBuffer(descriptor));
    device.createQuerySet = (descriptor) => counted(createQuerySet(descriptor));
    const model = await Weft.load(vectorAdd().files, { device });
    const loaded = alive.size;
    const { y } = await model.run({ x: ramp(1) }, { keep: ["y"], timings: true });
    await model.run({ x: y! });
    const afterRuns = alive.size;
    expect(afterRuns).toBeGreaterThan(loaded);
    await model.run({ x: y! });
    await onDevice(y).read();
    // Later runs make nothing that stays.
    expect(alive.size).toBe(afterRuns);
    onDevice(y).dispose();
    model.dispose();
    expect(alive.size).toBe(0);
    const broken = new Map([...vectorAdd().files, ["add.wgsl", "fn main() {"] as const]);
    await expect(Weft.load(broken, { device })).rejects.toMatchObject({ code: "shader-error" });
    expect(alive.size).toBe(0);
    device.destroy();
  });
});

describe("as an executor", () => {
  test("takes and gives the compiler's tensors, on the shared device", async () => {
    const executor = await artifactExecutor(vectorAdd());
    const data = ramp(1);
    const outputs = await executor.run(new Map([["x", { elementType: "f32", shape: [count], data }]]));
    expect(outputs.get("y")).toEqual({ elementType: "f32", shape: [2, count / 2], data: expectedOutputs(data).y });
    await expect(executor.run(new Map())).rejects.toThrow(/runtime\/missing-input/);
    executor.dispose();
    await expect(executor.run(new Map([["x", { elementType: "f32", shape: [count], data }]]))).rejects.toThrow(
      /webgpu\/run-failed/,
    );
    expect(await sharedDevice()).toBe(await sharedDevice());
  });
  test("a lost shared device is replaced", async () => {
    const before = await sharedDevice();
    before.destroy();
    await before.lost;
    const executor = await artifactExecutor(vectorAdd());
    const data = ramp(1);
    const outputs = await executor.run(new Map([["x", { elementType: "f32", shape: [count], data }]]));
    expect(outputs.get("y")!.data).toEqual(expectedOutputs(data).y);
    executor.dispose();
  });
});
