// What can go wrong with a request, as the caller sees it. How a server answers is never an error here:
// a 404 is an answer.

/** What a program would distinguish, for example by its exit code. */
export type ClientErrorKind = "connection" | "timeout" | "protocol" | "usage" | "aborted";

export type ClientErrorCode =
  /** The URL cannot be used. */
  | "URL_INVALID"
  /** The method, a field or the length cannot be sent; `cause` is the ProtocolError. */
  | "REQUEST_INVALID"
  /** A route, a proxy or a rate that cannot be used. */
  | "OPTION_INVALID"
  /** A certificate, a private key or a pinned public key of the caller's that cannot be used. */
  | "TLS_MATERIAL"
  /** The caller's stream threw (`cause`), or gave more or fewer bytes than were announced. */
  | "BODY_SOURCE"
  /** The client was closed. */
  | "CLIENT_CLOSED"
  /** A redirect asks for a streamed body again, which cannot be sent twice. */
  | "REDIRECT_BODY"
  | "NAME_NOT_FOUND"
  | "CONNECTION_REFUSED"
  | "HOST_UNREACHABLE"
  /** There is no UNIX socket of that path. */
  | "SOCKET_NOT_FOUND"
  | "TLS_CERTIFICATE"
  | "TLS_HANDSHAKE"
  /** The server has another public key than those that it may have. */
  | "TLS_PINNED_KEY"
  /** The proxy opened no tunnel; the message tells its status. */
  | "PROXY_REFUSED"
  /** No connection, for another reason of the system's; the message tells it. */
  | "CONNECT_FAILED"
  | "CONNECTION_RESET"
  /** The server closed the connection before it had answered. */
  | "CONNECTION_CLOSED"
  /** The answer's body was cut short. */
  | "BODY_INCOMPLETE"
  | "CONNECT_TIMEOUT"
  | "FIRST_BYTE_TIMEOUT"
  | "IDLE_TIMEOUT"
  | "TOTAL_TIMEOUT"
  /** The answer breaks HTTP/1.1; `cause` is the ProtocolError. */
  | "PROTOCOL"
  | "TOO_MANY_REDIRECTS"
  | "REDIRECT_LOOP"
  /** Redirected with `redirect: "error"`. */
  | "REDIRECT_UNWANTED"
  /** Redirected to something that is no http: or https: URL, or that names a user. */
  | "REDIRECT_INVALID"
  /** The body is not in the coding that Content-Encoding names, or its end is missing. */
  | "DECODING"
  /** By the caller: its signal, or an error thrown by one of its functions, which is the `cause`. */
  | "ABORTED";

const KINDS: { readonly [code in ClientErrorCode]: ClientErrorKind } = {
  URL_INVALID: "usage",
  REQUEST_INVALID: "usage",
  OPTION_INVALID: "usage",
  TLS_MATERIAL: "usage",
  BODY_SOURCE: "usage",
  CLIENT_CLOSED: "usage",
  REDIRECT_BODY: "usage",
  NAME_NOT_FOUND: "connection",
  CONNECTION_REFUSED: "connection",
  HOST_UNREACHABLE: "connection",
  SOCKET_NOT_FOUND: "connection",
  TLS_CERTIFICATE: "connection",
  TLS_HANDSHAKE: "connection",
  TLS_PINNED_KEY: "connection",
  PROXY_REFUSED: "connection",
  CONNECT_FAILED: "connection",
  CONNECTION_RESET: "connection",
  CONNECTION_CLOSED: "connection",
  BODY_INCOMPLETE: "connection",
  CONNECT_TIMEOUT: "timeout",
  FIRST_BYTE_TIMEOUT: "timeout",
  IDLE_TIMEOUT: "timeout",
  TOTAL_TIMEOUT: "timeout",
  PROTOCOL: "protocol",
  TOO_MANY_REDIRECTS: "protocol",
  REDIRECT_LOOP: "protocol",
  REDIRECT_UNWANTED: "protocol",
  REDIRECT_INVALID: "protocol",
  DECODING: "protocol",
  ABORTED: "aborted",
};

/** A request that did not get an answer, or not all of it. */
export class ClientError extends Error {
  override readonly name = "ClientError";
  readonly code: ClientErrorCode;
  readonly kind: ClientErrorKind;

  constructor(code: ClientErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.kind = KINDS[code];
  }
}

/** The error of a signal's abort. */
export function abortedError(signal: AbortSignal | undefined): ClientError {
  const cause = signal?.reason;
  return new ClientError("ABORTED", "Cannot go on with the request: it was aborted by its caller", { cause });
}
