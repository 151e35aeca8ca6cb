// Who is the client of a connection, told by what there is: the handshake, the ports, the first lines.

import { looksLikeRequest, looksLikeResponse } from "../first-line.ts";
import type { Endpoint, Side } from "../model.ts";
import { ACK, SYN } from "../packets/tcp.ts";

export function otherSide(side: Side): Side {
  return side === "a" ? "b" : "a";
}

/** The client by a segment's flags: who sends SYN alone. Undefined when it is no part of a handshake's beginning. */
export function clientByFlags(flags: number, from: Side): Side | undefined {
  if ((flags & SYN) === 0) return undefined;
  return (flags & ACK) === 0 ? from : otherSide(from);
}

/** The client by what it says. */
export function clientByBytes(bytes: Uint8Array, from: Side): Side | undefined {
  if (looksLikeRequest(bytes)) return from;
  return looksLikeResponse(bytes) ? otherSide(from) : undefined;
}

/** Ports that a system gives to servers by right, and those that it gives to clients (RFC 6335, 6; Linux begins lower). */
const SYSTEM_PORTS_END = 1024;
const EPHEMERAL_PORTS_START = 32_768;

/** The client by the ports: the one that servers do not have, else the higher one, else `a`. */
export function clientByPorts(a: Endpoint, b: Endpoint): Side {
  const ranks = [rank(a.port), rank(b.port)] as const;
  if (ranks[0] !== ranks[1]) return ranks[0] > ranks[1] ? "a" : "b";
  return b.port > a.port ? "b" : "a";
}

function rank(port: number): number {
  if (port < SYSTEM_PORTS_END) return 0;
  return port < EPHEMERAL_PORTS_START ? 1 : 2;
}
