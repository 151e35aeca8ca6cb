// One request over the wire, and its whole answer: the only place of the runner that has connections.

import { Client } from "../../client/client.ts";
import type { ConnectionOptions } from "../../client/connecting.ts";
import { readConnection } from "../../client/connection-choices.ts";
import type { SentRequest } from "../../client/options.ts";
import type { HttpUrl } from "../../client/url.ts";
import { BodyTooLargeError } from "../../message/body.ts";
import { Fields } from "../../protocol/fields.ts";
import { Failure } from "../failure.ts";
import type { Span } from "../hurl/tree.ts";
import { decodeBody, pieces } from "./answer-body.ts";
import type { Call } from "./outcome.ts";
import type { EntryOptions, RunSettings } from "./settings.ts";

export interface WireRequest {
  readonly method: string;
  readonly url: HttpUrl;
  /** As it is sent, in place of the URL's. */
  readonly target: string;
  readonly fields: Fields;
  readonly body: Uint8Array | undefined;
}

/** By the origin of the URL. */
type Connections = Map<string, Promise<ConnectionOptions | undefined>>;

/** A body that has no end must not take all memory. Whoever wants more says so with --max-filesize. */
const MOST_BYTES = 2 ** 30;

const NOTHING = new Uint8Array(0);

export class Wire {
  readonly #settings: RunSettings;
  readonly #client = new Client();
  readonly #connections = new WeakMap<EntryOptions, Connections>();

  constructor(settings: RunSettings) {
    this.#settings = settings;
  }

  /** Resolves when the answer's body has come. `source`: where the file has the URL. Throws ClientError and Failure. */
  async send(request: WireRequest, options: EntryOptions, source: Span): Promise<Call> {
    const { method, url, target, body } = request;
    const { fields, chunked } = withoutTransferCoding(request.fields);
    const startedAt = new Date();
    let sent: SentRequest | undefined;
    const response = await this.#client.request(url.href, {
      method,
      target,
      version: options.http,
      connection: await this.#connection(options, url),
      socketPath: options.unixSocket,
      fields,
      body: chunked ? pieces(body ?? NOTHING) : body,
      decode: false,
      redirect: "manual",
      connectTimeout: options.connectTimeout,
      totalTimeout: options.maxTime,
      signal: this.#settings.signal,
      onRequest: (one) => {
        sent = one;
      },
    });
    const { maxFilesize } = this.#settings;
    let rawBody: Uint8Array;
    try {
      rawBody = await response.body.bytes(maxFilesize === 0 ? MOST_BYTES : maxFilesize);
    } catch (error) {
      if (!(error instanceof BodyTooLargeError)) throw error;
      response.body.discard();
      throw tooLarge(maxFilesize, source, error);
    }
    const { timing } = response;
    return {
      request: { method, url: url.href, head: sent?.head ?? "", fields, body: body ?? NOTHING },
      response: {
        url: url.href,
        version: response.version,
        status: response.status,
        reason: response.reason,
        fields: response.fields,
        rawBody,
        ...(await decodeBody(rawBody, response.fields)),
        remote: response.remote,
        certificate: response.certificate,
        duration: timing.total,
      },
      startedAt,
      timing,
    };
  }

  /** Entries mostly share their options and their server: what they come to is found out once. */
  #connection(options: EntryOptions, url: HttpUrl): Promise<ConnectionOptions | undefined> {
    const known = this.#connections.get(options) ?? new Map();
    this.#connections.set(options, known);
    const { noProxy, fileRoot: folder, environment } = this.#settings;
    let found = known.get(url.origin);
    if (found === undefined) {
      found = readConnection({ ...options, noProxy }, url, { folder, environment });
      known.set(url.origin, found);
    }
    return found;
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}

/** Who asks for `Transfer-Encoding: chunked` gets it, from the client, which frames bodies itself. */
function withoutTransferCoding(fields: Fields): { readonly fields: Fields; readonly chunked: boolean } {
  if (fields.get("transfer-encoding")?.toLowerCase() !== "chunked") return { fields, chunked: false };
  const rest = new Fields(fields);
  rest.delete("transfer-encoding");
  return { fields: rest, chunked: true };
}

function tooLarge(limit: number, source: Span, cause: BodyTooLargeError): Failure {
  const text =
    limit === 0
      ? `the body has more than ${MOST_BYTES} bytes; --max-filesize allows more, if more is wanted`
      : `the body has more than the ${limit} bytes that --max-filesize allows`;
  return new Failure("HTTP_CONNECTION", source, text, { cause });
}
