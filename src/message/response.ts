import { Fields, type FieldsInit } from "../protocol/fields.ts";
import type { BodyInit } from "./body.ts";
import type { Request } from "./request.ts";

export interface ResponseInit {
  /** The reason phrase; the registered one when left out. */
  readonly reason?: string | undefined;
  /** A Fields object is used as it is, not copied: one that is sent often is written out once. */
  readonly fields?: FieldsInit | undefined;
  readonly body?: BodyInit | undefined;
  /** Bytes of a body that is a stream, when known. Without it, it is sent chunked. */
  readonly length?: number | undefined;
  /** Sent behind a chunked body; asked for when the body has been sent. */
  readonly trailers?: (() => Fields | undefined) | undefined;
}

/**
 * An answer. For a HEAD request a handler gives the same answer as for GET: the body is not sent, and if
 * it is a stream it is told so (`return()` of its iterator).
 */
export class Response {
  readonly status: number;
  readonly reason: string | undefined;
  readonly fields: Fields;
  /** Bytes of the body, undefined when not known. */
  readonly length: number | undefined;
  readonly trailers: (() => Fields | undefined) | undefined;
  #body: Uint8Array | AsyncIterable<Uint8Array> | undefined;
  /** The body as a latin1 string: an ASCII text as it was given, or one that has been sent before. */
  #text: string | undefined;
  #sent = false;

  constructor(status: number, init: ResponseInit = {}) {
    const { fields, body } = init;
    this.status = status;
    this.reason = init.reason;
    this.fields = fields instanceof Fields ? fields : new Fields(fields);
    this.trailers = init.trailers;
    if (typeof body === "string") {
      this.length = Buffer.byteLength(body, "utf8");
      // As many bytes as characters: all of it is ASCII.
      if (this.length === body.length && this.length <= TEXT_LIMIT) this.#text = body;
      else this.#body = Buffer.from(body, "utf8");
    } else {
      this.#body = body;
      this.length =
        body === undefined ? (init.length ?? 0) : body instanceof Uint8Array ? body.length : init.length;
    }
  }

  get body(): Uint8Array | AsyncIterable<Uint8Array> | undefined {
    if (this.#body === undefined && this.#text !== undefined) this.#body = Buffer.from(this.#text, "latin1");
    return this.#body;
  }

  /** The body when it is a stream. */
  get stream(): AsyncIterable<Uint8Array> | undefined {
    return this.#body === undefined || this.#body instanceof Uint8Array ? undefined : this.#body;
  }

  /**
   * A body that is in memory, for the wire: small ones as a latin1 string, which joined to the head leaves in one
   * write without a buffer. Bytes become a string when they are sent again (`npm run bench -- --rows file,const`).
   */
  wireBody(): string | Uint8Array | undefined {
    if (this.#text !== undefined) return this.#text;
    const body = this.#body;
    if (!(body instanceof Uint8Array)) return undefined;
    if (this.#sent && body.length <= TEXT_LIMIT) {
      this.#text = Buffer.from(body.buffer, body.byteOffset, body.length).toString("latin1");
      return this.#text;
    }
    this.#sent = true;
    return body;
  }
}

/** Bytes up to which a body is kept as a string. The system call copies up to 16 KiB of one without an allocation. */
const TEXT_LIMIT = 8192;

/** What a server does with a request. A handler that throws is answered for with a problem document. */
export type Handler = (request: Request) => Response | Promise<Response>;
