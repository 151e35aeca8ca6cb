// Why no connection came about, told with what to look at.

import { isIP } from "node:net";

/** Where to connect to: a host (a name or an address, IPv6 without brackets) and a port, or a UNIX socket's path. */
export type ConnectAddress =
  | {
      readonly host: string;
      readonly port: number;
      readonly tls?: boolean | undefined;
      /** Whose certificate is asked for, when it is not the host's. */
      readonly name?: string | undefined;
    }
  | { readonly path: string };

/** How far it had come. */
export type Step = "lookup" | "connect" | "passage" | "handshake";

export type ConnectErrorCode =
  | "NAME_NOT_FOUND"
  | "CONNECTION_REFUSED"
  | "CONNECTION_RESET"
  | "CONNECT_TIMEOUT"
  | "HOST_UNREACHABLE"
  | "SOCKET_NOT_FOUND"
  | "TLS_CERTIFICATE"
  | "TLS_HANDSHAKE"
  | "TLS_PINNED_KEY"
  | "TLS_MATERIAL"
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

/** "host:port" as in a URL, or a path. */
export function addressText(where: ConnectAddress): string {
  if ("path" in where) return where.path;
  return where.host.includes(":") ? `[${where.host}]:${where.port}` : `${where.host}:${where.port}`;
}

/** It took longer than its caller wanted to wait. */
export function timedOut(where: ConnectAddress, step: Step, timeout: number): ConnectError {
  const within = `within ${timeout / 1000} s`;
  const why: Record<Step, string> = {
    lookup: `the name was not resolved ${within}. Does this machine reach its name server?`,
    connect: `no answer came ${within}. A firewall or a cloud security group usually drops packets without an answer; is the address right, and is the machine up?`,
    passage: `the connection stands, but ${within} it was not passed on to the server. Is this a proxy, and is the server up?`,
    handshake: `the connection stands, but the TLS handshake did not end ${within}. Does this port speak https://?`,
  };
  return new ConnectError(
    "CONNECT_TIMEOUT",
    `Cannot connect to ${addressText(where)}: ${why[step]}`,
    undefined,
  );
}

/** There is no address of the family that is wanted. */
export function noAddressOf(family: 4 | 6, where: ConnectAddress, cause: unknown): ConnectError {
  const why = `the host has no IPv${family} address, and no other is wanted`;
  return new ConnectError("NAME_NOT_FOUND", `Cannot connect to ${addressText(where)}: ${why}`, cause);
}

/** The server's public key is none of those that are expected; `pin` is what would have let it pass. */
export function keyNotPinned(where: ConnectAddress, pin: string): ConnectError {
  const why = `the server's public key is not the pinned one: it is ${pin}. Has the server a new key, or is it another server?`;
  return new ConnectError("TLS_PINNED_KEY", `Cannot connect to ${addressText(where)}: ${why}`, undefined);
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

/** What the system says, in a sentence that says what to look at. */
export function explain(error: Error, where: ConnectAddress, step: Step): ConnectError {
  const told = mostTelling(error);
  const [code, why] =
    step === "handshake" ? tlsReason(told) : reason(told, where, triedAddresses(error, where));
  return new ConnectError(code, `Cannot connect to ${addressText(where)}: ${why}`, error);
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
          "If it is one of your own, name its authority's file, as cacert or in NODE_EXTRA_CA_CERTS; insecure checks nothing",
      ];
    case "ECONNRESET":
      return [
        "TLS_HANDSHAKE",
        "the server closed the connection during the TLS handshake. Does this port speak https://?",
      ];
    case "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE":
    // As newer versions of OpenSSL name it.
    case "ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE":
      return [
        "TLS_HANDSHAKE",
        "the server refused the TLS handshake. Does it want a certificate of the client's?",
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
