// What came of files as Hurl's JSON has it: a document for each, printed alone or gathered in a report whose bodies
// are files beside it.

import { createHash } from "node:crypto";
import { parseMediaType } from "../../semantics/media-types.ts";
import { fieldText } from "../../text/field-text.ts";
import type { CallResponse, EntryOutcome, FileOutcome, StoredCookie } from "../run/outcome.ts";
import { redactBytes } from "./byte-text.ts";
import { failureMessage } from "./failures.ts";
import { callJson } from "./json-call.ts";
import { type Json, jsonObject, jsonOf, jsonText } from "./json-text.ts";
import { noReport } from "./report-error.ts";
import type { ReportFile } from "./report-file.ts";

export interface JsonReport {
  /** The text of `report.json`. */
  readonly report: string;
  /** The bodies of the answers, each once. */
  readonly files: readonly ReportFile[];
}

/** Names the file of an answer's body; undefined where bodies are not kept. */
type BodyName = (response: CallResponse) => string | undefined;

/** The outcome as one line of JSON, without a newline: what --json prints. */
export function jsonLine(outcome: FileOutcome): string {
  return documentText(outcome, () => undefined);
}

/**
 * A report on the files: a list of their documents. What the report `existing` holds stays before them. Throws
 * ReportError `JSON_REPORT` when `existing` is no such list.
 */
export function jsonReport(outcomes: readonly FileOutcome[], existing: string = ""): JsonReport {
  const files = new Map<string, Uint8Array>();
  const documents = outcomes.map((outcome) =>
    documentText(outcome, (response) => {
      const content = redactBytes(response.body, outcome.redact);
      const name = bodyName(content, response);
      files.set(name, content);
      return name;
    }),
  );
  const before = documentsIn(existing);
  const all = before === "" ? documents : [before, ...documents];
  return { report: `[${all.join(",")}]\n`, files: [...files] };
}

function documentText(outcome: FileOutcome, nameBody: BodyName): string {
  const { file, entries, success, duration, cookies, redact } = outcome;
  const document = jsonObject({
    filename: file.name,
    success,
    time: Math.round(duration),
    cookies: cookies.map(storedCookie),
    entries: entries.map((entry) => entryJson(entry, outcome, nameBody)),
  });
  return jsonText(document, redact);
}

function entryJson(entry: EntryOutcome, outcome: FileOutcome, nameBody: BodyName): Json {
  const { index, source, calls, captures, duration, curl } = entry;
  return jsonObject({
    index,
    line: source.start.line,
    time: Math.round(duration),
    calls: calls.map((call) => callJson(call, nameBody(call.response))),
    captures: captures.map(({ name, value }) => jsonObject({ name, value: jsonOf(value) })),
    asserts: assertsJson(entry, outcome),
    errors: errorsJson(entry, outcome),
    curl_cmd: curl,
  });
}

function assertsJson(entry: EntryOutcome, outcome: FileOutcome): Json {
  return entry.asserts.map(({ source, failure }) =>
    jsonObject({
      line: source.start.line,
      success: failure === undefined,
      message: failure && failureMessage({ failure, entry }, outcome),
    }),
  );
}

/** What kept the entry from being run, which Hurl does not tell here; undefined when nothing did. */
function errorsJson(entry: EntryOutcome, outcome: FileOutcome): Json | undefined {
  const told = new Set(entry.asserts.map(({ failure }) => failure));
  const errors = entry.failures.filter((failure) => !told.has(failure));
  if (errors.length === 0) return undefined;
  return errors.map((failure) =>
    jsonObject({
      line: failure.source.start.line,
      message: failureMessage({ failure, entry }, outcome),
    }),
  );
}

/** `expires` in seconds since 1970; 0 for a cookie that ends with the run. */
function storedCookie(cookie: StoredCookie): Json {
  return jsonObject({
    name: fieldText(cookie.name),
    value: fieldText(cookie.value),
    domain: cookie.domain,
    path: fieldText(cookie.path),
    https: cookie.secure,
    include_subdomain: cookie.includeSubdomains,
    expires: cookie.expires === undefined ? 0 : Math.floor(cookie.expires.getTime() / 1000),
  });
}

/** A map: the server chooses what is looked for, and an object has a "constructor", too. */
const EXTENSIONS: ReadonlyMap<string, string> = new Map([
  ["css", "css"],
  ["csv", "csv"],
  ["gif", "gif"],
  ["html", "html"],
  ["javascript", "js"],
  ["jpeg", "jpg"],
  ["json", "json"],
  ["pdf", "pdf"],
  ["plain", "txt"],
  ["png", "png"],
  ["xml", "xml"],
]);

/** By its content, so that the same body is one file, and a later report's files do not overwrite this one's. */
function bodyName(content: Uint8Array, { fields }: CallResponse): string {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 32);
  const { essence = "" } = parseMediaType(fields.get("content-type") ?? "") ?? {};
  const extension = EXTENSIONS.get(essence.replace(/^.*[/+]/, "")) ?? "bin";
  return `store/${hash}_response.${extension}`;
}

/** The inside of the list, as it stands: numbers in it may be larger than ours. */
function documentsIn(existing: string): string {
  const text = existing.trim();
  if (text === "") return "";
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (error) {
    throw noReport("JSON_REPORT", "it is not valid JSON", error);
  }
  if (!Array.isArray(list)) throw noReport("JSON_REPORT", "it is not a list");
  return text.slice(1, -1).trim();
}
