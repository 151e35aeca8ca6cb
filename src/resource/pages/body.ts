// What is sent to a pages mount: which media types are taken and how, and that it is UTF-8 with something in it. Knows
// the request, not the page that it is for.

import { Problem } from "../../message/problem.ts";
import type { Request } from "../../message/request.ts";
import { parseMediaType } from "../../semantics/media-types.ts";
import { requirePlainBody } from "../refusals.ts";
import type { Piece } from "./insert.ts";
import { decodeUtf8, encodingOf, isAscii } from "./text.ts";

// What curl calls everything that it sends with -d, and what it means is text.
const FORM = "application/x-www-form-urlencoded";

const INSERTED: ReadonlyMap<string, Piece["kind"]> = new Map([
  ["text/plain", "text"],
  [FORM, "text"],
  ["text/html", "markup"],
]);

const STORED: ReadonlySet<string> = new Set(["text/html", "application/xhtml+xml", "text/plain", FORM]);

/** Accept-Patch: what PATCH, and PUT, insert. */
export const INSERTED_TYPES = "text/plain, text/html";
/** Accept-Post: what POST makes a page of. */
export const STORED_TYPES = "text/html, application/xhtml+xml, text/plain";

/** Says by the fields alone what a body to be inserted is. Throws a Problem, 415, for one that cannot be inserted. */
export function insertedKind(request: Request): Piece["kind"] {
  const field = request.method === "PATCH" ? "Accept-Patch" : "Accept";
  const kind = INSERTED.get(requireType(request, INSERTED_TYPES, field));
  if (kind === undefined) throw unsupported(request, INSERTED_TYPES, field);
  return kind;
}

/** Throws a Problem, 415, when the fields say that a body is no page. */
export function requirePage(request: Request): void {
  if (!STORED.has(requireType(request, STORED_TYPES, "Accept-Post"))) {
    throw unsupported(request, STORED_TYPES, "Accept-Post");
  }
}

function requireType(request: Request, types: string, field: string): string {
  requirePlainBody(request);
  const sent = request.fields.get("content-type");
  if (sent === undefined) return "text/plain";
  const mediaType = parseMediaType(sent);
  if (mediaType === undefined) throw unsupported(request, types, field);
  const charset = mediaType.parameters.get("charset");
  if (charset !== undefined && encodingOf(charset) === "other") {
    throw new Problem(415, {
      detail: `Cannot take a body in the encoding ${JSON.stringify(charset)}: pages are written in UTF-8. Send it in UTF-8`,
      fields: { [field]: types },
    });
  }
  return mediaType.essence;
}

// RFC 5789, 2.2 and 3.1 (Accept-Patch); RFC 9110, 15.5.16 (Accept)
function unsupported(request: Request, types: string, field: string): Problem {
  const sent = JSON.stringify(request.fields.get("content-type"));
  return new Problem(415, {
    detail: `Cannot ${request.method} a body of type ${sent} here: this takes ${types}`,
    fields: { [field]: types },
  });
}

/** Reads a body. Throws a Problem, 400, for one that is blank or is not the UTF-8 that it should be; BodyTooLargeError, 413. */
export async function readText(
  request: Request,
  limit: number,
): Promise<{ readonly bytes: Uint8Array; readonly text: string }> {
  const bytes = await request.body.bytes(limit);
  const decoded = decodeUtf8(bytes);
  if (decoded === undefined) throw malformed(request, "the body is not UTF-8");
  const { text } = decoded;
  const charset = parseMediaType(request.fields.get("content-type") ?? "")?.parameters.get("charset");
  if (charset !== undefined && encodingOf(charset) === "ascii" && !isAscii(text)) {
    throw malformed(request, "the body says that it is in ASCII, and it is not");
  }
  if (text.trim() === "")
    throw malformed(request, "the body has nothing in it. Send what shall be in the page");
  return { bytes, text };
}

/** A request that cannot be right, whatever is there. */
export function malformed({ method }: Request, why: string): Problem {
  return new Problem(400, { detail: `Cannot do this ${method}: ${why}` });
}
