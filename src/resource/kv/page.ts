// How the keys of a kv mount look in a browser: as the listing of a folder does. It knows what is to be shown, and
// not how it was found.

import { escapeHtml } from "../../message/problem.ts";
import type { RowInfo } from "../../store/table.ts";
import { printableLine } from "../../text/printable.ts";
import { LISTING_STYLE, policyOf, size } from "../listing-page.ts";
import { keyHref } from "../rows.ts";

export interface KvPage {
  /** Of the mount, as mountPrefix() gives it. */
  readonly path: string;
  /** What all keys that are shown begin with; "" for every key. */
  readonly prefix: string;
  readonly rows: readonly RowInfo[];
  /** Where the next page is. */
  readonly next: string | undefined;
}

const STYLE = `${LISTING_STYLE}
thead th { color: var(--soft) }
tbody th a { display: inline; white-space: pre-wrap }
td.type { max-width: 18rem; overflow: hidden; text-overflow: ellipsis }
nav { padding: 1.25rem .75rem 0 }
@media (max-width: 34rem) {
  .type, .created { display: none }
  nav { padding-inline: .375rem }
}
`;

/** The Content-Security-Policy of the page: its own style, and nothing else from anywhere. */
export const KV_PAGE_POLICY: string = policyOf(STYLE);

/** The page as HTML. */
export function kvPage({ path, prefix, rows, next }: KvPage): string {
  const mount = escapeHtml(`${path}/`);
  const shown = `<bdi>${escapeHtml(printableLine(prefix))}</bdi>`;
  const heading =
    prefix === ""
      ? `<span aria-current="page">${mount}</span>`
      : `<a href="${mount}">${mount}</a><i></i>${shown}<i>…</i>`;
  const mortal = rows.some(({ expires }) => expires !== undefined);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(`${path}/${printableLine(prefix)}`)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${heading}</h1>
<table>
<caption>${summary(rows, next)}</caption>
<thead><tr><th scope="col">Key</th><th scope="col" class="size">Size</th><th scope="col" class="type">Type</th><th scope="col" class="created">Created (UTC)</th><th scope="col">Changed (UTC)</th>${mortal ? '<th scope="col">Until (UTC)</th>' : ""}</tr></thead>
<tbody>
${rows.map((info) => row(path, info, mortal)).join("")}</tbody>
</table>
${next === undefined ? "" : `<nav><a rel="next" href="${escapeHtml(next)}">Next page</a></nav>\n`}</main>
</body>
</html>
`;
}

function summary(rows: readonly RowInfo[], next: string | undefined): string {
  if (rows.length === 0) return "No keys";
  const count = `${rows.length.toLocaleString("en")} ${rows.length === 1 ? "key" : "keys"}`;
  const bytes = rows.reduce((sum, info) => sum + info.size, 0);
  return `${count}, ${size(bytes)}${next === undefined ? "" : " on this page"}`;
}

/** `mortal`: whether there is a column for the time when a key is gone. */
function row(path: string, info: RowInfo, mortal: boolean): string {
  const { key, mediaType, created, changed, expires } = info;
  const exact = `${info.size.toLocaleString("en")} ${info.size === 1 ? "byte" : "bytes"}`;
  const type = escapeHtml(mediaType);
  const until = mortal ? `<td>${expires === undefined ? "" : time(expires)}</td>` : "";
  return `<tr><th scope="row"><a href="${escapeHtml(keyHref(path, key))}"><bdi>${escapeHtml(printableLine(key))}</bdi></a></th><td class="size" title="${exact}">${size(info.size)}</td><td class="type" title="${type}">${type}</td><td class="created">${time(created)}</td><td>${time(changed)}</td>${until}</tr>
`;
}

function time(ms: number): string {
  const text = new Date(ms).toISOString();
  return `<time datetime="${text}">${text.slice(0, 10)}<span class="clock"> ${text.slice(11, 16)}</span></time>`;
}
