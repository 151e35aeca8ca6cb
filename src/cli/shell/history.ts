// The lines typed, kept between runs: a file that only its owner reads, with no credentials in it, to which any
// number of shells add their lines.

import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { isSecretField } from "./headers.ts";
import { splitWords } from "./words.ts";

export const MOST_LINES = 1000;

/** Where the history is: in XDG_STATE_HOME, in ~/.local/state, on Windows in LOCALAPPDATA. */
export function historyPath(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const named = platform === "win32" ? env.LOCALAPPDATA : env.XDG_STATE_HOME;
  // A path that is not absolute is to be ignored, says the XDG specification.
  const folder = named !== undefined && isAbsolute(named) ? named : join(homedir(), ".local", "state");
  return join(folder, "sockeye", "history");
}

export class History {
  readonly #path: string | undefined;
  readonly #lines: string[];

  /** Reads what earlier shells left; without a path nothing is kept. A history that cannot be read or written is none. */
  constructor(path: string | undefined) {
    this.#path = path;
    this.#lines = path === undefined ? [] : readKept(path);
  }

  /** Oldest first. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  add(line: string): void {
    const text = line.trim();
    if (text === "" || hasCredentials(text) || text === this.#lines.at(-1)) return;
    this.#lines.push(text);
    if (this.#lines.length > MOST_LINES) this.#lines.shift();
    const path = this.#path;
    if (path !== undefined) quietly(() => appendLine(path, text));
  }

  /** Cuts the file to its last lines. */
  close(): void {
    if (this.#path !== undefined) readKept(this.#path);
  }
}

/** Whether a line has something in it that nobody else should read. */
export function hasCredentials(line: string): boolean {
  if (/^auth(?:\s|$)/i.test(line) || /:\/\/[^/?#\s]*@/.test(line)) return true;
  const words = splitWords(line).map(({ text }) => text);
  const header = /^header\s+([^\s:]+)/i.exec(line)?.[1];
  const names = words.map((word) => /^([^\s:=@]+)(?::|==?)/.exec(word)?.[1]);
  return [header, ...names].some((name) => name !== undefined && isSecretField(name));
}

function appendLine(path: string, line: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // Opened anew each time: another shell may have put a shorter file in its place.
  appendFileSync(path, `${line}\n`, { mode: 0o600 });
}

function readKept(path: string): string[] {
  return (
    quietly(() => {
      const { size, mode } = statSync(path);
      if ((mode & 0o077) !== 0) chmodSync(path, 0o600);
      const lines = readFileSync(path, "utf8")
        .split("\n")
        .filter((line) => line !== "");
      const kept = lines.slice(-MOST_LINES);
      if (kept.length < lines.length) shorten(path, kept, size);
      return kept;
    }) ?? []
  );
}

/** Puts a shorter file in the old one's place, unless another shell has added to that meanwhile. */
function shorten(path: string, lines: readonly string[], size: number): void {
  const next = `${path}.${process.pid}`;
  writeFileSync(next, `${lines.join("\n")}\n`, { mode: 0o600 });
  if (statSync(path).size === size) renameSync(next, path);
  else rmSync(next);
}

function quietly<Result>(act: () => Result): Result | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
