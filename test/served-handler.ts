// A handler behind a real server on the loopback, and the simplest client that can be: one connection for each
// request, everything read until the server closes. It judges nothing.

import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { TestContext } from "node:test";
import type { Handler } from "../src/message/response.ts";
import { createServer, type Server } from "../src/server/server.ts";
import { type Answer, parse, type RequestFields, readAll } from "./served-folder.ts";

export interface ServedHandler {
  readonly server: Server;
  readonly port: number;
  /** Errors that the handler threw and no rule provides for. */
  readonly faults: readonly unknown[];
  /** A field with the value undefined is left out. */
  ask(
    method: string,
    target: string,
    fields?: { readonly [name: string]: string | undefined },
    body?: string | Uint8Array,
  ): Promise<Answer>;
}

/** Serves until the test ends. */
export async function serveHandler(t: TestContext, handler: Handler): Promise<ServedHandler> {
  const faults: unknown[] = [];
  const server = createServer({ handler, onError: (error) => faults.push(error) });
  const { port } = await server.listen({ host: "127.0.0.1", port: 0 });
  t.after(() => server.stop(0));
  return {
    server,
    port,
    faults,
    ask: async (method, target, fields = {}, body) => {
      const socket = await open(port);
      socket.write(headOf(method, target, fields, body), "latin1");
      if (body !== undefined) socket.write(body);
      return parse(await readAll(socket), method);
    },
  };
}

function headOf(
  method: string,
  target: string,
  fields: RequestFields | { readonly [name: string]: string | undefined },
  body: string | Uint8Array | undefined,
): string {
  const lines = [`${method} ${target} HTTP/1.1`, "Host: localhost", "Connection: close"];
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) lines.push(`${name}: ${value}`);
  }
  if (body !== undefined) lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
  return `${lines.join("\r\n")}\r\n\r\n`;
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ host: "127.0.0.1", port, noDelay: true });
  await once(socket, "connect");
  return socket;
}
