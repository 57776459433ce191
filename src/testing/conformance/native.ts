import type { Outcome } from "./outcome.ts";
import type { ConformanceTest } from "./suite.ts";
export const runOnC = (_tests: readonly ConformanceTest[], _progress: (text: string) => void): Promise<readonly Outcome[]> => { throw new Error("under construction"); };
