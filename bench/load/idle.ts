// Holds connections that have each had one answer and now say nothing. Told over the channel to its parent:
// "open" so many, "probe" the latency of the next request.
import { Buffer } from "node:buffer";
import { connect, type Socket } from "node:net";
import { median } from "../contest.ts";
import { getRequest, HOST } from "../wire.ts";
import { createAnswerReader } from "./answer-reader.ts";

const AT_ONCE = 100;
const PROBES = 1000;

const port = Number(process.argv[2]);
const request = Buffer.from(getRequest(port, process.argv[3] ?? "/"), "latin1");
const held: Socket[] = [];
let lost = 0;

/** A connection that can be asked again and again, one request at a time. */
async function dial(): Promise<{ socket: Socket; ask: () => Promise<void> }> {
  let answered: (() => void) | undefined;
  const reader = createAnswerReader(() => answered?.());
  const socket = connect({ host: HOST, port, noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
  socket.on("error", () => socket.destroy());
  socket.on("data", (part) => reader.take(part, part.byteLength));
  return {
    socket,
    ask: () =>
      new Promise((resolve, reject) => {
        answered = resolve;
        socket.once("close", () => reject(new Error("Cannot ask: the server closed the connection")));
        socket.write(request);
      }),
  };
}

async function holdOne(): Promise<void> {
  const { socket, ask } = await dial();
  await ask();
  socket.removeAllListeners("close");
  socket.on("close", () => {
    lost += 1;
  });
  held.push(socket);
}

async function open(count: number): Promise<number> {
  while (held.length < count) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - held.length) }, holdOne));
  }
  return held.length;
}

/** The median latency of a request on a connection of its own, in milliseconds. */
async function probe(): Promise<number> {
  const { socket, ask } = await dial();
  socket.setMaxListeners(0);
  const latencies: number[] = [];
  for (let round = 0; round < PROBES; round += 1) {
    const start = performance.now();
    await ask();
    latencies.push(performance.now() - start);
  }
  socket.removeAllListeners("close");
  socket.destroy();
  return median(latencies);
}

async function answerTo(question: string, argument: unknown): Promise<unknown> {
  switch (question) {
    case "open":
      return open(Number(argument));
    case "probe":
      return probe();
    case "lost":
      return lost;
    default:
      return undefined;
  }
}

process.on(
  "message",
  async ({ id, question, argument }: { id: number; question: string; argument?: unknown }) => {
    const answer = await answerTo(question, argument);
    if (answer !== undefined) process.send?.({ id, answer });
  },
);
process.channel?.ref();
console.log("ready");
