// What --test says of each file and, at the end, of all. Texts only; colours are handed in.

import { printableLine } from "../../text/printable.ts";
import type { FileOutcome } from "../run/outcome.ts";
import { requestCount } from "./failures.ts";

export interface SummaryPainter {
  readonly name: (text: string) => string;
  readonly success: (text: string) => string;
  readonly failure: (text: string) => string;
}

const PLAIN: SummaryPainter = { name: same, success: same, failure: same };

/** The line on one file, without a newline: `a.hurl: Success (2 request(s) in 12 ms)`. */
export function fileSummary(outcome: FileOutcome, painter: SummaryPainter = PLAIN): string {
  const name = painter.name(printableLine(outcome.redact(outcome.file.name)));
  const result = outcome.success ? painter.success("Success") : painter.failure("Failure");
  return `${name}: ${result} (${requestCount(outcome)} request(s) in ${Math.round(outcome.duration)} ms)`;
}

const RULE = "-".repeat(80);

/**
 * The lines on all files; ends with a newline. `duration` is that of the whole run in milliseconds: files that
 * run at the same time take less together than the sum of theirs.
 */
export function runSummary(outcomes: readonly FileOutcome[], duration: number): string {
  const files = outcomes.length;
  const succeeded = outcomes.filter(({ success }) => success).length;
  const requests = outcomes.reduce((count, outcome) => count + requestCount(outcome), 0);
  const rate = duration > 0 ? (requests * 1000) / duration : 0;
  return [
    RULE,
    `Executed files:    ${files}`,
    `Executed requests: ${requests} (${rate.toFixed(1)}/s)`,
    `Succeeded files:   ${succeeded} (${percent(succeeded, files)})`,
    `Failed files:      ${files - succeeded} (${percent(files - succeeded, files)})`,
    `Duration:          ${Math.round(duration)} ms`,
    "",
  ].join("\n");
}

function percent(count: number, of: number): string {
  return `${(of === 0 ? 0 : (count * 100) / of).toFixed(1)}%`;
}

function same(text: string): string {
  return text;
}
