import type { IrReader } from "../../ir/module.ts";
import type { ArtifactTensor } from "../artifact.ts";
import { readEntryFunction, symbolName } from "../entry-point.ts";
import { cNames } from "./identifiers.ts";

/** What one parameter of the entry point is to its caller. */
export type EntryParameter =
  | { readonly role: "input" | "output"; readonly tensor: ArtifactTensor; readonly identifier: string }
  | { readonly role: "arena"; readonly bytes: number };

/** The entry point as its caller sees it. */
export interface EntryPoint {
  readonly name: string;
  readonly parameters: readonly EntryParameter[];
  readonly inputs: readonly ArtifactTensor[];
  readonly outputs: readonly ArtifactTensor[];
  /** 0 when the function takes no arena. */
  readonly arenaBytes: number;
}

/**
 * Reads the entry point of a kernel-level module.
 * @throws CompileError `backend/no-entry-point`, or `backend/not-legal` for parameters that are no dense static buffers
 */
export function readEntryPoint(reader: IrReader): EntryPoint {
  const entry = readEntryFunction(reader, "c");
  const names = { input: cNames(), output: cNames() };
  const parameters = entry.parameters.map((parameter): EntryParameter =>
    parameter.role === "arena"
      ? parameter
      : { ...parameter, identifier: names[parameter.role].unique(parameter.tensor.name) },
  );
  const tensors = (role: "input" | "output") =>
    parameters.flatMap((parameter) => (parameter.role === role ? [parameter.tensor] : []));
  const arena = parameters.find((parameter) => parameter.role === "arena");
  return {
    name: symbolName(entry.op),
    parameters,
    inputs: tensors("input"),
    outputs: tensors("output"),
    arenaBytes: arena?.role === "arena" ? arena.bytes : 0,
  };
}
