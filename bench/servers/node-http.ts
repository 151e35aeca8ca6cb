// Node's own HTTP server, as little around it as can be: an answer from memory, or a file through a pipeline.
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream/promises";
import { GREETING, HOST, KIBIBYTE } from "../wire.ts";

const what = process.argv[2] ?? "kibibyte";
const content = what === "greeting" ? GREETING : KIBIBYTE;

function answerFromMemory(response: ServerResponse): void {
  response.writeHead(200, {
    "Content-Type": "application/octet-stream",
    "Content-Length": content.byteLength,
    "Last-Modified": "Fri, 01 Aug 2025 12:00:00 GMT",
    ETag: '"5f1c-198654a3c00"',
    "Accept-Ranges": "bytes",
  });
  response.end(content);
}

async function answerFromFile(path: string, response: ServerResponse): Promise<void> {
  const { size } = await stat(path);
  response.writeHead(200, { "Content-Type": "application/octet-stream", "Content-Length": size });
  await pipeline(createReadStream(path), response);
}

const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0 }, (request, response) => {
  if (request.url === "/large.bin") answerFromFile(what, response).catch(() => response.destroy());
  else answerFromMemory(response);
});
server.listen({ port: 0, host: HOST, backlog: 4096 }, () => {
  console.log(`http://${HOST}:${(server.address() as AddressInfo).port}`);
});
