// The option `output`: an answer's body into a file, or onto standard output.

import { randomBytes } from "node:crypto";
import { mkdirSync, realpathSync, renameSync, rmSync, type Stats, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Failure } from "../failure.ts";
import type { Entry } from "../hurl/tree.ts";
import { optionSource } from "./options.ts";
import type { EntryOutcome } from "./outcome.ts";
import type { FileSession } from "./run-entry.ts";
import type { EntryOptions } from "./settings.ts";

/**
 * Writes the body of the last answer, if the entry wants that and has not failed: what failed is no result. A fault
 * is added to the outcome.
 * `testFile` is the name of the file that is run, which nothing is written to.
 */
export function writeOutput(
  { request }: Entry,
  outcome: EntryOutcome,
  { output }: EntryOptions,
  { context, settings }: FileSession,
  testFile: string,
): EntryOutcome {
  const body = outcome.calls.at(-1)?.response.body;
  if (output === undefined || body === undefined || outcome.failures.length > 0) return outcome;
  if (output === "-") {
    settings.print(body);
    return outcome;
  }
  const source = optionSource(request, "output");
  try {
    writeWhole(context.files.pathToWrite(output, source), body, testFile);
    return outcome;
  } catch (error) {
    const failure =
      error instanceof Failure
        ? error
        : new Failure("FILE_WRITE", source, `${output} can not be written (${(error as Error).message})`);
    return { ...outcome, failures: [...outcome.failures, failure] };
  }
}

/** Under its name the file is whole, or as it was. */
function writeWhole(path: string, body: Uint8Array, testFile: string): void {
  const facts = statSync(path, { throwIfNoEntry: false });
  // A pipe would be waited for.
  if (facts?.isFile() === false) throw new Error("it is no file");
  const real = facts === undefined ? path : realpathSync(path);
  if (facts !== undefined && isSame(facts, statSync(testFile, { throwIfNoEntry: false })))
    throw new Error("it is the test file itself");
  mkdirSync(dirname(real), { recursive: true });
  const unfinished = `${real}.${randomBytes(4).toString("hex")}.part`;
  try {
    writeFileSync(unfinished, body, { flag: "wx", mode: facts === undefined ? 0o666 : facts.mode & 0o7777 });
    renameSync(unfinished, real);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}

function isSame(a: Stats, b: Stats | undefined): boolean {
  return a.ino === b?.ino && a.dev === b.dev;
}
