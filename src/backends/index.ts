import { CompileError } from "../support/diagnostic.ts";
import { unknownLocation } from "../support/location.ts";
import type { Backend } from "./backend.ts";
import { cBackend } from "./c/backend.ts";
import { backendDiagnostics } from "./diagnostics.ts";
import { wgslBackend } from "./wgsl/backend.ts";

/** Every backend: a new one is a new folder and a line here. */
export const backends: readonly Backend[] = [cBackend, wgslBackend];

/** A backend by its name. @throws CompileError `backend/unknown-backend` */
export function findBackend(name: string): Backend {
  const found = backends.find((backend) => backend.name === name);
  if (found) return found;
  const known = backends.map((backend) => backend.name).join(", ");
  throw new CompileError([backendDiagnostics.at("unknown-backend", unknownLocation, { name, known })]);
}
