// The report as pages: a list of files, to which later runs are added, and a page for each file.

import { createHash } from "node:crypto";
import { type DefaultTreeAdapterTypes, parse } from "parse5";
import type { FileOutcome } from "../run/outcome.ts";
import { requestCount } from "./failures.ts";
import { filePage } from "./html-file.ts";
import { badge, durationText, GENERATOR, instantText, pageOf } from "./html-page.ts";
import { type Markup, markupWriter, type Write } from "./markup.ts";
import { noReport } from "./report-error.ts";
import type { ReportFile } from "./report-file.ts";

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

/** What the list says of a file; nothing in it is secret any more. */
interface Row {
  readonly name: string;
  readonly page: string;
  readonly success: boolean;
  readonly requests: number;
  /** Milliseconds. */
  readonly duration: number;
  readonly startedAt: Date;
}

/**
 * The files of a report: `index.html`, and a page for each outcome. `existing` is the report's index as it was: the
 * list goes on behind what it holds. Throws ReportError `HTML_REPORT` when it is not one of ours.
 */
export function htmlReport(outcomes: readonly FileOutcome[], existing: string = ""): ReportFile[] {
  const rows = outcomes.map(rowOf);
  const pages = outcomes.map((outcome, i): ReportFile => {
    const page = filePage(outcome, "../index.html");
    return [(rows[i] as Row).page, Buffer.from(page)];
  });
  const index = indexPage([...readRows(existing), ...rows]);
  return [["index.html", Buffer.from(index)], ...pages];
}

function rowOf(outcome: FileOutcome, index: number): Row {
  const { file, success, duration, startedAt, redact } = outcome;
  const name = redact(file.name);
  return {
    name,
    page: pageName(name, startedAt, index),
    success,
    requests: requestCount(outcome),
    duration,
    startedAt,
  };
}

/** Another one for each run of a file, so that what an earlier run left stays. */
function pageName(name: string, startedAt: Date, index: number): string {
  const base = name
    .replace(/^.*[/\\]/, "")
    .replace(/\.hurl$/, "")
    .replace(/[^A-Za-z0-9_]+/g, "-")
    .slice(0, 60);
  const hash = createHash("sha256")
    .update(JSON.stringify([name, startedAt, index]))
    .digest("hex")
    .slice(0, 12);
  return `files/${`${base}-${hash}`.replace(/^-+/, "")}.html`;
}

function indexPage(rows: readonly Row[]): string {
  const write = markupWriter((text) => text);
  const succeeded = rows.filter(({ success }) => success).length;
  const requests = rows.reduce((sum, row) => sum + row.requests, 0);
  const duration = rows.reduce((sum, row) => sum + row.duration, 0);
  const failed = rows.length - succeeded;
  const body = write`<h1>Test report</h1>
<dl class="tiles">
${tile("Files", String(rows.length), write)}${tile("Succeeded", shareText(succeeded, rows.length), write)}${tile("Failed", shareText(failed, rows.length), write)}${tile("Requests", String(requests), write)}${tile("Time, all files", durationText(duration), write)}</dl>
<div class="share" role="img" aria-label="${succeeded} succeeded, ${failed} failed"><i style="flex:${succeeded}"></i><i style="flex:${failed}"></i></div>
<div class="scroll"><table class="list">
<thead><tr><th>Result</th><th>File</th><th class="figure">Requests</th><th class="figure">Time</th><th>Begun</th></tr></thead>
<tbody>
${rows.map((row) => rowMarkup(row, write))}</tbody>
</table></div>`;
  return pageOf(failed === 0 ? "Test report" : `${failed} failed · Test report`, body, write);
}

function tile(label: string, figure: string, write: Write): Markup {
  return write`<div><dt>${label}</dt><dd>${figure}</dd></div>\n`;
}

function shareText(count: number, of: number): string {
  return of === 0 ? "0" : `${count} (${((count * 100) / of).toFixed(count === of || count === 0 ? 0 : 1)}%)`;
}

function rowMarkup({ name, page, success, requests, duration, startedAt }: Row, write: Write): Markup {
  const instant = startedAt.toISOString();
  return write`<tr data-page="${page}" data-name="${name}" data-success="${String(success)}" data-requests="${requests}" data-duration="${duration}" data-started="${instant}"><td>${badge(success, write)}</td><td><a href="${page}">${name}</a></td><td class="figure">${requests}</td><td class="figure">${durationText(duration)}</td><td class="nowrap soft"><time datetime="${instant}">${instantText(startedAt)}</time></td></tr>
`;
}

function readRows(existing: string): Row[] {
  if (existing.trim() === "") return [];
  const elements = [...elementsIn(parse(existing))];
  const ours = elements.some(
    (element) => element.tagName === "meta" && attribute(element, "content") === GENERATOR,
  );
  if (!ours) throw noReport("HTML_REPORT", "its index.html is another page");
  return elements.filter((element) => attribute(element, "data-page") !== undefined).map(readRow);
}

function* elementsIn(node: Node): Generator<Element> {
  if ("tagName" in node) yield node;
  if ("childNodes" in node) for (const child of node.childNodes) yield* elementsIn(child);
}

function readRow(element: Element): Row {
  const row = {
    name: attribute(element, "data-name") ?? "",
    page: attribute(element, "data-page") ?? "",
    success: attribute(element, "data-success") === "true",
    requests: Number(attribute(element, "data-requests")),
    duration: Number(attribute(element, "data-duration")),
    startedAt: new Date(attribute(element, "data-started") ?? ""),
  };
  const numbers = [row.requests, row.duration, row.startedAt.getTime()];
  // The page becomes a link again.
  if (!/^files\/[\w-]+\.html$/.test(row.page) || !numbers.every(Number.isFinite))
    throw noReport("HTML_REPORT", "a row of its index.html cannot be read");
  return row;
}

function attribute(element: Element, name: string): string | undefined {
  return element.attrs.find((each) => each.name === name)?.value;
}
