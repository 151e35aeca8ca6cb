// Opening connections: TCP to a name or an address, UNIX sockets, TLS over TCP; and why it fails, told
// with what to look at. Knows no HTTP: that a TLS connection will carry it is said by the ALPN name only.

import { isIP, type LookupFunction, connect as openSocket, type Socket } from "node:net";
import { connect as openTls, type TLSSocket } from "node:tls";
import { TcpTransport } from "./tcp.ts";
import type { Receiver, Transport } from "./transport.ts";

/** Where to connect to: a host (a name or an address, IPv6 without brackets) and a port, or a UNIX socket's path. */
export type ConnectAddress =
  | { readonly host: string; readonly port: number; readonly tls?: boolean | undefined }
  | { readonly path: string };

export interface ConnectOptions {
  /** Milliseconds for all of it: name, connection, TLS handshake. 0: as long as the system waits. */
  readonly timeout: number;
  /** Gives up when aborted; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Resolves names instead of the system, in the form of `dns.lookup`. */
  readonly lookup?: LookupFunction | undefined;
  /** Certificates of the authorities to trust, in PEM, instead of those that Node knows. */
  readonly ca?: string | readonly string[] | undefined;
}

export interface Connected {
  readonly transport: Transport;
  /** Milliseconds that each step took; undefined for a step that was not needed. */
  readonly timing: {
    readonly dns: number | undefined;
    readonly connect: number;
    readonly tls: number | undefined;
  };
  /** Whether the connection keeps the process running: it does from the start. */
  ref(): void;
  unref(): void;
}

export type Connect = (where: ConnectAddress, options: ConnectOptions) => Promise<Connected>;

export type ConnectErrorCode =
  | "NAME_NOT_FOUND"
  | "CONNECTION_REFUSED"
  | "CONNECTION_RESET"
  | "CONNECT_TIMEOUT"
  | "HOST_UNREACHABLE"
  | "SOCKET_NOT_FOUND"
  | "TLS_CERTIFICATE"
  | "TLS_HANDSHAKE"
  | "CONNECT_FAILED";

/** No connection came about; `cause` is the system's error, undefined for a timeout of our own. */
export class ConnectError extends Error {
  override readonly name = "ConnectError";
  readonly code: ConnectErrorCode;

