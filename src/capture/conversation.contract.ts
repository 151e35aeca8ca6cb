// For tests: packets of a TCP conversation, built by hand with every number in sight.

import type { Packet } from "./model.ts";
import { addressBytes } from "./packets/address.ts";
import { buildSegment } from "./packets/segment.ts";
import { ACK, FIN, PSH, RST, SYN } from "./packets/tcp.ts";
import type { TcpOptions } from "./packets/tcp-options.ts";

export const CLIENT_PORT: number = 50_000;
export const SERVER_PORT: number = 8080;

export interface Line {
  /** ">" from the client, "<" from the server. */
  readonly way: ">" | "<";
  readonly flags?: string;
  /** Default 1, the first byte's. */
  readonly sequence?: number;
  readonly acknowledgement?: number;
  readonly text?: string | Uint8Array;
  readonly window?: number;
  readonly options?: TcpOptions;
  /** Added to all sequence numbers of this line's sender, in 32 bits. */
  readonly clientIsn?: number;
  readonly serverIsn?: number;
  /** Bytes of the packet that the capture kept. */
  readonly snap?: number;
  readonly clientPort?: number;
  readonly serverPort?: number;
}

const FLAGS: Readonly<Record<string, number>> = { S: SYN, A: ACK, F: FIN, R: RST, P: PSH };

export function bytesOfText(text: string | Uint8Array): Uint8Array {
  return typeof text === "string" ? Buffer.from(text, "latin1") : text;
}

/** The packets of lines, a millisecond apart, as raw IP. */
export function packetsOf(lines: readonly Line[]): Packet[] {
  return lines.map((line, index) => {
    const { clientIsn = 1000, serverIsn = 5000, clientPort = CLIENT_PORT, serverPort = SERVER_PORT } = line;
    const out = line.way === ">";
    const isn = out ? clientIsn : serverIsn;
    const flags = [...(line.flags ?? "A")].reduce((sum, letter) => sum | (FLAGS[letter] as number), 0);
    const acknowledgement =
      (flags & ACK) === 0 ? 0 : ((line.acknowledgement ?? 1) + (out ? serverIsn : clientIsn)) >>> 0;
    const whole = buildSegment({
      source: addressBytes(out ? "127.0.0.1" : "127.0.0.2") as Uint8Array,
      destination: addressBytes(out ? "127.0.0.2" : "127.0.0.1") as Uint8Array,
      sourcePort: out ? clientPort : serverPort,
      destinationPort: out ? serverPort : clientPort,
      sequence: ((line.sequence ?? 1) + isn) >>> 0,
      acknowledgement,
      flags,
      window: line.window ?? 65_000,
      ...(line.options === undefined ? {} : { options: line.options }),
      payload: bytesOfText(line.text ?? ""),
    });
    return packetAt(index, whole.subarray(0, line.snap ?? whole.length), whole.length);
  });
}

export function packetAt(index: number, bytes: Uint8Array, length: number = bytes.length): Packet {
  return {
    index,
    time: BigInt(index) * 1_000_000n,
    linkType: 101,
    bytes,
    length,
    interface: 0,
    direction: undefined,
    process: undefined,
    comments: [],
  };
}

export const HANDSHAKE: readonly Line[] = [
  { way: ">", flags: "S", sequence: 0 },
  { way: "<", flags: "SA", sequence: 0, acknowledgement: 1 },
  { way: ">", flags: "A" },
];

/** A connection that carries these texts, one after the other, and is closed in good order by the client. */
export function exchangeOf(turns: readonly { way: ">" | "<"; text: string }[]): Line[] {
  const sent = { ">": 1, "<": 1 };
  const lines: Line[] = [...HANDSHAKE];
  for (const { way, text } of turns) {
    const other = way === ">" ? "<" : ">";
    lines.push({ way, flags: "PA", sequence: sent[way], acknowledgement: sent[other], text });
    sent[way] += text.length;
    lines.push({ way: other, sequence: sent[other], acknowledgement: sent[way] });
  }
  lines.push(
    { way: ">", flags: "FA", sequence: sent[">"], acknowledgement: sent["<"] },
    { way: "<", flags: "FA", sequence: sent["<"], acknowledgement: sent[">"] + 1 },
    { way: ">", flags: "A", sequence: sent[">"] + 1, acknowledgement: sent["<"] + 1 },
  );
  return lines;
}
