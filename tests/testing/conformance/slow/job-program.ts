import { serveJobs } from "../../../../src/testing/conformance/process-pool.ts";

let earlier = 0;

serveJobs(async (job: string): Promise<string> => {
  earlier++;
  if (job === "crash") process.kill(process.pid, "SIGKILL");
  if (job === "crash when not first" && earlier > 1) process.exit(7);
  if (job === "hang") await new Promise(() => {});
  return `${job} as number ${earlier}`;
});
