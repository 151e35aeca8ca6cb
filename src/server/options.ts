import type { Request } from "../message/request.ts";
import type { Handler, Response } from "../message/response.ts";
import { DEFAULT_LIMITS, type Limits } from "../protocol/limits.ts";

/** How a server treats its connections. Flags, and the library's options, bear these names. */
export interface ServerSettings extends Limits {
  /** Milliseconds from a head's first byte to its last. Default 30,000: a slow phone manages, a slow-head attack does not. 0: no limit. */
  readonly headTimeout: number;
  /** Milliseconds that a connection may stay open with no request on it. Default 60,000: browsers come back within that. 0: no limit. */
  readonly idleTimeout: number;
  /** Milliseconds in which a body, either way, must move at least a byte. Default 60,000, as nginx. 0: no limit. */
  readonly bodyTimeout: number;
  /** Milliseconds to go on reading after the last answer, so that it is not lost to a reset. Default 5,000, as nginx. 0 closes at once. */
  readonly lingerTimeout: number;
  /** Bytes of an unread request body that are read away to keep the connection. Default 262,144: less costs than a new connection. 0: none. */
  readonly drainLimit: number;
  /** Open connections; the next one gets 503. Default 20,000: about 120 MB when all are idle. 0: no limit. */
  readonly maxConnections: number;
  /** Requests on one connection, the last of which says close. Default 0: no limit. */
  readonly maxRequests: number;
}

export const DEFAULT_SETTINGS: ServerSettings = {
  ...DEFAULT_LIMITS,
  headTimeout: 30_000,
  idleTimeout: 60_000,
  bodyTimeout: 60_000,
  lingerTimeout: 5_000,
  drainLimit: 262_144,
  maxConnections: 20_000,
  maxRequests: 0,
};

/** What is known of an exchange when it is over. */
export interface ExchangeRecord {
  /** Undefined when the request could not be read. */
  readonly request: Request | undefined;
  /** Undefined when the connection broke before an answer was sent. */
  readonly response: Response | undefined;
  /** The head of the answer as sent, CRLF included. */
  readonly sentHead: string;
  /** Bytes of the answer's body that were sent, framing not counted. */
  readonly bodyBytes: number;
  /** Whether the answer was sent to its end. */
  readonly complete: boolean;
  /** Milliseconds from the request's head to the end of the answer. */
  readonly duration: number;
  readonly remote: { readonly address: string; readonly port: number };
}

export interface ServerOptions extends Partial<ServerSettings> {
  /** Answers the requests. */
  readonly handler: Handler;
  /** Told of every exchange when it is over. */
  readonly onExchange?: ((record: ExchangeRecord) => void) | undefined;
  /** Told of every error that a handler threw and no rule provides for. Default: written to standard error. */
  readonly onError?: ((error: unknown, request: Request | undefined) => void) | undefined;
}
