// JUnit's XML: a suite for each run, and in it a test case for each file, as Hurl has it.

import { DOMParser, type Element, XMLSerializer } from "@xmldom/xmldom";
import type { FileOutcome } from "../run/outcome.ts";
import { type EntryFailure, failureMessage, failuresOf } from "./failures.ts";
import { noReport } from "./report-error.ts";

/**
 * A report on the files, as one suite; ends with a newline. What `existing` holds stays before it. Throws
 * ReportError `JUNIT_REPORT` when `existing` is no such report.
 */
export function junitReport(outcomes: readonly FileOutcome[], existing: string = ""): string {
  const suite = suiteOf(outcomes);
  if (existing.trim() === "")
    return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suite}\n</testsuites>\n`;
  return withSuite(existing, suite);
}

function suiteOf(outcomes: readonly FileOutcome[]): string {
  const errors = outcomes.filter((outcome) => !outcome.success && hasError(outcome)).length;
  const failures = outcomes.filter(({ success }) => !success).length - errors;
  const time = seconds(outcomes.reduce((sum, { duration }) => sum + duration, 0));
  return [
    `<testsuite name="sockeye" tests="${outcomes.length}" errors="${errors}" failures="${failures}" time="${time}">`,
    ...outcomes.map(caseOf),
    "</testsuite>",
  ].join("\n");
}

function caseOf(outcome: FileOutcome): string {
  const name = attribute(outcome.redact(outcome.file.name));
  const head = `<testcase id="${name}" name="${name}" time="${seconds(outcome.duration)}"`;
  if (outcome.success) return `${head} />`;
  const inside = failuresOf(outcome).map((failure) => failureElement(failure, outcome));
  return `${head}>${inside.join("")}</testcase>`;
}

function failureElement(entryFailure: EntryFailure, outcome: FileOutcome): string {
  const element = entryFailure.failure.kind === "runtime" ? "error" : "failure";
  const message = attribute(outcome.redact(entryFailure.failure.title));
  return `<${element} message="${message}">${characters(failureMessage(entryFailure, outcome))}</${element}>`;
}

function hasError(outcome: FileOutcome): boolean {
  return failuresOf(outcome).some(({ failure }) => failure.kind === "runtime");
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

// XML 1.0, 2.2 has no other characters, not even as references.
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

const REFERENCES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;",
};

function characters(text: string): string {
  return text.replace(FORBIDDEN, "\ufffd").replace(/[&<>\r]/g, reference);
}

/** White space as references, because a reader would make spaces of it (XML 1.0, 3.3.3). */
function attribute(text: string): string {
  return text.replace(FORBIDDEN, "\ufffd").replace(/[&<>"\t\n\r]/g, reference);
}

function reference(character: string): string {
  return REFERENCES[character] ?? character;
}

function withSuite(existing: string, suite: string): string {
  const report = parse(existing.trim());
  const root = report.documentElement;
  if (root?.nodeName !== "testsuites") throw noReport("JUNIT_REPORT", "its root element is not <testsuites>");
  const added = parse(suite).documentElement as Element;
  root.appendChild(report.importNode(added, true));
  root.appendChild(report.createTextNode("\n"));
  return `${new XMLSerializer().serializeToString(report)}\n`;
}

function parse(text: string): ReturnType<DOMParser["parseFromString"]> {
  try {
    return new DOMParser({ onError: refuse }).parseFromString(text, "text/xml");
  } catch (error) {
    const why = error instanceof Error ? error.message.split("\n", 1)[0] : String(error);
    throw noReport("JUNIT_REPORT", `it is not well-formed XML (${why})`, error);
  }
}

function refuse(level: string, message: string): void {
  if (level !== "warning") throw new Error(message);
}
