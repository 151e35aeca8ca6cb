// A shell from its first line to its last: typed on a terminal, out of a pipe, or from the command line.

import type { ConnectionFlags } from "../connection-flags.ts";
import { EXIT } from "../exit-codes.ts";
import { streamOutput } from "../output.ts";
import type { Pretty, RequestFlags } from "../request-flags.ts";
import { QUITTING } from "./commands.ts";
import { complete } from "./completion.ts";
import { History, historyPath } from "./history.ts";
import { given, type Lines, linesOf, WrittenLines } from "./lines.ts";
import { plainScreen, type Screen } from "./screen.ts";
import { Shell } from "./shell.ts";
import { TerminalLines } from "./terminal-lines.ts";

export interface ShellOptions extends ConnectionFlags {
  /** Lines to run instead of those that are typed. */
  readonly command?: readonly string[];
  readonly verbose?: true;
  readonly pretty?: Pretty;
  readonly user?: string;
  readonly checkStatus?: true;
  readonly failFast?: true;
  readonly history: boolean;
}

/** Runs a shell to its end and returns the exit code. Throws CommandError and ClientError for a URL that cannot be used. */
export function runShell(url: string, options: ShellOptions): Promise<number> {
  const { stdin, stdout } = process;
  const typed = options.command === undefined && stdin.isTTY === true && stdout.isTTY === true;
  return typed ? runTyped(url, options) : runWritten(url, options);
}

async function runTyped(url: string, options: ShellOptions): Promise<number> {
  const history = new History(options.history ? historyPath() : undefined);
  let shell: Shell | undefined;
  const lines = new TerminalLines({
    stdin: process.stdin,
    stdout: process.stdout,
    history: history.lines,
    complete: async (line) => (shell === undefined ? [[], line] : complete(line, shell)),
    interrupt: () => shell?.interrupt() === true,
  });
  try {
    shell = makeShell(url, options, lines.screen, history, () => lines.prompt(shell?.prompt ?? ""));
    lines.screen.say(
      lines.screen.paint("dim", 'A line is a request, such as "get index.html". "help" shows more; q ends.'),
    );
    for (let line = await next(lines, shell); line !== undefined; line = await next(lines, shell)) {
      if (!QUITTING.includes(line.trim().toLowerCase())) history.add(line);
      if ((await shell.run(line, lines)) === "quit") break;
    }
    return EXIT.ok;
  } finally {
    lines.close();
    history.close();
    await shell?.close();
  }
}

async function runWritten(url: string, options: ShellOptions): Promise<number> {
  const { stdin, stdout, stderr } = process;
  const screen = plainScreen(streamOutput(stdout), stdout, stderr);
  const shell = makeShell(url, options, screen, new History(undefined), () => undefined);
  const lines =
    options.command === undefined
      ? new WrittenLines(linesOf(stdin), "line ")
      : new WrittenLines(given(options.command), "-c ");
  let interrupted = false;
  const interrupt = (): void => {
    // Whoever presses it twice will not wait for anything.
    if (interrupted) process.exit(EXIT.interrupted);
    interrupted = true;
    shell.interrupt();
    stdin.destroy();
  };
  process.on("SIGINT", interrupt);
  let failed = false;
  try {
    for (let line = await lines.next(); line !== undefined; line = await lines.next()) {
      const outcome = await shell.run(line, lines);
      if (outcome === "quit" || interrupted) break;
      if (outcome === "failed") failed = true;
      if (failed && options.failFast === true) break;
    }
  } catch (error) {
    if (!interrupted) throw error;
  } finally {
    process.off("SIGINT", interrupt);
    // Whoever still writes to it must not keep the command from ending.
    if (options.command === undefined) stdin.destroy();
    await shell.close();
  }
  if (interrupted) return EXIT.interrupted;
  return failed ? EXIT.failure : EXIT.ok;
}

function next(lines: Lines, shell: Shell): Promise<string | undefined> {
  return lines.next(shell.prompt, "line");
}

function makeShell(
  url: string,
  options: ShellOptions,
  screen: Screen,
  history: History,
  onState: () => void,
): Shell {
  const { checkStatus = false, failFast = false, command: _, history: __, ...shared } = options;
  const flags: RequestFlags = { ...shared, decode: true, ignoreStdin: true };
  return new Shell({ url, flags, checkStatus, failFast, screen, history, onState });
}
