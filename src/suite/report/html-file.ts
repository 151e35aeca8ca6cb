// The page of a file: what failed, when each request was made, every entry, and the file's text.

import type { FileOutcome } from "../run/outcome.ts";
import { type EntryFailure, failuresOf, failureText, requestCount } from "./failures.ts";
import { entryMarkup } from "./html-entry.ts";
import { badge, counted, durationText, instantText, pageOf } from "./html-page.ts";
import { sourceMarkup } from "./html-source.ts";
import { type Markup, markupWriter, type Write } from "./markup.ts";
import { failurePlace } from "./print-failure.ts";
import { type TimedCall, waterfall } from "./waterfall.ts";

/** The page as text; `index` is the way from it to the list of files. */
export function filePage(outcome: FileOutcome, index: string): string {
  const { file, entries, success, startedAt, duration, redact } = outcome;
  const write = markupWriter(redact);
  const failures = failuresOf(outcome);
  const drawing = waterfall(timedCalls(outcome), outcome, write);
  const body = write`<nav><a href="${index}">← All files</a></nav>
<h1>${file.name}</h1>
<p class="facts">${badge(success, write)}<span>${counted(requestCount(outcome), "request")}</span><span>${durationText(duration)}</span><time datetime="${startedAt.toISOString()}">${instantText(startedAt)}</time></p>
${section(failures.length === 1 ? "Failure" : `${failures.length} failures`, failures.length === 0 ? undefined : write`${failures.map((failure) => failureMarkup(failure, outcome, write))}`, write)}
${section("Timeline", drawing, write)}
${section("Entries", entries.length === 0 ? undefined : write`${entries.map((entry, i) => entryMarkup({ entry, idOf: (call) => idOf(i, call), redact, write }))}`, write)}
${section("Source", sourceMarkup(outcome, write), write)}`;
  return pageOf(file.name, body, write);
}

function section(title: string, inside: Markup | undefined, write: Write): Markup | undefined {
  return (
    inside &&
    write`<section><h2>${title}</h2>
${inside}</section>
`
  );
}

function timedCalls({ entries }: FileOutcome): TimedCall[] {
  return entries.flatMap(({ calls, failures, retried }, i) =>
    calls.map((call, j) => ({
      call,
      id: idOf(i, j),
      failed: !retried && failures.length > 0 && j === calls.length - 1,
    })),
  );
}

/** Of a call's element; both from 0. */
function idOf(entry: number, call: number): string {
  return `call-${entry + 1}-${call + 1}`;
}

function failureMarkup(entryFailure: EntryFailure, outcome: FileOutcome, write: Write): Markup {
  const { failure } = entryFailure;
  const { line } = failurePlace(failure, outcome.file, outcome.redact);
  const [, ...lines] = failureText(entryFailure, outcome).trimEnd().split("\n");
  return write`<div class="failure"><p>${failure.title} · <a href="#L${line}">line ${line}</a></p>
<pre>${lines.map((one) => reportLine(one, write))}</pre></div>
`;
}

/** The sides of a difference in their colours. */
function reportLine(line: string, write: Write): Markup {
  const sign = /^ +\| {3}([-+])/.exec(line)?.[1];
  if (sign === undefined) return write`${line}\n`;
  return write`<span class="${sign === "-" ? "removed" : "added"}">${line}</span>\n`;
}
