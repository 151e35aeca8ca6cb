// How the list of mounts looks in a browser: as the listing of a folder does.

import { escapeHtml } from "../message/problem.ts";
import { printableLine } from "../text/printable.ts";
import { LISTING_STYLE, policyOf } from "./listing-page.ts";

/** A mount as others get to see it. */
export interface ListedMount {
  /** The path that it is mounted under, "/kv", as in a URL. */
  readonly path: string;
  /** What kind of thing it is, in a word. */
  readonly kind: string;
  /** What its resources can do at most. */
  readonly methods: readonly string[];
  /** A line about it. */
  readonly description: string;
}

const STYLE = `${LISTING_STYLE}
thead th { color: var(--soft) }
tbody th { width: auto; white-space: nowrap }
tbody th a { display: inline }
td.what { width: 45%; white-space: normal }
td.methods { width: 45%; white-space: normal }
td span { white-space: nowrap }
@media (max-width: 34rem) {
  .methods { display: none }
}
`;

/** The Content-Security-Policy of the page: its own style, and nothing else from anywhere. */
export const MOUNT_LIST_POLICY: string = policyOf(STYLE);

/** The page as HTML. */
export function mountListPage(mounts: readonly ListedMount[]): string {
  const count = mounts.length === 1 ? "1 mount" : `${mounts.length} mounts`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>What is served here</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>What is served here</h1>
<table>
<caption>${count}</caption>
<thead><tr><th scope="col">Path</th><th scope="col">Kind</th><th scope="col">What it is</th><th scope="col" class="methods">Methods</th></tr></thead>
<tbody>
${mounts.map(row).join("")}</tbody>
</table>
</main>
</body>
</html>
`;
}

/** A path as a person reads it: 한글 rather than %ED%95%9C%EA%B8%80. */
export function readablePath(path: string): string {
  try {
    return printableLine(decodeURI(path));
  } catch {
    return path;
  }
}

function row({ path, kind, methods, description }: ListedMount): string {
  const names = methods.map((method) => `<span>${escapeHtml(method)}</span>`).join(" ");
  return `<tr><th scope="row"><a href="${escapeHtml(`${path}/`)}"><bdi>${escapeHtml(readablePath(path))}</bdi></a></th><td>${escapeHtml(kind)}</td><td class="what">${escapeHtml(description)}</td><td class="methods">${names}</td></tr>
`;
}
