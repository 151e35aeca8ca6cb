// Outcomes of which only a summary is wanted: a run of many entries must not hold everything that it was sent.

import type { Call, EntryOutcome, FileOutcome } from "./outcome.ts";

const NOTHING = new Uint8Array(0);

/** The outcome with its failures and its calls, but without their bodies, and without what was captured of them. */
export function withoutBodies(outcome: EntryOutcome): EntryOutcome {
  const { index, source, asserts, failures, retried, duration } = outcome;
  const calls = outcome.calls.map(withoutBody);
  return { index, source, calls, captures: [], asserts, failures, retried, duration, curl: undefined };
}

function withoutBody({ request, response, startedAt, timing }: Call): Call {
  return {
    request: { ...request, body: NOTHING },
    response: { ...response, body: NOTHING, rawBody: NOTHING },
    startedAt,
    timing,
  };
}

/** What is left of an outcome that has been printed: how it ended, what failed, and how many requests there were. */
export function withoutSuccesses(outcome: FileOutcome): FileOutcome {
  const { entries, forgotten = 0 } = outcome;
  const failed = entries
    .filter(({ failures, retried }) => failures.length > 0 && !retried)
    .map(withoutBodies);
  const requests = (of: readonly EntryOutcome[]): number =>
    of.reduce((count, { calls }) => count + calls.length, 0);
  return { ...outcome, entries: failed, forgotten: forgotten + requests(entries) - requests(failed) };
}
