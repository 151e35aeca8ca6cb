// The Test Anything Protocol, version 13 (testanything.org): a line for each file, and below a failed one what
// failed, as YAML.

import { printableLine } from "../../text/printable.ts";
import type { FileOutcome } from "../run/outcome.ts";
import { type EntryFailure, failuresOf, failureText } from "./failures.ts";
import { failurePlace } from "./print-failure.ts";
import { noReport } from "./report-error.ts";

const VERSION = "TAP version 13";

/** A test's line without its number, and the lines that belong to it. */
interface Test {
  readonly ok: boolean;
  readonly rest: string;
  readonly below: readonly string[];
}

/**
 * A report on the files; ends with a newline. What `existing` holds stays before it, and the plan counts both.
 * Throws ReportError `TAP_REPORT` when `existing` is no TAP.
 */
export function tapReport(outcomes: readonly FileOutcome[], existing: string = ""): string {
  const tests = [...readTests(existing), ...outcomes.map(testOf)];
  const lines = tests.flatMap(({ ok, rest, below }, i) => [
    `${ok ? "ok" : "not ok"} ${i + 1}${rest}`,
    ...below,
  ]);
  return [VERSION, `1..${tests.length}`, ...lines, ""].join("\n");
}

function testOf(outcome: FileOutcome): Test {
  // A "#" would begin a directive.
  const name = printableLine(outcome.redact(outcome.file.name)).replaceAll("#", "\\#");
  return { ok: outcome.success, rest: ` - ${name}`, below: outcome.success ? [] : diagnostics(outcome) };
}

function diagnostics(outcome: FileOutcome): string[] {
  const failures = failuresOf(outcome);
  const first = failures[0];
  if (first === undefined) return [];
  return [
    "  ---",
    `  message: ${yamlText(messageOf(failures, outcome))}`,
    `  severity: ${failures.some(({ failure }) => failure.kind === "runtime") ? "error" : "fail"}`,
    "  at:",
    `    file: ${yamlText(outcome.redact(outcome.file.name))}`,
    `    line: ${failurePlace(first.failure, outcome.file, outcome.redact).line}`,
    "  report: |",
    ...failures.flatMap((failure) => reportLines(failure, outcome)),
    "  ...",
  ];
}

function messageOf(failures: readonly EntryFailure[], { redact }: FileOutcome): string {
  return redact([...new Set(failures.map(({ failure }) => failure.title))].join(", "));
}

function reportLines(failure: EntryFailure, outcome: FileOutcome): string[] {
  return failureText(failure, outcome)
    .trimEnd()
    .split("\n")
    .map((line) => `    ${line}`);
}

// A string in JSON is one in YAML, too (YAML 1.2, 1.2).
function yamlText(text: string): string {
  return JSON.stringify(printableLine(text));
}

function readTests(existing: string): Test[] {
  if (existing.trim() === "") return [];
  const [head = "", ...lines] = existing.trimEnd().split(/\r?\n/);
  if (!/^TAP version \d+$/.test(head.trim()))
    throw noReport("TAP_REPORT", `its first line is not "${VERSION}"`);
  const tests: { ok: boolean; rest: string; below: string[] }[] = [];
  for (const line of lines) {
    const [, not, rest] = /^(not )?ok\b(?: \d+)?(.*)$/.exec(line) ?? [];
    if (rest !== undefined) tests.push({ ok: not === undefined, rest, below: [] });
    else if (!/^1\.\.\d+/.test(line)) tests.at(-1)?.below.push(line);
  }
  return tests;
}
