import { CompileError } from "../../support/diagnostic.ts";
import type { Location } from "../../support/location.ts";
import { backendDiagnostics } from "../diagnostics.ts";

/** The error of a construct that the backend cannot express. */
export const notLegal = (what: string, why: string, location: Location): CompileError =>
  new CompileError([backendDiagnostics.at("not-legal", location, { backend: "wgsl", what, why })]);
