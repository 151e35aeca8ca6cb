// What a server without anything at "/" says there: which mounts it has, as a page, as JSON or as text. It knows
// of a mount what it is told, and nothing of what is behind it.

import { createHash } from "node:crypto";
import { Problem } from "../message/problem.ts";
import type { Request } from "../message/request.ts";
import { type Handler, Response } from "../message/response.ts";
import { Fields } from "../protocol/fields.ts";
import { preferMediaType } from "../semantics/negotiation.ts";
import { cacheFields } from "./cache-fields.ts";
import { conditionsOf, isNotModified } from "./conditions.ts";
import { type ListedMount, MOUNT_LIST_POLICY, mountListPage, readablePath } from "./mount-list-page.ts";
import { notAllowed, READ_METHODS } from "./refusals.ts";

/** The methods of the list itself: for `OPTIONS *`. */
export const MOUNT_LIST_METHODS: readonly string[] = READ_METHODS.split(", ");

const FORMS = ["application/json", "text/html", "text/plain"];

/**
 * Answers for "/" with a list of what is mounted elsewhere: JSON, a page for a browser, text for
 * `Accept: text/plain`. Every other path is a Problem, 404, that names the mounts.
 */
export function mountListHandler(mounts: readonly ListedMount[]): Handler {
  const sorted = [...mounts].sort((a, b) => (a.path < b.path ? -1 : 1));
  const forms = new Map(FORMS.map((form) => [form, madeOf(form, sorted)]));

  return (request) => {
    if (request.target.path !== "/") throw nothingMounted(request, mounts);
    if (request.method === "OPTIONS") return new Response(200, { fields: { Allow: READ_METHODS } });
    if (request.method !== "GET" && request.method !== "HEAD") {
      throw notAllowed(
        READ_METHODS,
        `Cannot ${request.method} here: this is the list of what is mounted, which takes ${READ_METHODS}`,
      );
    }
    // Who accepts none of the three gets JSON: better a form that was not asked for than none.
    const form = preferMediaType(request.fields.get("accept"), FORMS) ?? "application/json";
    const { fields, body } = forms.get(form) as Made;
    if (isNotModified(conditionsOf(request.fields), request.method, { etag: fields.get("etag") })) {
      return new Response(304, { fields: cacheFields(fields) });
    }
    return new Response(200, { fields, body });
  };
}

interface Made {
  readonly fields: Fields;
  readonly body: string;
}

function madeOf(form: string, mounts: readonly ListedMount[]): Made {
  const body = render(form, mounts);
  const hash = createHash("sha256").update(body).digest("base64url").slice(0, 22);
  const fields = new Fields({
    "Content-Type": form === "application/json" ? form : `${form}; charset=utf-8`,
    ETag: `"${hash}"`,
    "Cache-Control": "no-cache",
    Vary: "Accept",
    "Content-Security-Policy": form === "text/html" ? MOUNT_LIST_POLICY : undefined,
    "X-Content-Type-Options": "nosniff",
  });
  return { fields, body };
}

function render(form: string, mounts: readonly ListedMount[]): string {
  switch (form) {
    case "text/html":
      return mountListPage(mounts);
    case "text/plain":
      return toText(mounts);
    default: {
      // Named one by one: what else its maker knows of a mount is not everybody's.
      const list = mounts.map(({ path, kind, methods, description }) => ({
        path,
        kind,
        methods,
        description,
      }));
      return `${JSON.stringify(list, undefined, 1)}\n`;
    }
  }
}

function toText(mounts: readonly ListedMount[]): string {
  const rows = mounts.map(({ path, kind, methods, description }) => [
    readablePath(path),
    kind,
    methods.join(" "),
    description,
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) => `${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}\n`)
    .join("");
}

function nothingMounted(request: Request, mounts: readonly ListedMount[]): Problem {
  return new Problem(404, {
    detail: `Nothing is mounted at ${request.target.path}. Mounts: ${mounts.map(({ path }) => path).join(", ")}`,
  });
}
