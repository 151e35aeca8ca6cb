// Lines that a person types: edited, completed, recalled, and interrupted by Ctrl-C.

import { clearLine, createInterface, cursorTo, type Interface } from "node:readline";
import type { ReadStream, WriteStream } from "node:tty";
import { streamOutput } from "../output.ts";
import { painter, wantsColor } from "../terminal.ts";
import type { Completed } from "./completion.ts";
import { hasCredentials, MOST_LINES } from "./history.ts";
import type { Lines } from "./lines.ts";
import type { Screen } from "./screen.ts";

export interface Typing {
  readonly stdin: ReadStream;
  readonly stdout: WriteStream;
  /** Oldest first. */
  readonly history: readonly string[];
  readonly complete: (line: string) => Promise<Completed>;
  /** Cancels what runs; false when nothing does. */
  readonly interrupt: () => boolean;
}

export class TerminalLines implements Lines {
  readonly place: undefined = undefined;
  readonly screen: Screen;
  readonly #typing: Typing;
  readonly #reader: Interface;
  /** Typed ahead. */
  readonly #queue: string[] = [];
  #waiting: ((line: string | undefined) => void) | undefined;
  #kind: "line" | "values" = "line";
  #closed = false;
  #interrupted = false;

  constructor(typing: Typing) {
    const { stdin, stdout, history, complete } = typing;
    this.#typing = typing;
    this.#reader = createInterface({
      input: stdin,
      output: stdout,
      terminal: true,
      history: history.slice(-MOST_LINES).reverse(),
      historySize: MOST_LINES,
      completer: (line: string, done: (error: null, completed: Completed) => void) => {
        const none: Completed = [[], line];
        if (this.#kind === "values") done(null, none);
        else
          complete(line).then(
            (completed) => done(null, completed),
            () => done(null, none),
          );
      },
    });
    this.#reader
      .on("line", (line) => this.#typed(line))
      .on("history", (kept: string[]) => this.#recalled(kept))
      .on("SIGINT", () => this.#interrupt())
      .on("close", () => this.#end());
    const paint = painter(wantsColor(stdout));
    this.screen = {
      interactive: true,
      out: streamOutput(stdout),
      stream: stdout,
      paint,
      begin: async () => undefined,
      say: (text) => this.#say(text),
      apart: (act) => this.#apart(act),
    };
  }

  next(prompt: string, kind: "line" | "values"): Promise<string | undefined> {
    this.#kind = kind;
    this.#reader.setPrompt(prompt);
    const ahead = this.#queue.shift();
    if (ahead !== undefined) {
      // Its echo came before what the line before it has printed.
      this.#typing.stdout.write(`${prompt}${ahead}\n`);
      return Promise.resolve(ahead);
    }
    if (this.#closed) return Promise.resolve(undefined);
    this.#reader.prompt(true);
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  /** The state that the prompt shows has changed. */
  prompt(prompt: string): void {
    if (this.#waiting === undefined || this.#kind !== "line") return;
    this.#reader.setPrompt(prompt);
    this.#reader.prompt(true);
  }

  close(): void {
    this.#closed = true;
    this.#reader.close();
  }

  #typed(line: string): void {
    this.#interrupted = false;
    if (this.#waiting === undefined) this.#queue.push(line);
    else this.#resolve(line);
  }

  #resolve(line: string | undefined): void {
    const resolve = this.#waiting;
    this.#waiting = undefined;
    resolve?.(line);
  }

  /** The newest is the first. What was asked for is no line to recall, and credentials are nobody's to see. */
  #recalled(kept: string[]): void {
    if (this.#kind === "values" || hasCredentials((kept[0] ?? "").trim())) kept.shift();
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    // The prompt has no line end behind it.
    this.#typing.stdout.write("\n");
    // Typed ahead, it is taken in its turn: what runs is not broken off.
    this.#resolve(undefined);
  }

  #interrupt(): void {
    if (this.#waiting === undefined) {
      this.#queue.length = 0;
      this.#typing.interrupt();
      return;
    }
    const empty = this.#reader.line === "";
    this.#clear();
    if (this.#kind === "values") {
      this.#resolve("");
      return;
    }
    if (empty && this.#interrupted)
      this.#typing.stdout.write('To end: q, or Ctrl-D. "help" shows the rest.\n');
    this.#interrupted = empty;
    this.#reader.prompt();
  }

  /** Leaves the line where it is, and begins an empty one. */
  #clear(): void {
    const typed = this.#reader.line;
    this.#reader.write(null, { ctrl: true, name: "e" });
    this.#reader.write(null, { ctrl: true, name: "u" });
    this.#typing.stdout.write(`${typed}^C\n`);
  }

  #say(text: string): void {
    const { stdout } = this.#typing;
    const typing = this.#waiting !== undefined;
    if (typing) {
      cursorTo(stdout, 0);
      clearLine(stdout, 0);
    }
    stdout.write(`${text}\n`);
    if (typing) this.#reader.prompt(true);
  }

  async #apart<Result>(act: () => Promise<Result>): Promise<Result> {
    const { stdin } = this.#typing;
    this.#reader.pause();
    stdin.setRawMode(false);
    const interrupt = (): void => void this.#typing.interrupt();
    process.on("SIGINT", interrupt);
    try {
      return await act();
    } finally {
      process.off("SIGINT", interrupt);
      if (!this.#closed) {
        stdin.setRawMode(true);
        this.#reader.resume();
      }
    }
  }
}
