// The keys of a kv mount: which of them, as JSON, as text or as a page, and where the changes since can be seen.
// How the page looks is in kv-page.ts.

import { createHash } from "node:crypto";
import type { Request } from "../../message/request.ts";
import { Response } from "../../message/response.ts";
import { Fields } from "../../protocol/fields.ts";
import { preferMediaType } from "../../semantics/negotiation.ts";
import type { RowInfo } from "../../store/table.ts";
import { printableLine } from "../../text/printable.ts";
import { conditionsOf, isNotModified } from "../conditions.ts";
import { watchResponse } from "../events.ts";
import { asksFor, numberIn, parametersOf } from "../query.ts";
import { rowTag } from "../rows.ts";
import type { KvMount } from "./mount.ts";
import { KV_PAGE_POLICY, kvPage } from "./page.ts";
import { describeChanges } from "./reading.ts";

/** Keys of a list when nobody says how many. */
const DEFAULT_LIMIT = 1000;
const MOST = 10_000;

const FORMS = ["application/json", "text/plain", "text/html"];

/** Answers GET and HEAD of the mount: a page of its keys, or with `?watch` their changes. */
export async function listKeys(request: Request, mount: KvMount): Promise<Response> {
  const { table, prefix: path, heartbeat } = mount;
  const { query } = request.target;
  if (asksFor("watch", query)) {
    const prefix = parametersOf(query, ["watch", "prefix", "after"]).get("prefix");
    return watchResponse(request, table, { prefix, describe: describeChanges, heartbeat });
  }
  const parameters = parametersOf(query, ["prefix", "limit", "after", "watch"]);
  const prefix = parameters.get("prefix") ?? "";
  const limit = numberIn(parameters, "limit", 1, MOST);
  const { rows, next, point } = await table.list({
    prefix,
    after: parameters.get("after"),
    limit: limit ?? DEFAULT_LIMIT,
  });
  const nextHref =
    next === undefined
      ? undefined
      : `${path}/?${queryOf({ prefix: prefix || undefined, limit, after: next })}`;

  const form = preferMediaType(request.fields.get("accept"), FORMS) ?? "application/json";
  const text = render(form, rows, nextHref, () => kvPage({ path, prefix, rows, next: nextHref }));
  const content = Buffer.from(text);
  // Of what is shown, not of the table's point: a key whose time is over is gone before any change tells of it.
  const hash = createHash("sha256").update(content).digest("base64url").slice(0, 22);
  const links = [`<${path}/?watch&${queryOf({ prefix: prefix || undefined, after: point })}>; rel="monitor"`];
  if (nextHref !== undefined) links.unshift(`<${nextHref}>; rel="next"`);
  const shared = {
    ETag: `"${hash}"`,
    "Cache-Control": "no-cache",
    Vary: "Accept",
    // RFC 8288; "monitor" is of RFC 5989.
    Link: links,
  };
  if (isNotModified(conditionsOf(request.fields), request.method, { etag: shared.ETag })) {
    return new Response(304, { fields: shared });
  }
  const fields = new Fields({
    "Content-Type": form === "application/json" ? form : `${form}; charset=utf-8`,
    ...shared,
    "Content-Security-Policy": form === "text/html" ? KV_PAGE_POLICY : undefined,
    "X-Content-Type-Options": "nosniff",
  });
  return new Response(200, { fields, body: content });
}

/** Names and values as a query, in their order; those that are undefined are left out. */
function queryOf(parameters: { readonly [name: string]: string | number | undefined }): string {
  const parts: string[] = [];
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) parts.push(`${name}=${encodeURIComponent(value)}`);
  }
  return parts.join("&");
}

function render(
  form: string,
  rows: readonly RowInfo[],
  next: string | undefined,
  page: () => string,
): string {
  switch (form) {
    case "text/plain":
      return rows.map(({ key }) => `${printableLine(key)}\n`).join("");
    case "text/html":
      return page();
    default:
      return toJson(rows, next);
  }
}

/** A key on each line, so that a person can read it and a line tool take it apart. */
function toJson(rows: readonly RowInfo[], next: string | undefined): string {
  const keys = rows.map((info) => `\n${JSON.stringify(keyEntry(info))}`).join(",");
  const end = next === undefined ? "" : `,"next":${JSON.stringify(next)}`;
  return `{"keys":[${keys}${rows.length > 0 ? "\n" : ""}]${end}}\n`;
}

function keyEntry(info: RowInfo): object {
  const { key, size, mediaType, created, changed, expires } = info;
  const entry = {
    key,
    etag: rowTag(info),
    size,
    type: mediaType,
    created: timeOf(created),
    changed: timeOf(changed),
  };
  return expires === undefined ? entry : { ...entry, expires: timeOf(expires) };
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
