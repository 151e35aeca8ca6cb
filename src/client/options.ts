import type { BodyInit } from "../message/body.ts";
import type { Connect } from "../net/connect.ts";
import type { Endpoint } from "../net/transport.ts";
import type { Fields, FieldsInit } from "../protocol/fields.ts";
import { DEFAULT_LIMITS, type Limits } from "../protocol/limits.ts";
import type { Version } from "../protocol/start-line.ts";
import type { ConnectionOptions } from "./connecting.ts";

/** How long each part of a request may take. Milliseconds; 0 means no limit. */
export interface Timeouts {
  /** Name, connection and TLS handshake together. Default 10,000: three SYNs are sent within 7 s, a fourth helps nobody. */
  readonly connectTimeout: number;
  /** From the request's last byte to the end of the answer's head. Default 300,000, as browsers wait: reports are slow. */
  readonly firstByteTimeout: number;
  /** In which a body, either way, must move at least a byte while this side is ready for it. Default 60,000, as the server's. */
  readonly idleTimeout: number;
  /** The whole request: waiting for a free connection, redirects, and the answer's body to its end. Default 0: a download may be long. */
  readonly totalTimeout: number;
}

export const DEFAULT_TIMEOUTS: Timeouts = {
  connectTimeout: 10_000,
  firstByteTimeout: 300_000,
  idleTimeout: 60_000,
  totalTimeout: 0,
};

/** Milliseconds that the steps of one exchange took; undefined for what did not happen, or not yet. */
export interface Timing {
  /** Waiting for a free connection, when the limit of connections was reached. */
  readonly queue: number | undefined;
  /** Name, connection, handshake: undefined on a kept connection, as is `dns` for an address and `tls` for http. */
  readonly dns: number | undefined;
  readonly connect: number | undefined;
  readonly tls: number | undefined;
  /** From the sending of the head to the whole head of the final answer. */
  readonly firstByte: number | undefined;
  /** From there to the end of the answer's body. */
  readonly transfer: number | undefined;
  /** From the call of `request` on; so far, while the body is being read. */
  readonly total: number;
}

/** What is known of a request when it is on its way. */
export interface SentRequest {
  readonly method: string;
  readonly url: string;
  /** The head as sent, with every CRLF; a character for each byte. */
  readonly head: string;
  readonly remote: Endpoint;
  readonly local: Endpoint;
  /** Whether an earlier exchange had used the connection. */
  readonly reused: boolean;
}

/** The head of an answer: a final one, an interim one (1xx), or one that redirects. */
export interface ResponseHead {
  readonly status: number;
  readonly reason: string;
  readonly version: Version;
  readonly fields: Fields;
}

export interface RequestOptions extends Partial<Timeouts> {
  /** Default "GET". Case matters (RFC 9110, 9.1). CONNECT is not for this client. */
  readonly method?: string | undefined;
  /** Sent after Host, User-Agent, Accept and Accept-Encoding; one of those named here is sent instead of the client's own. */
  readonly fields?: FieldsInit | undefined;
  /** Names of the client's own fields not to send: "user-agent", "accept", "accept-encoding". */
  readonly omit?: readonly string[] | undefined;
  /** Text is sent as UTF-8. Nothing is said about its type: that is for `fields`. */
  readonly body?: BodyInit | undefined;
  /** Bytes of a streamed body, when known; without it, it is sent chunked. */
  readonly length?: number | undefined;
  /** Sent behind a chunked body; asked for when the body has been sent. */
  readonly trailers?: (() => Fields | undefined) | undefined;
  /** The request target in place of the URL's path and query: "*" for OPTIONS. Redirects are not followed then. */
  readonly target?: string | undefined;
  /**
   * Default "1.1". In "1.0" there are no chunks, so that a streamed body takes a `length`, nothing is asked for
   * first (100), and the connection is not kept unless `fields` has `Connection: keep-alive`. Host is sent all the same.
   */
  readonly version?: Version | undefined;
  /** How the connection is made: TLS, routes, a proxy, a rate. It holds for redirects, too. */
  readonly connection?: ConnectionOptions | undefined;
  /** Ends it at any point: `ABORTED`. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Sends the head with `Expect: 100-continue`, and the body when a 100 came, or after a second without an answer.
   * "auto" does so for a body over 1 MiB or of unknown size. Default false; true by itself when `fields` has such an Expect.
   */
  readonly expectContinue?: boolean | "auto" | undefined;
  /** What to do with 301, 302, 303, 307 and 308. Default "follow"; "manual" hands the answer over; "error" throws `REDIRECT_UNWANTED`. */
  readonly redirect?: "follow" | "manual" | "error" | undefined;
  /** Redirects followed before `TOO_MANY_REDIRECTS`. Default 20, as in browsers. */
  readonly maxRedirects?: number | undefined;
  /** Whether content codings are asked for and undone: gzip, deflate, br, zstd. Default true. */
  readonly decode?: boolean | undefined;
  /** A UNIX socket to connect to for the URL's origin, past every proxy. A redirect to another origin goes over TCP. */
  readonly socketPath?: string | undefined;
  /** Told of each interim answer (1xx). */
  readonly onInterim?: ((head: ResponseHead) => void) | undefined;
  /** Told of each request as it is sent: the first, those after redirects, one that is sent again. */
  readonly onRequest?: ((request: SentRequest) => void) | undefined;
  /** Told of each final answer's head, those that redirect included. */
  readonly onResponse?: ((head: ResponseHead, about: AboutResponse) => void) | undefined;
}

/** What is known when the head of an answer is there. */
export interface AboutResponse {
  readonly url: string;
  /** So far. */
  readonly timing: Timing;
  /** Whether anything of the request's body was sent: false, too, when the server answered before it asked for it (100). */
  readonly bodyBegun: boolean;
}

export interface ClientSettings extends Timeouts {
  /** Open connections to one origin; further requests wait in order. Default 32: enough to keep a server busy, few enough to be polite. */
  readonly maxConnections: number;
  /** Milliseconds that an unused connection is kept. Default 4,000: below the 5 s of Apache and Node, whose closing would meet a request. 0: none is kept. */
  readonly keepAliveTimeout: number;
  /** How much head and body an answer may have. */
  readonly limits: Limits;
}

export interface ClientOptions extends Partial<Omit<ClientSettings, "limits">> {
  readonly limits?: Partial<Limits> | undefined;
  /** Opens connections. Default: TCP, TLS and UNIX sockets of this machine. */
  readonly connect?: Connect | undefined;
}

export function clientSettings(options: ClientOptions): ClientSettings {
  return {
    ...timeoutsOf(options, DEFAULT_TIMEOUTS),
    maxConnections: options.maxConnections ?? 32,
    keepAliveTimeout: options.keepAliveTimeout ?? 4000,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
  };
}

/** A request's timeouts: the client's own object when it changes none, so that not each request makes one. */
export function timeoutsOf(options: Partial<Timeouts>, base: Timeouts): Timeouts {
  const { connectTimeout, firstByteTimeout, idleTimeout, totalTimeout } = options;
  if (
    connectTimeout === undefined &&
    firstByteTimeout === undefined &&
    idleTimeout === undefined &&
    totalTimeout === undefined
  ) {
    return base;
  }
  return {
    connectTimeout: connectTimeout ?? base.connectTimeout,
    firstByteTimeout: firstByteTimeout ?? base.firstByteTimeout,
    idleTimeout: idleTimeout ?? base.idleTimeout,
    totalTimeout: totalTimeout ?? base.totalTimeout,
  };
}
