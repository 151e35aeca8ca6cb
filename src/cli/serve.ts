// `sockeye serve`: mounts and flags in, a running server out, until a signal ends it.

import { hostname } from "node:os";
import { Command, Option } from "commander";
import type { Handler } from "../message/response.ts";
import { ownAddresses } from "../net/listen.ts";
import { MOUNT_LIST_METHODS, mountListHandler } from "../resource/mount-list.ts";
import { headsOf, LOG_FORMATS, type LogFormat, logLine } from "../server/access-log.ts";
import { exactHostTest, guardHosts, guardOrigins, hostTest } from "../server/guard.ts";
import type { ExchangeRecord } from "../server/options.ts";
import { createRouter, type Mount } from "../server/router.ts";
import { createServer, type Server } from "../server/server.ts";
import { EXIT } from "./exit-codes.ts";
import { greeting } from "./greeting.ts";
import { shortMountHelp } from "./mount-help.ts";
import { MOUNT_KINDS } from "./mount-kinds.ts";
import { checkMounts, type MountSpec, parseMount } from "./mount-spec.ts";
import type { OpenMount } from "./mounts.ts";
import {
  givenSettings,
  hostName,
  portNumber,
  settingOptions,
  webOrigin,
  wholeNumber,
} from "./server-flags.ts";
import { painter, wantsColor } from "./terminal.ts";

interface ServeOptions {
  readonly host: string;
  readonly port: number;
  readonly socket?: string;
  readonly mount: readonly MountSpec[];
  readonly readOnly: boolean;
  readonly dotfiles: boolean;
  readonly followLinks: boolean;
  readonly compress: boolean;
  readonly cacheSeconds: number;
  readonly allowHost: readonly string[];
  readonly cors: readonly string[];
  readonly allowEnd: boolean;
  readonly log: LogFormat;
  readonly verbose: boolean;
  readonly stopTimeout: number;
}

/** What holds for switches and lists that the command line does not name. */
const NOT_ASKED = {
  mount: [],
  readOnly: false,
  dotfiles: false,
  followLinks: false,
  allowHost: [],
  cors: [],
  allowEnd: false,
  verbose: false,
} as const;

/** A folder that the command line names by itself. */
const PLAIN = { options: new Map<string, never>(), doubt: undefined };

const EXAMPLES = `
Examples:
  sockeye serve                                     this folder, on http://127.0.0.1:3091
  sockeye serve public --read-only --port 8080
  sockeye serve --mount /=files:site --mount /up=files:uploads,dotfiles
  sockeye serve --mount /kv=kv:./data --mount /animals=records:./zoo,schema=animal.schema.json
  sockeye serve --host 0.0.0.0 --allow-host files.example.com
  sockeye serve --socket /run/sockeye.sock`;

export function serveCommand(): Command {
  const command = new Command("serve")
    .summary("serve folders and stores: read and write over HTTP")
    .description(
      "Serves a folder, by default the current one, on http://127.0.0.1:3091.\n" +
        "GET, HEAD, PUT, POST (append), PATCH (resume), DELETE and OPTIONS act on its real files.\n" +
        "With --mount, other things besides: values by key, JSON records, pages, forms.",
    )
    .argument("[dir]", "folder to serve at /")
    .option("--host <address>", "address or name to listen on", "127.0.0.1")
    .option("-p, --port <port>", "port to listen on; 0 lets the system choose", portNumber, 3091)
    .option("--socket <path>", "listen on a UNIX socket instead")
    .option(
      "-m, --mount <path=kind:where>",
      "serve something at a path; repeatable. Kinds are below",
      collectMounts,
    )
    .option("--read-only", "switch writing off")
    .option("--dotfiles", "show names that begin with a dot")
    .option("--follow-links", "follow symbolic links that lead out of the folder")
    .option("--no-compress", "send texts as they are")
    .option(
      "--cache-seconds <seconds>",
      "trust a small file in memory so long; 0: look at the disk each time",
      wholeNumber,
      1,
    )
    .option(
      "--allow-host <name>",
      "answer for this Host, too; repeatable. .example.com: all below it, *: any",
      collectHosts,
    )
    .option("--cors <origin>", "let pages of this origin read and write; repeatable. *: any", collectOrigins)
    .option("--allow-end", "let END, sent to a form mount from this machine, stop the server")
    .addOption(new Option("--log <format>", "a line for each exchange").choices(LOG_FORMATS).default("dev"))
    .option("-v, --verbose", "print whole header sections, as received and as sent")
    .addOption(
      new Option("--stop-timeout <ms>", "how long running exchanges may go on after a signal")
        .argParser(wholeNumber)
        .default(10_000, "10,000"),
    )
    .addHelpText("after", `${shortMountHelp()}${EXAMPLES}`)
    .action((dir: string | undefined, options: ServeOptions & { [name: string]: unknown }) =>
      serve(dir, { ...NOT_ASKED, ...options }),
    );
  for (const option of settingOptions()) command.addOption(option);
  return command;
}

