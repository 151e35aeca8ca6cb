// The peer of a store: node:http with a Map. A value is read from memory; a write is appended to a file and
// synced by itself, one fsync for each, before it is answered.
import { type FileHandle, open } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { HOST } from "../wire.ts";

const values = new Map<string, Buffer>();
const journal: FileHandle = await open(process.argv[2] ?? "", "a");
let written: Promise<void> = Promise.resolve();

/** Writes go one after the other, so that the order of the journal is the order of the map. */
function write(key: string, value: Buffer): Promise<void> {
  written = written.then(async () => {
    await journal.write(Buffer.concat([Buffer.from(`${key} ${value.length}\n`), value]));
    await journal.datasync();
    values.set(key, value);
  });
  return written;
}

async function put(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  await write(request.url ?? "", Buffer.concat(pieces));
  response.writeHead(204).end();
}

function get(request: IncomingMessage, response: ServerResponse): void {
  const value = values.get(request.url ?? "");
  if (value === undefined) response.writeHead(404).end();
  else
    response
      .writeHead(200, { "Content-Type": "application/octet-stream", "Content-Length": value.length })
      .end(value);
}

const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0 }, (request, response) => {
  if (request.method === "PUT") put(request, response).catch(() => response.destroy());
  else get(request, response);
});
server.listen({ port: 0, host: HOST, backlog: 4096 }, () => {
  console.log(`http://${HOST}:${(server.address() as AddressInfo).port}`);
});
