// How long a body is (RFC 9112, 6.3). Everything that decides it is here, in the RFC's own steps.

import { parseContentLength } from "./content-length.ts";
import { ProtocolError } from "./errors.ts";
import type { Fields } from "./fields.ts";
import { isToken, listMembers, quote } from "./grammar.ts";
import type { Version } from "./start-line.ts";

export type Framing =
  | { readonly kind: "none" }
  | { readonly kind: "length"; readonly length: number }
  | { readonly kind: "chunked" }
  /** Until the connection closes: responses only. */
  | { readonly kind: "close" }
  /** No body and no message after this one: the connection becomes something else. */
  | { readonly kind: "switch" };

export const NO_BODY: Framing = { kind: "none" };
const CHUNKED: Framing = { kind: "chunked" };
const UNTIL_CLOSE: Framing = { kind: "close" };
const SWITCH: Framing = { kind: "switch" };

/** The framing of a request's body. Throws when the RFC calls the message invalid. */
export function requestFraming(version: Version, fields: Fields): Framing {
  // Steps 1, 2 and 8 are for responses only.
  // Step 3 and 4: Transfer-Encoding.
  const coding = fields.get("transfer-encoding");
  const length = fields.get("content-length");
  if (coding !== undefined) {
    if (length !== undefined) {
      throw new ProtocolError(
        "FRAMING_AMBIGUOUS",
        "Cannot tell where the body ends: Content-Length and Transfer-Encoding are both there (RFC 9112, 6.1)",
      );
    }
    checkCodings(version, coding);
    return CHUNKED;
  }
  // Step 5 and 6: Content-Length.
  if (length !== undefined) return lengthFraming(length);
  // Step 7: a request without either has no body.
  return NO_BODY;
}

/** The framing of a response's body, which depends on the request that it answers. */
export function responseFraming(method: string, version: Version, status: number, fields: Fields): Framing {
  // Step 1: HEAD, 1xx, 204 and 304 never have one.
  if (status === 101) return SWITCH;
  if (method === "HEAD" || status < 200 || status === 204 || status === 304) return NO_BODY;
  // Step 2: a 2xx to CONNECT begins the tunnel; framing fields in it are ignored.
  if (method === "CONNECT" && status < 300) return SWITCH;
  // Step 3 and 4: Transfer-Encoding overrides Content-Length; `keepsAlive` makes sure that such a connection ends.
  const coding = fields.get("transfer-encoding");
  if (coding !== undefined) {
    checkCodings(version, coding);
    return CHUNKED;
  }
  // Step 5 and 6.
  const length = fields.get("content-length");
  if (length !== undefined) return lengthFraming(length);
  // Step 8: until the connection closes.
  return UNTIL_CLOSE;
}

function lengthFraming(value: string): Framing {
  const length = parseContentLength(value);
  return length === 0 ? NO_BODY : { kind: "length", length };
}

/** Accepts exactly "chunked": no other coding is applied or undone here. */
function checkCodings(version: Version, value: string): void {
  if (version === "1.0") {
    throw new ProtocolError(
      "TRANSFER_ENCODING_IN_1_0",
      "Cannot trust the framing: Transfer-Encoding does not exist in HTTP/1.0 (RFC 9112, 6.1)",
    );
  }
  const codings = listMembers(value);
  if (codings.at(-1) !== "chunked" || codings.indexOf("chunked") !== codings.length - 1) {
    throw new ProtocolError(
      "TRANSFER_ENCODING_INVALID",
      `Cannot tell where the body ends: Transfer-Encoding is ${quote(value)}, and "chunked" must be its last coding, once`,
    );
  }
  if (codings.length > 1) {
    const faulty = codings.some((coding) => !isToken(coding.split(";", 1)[0]?.trim() ?? ""));
    throw new ProtocolError(
      "TRANSFER_CODING_UNKNOWN",
      `Cannot undo the transfer codings ${quote(value)}: only "chunked" is known`,
      faulty ? 400 : 501,
    );
  }
}

/** Whether the connection may carry another message after one with these fields (RFC 9112, 9.3). */
export function keepsAlive(version: Version, fields: Fields): boolean {
  const connection = fields.get("connection");
  if (connection === undefined) return version === "1.1";
  // What browsers and tools send, in one of two spellings.
  if (connection === "keep-alive" || connection === "Keep-Alive") return true;
  const options = listMembers(connection);
  if (options.includes("close")) return false;
  return version === "1.1" || options.includes("keep-alive");
}