function collectHosts(value: string, before: readonly string[] = []): string[] {
  return [...before, hostName(value)];
}

function collectOrigins(value: string, before: readonly string[] = []): string[] {
  return [...before, webOrigin(value)];
}

function collectMounts(value: string, before: readonly MountSpec[] = []): MountSpec[] {
  return [...before, parseMount(value)];
}

async function serve(
  dir: string | undefined,
  options: ServeOptions & { [name: string]: unknown },
): Promise<void> {
  const specs = [...options.mount];
  if (dir !== undefined || specs.length === 0)
    specs.unshift({ path: "/", kind: "files", where: dir ?? ".", ...PLAIN });
  checkMounts(specs);
  const hosts = [...options.allowHost, ...boundHosts(options)];
  const isOurs = hostTest(hosts);
  const end = new AbortController();
  // Loaded here, for the other commands are to begin at once.
  const { Mounts } = await import("./mounts.ts");
  const mounts = new Mounts({
    ...options,
    isOurHost: exactHostTest(hosts),
    onEnd: options.allowEnd ? () => end.abort() : undefined,
  });
  try {
    for (const spec of specs) await mounts.open(spec);
    const routes = withList(mounts.list).map((mount) => ({
      ...mount,
      handler: guardOrigins(mount.handler, { origins: options.cors }),
    }));
    const guard = (handler: Handler): Handler => guardHosts(handler, isOurs);
    const server = createServer({
      handler: createRouter(routes, guard),
      onExchange: exchangeLog(options),
      ...givenSettings(options),
    });
    const { socket, host, port } = options;
    const address = await server.listen(socket === undefined ? { host, port } : { path: socket });
    process.stdout.write(greeting(address, mounts.list, painter(wantsColor(process.stdout))));
    await untilStopped(server, options.stopTimeout, end.signal);
  } finally {
    await mounts.close();
  }
}

/** The mounts; where none of them has "/", a list of them is there. A form refuses foreign hosts itself, in its own words. */
function withList(opened: readonly OpenMount[]): readonly Mount[] {
  const mounts = opened.map((mount) => ({ ...mount, takesAll: mount.spec.kind === "form" }));
  if (mounts.some(({ path }) => path === "/")) return mounts;
  const listed = mounts.map(({ path, methods, spec: { kind } }) => ({
    path,
    kind,
    methods,
    description: MOUNT_KINDS[kind].summary,
  }));
  return [...mounts, { path: "/", handler: mountListHandler(listed), methods: MOUNT_LIST_METHODS }];
}

/** The names under which the address that is bound can be asked for. Nobody gets at a UNIX socket through a browser. */
function boundHosts({ host, socket }: ServeOptions): string[] {
  if (socket !== undefined) return ["*"];
  // People do type the address that stands for all of them.
  if (host === "0.0.0.0" || host === "::")
    return [host, ...ownAddresses(), hostname(), `${hostname()}.local`];
  return [host];
}

/** Lines are gathered and written together: one system call for many exchanges. */
function exchangeLog({ log, verbose }: ServeOptions): ((record: ExchangeRecord) => void) | undefined {
  if (log === "none" && !verbose) return undefined;
  const paint = painter(wantsColor(process.stdout) && log === "dev");
  let waiting = "";
  return (record) => {
    const line = logLine(log, record, new Date(), paint);
    if (waiting === "") {
      setImmediate(() => {
        process.stdout.write(waiting);
        waiting = "";
      });
    }
    if (verbose) waiting += `${headsOf(record, paint)}\n`;
    if (line !== undefined) waiting += `${line}\n`;
  };
}

/** The first SIGINT or SIGTERM stops the server in good order, the second at once; `end` as a first one does. */
async function untilStopped(server: Server, stopTimeout: number, end: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    let asked = false;
    const stop = (signal: NodeJS.Signals): void => {
      if (asked) process.exit(signal === "SIGINT" ? EXIT.interrupted : 143);
      asked = true;
      const open = server.connections;
      if (open > 0) {
        const what = open === 1 ? "1 connection is" : `${open} connections are`;
        process.stderr.write(`Stopping; ${what} open. Again to quit at once.\n`);
      }
      server.stop(stopTimeout).then(resolve);
    };
    process.on("SIGINT", stop);
    process.on("SIGTERM", stop);
    end.addEventListener("abort", () => {
      asked = true;
      process.stdout.write("A client sent END: stopping.\n");
      server.stop(stopTimeout).then(resolve);
    });
  });
}
