// The commands together: which one a command line means, and how each ends.

import { Command, CommanderError } from "commander";
import { ListenError } from "../net/listen.ts";
import { VERSION } from "../version.ts";
import { completionCommand } from "./completion.ts";
import { CommandError, EXIT } from "./exit-codes.ts";
import { exportCommand } from "./export.ts";
import { importCommand } from "./import.ts";
import { mountHelp } from "./mount-help.ts";
import { requestCommand } from "./request.ts";
import { RUN_EXIT } from "./run/exit-codes.ts";
import { runCommand } from "./run.ts";
import { serveCommand } from "./serve.ts";
import { shellCommand } from "./shell.ts";
import { painter, wantsColor } from "./terminal.ts";

const USAGE = `serve [dir] [options]
       sockeye [method] <url> [item…] [options]
       sockeye shell [url]
       sockeye run <file…>
       sockeye import <file> <store> | export <store> [file]`;

const EXAMPLES = `
Examples:
  sockeye serve                             serve this folder on http://127.0.0.1:3091
  sockeye :3091/                            GET http://localhost:3091/
  sockeye PUT :3091/hello.txt @hello.txt    send a file
  sockeye -v POST example.com name=Kim      send JSON, show every header
  sockeye shell :3091/                      type requests, over one connection
  sockeye run --test tests/                 run files of requests and checks
  sockeye help mounts                       what a server can serve besides folders

Exit codes: 0 done; 1 failed; 2 usage; with --check-status 3 redirect, 4 for 4xx, 5 for 5xx;
6 no connection; 7 timeout; 8 not HTTP/1.1; 130 Ctrl-C.`;

/** The whole command line's grammar. */
export function createProgram(): Command {
  const program = new Command("sockeye")
    .description(
      "HTTP/1.1 from the socket up: a server that reads and writes what it serves, a client that hides nothing.",
    )
    .usage(USAGE)
    .version(VERSION, "-V, --version", "print the version")
    .helpOption("--help", "show help")
    .addHelpText("after", EXAMPLES);
  for (const command of [
    serveCommand(),
    requestCommand(),
    shellCommand(),
    runCommand(),
    importCommand(),
    exportCommand(),
    completionCommand(() => program),
  ]) {
    program.addCommand(
      command
        .helpOption("--help", "show help")
        .exitOverride()
        .configureOutput({ writeErr: () => undefined }),
    );
  }
  return program.exitOverride().configureOutput({ writeErr: () => undefined });
}

/** Runs a command line to its end and returns the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  if (argv[0] === "help" && argv[1] === "mounts") {
    process.stdout.write(mountHelp());
    return EXIT.ok;
  }
  const program = createProgram();
  const words = withCommand(program, argv);
  try {
    await program.parseAsync(words, { from: "user" });
    return process.exitCode === undefined ? EXIT.ok : Number(process.exitCode);
  } catch (error) {
    const command = program.commands.find((one) => one.name() === words[0])?.name();
    return report(error, command);
  }
}

/** A command line whose first word names no command is a request: `sockeye :3091/`. */
function withCommand(program: Command, argv: readonly string[]): string[] {
  const [first] = argv;
  const known = [...program.commands.map((command) => command.name()), "help"];
  const own = ["--help", "--version", "-V"];
  // Alone, -h is no wish for the headers of nothing.
  if (first === undefined || (first === "-h" && argv.length === 1)) return ["--help"];
  return known.includes(first) || own.includes(first) ? [...argv] : ["request", ...argv];
}

/** `command` is the one that was meant, if it was known. */
function report(error: unknown, command: string | undefined): number {
  if (error instanceof CommanderError) {
    // Help and version end this way, too, with 0.
    if (error.exitCode === 0) return EXIT.ok;
    const help = command === undefined ? "sockeye --help" : `sockeye ${command} --help`;
    const exitCode = command === "run" ? RUN_EXIT.usage : EXIT.usage;
    return fail(exitCode, error.message.replace(/^error: /, ""), `See ${help}.`);
  }
  if (error instanceof ListenError) return fail(EXIT.failure, error.message);
  if (error instanceof CommandError) return fail(error.exitCode, error.message);
  return fail(EXIT.failure, error instanceof Error ? (error.stack ?? error.message) : String(error));
}

function fail(exitCode: number, message: string, hint?: string): number {
  const paint = painter(wantsColor(process.stderr));
  process.stderr.write(`${paint("red", "sockeye:")} ${message}${hint === undefined ? "" : `\n${hint}`}\n`);
  return exitCode;
}
