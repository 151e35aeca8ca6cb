// Children of the benchmark: started apart, asked for what they used, and always ended. CPU and memory come
// from /proc where there is one, and elsewhere from the child itself (watch.mjs).
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const HAS_PROC: boolean = existsSync("/proc/self/stat");
/** Clock ticks a second in /proc/PID/stat: USER_HZ, which is 100 wherever Node runs. */
const TICKS = 100;
const WATCH = new URL("watch.mjs", import.meta.url).href;
const START_MS = 15_000;

const running = new Set<ChildProcess>();
process.on("exit", () => {
  // Not SIGKILL: nginx has to end its workers.
  for (const child of running) child.kill("SIGTERM");
});

export interface Child {
  readonly pid: number;
  /** What the child printed so far, both streams. */
  output(): string;
  /** Waits until the output matches; throws when the child ends or says nothing that matches. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** Sends a question to a Node child, and gives its answer. */
  ask(question: string, argument?: unknown): Promise<unknown>;
  ended(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts a script of this folder (".ts" through tsx) or of dist/ in a Node of its own. */
export function startNode(script: string, args: readonly string[] = []): Child {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const loader = path.endsWith(".ts") ? ["--import", "tsx"] : [];
  return start(process.execPath, ["--expose-gc", ...loader, "--import", WATCH, path, ...args], true);
}

export function start(command: string, args: readonly string[], ipc = false): Child {
  const child = spawn(command, args, {
    stdio: ["ignore", "pipe", "pipe", ...(ipc ? (["ipc"] as const) : [])],
  });
  running.add(child);
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", (part) => (text += part));
  const end = once(child, "close").then(([code]): number => {
    running.delete(child);
    return code ?? 1;
  });
  let questions = 0;
  return {
    pid: child.pid ?? 0,
    output: () => text,
    printed: async (pattern) => {
      const until = Date.now() + START_MS;
      for (;;) {
        const found = pattern.exec(text);
        if (found !== null) return found;
        if (child.exitCode !== null || Date.now() > until) {
          throw new Error(`Cannot start ${command} ${args.join(" ")}: it said\n${text}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    ask: (question, argument) => {
      const id = ++questions;
      const answered = new Promise((resolve) => {
        const listen = (message: { id?: number; answer?: unknown }): void => {
          if (message.id !== id) return;
          child.off("message", listen);
          resolve(message.answer);
        };
        child.on("message", listen);
      });
      child.send({ id, question, argument });
      const failed = end.then((code) => {
        throw new Error(`Cannot ask for "${question}": the child ended with ${code}, and said\n${text}`);
      });
      return Promise.race([answered, failed]);
    },
    ended: () => end,
    stop: async () => {
      // The process is the benchmark's own: no grace is owed, and none can hold up the next round.
      const timer = setTimeout(() => child.kill("SIGKILL"), 2000);
      child.kill("SIGTERM");
      await end;
      clearTimeout(timer);
    },
  };
}

/** The CPU time that the child and its own children used so far, user and system, in microseconds. */
export async function cpuMicros(child: Child): Promise<number> {
  if (!HAS_PROC) return Number(await child.ask("cpu"));
  const ticks = family(child.pid).map((pid) => Number(stat(pid)[11]) + Number(stat(pid)[12]));
  return (ticks.reduce((sum, each) => sum + each, 0) / TICKS) * 1e6;
}

/** The resident memory of the child and its own children, in bytes. */
export async function residentBytes(child: Child): Promise<number> {
  if (!HAS_PROC) return Number(await child.ask("memory"));
  const kibibytes = family(child.pid).map((pid) => {
    const status = readFileSync(`/proc/${pid}/status`, "latin1");
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
  });
  return kibibytes.reduce((sum, each) => sum + each, 0) * 1024;
}

/** The fields of /proc/PID/stat after the command's name, which may itself contain spaces and brackets. */
function stat(pid: number): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, "latin1");
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
}

function family(parent: number): number[] {
  const pids = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return [parent, ...pids.filter((pid) => isChildOf(pid, parent))];
}

function isChildOf(pid: number, parent: number): boolean {
  try {
    return Number(stat(pid)[1]) === parent;
  } catch {
    return false; // It ended between the listing and the reading.
  }
}

/** The path of an installed command, or undefined. Servers often live where only root's PATH looks. */
export function findCommand(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}
