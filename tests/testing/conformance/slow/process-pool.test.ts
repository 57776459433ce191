import { expect, test } from "vitest";
import { runInProcesses } from "../../../../src/testing/conformance/process-pool.ts";

const run = (jobs: readonly string[], processes: number, jobsPerProcess = 100): Promise<readonly string[]> =>
  runInProcesses(jobs, {
    program: new URL("job-program.ts", import.meta.url),
    processes,
    timeout: 2000,
    jobsPerProcess,
    lost: (job, cause) => `${job}: ${cause}`,
    begun: () => {},
  });

test("jobs go to one process, until it has done its share", async () => {
  expect(await run(["a", "b", "c"], 1)).toEqual(["a as number 1", "b as number 2", "c as number 3"]);
  expect(await run(["a", "b", "c"], 1, 2)).toEqual(["a as number 1", "b as number 2", "c as number 1"]);
});

test("a job that ends its process takes no other with it", async () => {
  const replies = await run(["a", "crash", "b", "crash when not first"], 1);
  expect(replies[0]).toBe("a as number 1");
  expect(replies[1]).toMatch(/^crash: its process was ended by SIG/);
  expect(replies[2]).toBe("b as number 1");
  expect(replies[3]).toBe("crash when not first as number 1");
});

test("a job that does not end is given up", async () => {
  expect(await run(["hang", "a"], 1)).toEqual(["hang: it did not finish within 2 s", "a as number 1"]);
});

test("replies are in the jobs' order, by whichever process", async () => {
  const jobs = Array.from({ length: 30 }, (_, index) => `job ${index}`);
  expect((await run(jobs, 3)).map((reply) => reply.replace(/ as .*/, ""))).toEqual(jobs);
});
