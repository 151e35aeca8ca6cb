// A real folder behind a real server on the loopback, and the simplest client that can be: one connection for
// each request, everything read until the server closes. It judges nothing.

import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import type { Handler } from "../src/message/response.ts";
import { type FilesOptions, filesHandler } from "../src/resource/files/files.ts";
import { createServer } from "../src/server/server.ts";
import { openFolderTree } from "../src/store/folder/tree.ts";
import type { Tree } from "../src/store/tree.ts";

/** An answer as it came. */
export interface Answer {
  readonly status: number;
  /** From the status line to the empty line. */
  readonly head: string;
  /** By name in lower case. */
  readonly fields: ReadonlyMap<string, string>;
  /** Without the framing of chunks. */
  readonly body: Buffer;
  readonly text: string;
}

export type RequestFields = { readonly [name: string]: string | readonly string[] };

export interface ServedFolder {
  readonly folder: string;
  readonly tree: Tree;
  readonly port: number;
  /** Errors that the handler threw and no rule provides for. */
  readonly faults: readonly unknown[];
  ask(method: string, target: string, fields?: RequestFields, body?: string | Uint8Array): Promise<Answer>;
  /** A connection on which anything can be written. */
  connect(): Promise<Socket>;
  write(name: string, content: string | Uint8Array): Promise<void>;
  read(name: string): Promise<string>;
}

/** Serves a new folder with these files until the test ends: as a files mount, unless `serve` says what else. */
export async function serveFolder(
  context: TestContext,
  files: { readonly [name: string]: string | Uint8Array } = {},
  options: FilesOptions & { readonly followLinks?: boolean } = {},
  serve: (tree: Tree) => Handler = (tree) => filesHandler(tree, options),
): Promise<ServedFolder> {
  const folder = await mkdtemp(join(tmpdir(), "sockeye-files-"));
  const faults: unknown[] = [];
  const write = async (name: string, content: string | Uint8Array): Promise<void> => {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  };
  for (const [name, content] of Object.entries(files)) await write(name, content);
  const tree = await openFolderTree(folder, { followLinks: options.followLinks ?? false });
  const server = createServer({
    handler: serve(tree),
    onError: (error) => faults.push(error),
  });
  const { port } = await server.listen({ host: "127.0.0.1", port: 0 });
  context.after(async () => {
    await server.stop(0);
    await tree.close();
    await rm(folder, { recursive: true, force: true });
  });
  return {
    folder,
    tree,
    port,
    faults,
    ask: async (method, target, fields = {}, body) => {
      const socket = await open(port);
      const lines = [`${method} ${target} HTTP/1.1`, "Host: localhost", "Connection: close"];
      for (const [name, value] of Object.entries(fields)) {
        for (const one of typeof value === "string" ? [value] : value) lines.push(`${name}: ${one}`);
      }
      if (body !== undefined) lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
      socket.write(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
      if (body !== undefined) socket.write(body);
      return parse(await readAll(socket), method);
    },
    connect: () => open(port),
    write,
    read: (name) => readFile(join(folder, name), "utf8"),
  };
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port, noDelay: true }, () => resolve(socket));
    socket.once("error", reject);
  });
}

/** Everything until the other side closes. */
export async function readAll(socket: Socket): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of socket) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

/** Takes an answer apart whose connection was closed behind it. */
export function parse(bytes: Buffer, method = "GET"): Answer {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0)
    throw new Error(`Cannot find the end of a head in ${JSON.stringify(bytes.toString("latin1"))}`);
  const head = bytes.toString("latin1", 0, end + 2);
  const [statusLine = "", ...lines] = head.trimEnd().split("\r\n");
  const status = Number(statusLine.split(" ")[1]);
  if (status < 200) return parse(bytes.subarray(end + 4), method);
  const fields = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    fields.set(name, fields.has(name) ? `${fields.get(name)}, ${value}` : value);
  }
  const rest = bytes.subarray(end + 4);
  const chunked = fields.get("transfer-encoding") === "chunked" && method !== "HEAD";
  const body = chunked ? dechunk(rest) : rest;
  const length = fields.get("content-length");
  if (length !== undefined && method !== "HEAD" && status !== 304 && Number(length) !== body.length) {
    throw new Error(`Cannot take ${body.length} bytes for a body of ${length}`);
  }
  return { status, head, fields, body, text: body.toString("utf8") };
}

function dechunk(bytes: Buffer): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = bytes.indexOf("\r\n", at);
    const size = Number.parseInt(bytes.toString("latin1", at, end), 16);
    if (end < 0 || Number.isNaN(size)) throw new Error("Cannot find the last chunk: the body was cut short");
    if (size === 0) return Buffer.concat(pieces);
    pieces.push(bytes.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}
