// Bodies on their way out: the counterpart of body-reader.

import { StateError } from "./errors.ts";
import type { Fields } from "./fields.ts";
import type { Framing } from "./framing.ts";

/** A piece of output: bytes, or a latin1 string, a byte for each character. */
export type Piece = string | Uint8Array;

const CRLF = "\r\n";

/** Counts and wraps the data of one body. Throws `StateError` when it is longer or shorter than was announced. */
export class BodyWriter {
  readonly framing: Framing;
  #sent = 0;

  constructor(framing: Framing) {
    this.framing = framing;
  }

  data(bytes: Piece, out: Piece[]): void {
    // An empty chunk would end the body.
    if (bytes.length === 0) return;
    this.#sent += bytes.length;
    switch (this.framing.kind) {
      case "chunked":
        out.push(bytes.length.toString(16) + CRLF, bytes, CRLF);
        return;
      case "length":
        if (this.#sent > this.framing.length) throw this.#mismatch(this.framing.length);
        out.push(bytes);
        return;
      case "close":
        out.push(bytes);
        return;
      case "none":
      case "switch":
        throw this.#mismatch(0);
    }
  }

  end(trailers: Fields | undefined, out: Piece[]): void {
    if (this.framing.kind === "length" && this.#sent !== this.framing.length) {
      throw this.#mismatch(this.framing.length);
    }
    if (this.framing.kind === "chunked") out.push(`0\r\n${trailerText(trailers)}\r\n`);
    else if (trailers !== undefined && trailers.size > 0) {
      throw new StateError("Cannot send trailers: only a chunked body has room for them");
    }
  }

  #mismatch(announced: number): StateError {
    return new StateError(`Cannot send a body of ${this.#sent} bytes: its head announced ${announced}`);
  }
}

/** Fields that a receiver needs before the body, or that say where the body ends (RFC 9110, 6.5.1). */
const NEVER_TRAILING = [
  "Transfer-Encoding",
  "Content-Length",
  "Content-Encoding",
  "Content-Type",
  "Content-Range",
  "Trailer",
  "Host",
  "Authorization",
  "Set-Cookie",
];

function trailerText(trailers: Fields | undefined): string {
  if (trailers === undefined) return "";
  const wrong = NEVER_TRAILING.find((name) => trailers.has(name));
  if (wrong !== undefined)
    throw new StateError(`Cannot send ${wrong} as a trailer: it belongs before the body`);
  return trailers.toString();
}