  constructor(code: ConnectErrorCode, message: string, cause: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** How long one address is tried before the next: as RFC 8305, 5 recommends. */
const ATTEMPT_DELAY = 250;

type Step = "lookup" | "connect" | "handshake";

/**
 * Connects. A name with addresses of both families is tried with each in turn, 250 ms apart. Throws ConnectError,
 * or the reason of `signal`.
 */
export const connect: Connect = (where, options) =>
  new Promise<Connected>((resolve, reject) => {
    const started = performance.now();
    const secure = !("path" in where) && where.tls === true;
    const socket = open(where, options);
    keepReadingAfterWriteError(socket);
    let step: Step = "path" in where || isIP(where.host) !== 0 ? "connect" : "lookup";
    let resolved = started;
    let connected = started;

    const giveUp = (error: unknown): void => {
      leave();
      // What a socket that was given up says later is nobody's business.
      socket.on("error", () => undefined).destroy();
      reject(error);
    };
    const failed = (error: Error): void => giveUp(explain(error, where, step));
    const tooLate = (): void => giveUp(timedOut(where, step, options.timeout));
    const aborted = (): void => giveUp(options.signal?.reason);
    const onLookup = (): void => {
      // Told once for each address; the first one ends the waiting.
      if (step !== "lookup") return;
      step = "connect";
      resolved = performance.now();
    };
    const onConnect = (): void => {
      connected = performance.now();
      if (secure) step = "handshake";
      else done();
    };
    const done = (): void => {
      leave();
      const ended = performance.now();
      resolve({
        transport: new OpenedTransport(socket, "path" in where ? where.path : undefined),
        timing: {
          dns: resolved === started ? undefined : resolved - started,
          connect: connected - resolved,
          tls: secure ? ended - connected : undefined,
        },
        ref: () => void socket.ref(),
        unref: () => void socket.unref(),
      });
    };
    const leave = (): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", aborted);
      socket
        .off("lookup", onLookup)
        .off("connect", onConnect)
        .off("secureConnect", done)
        .off("error", failed);
    };

    const timer = options.timeout > 0 ? setTimeout(tooLate, options.timeout) : undefined;
    socket.on("lookup", onLookup).on("connect", onConnect).on("error", failed);
    if (secure) socket.on("secureConnect", done);
    if (options.signal?.aborted) aborted();
    else options.signal?.addEventListener("abort", aborted);
  });

function open(where: ConnectAddress, { lookup, ca }: ConnectOptions): Socket {
  if ("path" in where) return openSocket({ path: where.path, allowHalfOpen: true });
  const { host, port } = where;
  const tcp = {
    host,
    port,
    allowHalfOpen: true,
    noDelay: true,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ATTEMPT_DELAY,
    ...(lookup === undefined ? {} : { lookup }),
  };
  if (where.tls !== true) return openSocket(tcp);
  const tls = {
    ALPNProtocols: ["http/1.1"],
    // An address is not a server name (RFC 6066, 3).
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(ca === undefined ? {} : { ca: typeof ca === "string" ? ca : [...ca] }),
  };
  const socket: TLSSocket = openTls({ ...tcp, ...tls });
  socket.setNoDelay(true);
  return socket;
}

/**
 * A server that refuses an upload answers, closes, and resets what still comes. A failed write destroys a
 * socket of Node's at once, and the answer that waits to be read with it. So a write that meets a closed
 * connection never completes here; the reading side, which comes to the same end, tells how it ended.
 */
function keepReadingAfterWriteError(socket: Socket): void {
  type Done = (error?: Error | null) => void;
  const patient =
    (done: Done): Done =>
    (error) => {
      const code = (error as NodeJS.ErrnoException | null | undefined)?.code;
      if ((code === "EPIPE" || code === "ECONNRESET") && !socket.readableEnded) return;
      done(error);
    };
  const write = socket._write;
  socket._write = (chunk, encoding, done) => write.call(socket, chunk, encoding, patient(done));
  const writev = socket._writev;
  if (writev) socket._writev = (chunks, done) => writev.call(socket, chunks, patient(done));
}

const NOTHING = Buffer.alloc(0);

/**
 * Tells a reset from an end in good order. libuv takes both for an end when they come right behind data
 * (uv__stream_io, POLLHUP), and a body that lasts until the connection ends would pass for whole. Writing
 * nothing at all asks the system, which knows.
 */
class OpenedTransport extends TcpTransport {
  readonly #socket: Socket;

  constructor(socket: Socket, path: string | undefined) {
    super(socket, path);
    this.#socket = socket;
  }

  override attach(receiver: Receiver): void {
    super.attach({
      received: (bytes) => receiver.received(bytes),
      ended: () => this.#ended(receiver),
      drained: () => receiver.drained(),
      stalled: () => receiver.stalled(),
      closed: (error) => receiver.closed(error),
    });
  }

  #ended(receiver: Receiver): void {
    const socket = this.#socket;
    // Behind bytes that still wait to be sent the question would wait, too.
    if (!socket.writable || socket.writableLength > 0) {
      receiver.ended();
      return;
    }
    // After an error the socket closes, and tells why.
    socket.write(NOTHING, (error) => error ?? receiver.ended());
  }
}

// ── why it failed ─────────────────────────────────────────────────────────────────────────────────

function nameOf(where: ConnectAddress): string {
  if ("path" in where) return where.path;
  return where.host.includes(":") ? `[${where.host}]:${where.port}` : `${where.host}:${where.port}`;
}

function timedOut(where: ConnectAddress, step: Step, timeout: number): ConnectError {
  const within = `within ${timeout / 1000} s`;
  const why: Record<Step, string> = {
    lookup: `the name was not resolved ${within}. Does this machine reach its name server?`,
    connect: `no answer came ${within}. A firewall or a cloud security group usually drops packets without an answer; is the address right, and is the machine up?`,
    handshake: `the connection stands, but the TLS handshake did not end ${within}. Does this port speak https://?`,
  };
  return new ConnectError("CONNECT_TIMEOUT", `Cannot connect to ${nameOf(where)}: ${why[step]}`, undefined);
}

