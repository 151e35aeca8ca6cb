// Finds out who listens on a TCP port, where the system tells it without help: Linux, by /proc.

import { readdir, readFile, readlink } from "node:fs/promises";

const LISTENING = "0A";

/** The program that listens on a port, as "nginx (process 1234)"; undefined when it cannot be told. */
export async function ownerOfPort(port: number): Promise<string | undefined> {
  if (process.platform !== "linux") return undefined;
  try {
    const sockets = await listeningSockets(port);
    return sockets.size === 0 ? undefined : await processWith(sockets);
  } catch {
    // It is a courtesy: where /proc is hidden the message does without it.
    return undefined;
  }
}

async function listeningSockets(port: number): Promise<Set<string>> {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const found = new Set<string>();
  for (const table of ["/proc/net/tcp", "/proc/net/tcp6"]) {
    const text = await readFile(table, "utf8").catch(() => "");
    for (const line of text.split("\n").slice(1)) {
      const columns = line.trim().split(/\s+/);
      if (columns[3] === LISTENING && columns[1]?.endsWith(suffix)) found.add(`socket:[${columns[9]}]`);
    }
  }
  return found;
}

async function processWith(sockets: ReadonlySet<string>): Promise<string | undefined> {
  for (const pid of await readdir("/proc")) {
    if (!/^\d+$/.test(pid)) continue;
    const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const descriptor of descriptors) {
      const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => "");
      if (!sockets.has(target)) continue;
      const name = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "");
      return `${name.trim() || "a program"} (process ${pid})`;
    }
  }
  return undefined;
}
