// Starts each server of the benchmark and says where it listens.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { type Child, findCommand, start, startNode } from "../child.ts";
import { HOST } from "../wire.ts";

export interface RunningServer {
  readonly child: Child;
  readonly port: number;
}

const ADDRESS = /http:\/\/127\.0\.0\.1:(\d+)/;

async function listening(child: Child): Promise<RunningServer> {
  const [, port] = await child.printed(ADDRESS);
  return { child, port: Number(port) };
}

export function startFloor(content: "kibibyte" | "greeting"): Promise<RunningServer> {
  return listening(startNode("servers/floor.ts", [content]));
}

/** Node's HTTP server; "kibibyte" and "greeting" come from memory, a path is the file behind /large.bin. */
export function startNodeHttp(content: string): Promise<RunningServer> {
  return listening(startNode("servers/node-http.ts", [content]));
}

export function sockeyeIsBuilt(): boolean {
  return ["cli/main.js", "index.js"].every((file) =>
    existsSync(new URL(`../../dist/${file}`, import.meta.url)),
  );
}

/** `sockeye serve` on a folder, as a user runs it. */
export function startSockeyeFiles(folder: string): Promise<RunningServer> {
  return listening(startNode("../dist/cli/main.js", ["serve", folder, "--port", "0", "--log", "none"]));
}

/** `sockeye serve` on mounts. */
export function startSockeyeMounts(mounts: readonly string[]): Promise<RunningServer> {
  const flags = mounts.flatMap((mount) => ["--mount", mount]);
  return listening(startNode("../dist/cli/main.js", ["serve", ...flags, "--port", "0", "--log", "none"]));
}

/** node:http with a Map, whose writes go to a file in the folder, too. */
export function startMap(folder: string): Promise<RunningServer> {
  return listening(startNode("servers/map.ts", [join(folder, "journal")]));
}

const JSON_SERVER = "json-server/lib/cli/bin.js";

/** json-server on a file, where it is installed: `npm install --no-save json-server`. */
export async function startJsonServer(file: string): Promise<RunningServer | undefined> {
  const script = new URL(`../../node_modules/${JSON_SERVER}`, import.meta.url);
  if (!existsSync(script)) return undefined;
  const port = await freePort();
  const flags = ["--port", String(port), "--host", HOST, "--quiet", file];
  const child = startNode(`../node_modules/${JSON_SERVER}`, flags);
  await answers(port, child, "/db");
  return { child, port };
}

/** The library with a handler that answers a constant. */
export function startSockeyeConstant(): Promise<RunningServer> {
  return listening(startNode("servers/sockeye.ts"));
}

/**
 * nginx on a folder: one worker, sendfile, no log, a keep-alive without end; /greeting is a constant. With
 * `keepOpen` it opens a file once and looks at it again each second, as Sockeye does by default.
 */
export async function startNginx(folder: string, keepOpen = false): Promise<RunningServer | undefined> {
  const command = findCommand("nginx");
  if (command === undefined) return undefined;
  const port = await freePort();
  const prefix = join(folder, "..", `nginx-${port}`);
  mkdirSync(prefix);
  const cache = keepOpen
    ? "open_file_cache max=100; open_file_cache_valid 1s; open_file_cache_min_uses 1;"
    : "";
  writeFileSync(join(prefix, "nginx.conf"), nginxConfiguration(folder, prefix, port, cache));
  const child = start(command, ["-p", prefix, "-e", "stderr", "-c", join(prefix, "nginx.conf")]);
  await answers(port, child, "/greeting");
  return { child, port };
}

function nginxConfiguration(folder: string, prefix: string, port: number, cache: string): string {
  const kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  const temporary = kinds.map((kind) => `${kind}_temp_path ${prefix}/${kind};`).join(" ");
  // The worker of a master that runs as root would otherwise be a user who cannot read the folder.
  return `
    ${process.getuid?.() === 0 ? "user root;" : ""}
    daemon off; worker_processes 1; pid ${prefix}/pid; error_log stderr crit;
    events { worker_connections 12000; }
    http {
      ${temporary}
      access_log off; sendfile on; tcp_nopush on; tcp_nodelay on;
      keepalive_timeout 1h; keepalive_requests 1000000000;
      default_type application/octet-stream;
      ${cache}
      server {
        listen ${HOST}:${port} backlog=4096;
        root ${folder};
        location = /greeting { return 200 "Hello, world!"; }
      }
    }`;
}

/** Not everybody can be asked for any port, so one is found for them. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().on("error", reject);
    probe.listen(0, HOST, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

async function answers(port: number, child: Child, path: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const answer = await fetch(`http://${HOST}:${port}${path}`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Cannot start the server: it said\n${child.output()}`);
}
