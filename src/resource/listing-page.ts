// How a folder looks in a browser: one page without a script, for light and dark, small and large. It knows
// what is to be shown, and not how it was found.

import { createHash } from "node:crypto";
import { escapeHtml } from "../message/problem.ts";
import { encodePath } from "../semantics/paths.ts";
import type { Entry } from "../store/tree.ts";
import type { Column, Order } from "./files/listing-order.ts";
import { hrefOf } from "./mount.ts";

export interface ListingPage {
  /** As mountPrefix() gives it. */
  readonly prefix: string;
  readonly segments: readonly string[];
  /** In the order in which they are shown. */
  readonly entries: readonly Entry[];
  readonly order: Order;
  /** What the folder at the top is called. */
  readonly title: string;
}

/** The look of a list of things, light and dark. */
export const LISTING_STYLE = `
:root {
  color-scheme: light dark;
  --ink: light-dark(#16202c, #e4e9ef); --soft: light-dark(#5a6675, #98a4b3);
  --ground: light-dark(#fff, #12171e); --line: light-dark(#e3e8ee, #262f3a);
  --hover: light-dark(#f3f6fa, #1a222c); --link: light-dark(#0b5cad, #7db8f5);
}
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 64rem; padding: 2rem 1.25rem 3rem; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground) }
a { color: var(--link); text-decoration: none }
a:hover { text-decoration: underline }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 3px }
h1, caption { padding: 0 .75rem }
h1 { margin: 0; font-size: 1.375rem; font-weight: 600; line-height: 1.35; overflow-wrap: anywhere }
h1 i { margin: 0 .3em; color: var(--soft); font-style: normal; font-weight: 400 }
table { width: 100%; margin-top: .25rem; border-collapse: collapse }
caption { padding-bottom: 1.25rem; color: var(--soft); font-size: .875rem; text-align: left }
th, td { padding: .5rem .75rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top }
thead th { font-size: .8125rem; font-weight: 500; white-space: nowrap }
thead a { color: var(--soft) }
thead [aria-sort] a { color: var(--ink); font-weight: 600 }
tbody th { font-weight: 400; width: 100% }
tbody th a { display: grid; grid-template-columns: 1.25rem 1fr; gap: .6rem; overflow-wrap: anywhere }
tbody tr:hover { background: var(--hover) }
td { color: var(--soft); font-size: .875rem; line-height: 1.7; font-variant-numeric: tabular-nums; white-space: nowrap }
.size { text-align: right }
svg { width: 1.25rem; height: 1.25rem; margin-top: .1rem; fill: none; stroke: var(--soft); stroke-width: 1.5; stroke-linejoin: round; stroke-linecap: round }
.folder svg { fill: var(--link); fill-opacity: .16; stroke: var(--link) }
.shapes { display: none }
@media (max-width: 34rem) {
  body { padding: 1.25rem .75rem 2rem }
  th, td { padding: .6rem .375rem }
  h1, caption { padding-inline: .375rem }
  .clock { display: none }
}
`;

/** The Content-Security-Policy of a page: this style, and nothing else from anywhere. */
export function policyOf(style: string): string {
  const hash = createHash("sha256").update(style).digest("base64");
  return `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'`;
}

export const LISTING_POLICY: string = policyOf(LISTING_STYLE);

const SHAPES = `<svg class="shapes" aria-hidden="true">
<symbol id="folder" viewBox="0 0 20 20"><path d="M2.5 15.5v-11h5l2 2.25h8v8.75z"/></symbol>
<symbol id="file" viewBox="0 0 20 20"><path d="M4.5 2.5h7l4 4v11h-11zM11.5 2.5v4h4"/></symbol>
<symbol id="up" viewBox="0 0 20 20"><path d="M10 16.5v-12M5 9l5-5 5 5"/></symbol>
</svg>`;

