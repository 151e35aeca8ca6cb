// A load generator on bare sockets: keeps each connection busy with one request at a time for so many seconds.
import { Buffer } from "node:buffer";
import { connect, type Socket } from "node:net";
import { median } from "../contest.ts";
import { getRequest, HOST, KIBIBYTE } from "../wire.ts";
import { createAnswerReader } from "./answer-reader.ts";
import type { Job, Outcome } from "./job.ts";

const PATHS_EACH = 16;

const job = JSON.parse(process.argv[2] ?? "{}") as Job;
const latencies: number[] = [];
const sockets = new Set<Socket>();
let requests = 0;
let bytes = 0;
let errors = 0;
let stopping = false;

function requestsOf(connection: number): Buffer[] {
  if (job.kind === "get") return [Buffer.from(getRequest(job.port, job.path), "latin1")];
  return Array.from({ length: PATHS_EACH }, (_, index) => {
    const target = `${job.path}c${connection}-${index}.bin`;
    const head = `PUT ${target} HTTP/1.1\r\nHost: ${HOST}:${job.port}\r\nContent-Length: ${KIBIBYTE.byteLength}\r\n\r\n`;
    return Buffer.concat([Buffer.from(head, "latin1"), KIBIBYTE]);
  });
}

function open(connection: number): void {
  const turns = requestsOf(connection);
  let turn = 0;
  let sentAt = 0;

  function send(): void {
    const request = turns[turn % turns.length];
    if (stopping || request === undefined) return;
    turn += 1;
    sentAt = performance.now();
    socket.write(request);
  }

  const reader = createAnswerReader((status) => {
    latencies.push(performance.now() - sentAt);
    requests += 1;
    if (status < 200 || status > 299) errors += 1;
    send();
  });
  const socket = connect({
    host: HOST,
    port: job.port,
    noDelay: true,
    onread: {
      buffer: Buffer.allocUnsafeSlow(job.readSize),
      callback: (size, buffer) => {
        bytes += size;
        reader.take(buffer as Buffer, size);
        return true;
      },
    },
  });
  sockets.add(socket);
  socket.on("connect", send);
  socket.on("error", () => {
    errors += 1;
  });
  socket.on("close", () => {
    sockets.delete(socket);
    // A server may end a connection after so many requests; one that refuses has been counted as an error.
    if (!stopping && errors < 1000) open(connection);
  });
}

const startedAt = performance.now();
for (let connection = 0; connection < job.connections; connection += 1) open(connection);

setTimeout(() => {
  const seconds = (performance.now() - startedAt) / 1000;
  stopping = true;
  const outcome: Outcome = { requests, bytes, seconds, errors, latencyMs: median(latencies) };
  console.log(JSON.stringify(outcome));
  for (const socket of sockets) socket.destroy();
}, job.seconds * 1000);
