// Which failures a file's outcome has, for every report alike.

import type { Failure } from "../failure.ts";
import type { EntryOutcome, FileOutcome } from "../run/outcome.ts";
import { type FailureLook, printFailure } from "./print-failure.ts";

export interface EntryFailure {
  readonly failure: Failure;
  readonly entry: EntryOutcome;
}

/** What made the file fail: not what another try made good. */
export function failuresOf({ entries }: FileOutcome): EntryFailure[] {
  return entries
    .filter(({ retried }) => !retried)
    .flatMap((entry) => entry.failures.map((failure) => ({ failure, entry })));
}

/** The report on one of the file's failures, as printFailure() lays it out; nothing secret is in it. */
export function failureText(
  { failure, entry }: EntryFailure,
  { file, redact }: FileOutcome,
  look?: FailureLook,
): string {
  return printFailure(failure, file, entry.source, look, redact);
}

/** The report without "error: " and without a newline at its end, as files of reports have it. */
export function failureMessage(entryFailure: EntryFailure, outcome: FileOutcome): string {
  return failureText(entryFailure, outcome)
    .replace(/^error: /, "")
    .trimEnd();
}

/** How many requests were sent, those of redirects and of further tries included. */
export function requestCount({ entries, forgotten = 0 }: FileOutcome): number {
  return entries.reduce((count, { calls }) => count + calls.length, forgotten);
}
