// The option `output`: an answer's body into a file, or onto standard output.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Failure } from "../failure.ts";
import type { Entry } from "../hurl/tree.ts";
import type { EntryOutcome } from "./outcome.ts";
import type { FileSession } from "./run-entry.ts";
import type { EntryOptions } from "./settings.ts";

/** Writes the body of the last answer, if the entry wants that and there is one; a fault is added to the outcome. */
export function writeOutput(
  { request }: Entry,
  outcome: EntryOutcome,
  { output }: EntryOptions,
  { context, settings }: FileSession,
): EntryOutcome {
  const body = outcome.calls.at(-1)?.response.body;
  if (output === undefined || body === undefined) return outcome;
  if (output === "-") {
    settings.print(body);
    return outcome;
  }
  try {
    const path = context.files.pathToWrite(output, request.url.source);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, body);
    return outcome;
  } catch (error) {
    const failure =
      error instanceof Failure
        ? error
        : new Failure(
            "FILE_WRITE",
            request.url.source,
            `${output} can not be written (${(error as Error).message})`,
          );
    return { ...outcome, failures: [...outcome.failures, failure] };
  }
}
