// Where an answer's body goes: the screen, a file that appears when it is whole, the standard input of a command.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { CommandError, EXIT } from "../exit-codes.ts";
import type { Output } from "../output.ts";
import { PartFile } from "../part-file.ts";
import { partsOf, printPlan } from "../print-plan.ts";
import type { PrintPlan } from "../printing.ts";
import { formatBytes } from "../quantities.ts";
import type { RequestFlags } from "../request-flags.ts";
import type { Screen } from "./screen.ts";
import type { Destination } from "./words.ts";

export interface Opened {
  readonly out: Output;
  readonly printing: PrintPlan;
  /** All of the answer was written. Returns what to say of it; throws CommandError. */
  finish(): Promise<string | undefined>;
  /** It was not. */
  abandon(): Promise<void>;
}

/** The reader of a pipe has gone: it has seen enough, which is no error. */
export class ReaderGone extends Error {
  override readonly name = "ReaderGone";
}

/** Throws CommandError. */
export function openDestination(
  destination: Destination | undefined,
  flags: RequestFlags,
  screen: Screen,
): Promise<Opened> {
  if (destination === undefined) return Promise.resolve(onScreen(flags, screen));
  return destination.kind === "file"
    ? intoFile(destination.path, flags)
    : Promise.resolve(intoCommand(destination.command, flags));
}

/** How answers are printed for a person, or for who reads as one. */
export function screenPlan(flags: RequestFlags, screen: Screen): PrintPlan {
  const { out, stream } = screen;
  return { ...printPlan(flags, out, stream), parts: partsOf(flags, true), wayOut: "> FILE saves it" };
}

function onScreen(flags: RequestFlags, screen: Screen): Opened {
  let begun = false;
  const out: Output = {
    terminal: screen.out.terminal,
    write: async (data) => {
      if (!begun) await screen.begin();
      begun = true;
      await screen.out.write(data);
    },
  };
  return {
    out,
    printing: screenPlan(flags, screen),
    finish: async () => undefined,
    abandon: async () => undefined,
  };
}

/** Into a file goes what a pipe would get. */
async function intoFile(path: string, flags: RequestFlags): Promise<Opened> {
  const part = await PartFile.create(path, undefined, true);
  const out: Output = {
    terminal: false,
    write: (data) => part.write(typeof data === "string" ? Buffer.from(data, "utf8") : data),
  };
  return {
    out,
    printing: bodyPlan(flags, out),
    finish: async () => `saved ${await part.finish()}, ${formatBytes(part.size)}`,
    abandon: async () => void (await part.suspend()),
  };
}

function bodyPlan(flags: RequestFlags, out: Output): PrintPlan {
  const { verbose: _verbose, ...rest } = flags;
  return printPlan(rest, out, {});
}

function intoCommand(command: string, flags: RequestFlags): Opened {
  const child = spawn(command, { shell: true, stdio: ["pipe", "inherit", "inherit"] });
  const closed = once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>;
  // Told by `finish`, which may come late.
  closed.catch(() => undefined);
  const out: Output = { terminal: false, write: commandInput(child) };
  return {
    out,
    printing: bodyPlan(flags, out),
    finish: async () => {
      child.stdin?.end();
      const [code, signal] = await closed;
      if (code === 0) return undefined;
      throw new CommandError(EXIT.failure, `The command "${command}" ended with ${signal ?? code}`);
    },
    abandon: async () => {
      child.stdin?.destroy();
      await closed.catch(() => undefined);
    },
  };
}

function commandInput(child: ChildProcess): Output["write"] {
  const stdin = child.stdin as NonNullable<ChildProcess["stdin"]>;
  let gone = false;
  const leave = new Set<() => void>();
  const onGone = (): void => {
    gone = true;
    for (const tell of leave) tell();
  };
  stdin.on("error", onGone).on("close", onGone);
  return async (data) => {
    if (!gone && data.length > 0 && !stdin.write(data)) {
      await new Promise<void>((resolve) => {
        leave.add(resolve);
        stdin.once("drain", resolve);
      });
      leave.clear();
    }
    if (gone) throw new ReaderGone();
  };
}
