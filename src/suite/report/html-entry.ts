// An entry as a page shows it: what was sent, what came, what was captured of it and which asserts held.

import { fieldText } from "../../text/field-text.ts";
import type { Call, EntryOutcome } from "../run/outcome.ts";
import { utf8Text } from "./byte-text.ts";
import { counted, durationText } from "./html-page.ts";
import { jsonOf, jsonText } from "./json-text.ts";
import type { Markup, Write } from "./markup.ts";
import { sentFields } from "./sent-fields.ts";
import { shortLine, shortLines } from "./short-lines.ts";

export interface EntryParts {
  readonly entry: EntryOutcome;
  /** Of the call with this number, from 0. */
  readonly idOf: (call: number) => string;
  readonly redact: (text: string) => string;
  readonly write: Write;
}

export function entryMarkup({ entry, idOf, redact, write }: EntryParts): Markup {
  const { index, source, calls, captures, asserts, failures, retried, duration, curl } = entry;
  const [first] = calls;
  const last = calls.at(-1);
  const success = failures.length === 0;
  const title =
    first === undefined
      ? write`<span class="soft">nothing was sent</span>`
      : write`${first.request.method} ${first.request.url}`;
  const state = success
    ? write`<span class="badge good">✓ ${last?.response.status}</span>`
    : write`<span class="badge bad">✗ ${last?.response.status}</span>`;
  const held = asserts.filter(({ failure }) => failure === undefined).length;
  return write`<details class="entry"${success || retried ? undefined : write` open`}>
<summary><span class="number">${index}</span><span class="url">${title}</span>${retried ? write`<span class="soft nowrap">tried again</span>` : undefined}${state}<span class="figure soft">${durationText(duration)}</span></summary>
<div class="inside">
<p class="facts"><a href="#L${source.start.line}">Line ${source.start.line}</a><span>${counted(calls.length, "request")}</span><span>Asserts: ${held} of ${asserts.length} hold</span></p>
${calls.map((call, i) => callMarkup(call, idOf(i), redact, write))}
${capturesMarkup(captures, redact, write)}
${curl === undefined ? undefined : write`<h3>As a curl command</h3><pre>${curl}</pre>`}
</div>
</details>
`;
}

function callMarkup(call: Call, id: string, redact: (text: string) => string, write: Write): Markup {
  const { request, response } = call;
  const { status, reason, version, remote, undecoded } = response;
  return write`<section class="call" id="${id}">
<h3>${request.method} ${request.url}</h3>
${fieldsMarkup(sentFields(request), redact, write)}
${bodyMarkup("Request body", request.body, redact, write)}
<h3>HTTP/${version} ${status} ${fieldText(reason)}</h3>
${fieldsMarkup(response.fields, redact, write)}
${bodyMarkup("Response body", response.body, redact, write)}
${undecoded === undefined ? undefined : write`<p class="soft">${undecoded}</p>`}
<p class="facts"><span>${durationText(response.duration)}</span><span>${remote.address}:${remote.port}</span>${certificateMarkup(call, write)}</p>
</section>
`;
}

function certificateMarkup({ response: { certificate } }: Call, write: Write): Markup | undefined {
  if (certificate === undefined) return undefined;
  const { subject, issuer, expire } = certificate;
  return write`<span>${subject}, from ${issuer}, until ${expire.toISOString().slice(0, 10)}</span>`;
}

function fieldsMarkup(
  fields: Iterable<readonly [string, string]>,
  redact: (text: string) => string,
  write: Write,
): Markup {
  const rows = [...fields].map(
    ([name, value]) => write`<tr><td>${name}</td><td>${shortLine(redact(fieldText(value)))}</td></tr>\n`,
  );
  return write`<table class="fields"><tbody>
${rows}</tbody></table>`;
}

// Cleared of secrets as a whole, before it is cut.
function bodyMarkup(
  title: string,
  body: Uint8Array,
  redact: (text: string) => string,
  write: Write,
): Markup | undefined {
  if (body.length === 0) return undefined;
  const text = utf8Text(body);
  const size = counted(body.length, "byte");
  if (text === undefined) return write`<p class="soft">${title}: ${size}, not text</p>`;
  return write`<details><summary>${title}, ${size}</summary><pre>${shortLines(redact(text)).join("\n")}</pre></details>`;
}

function capturesMarkup(
  captures: EntryOutcome["captures"],
  redact: (text: string) => string,
  write: Write,
): Markup | undefined {
  if (captures.length === 0) return undefined;
  const rows = captures.map(({ name, value }) => {
    const text = value.kind === "string" ? value.value : jsonText(jsonOf(value), redact);
    return write`<tr><td>${name}</td><td>${shortLine(redact(text))}</td></tr>\n`;
  });
  return write`<h3>Captures</h3><table class="fields"><tbody>
${rows}</tbody></table>`;
}