/** The page as HTML. */
export function listingPage(page: ListingPage): string {
  const { segments, entries, title } = page;
  const top = title.endsWith("/") ? title : `${title}/`;
  const path = `${top}${segments.map((name) => `${name}/`).join("")}`;
  const up =
    segments.length === 0 ? "" : row("up", "../", "Parent folder", `<td class="size"></td><td></td>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(path)}</title>
<style>${LISTING_STYLE}</style>
</head>
<body>
${SHAPES}
<main>
<h1>${breadcrumbs(page)}</h1>
<table>
<caption>${summary(entries)}</caption>
<thead><tr>${heading("name", "Name", page.order)}${heading("size", "Size", page.order)}${heading("time", "Modified (UTC)", page.order)}</tr></thead>
<tbody>
${up}${entries.map(entryRow).join("")}</tbody>
</table>
</main>
</body>
</html>
`;
}

/** Each folder on the way is a link; the one that is shown is not. */
function breadcrumbs({ prefix, segments, title }: ListingPage): string {
  const names = [title, ...segments];
  const crumbs = names.map((name, depth) => {
    const text = `<bdi>${escapeHtml(name)}</bdi>`;
    const separator = depth === 0 ? "" : depth === 1 && title.endsWith("/") ? "<i></i>" : "<i>/</i>";
    if (depth === segments.length) return `${separator}<span aria-current="page">${text}</span>`;
    const href = hrefOf(prefix, { segments: segments.slice(0, depth), slash: true });
    return `${separator}<a href="${escapeHtml(href)}">${text}</a>`;
  });
  return crumbs.join("");
}

function summary(entries: readonly Entry[]): string {
  const files = entries.filter(({ info }) => info.kind === "file");
  const folders = entries.length - files.length;
  if (entries.length === 0) return "Nothing in this folder";
  const bytes = files.reduce((sum, { info }) => sum + (info.kind === "file" ? info.size : 0), 0);
  const parts = [];
  if (folders > 0) parts.push(count(folders, "folder"));
  if (files.length > 0) parts.push(count(files.length, "file"), size(bytes));
  return parts.join(", ");
}

function count(number: number, what: string): string {
  return `${number.toLocaleString("en")} ${what}${number === 1 ? "" : "s"}`;
}

/** A click on a column sorts by it: names from a, sizes and times from the largest; a second click turns it round. */
function heading(column: Column, text: string, order: Order): string {
  const active = order.column === column;
  const descending = active ? !order.descending : column !== "name";
  const sort = active ? ` aria-sort="${order.descending ? "descending" : "ascending"}"` : "";
  const arrow = active ? ` <span aria-hidden="true">${order.descending ? "↓" : "↑"}</span>` : "";
  const kind = column === "size" ? ' class="size"' : "";
  const href = `?sort=${column}&amp;order=${descending ? "desc" : "asc"}`;
  return `<th scope="col"${kind}${sort}><a href="${href}">${text}${arrow}</a></th>`;
}

function entryRow({ name, info }: Entry): string {
  const time = new Date(info.modified).toISOString();
  const [day, clock] = [time.slice(0, 10), time.slice(11, 16)];
  const when = `<td><time datetime="${time}">${day}<span class="clock"> ${clock}</span></time></td>`;
  // "./" before it: a name may begin like a URL, "mailto:x".
  const href = `.${encodePath([name])}`;
  if (info.kind === "folder") return row("folder", `${href}/`, `${name}/`, `<td class="size"></td>${when}`);
  const exact = `${info.size.toLocaleString("en")} ${info.size === 1 ? "byte" : "bytes"}`;
  return row("file", href, name, `<td class="size" title="${exact}">${size(info.size)}</td>${when}`);
}

function row(shape: "folder" | "file" | "up", href: string, text: string, cells: string): string {
  const icon = `<svg aria-hidden="true"><use href="#${shape}"/></svg>`;
  const link = `<a href="${escapeHtml(href)}">${icon}<bdi>${escapeHtml(text)}</bdi></a>`;
  return `<tr class="${shape}"><th scope="row">${link}</th>${cells}</tr>\n`;
}

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** A number of bytes as a person reads it: three digits and a unit. */
export function size(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}
