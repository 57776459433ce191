import { CompileError } from "../../support/diagnostic.ts";
import type { Location } from "../../support/location.ts";
import { backendDiagnostics } from "../diagnostics.ts";

/** Makes the error of a construct that a backend cannot express. */
export type NotLegal = (what: string, why: string, location: Location) => CompileError;

/** The error `backend/not-legal` of one backend. */
export const notLegalIn =
  (backend: string): NotLegal =>
  (what, why, location) =>
    new CompileError([backendDiagnostics.at("not-legal", location, { backend, what, why })]);
