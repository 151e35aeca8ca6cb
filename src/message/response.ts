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
  readonly body: Uint8Array | AsyncIterable<Uint8Array> | undefined;
  /** Bytes of the body, undefined when not known. */
  readonly length: number | undefined;
  readonly trailers: (() => Fields | undefined) | undefined;

  constructor(status: number, init: ResponseInit = {}) {
    const { fields, body } = init;
    this.status = status;
    this.reason = init.reason;
    this.fields = fields instanceof Fields ? fields : new Fields(fields);
    this.body = typeof body === "string" ? Buffer.from(body, "utf8") : body;
    this.length =
      this.body === undefined
        ? (init.length ?? 0)
        : this.body instanceof Uint8Array
          ? this.body.length
          : init.length;
    this.trailers = init.trailers;
  }
}

/** What a server does with a request. A handler that throws is answered for with a problem document. */
export type Handler = (request: Request) => Response | Promise<Response>;
