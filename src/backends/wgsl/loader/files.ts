import type { HostFunction, WebGpuManifest } from "../manifest.ts";
import type { ModelSource } from "./weft-webgpu.d.ts";
import { messageOf, WeftError } from "./weft-error.ts";

/** Functions of the host file, by name. */
export type HostFunctions = Readonly<Record<string, HostFunction | undefined>>;

/** An artifact's files. */
export interface Files {
  bytes(name: string): Promise<Uint8Array<ArrayBuffer>>;
  text(name: string): Promise<string>;
  functions(name: string): Promise<HostFunctions>;
}

/** Where files come from: their contents, and addresses for modules. */
interface Place {
  bytes(name: string): Promise<Uint8Array<ArrayBuffer>>;
  address(name: string): Promise<string>;
}

/** The files of a model, from wherever they are. */
export function filesOf(source: ModelSource): Files {
  const place = typeof source === "string" || source instanceof URL ? folderAt(source) : givenFiles(source);
  /** The result, or an error that names the file. */
  const named = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      throw new WeftError("bad-artifact", `${name}: ${messageOf(cause)}`, { place: name, cause });
    }
  };
  const bytes: Files["bytes"] = (name) => named(name, () => place.bytes(name));
  return {
    bytes,
    text: async (name) => new TextDecoder().decode(await bytes(name)),
    functions: (name) =>
      named(
        name,
        async () =>
          (await import(/* @vite-ignore */ /* webpackIgnore: true */ await place.address(name))) as HostFunctions,
      ),
  };
}

function folderAt(source: string | URL): Place {
  // In a page an address may be relative; elsewhere it is whole.
  const { document } = globalThis as { readonly document?: { readonly baseURI: string } };
  const folder = new URL(source, document?.baseURI);
  if (!folder.pathname.endsWith("/")) folder.pathname += "/";
  const addressOf = (name: string): string => {
    const address = new URL(encodeURIComponent(name), folder);
    // A signature, say, that each file needs.
    address.search = folder.search;
    return address.href;
  };
  return {
    async bytes(name) {
      const response = await fetch(addressOf(name));
      if (!response.ok) throw new Error(`${response.url}: ${response.status} ${response.statusText}`);
      return new Uint8Array(await response.arrayBuffer());
    },
    address: async (name) => addressOf(name),
  };
}

function givenFiles(files: Exclude<ModelSource, string | URL>): Place {
  const bytes: Place["bytes"] = async (name) => {
    const content = files.get(name);
    if (content === undefined) throw new Error("the file is missing");
    const pieces = typeof content === "string" || content instanceof Uint8Array ? [content] : content;
    return new Uint8Array(await new Blob(pieces as Uint8Array<ArrayBuffer>[]).arrayBuffer());
  };
  return {
    bytes,
    address: async (name) => `data:text/javascript,${encodeURIComponent(new TextDecoder().decode(await bytes(name)))}`,
  };
}

/** Reads the manifest, so far as to know that it is one. */
export async function readManifest(files: Files): Promise<WebGpuManifest> {
  const place = "manifest.json";
  const text = await files.text(place);
  const refuse = (problem: string): never => {
    throw new WeftError("bad-artifact", `${place}: ${problem}`, { place });
  };
  let manifest: WebGpuManifest;
  try {
    manifest = JSON.parse(text) as WebGpuManifest;
  } catch (cause) {
    return refuse(messageOf(cause));
  }
  if (manifest?.format !== "weft-artifact" || manifest.backend !== "wgsl") refuse("not a model compiled for WebGPU");
  // A later version of the compiler may have written it.
  if ((manifest.version as number) !== 1) refuse(`version ${manifest.version}, where this loader reads version 1`);
  return manifest;
}
