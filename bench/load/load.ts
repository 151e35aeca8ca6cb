// Puts load on a server from another process, with wrk where it is installed, and gives the server's CPU time
// for each request.
import { type Child, cpuMicros, findCommand, start, startNode } from "../child.ts";
import type { Readings } from "../contest.ts";
import type { RunningServer } from "../servers/start.ts";
import { FIELDS, HOST } from "../wire.ts";
import type { Job, Outcome } from "./job.ts";

const CONNECTIONS = 64;

const wrk: string | undefined = findCommand("wrk");
export const LOAD_NAME: string = wrk === undefined ? "own load generator" : "wrk";

/** A GET of one path on 64 connections, ten header fields each. */
export async function loadWithGets(server: RunningServer, path: string, seconds: number): Promise<Readings> {
  const before = await cpuMicros(server.child);
  const outcome =
    wrk === undefined
      ? await generate(getJob(server.port, path, seconds))
      : await runWrk(wrk, server.port, path, seconds);
  return readingsOf(outcome, (await cpuMicros(server.child)) - before);
}

/** PUTs of 1 KiB below a path, sixteen keys for each connection. */
export async function loadWithPuts(
  server: RunningServer,
  path: string,
  connections: number,
  seconds: number,
): Promise<Readings> {
  const before = await cpuMicros(server.child);
  const job: Job = { port: server.port, seconds, connections, kind: "put", path, readSize: 16 * 1024 };
  const outcome = await generate(job);
  return readingsOf(outcome, (await cpuMicros(server.child)) - before);
}

/** Runs the project's own load generator, and fails when the server did. */
export async function generate(job: Job): Promise<Outcome> {
  const outcome = JSON.parse(
    await resultOf(startNode("load/generator.ts", [JSON.stringify(job)])),
  ) as Outcome;
  refuseErrors(outcome, job.kind === "put" ? "PUT" : job.path);
  return outcome;
}

export function readingsOf(outcome: Outcome, cpu: number): Readings {
  return {
    cpu: cpu / outcome.requests,
    rate: outcome.requests / outcome.seconds,
    latency: outcome.latencyMs,
  };
}

function getJob(port: number, path: string, seconds: number): Job {
  return { port, path, seconds, connections: CONNECTIONS, kind: "get", readSize: 64 * 1024 };
}

async function runWrk(command: string, port: number, path: string, seconds: number): Promise<Outcome> {
  const fields = FIELDS.flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
  const options = ["-t1", `-c${CONNECTIONS}`, `-d${Math.max(1, Math.round(seconds))}s`, "--latency"];
  const text = await resultOf(start(command, [...options, ...fields, `http://${HOST}:${port}${path}`]));
  const [, requests, span, unit] = /(\d+) requests in ([\d.]+)(s|ms|m)/.exec(text) ?? [];
  const [, median, scale] = /^\s*50%\s+([\d.]+)(us|ms|s)/m.exec(text) ?? [];
  const outcome: Outcome = {
    requests: Number(requests),
    bytes: 0,
    seconds: Number(span) * (unit === "m" ? 60 : unit === "ms" ? 0.001 : 1),
    errors: /Non-2xx|Socket errors/.test(text) ? 1 : 0,
    latencyMs: Number(median) * (scale === "us" ? 0.001 : scale === "s" ? 1000 : 1),
  };
  refuseErrors(outcome, path, text);
  return outcome;
}

/** A wrong answer is often a quick one: a reading with errors is none. */
function refuseErrors(outcome: Outcome, what: string, text = ""): void {
  if (outcome.errors > 0 || !(outcome.requests > 0)) {
    throw new Error(
      `Cannot measure ${what}: ${outcome.requests} requests, ${outcome.errors} errors\n${text}`,
    );
  }
}

async function resultOf(child: Child): Promise<string> {
  const code = await child.ended();
  if (code !== 0)
    throw new Error(`Cannot put load on the server: the generator ended with ${code}\n${child.output()}`);
  return child.output();
}
