// How `sockeye run` ends: with Hurl's codes, so that scripts which know them go on working.

import type { FileOutcome } from "../../suite/run/outcome.ts";
import { EXIT } from "../exit-codes.ts";

type RunExit = "ok" | "usage" | "parse" | "runtime" | "assert" | "interrupted";

export const RUN_EXIT: Readonly<Record<RunExit, number>> = {
  ok: EXIT.ok,
  /** The command line cannot be understood, or a file cannot be read; nothing was sent. */
  usage: 1,
  /** A file is not in its format; nothing was sent. */
  parse: 2,
  /** A request could not be made, or a value not be found. */
  runtime: 3,
  /** An answer was not as the file says. */
  assert: 4,
  interrupted: EXIT.interrupted,
};

/** Of all files together: the worst of them decides, and a run that broke off is worse than an assert. */
export function exitCodeOf(outcomes: readonly Pick<FileOutcome, "entries" | "success">[]): number {
  const failures = outcomes
    .filter((outcome) => !outcome.success)
    .flatMap((outcome) => outcome.entries.filter((entry) => !entry.retried))
    .flatMap((entry) => entry.failures);
  if (outcomes.every(({ success }) => success)) return RUN_EXIT.ok;
  return failures.some((failure) => failure.kind === "runtime") ? RUN_EXIT.runtime : RUN_EXIT.assert;
}
