// Problem documents (RFC 9457): what went wrong, for programs, for a terminal and for a browser.

import { Fields, type FieldsInit } from "../protocol/fields.ts";
import { reasonPhrase } from "../protocol/status.ts";
import { preferMediaType } from "../semantics/negotiation.ts";
import type { Request } from "./request.ts";
import { Response } from "./response.ts";

export interface ProblemInit {
  /** What happened this time, in a sentence, with the way out where there is one. */
  readonly detail?: string | undefined;
  /** A URI that names the kind of problem. Default "about:blank": the status says it all. */
  readonly type?: string | undefined;
  /** The kind of problem in a few words. Default: the status's reason phrase. */
  readonly title?: string | undefined;
  /** Further members of the document. */
  readonly members?: { readonly [name: string]: unknown } | undefined;
  readonly fields?: FieldsInit | undefined;
  readonly cause?: unknown;
}

/** Thrown by a handler, or by what it calls, to answer with a problem document. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly status: number;
  readonly init: ProblemInit;

  constructor(status: number, init: ProblemInit = {}) {
    super(init.detail ?? init.title ?? reasonPhrase(status), { cause: init.cause });
    this.status = status;
    this.init = init;
  }
}

const FORMS = ["application/problem+json", "application/json", "text/html", "text/plain"];

/** The answer that tells of a problem, in the form that the request's Accept asks for; JSON when it does not care. */
export function problemResponse(request: Pick<Request, "fields"> | undefined, problem: Problem): Response {
  const { status, init } = problem;
  const form = preferMediaType(request?.fields.get("accept"), FORMS) ?? "application/problem+json";
  const title = init.title ?? (reasonPhrase(status) || "Problem");
  const fields = new Fields(init.fields);
  fields.append(
    "Content-Type",
    form === "text/html" || form === "text/plain" ? `${form}; charset=utf-8` : form,
  );
  appendVary(fields, "Accept");
  // A fault's page is nobody's to keep, and its text nobody's to reinterpret.
  if (!fields.has("cache-control")) fields.append("Cache-Control", "no-store");
  fields.append("X-Content-Type-Options", "nosniff");
  return new Response(status, { fields, body: render(form, status, title, init) });
}

function render(form: string, status: number, title: string, init: ProblemInit): string {
  switch (form) {
    case "text/html":
      return page(status, title, init.detail);
    case "text/plain":
      return `${status} ${title}${init.detail === undefined ? "" : `: ${init.detail}`}\n`;
    default: {
      const document = {
        type: init.type ?? "about:blank",
        title,
        status,
        detail: init.detail,
        ...init.members,
      };
      return `${JSON.stringify(document, undefined, 2)}\n`;
    }
  }
}

function page(status: number, title: string, detail: string | undefined): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${status} ${escapeHtml(title)}</title>
<style>
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 15vh auto 0; padding: 0 1.5rem }
h1 { font-size: 1.5rem; font-weight: 600 }
h1 b { opacity: .55; font-weight: 600; margin-right: .5rem }
p { overflow-wrap: anywhere }
</style>
</head>
<body>
<h1><b>${status}</b>${escapeHtml(title)}</h1>
<p>${escapeHtml(detail ?? "")}</p>
</body>
</html>
`;
}

const ENTITIES: { readonly [character: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A text that stands for itself in HTML content and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
}

/** Adds a name to the Vary field, once. */
export function appendVary(fields: Fields, name: string): void {
  const vary = fields.get("vary");
  if (vary === undefined) fields.append("Vary", name);
  else if (
    !vary
      .toLowerCase()
      .split(/\s*,\s*/)
      .includes(name.toLowerCase())
  )
    fields.set("Vary", `${vary}, ${name}`);
}
