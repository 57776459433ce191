import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { patiently } from "../../../src/runtime/webgpu/patient-wait.ts";

test("what is waited for arrives, as a value or an error", async () => {
  expect(await patiently(sleep(5, "value"))).toBe("value");
  expect(await patiently(Promise.resolve(3))).toBe(3);
  await expect(patiently(Promise.reject(new Error("lost")))).rejects.toThrow("lost");
});

test("everything else goes on meanwhile, other waits too", async () => {
  const order: string[] = [];
  const note = (name: string) => (): void => void order.push(name);
  const last = patiently(sleep(30).then(note("last")));
  void sleep(1).then(note("timer"));
  await patiently(sleep(10).then(note("first")));
  expect(order).toEqual(["timer", "first"]);
  await last;
  expect(order).toEqual(["timer", "first", "last"]);
});