/** Of several attempts the error that tells most: a machine without IPv6 fails there first, and that says little. */
const TELLING = ["ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "EHOSTUNREACH", "EACCES", "ENETUNREACH"];

function mostTelling(error: Error): NodeJS.ErrnoException {
  if (!(error instanceof AggregateError)) return error;
  const rank = (one: NodeJS.ErrnoException): number =>
    (TELLING.indexOf(one.code ?? "") + TELLING.length) % TELLING.length;
  const all = error.errors as NodeJS.ErrnoException[];
  return all.reduce((best, one) => (rank(one) < rank(best) ? one : best), all[0] ?? error);
}

function explain(error: Error, where: ConnectAddress, step: Step): ConnectError {
  const told = mostTelling(error);
  const [code, why] =
    step === "handshake" ? tlsReason(told) : reason(told, where, triedAddresses(error, where));
  return new ConnectError(code, `Cannot connect to ${nameOf(where)}: ${why}`, error);
}

/** " (tried ::1, 127.0.0.1)" when a name stood for it. */
function triedAddresses(error: Error, where: ConnectAddress): string {
  if ("path" in where || isIP(where.host) !== 0) return "";
  const all = error instanceof AggregateError ? (error.errors as unknown[]) : [error];
  const addresses = all
    .map((one) => (one as { address?: string }).address)
    .filter((address) => address !== undefined);
  return addresses.length === 0 ? "" : ` (tried ${[...new Set(addresses)].join(", ")})`;
}

function reason(
  error: NodeJS.ErrnoException,
  where: ConnectAddress,
  tried: string,
): [ConnectErrorCode, string] {
  const host = "path" in where ? where.path : where.host;
  switch (error.code) {
    case "ECONNREFUSED":
      return "path" in where
        ? [
            "CONNECTION_REFUSED",
            "the socket file is there, but no program listens on it. Is the server running?",
          ]
        : [
            "CONNECTION_REFUSED",
            `connection refused${tried}: the machine is there, but no program listens on that port. ` +
              "Is the server running? Is it bound to another port, or to another address (127.0.0.1 only)?",
          ];
    case "ENOENT":
      return [
        "SOCKET_NOT_FOUND",
        "there is no such socket. Is the server running, and is this the path it listens on?",
      ];
    case "ENOTFOUND":
      return ["NAME_NOT_FOUND", `the name ${host} has no address. Is it spelt right?`];
    case "EAI_AGAIN":
      return ["NAME_NOT_FOUND", `no name server told the address of ${host}. Is this machine online?`];
    case "ETIMEDOUT":
      return [
        "CONNECT_TIMEOUT",
        `no answer came${tried}. A firewall or a cloud security group usually drops packets without an answer; is the address right, and is the machine up?`,
      ];
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return [
        "HOST_UNREACHABLE",
        `there is no way to that host${tried}. Is this machine on the right network? A firewall may say so too`,
      ];
    case "ECONNRESET":
      return [
        "CONNECTION_RESET",
        `the other side broke the connection off${tried}. A firewall or a proxy may be in between`,
      ];
    default:
      return ["CONNECT_FAILED", error.message];
  }
}

function tlsReason(error: NodeJS.ErrnoException): [ConnectErrorCode, string] {
  switch (error.code) {
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return ["TLS_CERTIFICATE", `the server's certificate is for another name: ${error.message}`];
    case "CERT_HAS_EXPIRED":
      return ["TLS_CERTIFICATE", "the server's certificate has expired. Is the clock of this machine right?"];
    case "CERT_NOT_YET_VALID":
      return [
        "TLS_CERTIFICATE",
        "the server's certificate is not valid yet. Is the clock of this machine right?",
      ];
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "UNABLE_TO_GET_ISSUER_CERT":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
      return [
        "TLS_CERTIFICATE",
        `no authority known here vouches for the server's certificate (${error.message}). ` +
          "If it is one of your own, name its authority's file in NODE_EXTRA_CA_CERTS",
      ];
    case "ECONNRESET":
      return [
        "TLS_HANDSHAKE",
        "the server closed the connection during the TLS handshake. Does this port speak https://?",
      ];
    case "ERR_SSL_WRONG_VERSION_NUMBER":
    case "ERR_SSL_PACKET_LENGTH_TOO_LONG":
    case "EPROTO":
      return ["TLS_HANDSHAKE", "the server's answer is not TLS. Does this port speak plain http://?"];
    default:
      return error.code?.startsWith("CERT_") === true
        ? ["TLS_CERTIFICATE", `the server's certificate cannot be trusted: ${error.message}`]
        : ["TLS_HANDSHAKE", `the TLS handshake failed: ${error.message}`];
  }
}
