import { makeBuffers } from "./buffers.ts";
import type { Context } from "./context.ts";
import { contextFor } from "./device.ts";
import { filesOf, readManifest } from "./files.ts";
import { makeModel } from "./model.ts";
import { makeProgram } from "./program.ts";
import type { LoadOptions, Model, ModelSource } from "./weft-webgpu.d.ts";
import { messageOf, WeftError } from "./weft-error.ts";

/** See the declaration of `Weft.load` in `weft-webgpu.d.ts`. */
export async function load(source: ModelSource, options: LoadOptions = {}): Promise<Model> {
  let context: Context | undefined;
  try {
    const files = filesOf(source);
    const manifest = await readManifest(files);
    context = await contextFor(manifest, options);
    const buffers = await makeBuffers(manifest, files, context);
    return makeModel(manifest, context, buffers, await makeProgram(manifest, files, context, buffers));
  } catch (cause) {
    const error =
      cause instanceof WeftError
        ? cause
        : new WeftError("bad-artifact", `the model cannot be loaded: ${messageOf(cause)}`, { cause });
    context?.end(error);
    throw error;
  }
}
