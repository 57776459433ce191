import { closeSync, openSync, readSync, realpathSync, statSync } from "node:fs";
import { isAbsolute, join, relative, sep, win32 } from "node:path";
import { CompileError } from "../../support/diagnostic.ts";
import type { Location } from "../../support/location.ts";
import { onnxDiagnostics, quote } from "./diagnostics.ts";
import type { TensorProto } from "./protobuf/onnx_pb.ts";

/** Larger reads are refused: a sparse file can claim any size. */
const largestRead = 2 ** 33;

/**
 * The bytes of a tensor with external data: exactly `expectedLength` of them, read from a file inside `folder`. Absolute
 * paths, `..`, and symbolic links that lead out of the folder are refused; nothing but the tensor's range is read.
 * @throws CompileError
 */
export function readExternalData(
  tensor: TensorProto,
  expectedLength: number,
  folder: string | undefined,
  location: Location,
): Uint8Array {
  const name = quote(tensor.name);
  if (folder === undefined) throw new CompileError([onnxDiagnostics.at("external-refused", location, { name })]);
  const entries = new Map(tensor.externalData.map(({ key, value }) => [key, value]));
  const stated = entries.get("location") ?? "";
  const refuse = (problem: string): never => {
    const values = { name, path: quote(stated), problem };
    throw new CompileError([onnxDiagnostics.at("external-location", location, values)]);
  };
  const byteCount = (key: string): number | undefined => {
    const text = entries.get(key);
    if (text === undefined) return undefined;
    const count = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
    if (Number.isSafeInteger(count)) return count;
    throw new CompileError([onnxDiagnostics.at("external-field", location, { name, key, value: quote(text) })]);
  };

  const file = resolveInside(folder, stated, refuse);
  const offset = byteCount("offset") ?? 0;
  const size = statSync(file).size;
  const length = byteCount("length") ?? Math.max(0, size - offset);
  if (offset + length > size) {
    const values = { name, begin: offset, end: offset + length, path: quote(stated), size };
    throw new CompileError([onnxDiagnostics.at("external-too-short", location, values)]);
  }
  if (length !== expectedLength) return refuse(`it has ${length} bytes, but the tensor has ${expectedLength}`);
  if (length > largestRead) return refuse(`it has ${length} bytes; more than ${largestRead} cannot be held`);
  return readRange(file, offset, length, refuse);
}

/** The real path of `stated` inside `folder`. */
function resolveInside(folder: string, stated: string, refuse: (problem: string) => never): string {
  if (stated === "") return refuse("the location is missing");
  if (stated.includes("\0")) return refuse("the path has a NUL character");
  if (isAbsolute(stated) || win32.isAbsolute(stated)) return refuse("the path is absolute");
  if (stated.split(/[\\/]/).includes("..")) return refuse("the path leaves the model's folder");
  let file: string;
  let root: string;
  try {
    root = realpathSync(folder === "" ? "." : folder);
    file = realpathSync(join(root, stated));
  } catch {
    return refuse("there is no such file");
  }
  const fromRoot = relative(root, file);
  if (fromRoot === ".." || fromRoot.startsWith(`..${sep}`) || isAbsolute(fromRoot)) {
    return refuse("a symbolic link leads out of the model's folder");
  }
  // Pipes and devices could block or never end.
  if (!statSync(file).isFile()) return refuse("it is not a regular file");
  return file;
}

function readRange(
  file: string,
  offset: number,
  length: number,
  refuse: (problem: string) => never,
): Uint8Array<ArrayBuffer> {
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch {
    return refuse("the file cannot be opened");
  }
  try {
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length;) {
      const count = readSync(descriptor, bytes, done, Math.min(length - done, 2 ** 30), offset + done);
      if (count === 0) return refuse("the file became shorter while it was read");
      done += count;
    }
    return bytes;
  } finally {
    closeSync(descriptor);
  }
}
