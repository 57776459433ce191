import { CompileError } from "../../support/diagnostic.ts";
import { unknownLocation } from "../../support/location.ts";
import { type ChildReply, type ChildRequest, receiveTensors, sendTensors } from "./child.ts";
import { nativeDiagnostics } from "./diagnostics.ts";
import { loadNative, type NativeModel } from "./load.ts";

// The program of the child process: runs what it is sent, one model after the other.
const models = new Map<string, NativeModel>();

function answer({ id, files, inputs }: ChildRequest): ChildReply {
  try {
    const key = `${files.library}\0${files.manifest.prefix}\0${files.weights}`;
    const model = models.get(key) ?? loadNative(files.library, files.manifest, files.weights);
    models.set(key, model);
    return { id, outputs: sendTensors(model.run(receiveTensors(inputs))) };
  } catch (error) {
    if (error instanceof CompileError) return { id, diagnostics: error.diagnostics };
    const cause = error instanceof Error ? error.message : String(error);
    const values = { model: files.manifest.model, cause };
    return { id, diagnostics: [nativeDiagnostics.at("run-failed", unknownLocation, values)] };
  }
}

process.on("message", (request: ChildRequest) => void process.send?.(answer(request)));
process.on("disconnect", () => process.exit(0));
