import { createReadStream, realpathSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize, sep } from "node:path";

/** A folder that a browser on this machine can read. */
export interface ServedFolder {
  /** `http://127.0.0.1:PORT/`. */
  readonly url: string;
  close(): Promise<void>;
}

const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".wgsl": "text/plain; charset=utf-8",
  ".ts": "text/plain; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
};

/**
 * Serves a folder's files to browsers on this machine (WebGPU wants a secure context: `file:` is none, 127.0.0.1 is one).
 * @param port 0 takes any that is free
 */
export async function serveFolder(folder: string, port = 0): Promise<ServedFolder> {
  const root = realpathSync(folder);
  const server = createServer((request, response) => answer(root, request, response));
  await new Promise<void>((listening, fail) => {
    server.once("error", fail);
    server.listen(port, "127.0.0.1", listening);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => closed(server),
  };
}

function answer(root: string, { method, url = "/" }: IncomingMessage, response: ServerResponse): void {
  const file = method === "GET" || method === "HEAD" ? fileOf(root, url) : undefined;
  if (file === undefined) {
    response.writeHead(404, { "Content-Type": "text/plain" }).end("not found\n");
    return;
  }
  response.writeHead(200, {
    "Content-Type": contentTypes[extname(file.path)] ?? "application/octet-stream",
    "Content-Length": file.size,
    // What was compiled again must be loaded again.
    "Cache-Control": "no-store",
  });
  if (method === "HEAD") response.end();
  else
    createReadStream(file.path)
      .on("error", () => response.destroy())
      .pipe(response);
}

/** The file that a request names: one inside the folder, also behind links, or nothing. */
function fileOf(root: string, url: string): { readonly path: string; readonly size: number } | undefined {
  try {
    const { pathname } = new URL(url, "http://127.0.0.1");
    const wanted = normalize(join(root, decodeURIComponent(pathname)));
    const path = realpathSync(pathname.endsWith("/") ? join(wanted, "index.html") : wanted);
    const status = statSync(path);
    return path.startsWith(root + sep) && status.isFile() ? { path, size: status.size } : undefined;
  } catch {
    return undefined;
  }
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((done) => void server.close(() => done()));
}
