import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { upstreamRelease, upstreamTool } from "../src/testing/upstream.ts";
import { swiftShaderDriver } from "./support/swiftshader.ts";

interface Requirement {
  readonly packageName: string;
  readonly purpose: string;
  readonly isPresent: () => boolean;
}

const onPath = (program: string): boolean =>
  (process.env["PATH"] ?? "").split(delimiter).some((folder) => folder !== "" && existsSync(join(folder, program)));

/** Whether the system's loader of Vulkan drivers is installed; its folder depends on the machine. */
const hasVulkanLoader = (): boolean =>
  ["x86_64-linux-gnu", "aarch64-linux-gnu", "."].some((folder) => existsSync(`/usr/lib/${folder}/libvulkan.so.1`));

/** Programs that some tests run. Without them those tests fail; nothing is skipped. */
const requirements: readonly Requirement[] = [
  {
    packageName: `mlir-${upstreamRelease}-tools`,
    purpose:
      "upstream's mlir-opt, which the text and the errors are held against (Debian 12's security archive, apt.llvm.org)",
    isPresent: () => {
      try {
        return upstreamTool("mlir-opt") !== "";
      } catch {
        return false;
      }
    },
  },
  { packageName: "clang", purpose: "its warnings about the C that is made", isPresent: () => onPath("clang") },
  { packageName: "libvulkan1", purpose: "Dawn's way to an adapter", isPresent: hasVulkanLoader },
  {
    packageName: "chromium",
    purpose: "web pages, and SwiftShader, the WebGPU adapter that needs no GPU",
    isPresent: () => onPath("chromium") && existsSync(swiftShaderDriver),
  },
];

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const missing = (): readonly Requirement[] => requirements.filter(({ isPresent }) => !isPresent());

const seconds = 1000;
function aptGet(limit: number, ...args: readonly string[]): string | undefined {
  const run = spawnSync("apt-get", ["-qq", ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: limit,
    encoding: "utf8",
  });
  return run.status === 0
    ? undefined
    : (run.stderr.trim().split("\n").at(-1) ?? `ended with ${run.signal ?? run.status}`);
}

/** Installs what is missing where that is allowed (as root, with apt), and otherwise says what to install. */
export function setup(): void {
  const wanted = missing();
  if (wanted.length === 0) return;
  const names = wanted.map(({ packageName }) => packageName);
  const cure = `apt-get install ${names.join(" ")}`;
  const purposes = wanted.map(({ packageName, purpose }) => `${packageName} (${purpose})`).join(", ");
  if (process.getuid?.() !== 0 || !onPath("apt-get")) {
    say(`Tests will fail for want of ${purposes}: ${cure}`);
    return;
  }
  say(`Installing ${purposes}`);
  const failure =
    aptGet(180 * seconds, "update") ?? aptGet(900 * seconds, "install", "-y", "--no-install-recommends", ...names);
  const still = missing();
  if (still.length > 0)
    say(`Tests will fail for want of ${still.map(({ packageName }) => packageName).join(", ")}: ${failure ?? cure}`);
}
