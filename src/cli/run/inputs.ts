// Which files are run: named ones, those in named folders, those that a pattern matches, or standard input.

import { readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { glob } from "tinyglobby";
import { withGiven } from "../../suite/http/given-variables.ts";
import { parseHttpFile } from "../../suite/http/parse.ts";
import { HurlSyntaxError } from "../../suite/hurl/errors.ts";
import { parseHurl } from "../../suite/hurl/parse.ts";
import type { SuiteFile } from "../../suite/run/outcome.ts";
import { CommandError } from "../exit-codes.ts";
import { RUN_EXIT } from "./exit-codes.ts";
import { inParallel } from "./jobs.ts";

export interface Input {
  readonly name: string;
  readonly text: string;
  /** The folder that files named in it are relative to. */
  readonly folder: string;
}

/** A file that its grammar does not allow. */
export interface Unreadable {
  readonly input: Input;
  readonly error: HurlSyntaxError;
}

const EXTENSIONS = [".hurl", ".http", ".rest"];

/** The texts to run, in order, each name once in a row of its own. Throws CommandError for what is not there. */
export async function readInputs(
  names: readonly string[],
  patterns: readonly string[],
  stdin: NodeJS.ReadStream,
): Promise<Input[]> {
  const found: string[] = [];
  for (const name of names) found.push(...(await filesOf(name)));
  for (const pattern of patterns) found.push(...(await matching(pattern)));
  if (names.length + patterns.length === 0) {
    if (stdin.isTTY === true)
      throw unusable(
        "Cannot run nothing: name a file, a folder or a --glob, or send a file to standard input",
      );
    found.push("-");
  }
  const inputs: Input[] = [];
  await inParallel(found, MOST_OPEN, async (name, index) => {
    inputs[index] = await (name === "-" ? readStandardInput(stdin) : readNamed(name));
  });
  return inputs;
}

/** A process may have a few hundred files open. */
const MOST_OPEN = 32;

/** A set of names, such as a map's. */
interface Names {
  has(name: string): boolean;
}

/**
 * Reads the texts by the grammars that their names tell: all of them, or those that cannot be read. `given` are variables
 * that a .http file need not define.
 */
export function parseInputs(
  inputs: readonly Input[],
  given: Names,
): { files: SuiteFile[]; unreadable: Unreadable[] } {
  const files: SuiteFile[] = [];
  const unreadable: Unreadable[] = [];
  for (const input of inputs) {
    try {
      files.push(parseInput(input, given));
    } catch (error) {
      if (!(error instanceof HurlSyntaxError)) throw error;
      unreadable.push({ input, error });
    }
  }
  return { files, unreadable };
}

function parseInput({ name, text }: Input, given: Names): SuiteFile {
  const tree = /\.(?:http|rest)$/i.test(name) ? withGiven(parseHttpFile(text), given) : parseHurl(text);
  return { name, text, tree };
}

async function filesOf(name: string): Promise<string[]> {
  if (name === "-") return [name];
  const facts = await stat(name).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === "ENOENT" ? "there is no such file or folder" : error.message;
    throw unusable(`Cannot run ${JSON.stringify(name)}: ${why}`);
  });
  if (!facts.isDirectory()) return [name];
  const inside = await glob(`**/*{${EXTENSIONS.join(",")}}`, { cwd: name, dot: false });
  if (inside.length === 0)
    throw unusable(`Cannot run ${JSON.stringify(name)}: no ${EXTENSIONS.join(", ")} file is in it`);
  const prefix = name.endsWith("/") ? name : `${name}/`;
  return inside.sort().map((path) => prefix + path);
}

async function matching(pattern: string): Promise<string[]> {
  const found = await glob(pattern, { dot: false, expandDirectories: false });
  if (found.length === 0) throw unusable(`Cannot run --glob ${JSON.stringify(pattern)}: it matches no file`);
  return found.sort();
}

async function readNamed(name: string): Promise<Input> {
  try {
    return { name, text: decoded(await readFile(name), name), folder: dirname(name) };
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw unusable(`Cannot read ${JSON.stringify(name)}: ${(error as Error).message}`, error);
  }
}

async function readStandardInput(stdin: NodeJS.ReadStream): Promise<Input> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stdin) pieces.push(piece as Uint8Array);
  return { name: "-", text: decoded(Buffer.concat(pieces), "-"), folder: "." };
}

function decoded(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw unusable(`Cannot run ${JSON.stringify(name)}: it is not a text in UTF-8`, cause);
  }
}

function unusable(message: string, cause?: unknown): CommandError {
  return new CommandError(RUN_EXIT.usage, message, { cause });
}
