// Sends ten gigabytes through the built server, up and then down, and prints how much memory it had on the way.
// An argument says how many gigabytes. Exit code 1 when the server grew by more than 64 MiB.
import { fork } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { root } from "./tool.mjs";

const MIB = 1024 * 1024;
const MOST = 64 * MIB;
const PIECE = Buffer.alloc(256 * 1024, "m");

/** The server's side: this file again, in a process of its own. */
async function serve() {
  const { createServer, Response } = await import(pathToFileURL(join(root, "dist/index.js")).href);
  async function* flow(bytes) {
    for (let left = bytes; left > 0; left -= PIECE.length) {
      yield PIECE.subarray(0, Math.min(left, PIECE.length));
    }
  }
  const server = createServer({
    handler: async ({ method, target, body }) => {
      if (method === "GET") return new Response(200, { body: flow(Number(target.path.slice(1))) });
      let bytes = 0;
      for await (const piece of body) bytes += piece.length;
      return new Response(200, { body: String(bytes) });
    },
  });
  process.on("message", () => process.send(process.memoryUsage.rss()));
  process.once("disconnect", () => server.stop(0));
  const { port } = await server.listen();
  process.send(port);
}

async function exchange(port, head, bytes, progress) {
  const socket = connect({ host: "127.0.0.1", port, noDelay: true });
  let moved = 0;
  let tail = "";
  socket.on("data", (data) => {
    if (bytes === 0) {
      moved += data.length;
      progress(moved);
    }
    tail = (tail + data.subarray(-16).toString("latin1")).slice(-16);
  });
  const ended = once(socket, "end");
  socket.write(`${head} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: ${bytes}\r\n\r\n`);
  while (moved < bytes) {
    const piece = PIECE.subarray(0, Math.min(PIECE.length, bytes - moved));
    const room = socket.write(piece);
    moved += piece.length;
    progress(moved);
    if (!room) await once(socket, "drain");
  }
  await ended;
  return { moved, tail };
}

async function measure(gigabytes) {
  const bytes = gigabytes * 1e9;
  const child = fork(fileURLToPath(import.meta.url), ["--serve"]);
  const [port] = await once(child, "message");
  const samples = [];
  child.on("message", (resident) => samples.push(resident));

  const run = async (name, head, sent) => {
    process.stdout.write(`${name}\n`);
    samples.length = 0;
    const began = performance.now();
    let told = 0;
    const sampler = setInterval(() => child.connected && child.send("memory"), 20);
    const { moved, tail } = await exchange(port, head, sent, (now) => {
      if (now - told < bytes / 10 || samples.length === 0) return;
      told = now;
      const resident = (samples.at(-1) / MIB).toFixed(0);
      process.stdout.write(`  ${(now / 1e9).toFixed(1).padStart(6)} GB  ${resident.padStart(5)} MiB\n`);
    });
    clearInterval(sampler);
    const seconds = (performance.now() - began) / 1000;
    if (sent > 0 ? !tail.endsWith(`\r\n${bytes}`) : moved < bytes) throw new Error(`${name} was cut short`);
    // The first samples are those of a server that has not got warm yet.
    const warm = samples[Math.floor(samples.length / 20)] ?? 0;
    const growth = Math.max(...samples) - warm;
    const rate = (bytes / 1e6 / seconds).toFixed(0);
    process.stdout.write(
      `  ${seconds.toFixed(1)} s, ${rate} MB/s; most ${(Math.max(...samples) / MIB).toFixed(0)} MiB, ` +
        `${(growth / MIB).toFixed(0)} MiB above the beginning\n`,
    );
    return growth;
  };

  const growth = Math.max(
    await run(`${gigabytes} GB up`, "PUT /", bytes),
    await run(`${gigabytes} GB down`, `GET /${bytes}`, 0),
  );
  child.disconnect();
  await once(child, "exit");
  process.exitCode = growth > MOST ? 1 : 0;
}

if (process.argv[2] === "--serve") await serve();
else await measure(Number(process.argv[2] ?? 10));
