// Between which addresses the packets of a connection go, and how much one of them carries.

import type { Endpoint } from "../../net/transport.ts";
import { addressBytes, addressText } from "../packets/address.ts";

export interface PathEnd {
  /** 4 or 16 bytes. */
  readonly bytes: Uint8Array;
  readonly address: string;
  readonly port: number;
}

export interface TapPath {
  readonly local: PathEnd;
  readonly remote: PathEnd;
  /** Bytes of payload that a segment has at most. */
  readonly segmentSize: number;
  /** The path of the UNIX socket; "" when nothing is known. Undefined for TCP: else the addresses are made up. */
  readonly socket: string | undefined;
}

/** What is left of the largest packet, or of Ethernet's, without the headers of IP and TCP. */
const SIZES = {
  loopback: { ipv4: 65_495, ipv6: 65_475 },
  elsewhere: { ipv4: 1460, ipv6: 1440 },
} as const;

/** The server of a UNIX socket gets this port, by which programs know HTTP. */
const UNIX_SERVER_PORT = 80;
const UNIX_CLIENT_PORTS = { first: 1024, count: 64_512 } as const;
/** 127.1.0.1 and up: loopback addresses that hardly anybody uses. */
const UNIX_NETWORK = [127, 1, 0] as const;
const UNIX_ADDRESSES = 254;

/** Finds the addresses of connections, and makes up some for those that have none. */
export class Paths {
  readonly #size: number | undefined;
  /** The last byte of the address of each UNIX socket. */
  readonly #sockets = new Map<string, number>();
  #connections = 0;

  /** `segmentSize`: for all paths, instead of what the addresses suggest. */
  constructor(segmentSize: number | undefined) {
    if (segmentSize !== undefined && !(segmentSize >= 1 && segmentSize <= SIZES.loopback.ipv6)) {
      throw new RangeError(
        `Cannot cut into segments of ${segmentSize} bytes: it takes from 1 to ${SIZES.loopback.ipv6}`,
      );
    }
    this.#size = segmentSize;
  }

  /** The path between two endpoints; `isServer`: the local one was connected to. */
  between(local: Endpoint, remote: Endpoint, isServer: boolean): TapPath {
    const here = pathEnd(local);
    const there = pathEnd(remote);
    if (here !== undefined && there?.bytes.length === here.bytes.length) {
      const segmentSize = this.#size ?? sizeOf(here, there);
      return { local: here, remote: there, segmentSize, socket: undefined };
    }
    const socket = here === undefined ? local.address : remote.address;
    const server = this.#madeUp(socket, UNIX_SERVER_PORT);
    const { first, count } = UNIX_CLIENT_PORTS;
    const client = this.#madeUp(socket, first + (this.#connections++ % count));
    const segmentSize = this.#size ?? SIZES.loopback.ipv4;
    return isServer
      ? { local: server, remote: client, segmentSize, socket }
      : { local: client, remote: server, segmentSize, socket };
  }

  #madeUp(socket: string, port: number): PathEnd {
    const number = this.#sockets.get(socket) ?? (this.#sockets.size % UNIX_ADDRESSES) + 1;
    this.#sockets.set(socket, number);
    const bytes = Uint8Array.of(...UNIX_NETWORK, number);
    return { bytes, address: addressText(bytes), port };
  }
}

/** Undefined for what is no IP address. */
function pathEnd({ address, port }: Endpoint): PathEnd | undefined {
  const bytes = addressBytes(address);
  if (bytes === undefined) return undefined;
  const onWire = isMapped(bytes) ? bytes.subarray(12) : bytes;
  return { bytes: onWire, address: addressText(onWire), port };
}

/** ::ffff:a.b.c.d is how a socket for both families names an IPv4 address: what goes over the wire is IPv4 (RFC 4291, 2.5.5.2). */
function isMapped(bytes: Uint8Array): boolean {
  return bytes.length === 16 && addressText(bytes).startsWith("::ffff:") && bytes[10] === 0xff;
}

function sizeOf(here: PathEnd, there: PathEnd): number {
  const family = here.bytes.length === 4 ? "ipv4" : "ipv6";
  // A machine reaches its own addresses by loopback, whichever they are.
  const loopback = here.address === there.address || isLoopback(here) || isLoopback(there);
  return SIZES[loopback ? "loopback" : "elsewhere"][family];
}

function isLoopback({ bytes, address }: PathEnd): boolean {
  return bytes.length === 4 ? bytes[0] === 127 : address === "::1";
}
