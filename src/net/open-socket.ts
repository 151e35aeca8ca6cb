// A socket on its way to one place: TCP with all addresses of a name, TLS over it, or a UNIX socket.

import { lookup as systemLookup } from "node:dns";
import { isIP, type LookupFunction, connect as openTcp, type Socket } from "node:net";
import { connect as openTls } from "node:tls";
import type { ConnectAddress } from "./connect-errors.ts";
import { type TlsSettings, tlsOptions } from "./tls-settings.ts";

/** How long one address is tried before the next: as RFC 8305, 5 recommends. */
const ATTEMPT_DELAY = 250;

export interface SocketOptions {
  readonly lookup?: LookupFunction | undefined;
  readonly family?: 4 | 6 | undefined;
}

/** Begins to connect. Throws ConnectError `TLS_MATERIAL`. */
export function openSocket(where: ConnectAddress, options: SocketOptions, settings: TlsSettings): Socket {
  if ("path" in where) return openTcp({ path: where.path, allowHalfOpen: true });
  const { host, port, name = host } = where;
  const lookup = options.family === undefined ? options.lookup : onlyOf(options.family, options.lookup);
  const tcp = {
    host,
    port,
    allowHalfOpen: true,
    noDelay: true,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ATTEMPT_DELAY,
    ...(lookup === undefined ? {} : { lookup }),
  };
  if (where.tls !== true) return openTcp(tcp);
  return openTls({ ...tcp, ...tlsOptions(name, host, settings) }).setNoDelay(true);
}

/** Whether the host is an address, and not of the family that is wanted. */
export function isOfOtherFamily(where: ConnectAddress, family: 4 | 6): boolean {
  return !("path" in where) && isIP(where.host) === (family === 4 ? 6 : 4);
}

/** Looks up addresses of one family. Node's own option for it would try the first of them only. */
function onlyOf(family: 4 | 6, lookup: LookupFunction = systemLookup as LookupFunction): LookupFunction {
  return (name, options, done) => lookup(name, { ...options, family }, done);
}
