// What is in a folder, as a page, as JSON or as text: which of them, in which order, with which validators.
// How the page looks is in listing-page.ts.

import { createHash } from "node:crypto";
import type { Request } from "../../message/request.ts";
import { Response } from "../../message/response.ts";
import { Fields } from "../../protocol/fields.ts";
import { preferMediaType } from "../../semantics/negotiation.ts";
import type { Entry, Tree } from "../../store/tree.ts";
import { printableLine } from "../../text/printable.ts";
import { cacheFields } from "../cache-fields.ts";
import { conditionsOf, isNotModified } from "../conditions.ts";
import { LISTING_POLICY, listingPage } from "../listing-page.ts";
import type { Place } from "../mount.ts";
import { CODINGS, encode, MIN_BYTES, offersOf } from "./codings.ts";
import { entityTag } from "./entity-tag.ts";
import { orderOf, sorted } from "./listing-order.ts";

export interface ListerOptions {
  readonly tree: Tree;
  /** As mountPrefix() gives it. */
  readonly prefix: string;
  isHidden(segments: readonly string[]): boolean;
  readonly compress: boolean;
  readonly title: string | undefined;
}

const FORMS = ["text/html", "application/json", "text/plain"];

/** Makes the handler of GET and HEAD for folders. It throws what the tree throws. */
export function createLister(options: ListerOptions): (request: Request, place: Place) => Promise<Response> {
  const { tree, prefix, isHidden, compress } = options;
  const offers = offersOf([], CODINGS);

  return async (request, place) => {
    const { segments } = place;
    const all = await tree.list(segments);
    const order = orderOf(request.target.query);
    const entries = sorted(
      all.filter(({ name }) => !isHidden([name])),
      order,
    );
    // Who accepts none of the three gets the page: better a form that was not asked for than none.
    const form = preferMediaType(request.fields.get("accept"), FORMS) ?? "text/html";
    const title = options.title ?? `${prefix}/`;
    const text = render(form, entries, () => listingPage({ prefix, segments, entries, order, title }));
    const content = Buffer.from(text);
    const hash = createHash("sha256").update(content).digest("base64url").slice(0, 22);

    const accepted =
      compress && content.length > MIN_BYTES ? request.fields.get("accept-encoding") : undefined;
    const choice = offers.choose(accepted);
    const coding = choice === "identity" || choice === "none" ? undefined : choice;
    const fields = new Fields({
      "Content-Type": form === "application/json" ? form : `${form}; charset=utf-8`,
      "Content-Encoding": coding,
      ETag: entityTag(hash, coding),
      "Cache-Control": "no-cache",
      Vary: compress ? "Accept, Accept-Encoding" : "Accept",
      "Content-Security-Policy": form === "text/html" ? LISTING_POLICY : undefined,
      "X-Content-Type-Options": "nosniff",
    });
    if (isNotModified(conditionsOf(request.fields), request.method, { etag: fields.get("etag") })) {
      return new Response(304, { fields: cacheFields(fields) });
    }
    return new Response(200, {
      fields,
      body: coding === undefined ? content : await encode(coding, content),
    });
  };
}

function render(form: string, entries: readonly Entry[], page: () => string): string {
  switch (form) {
    case "application/json":
      return `${JSON.stringify(entries.map(toJson), undefined, 1)}\n`;
    case "text/plain":
      return toText(entries);
    default:
      return page();
  }
}

function toJson({ name, info }: Entry): object {
  const { kind } = info;
  const modified = new Date(info.modified).toISOString();
  return kind === "file" ? { name, kind, size: info.size, modified } : { name, kind, modified };
}

// The name stands last: how wide it is on a terminal nobody knows for sure.
function toText(entries: readonly Entry[]): string {
  const sizes = entries.map(({ info }) => (info.kind === "file" ? String(info.size) : "-"));
  const width = Math.max(0, ...sizes.map((size) => size.length));
  return entries
    .map(({ name, info }, index) => {
      const time = new Date(info.modified).toISOString().slice(0, 19);
      const size = (sizes[index] ?? "").padStart(width);
      return `${size}  ${time}Z  ${printableLine(name)}${info.kind === "folder" ? "/" : ""}\n`;
    })
    .join("");
}
