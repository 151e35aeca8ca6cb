// What a capture is made of, from packets to exchanges: types only. Two numbers tie all views together. Every packet
// has an index, and every byte of a connection has an offset in the stream of the side that sent it; a segment knows
// which offsets it carries, a message which offsets it is written in. So a byte picked in one view is found in all.

import type { RequestEvent, ResponseEvent } from "../protocol/message-reader.ts";
import type { TcpHeader } from "./packets/tcp.ts";

/** Nanoseconds since 1970-01-01 00:00 UTC. */
export type Instant = bigint;

/** An address with a port, the address in its canonical text (RFC 5952 for IPv6). */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** A packet as it was captured, its link-layer header included. */
export interface Packet {
  /** The place in the capture, from 0. */
  readonly index: number;
  /** Undefined where the file does not say. */
  readonly time: Instant | undefined;
  readonly linkType: number;
  readonly bytes: Uint8Array;
  /** The length on the wire, which is more than `bytes` has when the capture cut the packet. */
  readonly length: number;
  /** The number of the interface, from 0 over the whole capture. */
  readonly interface: number;
  readonly direction: "inbound" | "outbound" | undefined;
  readonly process: ProcessOfPacket | undefined;
  readonly comments: readonly string[];
}

/** Who sent or received a packet; 0 stands for unknown. */
export interface ProcessOfPacket {
  readonly process: number;
  readonly thread: number;
}

/** One of the two ends of a connection. Which of them is the client is said by the connection, and may be learnt late. */
export type Side = "a" | "b";

/** One TCP connection: a pair of endpoints, and one incarnation of it. */
export interface Connection {
  /** From 0, in the order of their first packets. */
  readonly id: number;
  /** The side that sent the first packet. */
  readonly a: Endpoint;
  readonly b: Endpoint;
  readonly client: Side;
  /** How the client was told from the server. A role told by ports changes when a request or an answer is seen. */
  readonly clientBy: "handshake" | "request" | "ports";
  /** Whether a SYN was seen; without one the streams begin at the first sequence number that was. */
  readonly opening: "handshake" | "middle";
  readonly state: ConnectionState;
}

export type ConnectionState =
  | "open"
  /** One side has sent FIN. */
  | "half-closed"
  /** Both have. */
  | "closed"
  | "reset"
  /** No more of it is looked at: another connection has its endpoints, or there were too many. */
  | "left";

/** A stretch of one side's stream; `end` is behind the last byte. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** One TCP segment of a connection: a line of the ladder. */
export interface Segment extends Stretch {
  readonly packet: number;
  readonly time: Instant | undefined;
  readonly from: Side;
  readonly tcp: TcpHeader;
  readonly payload: Uint8Array;
  /** Where the payload stands in the packet's bytes. */
  readonly payloadAt: number;
  /** Bytes of the payload that the capture cut away; they count in `end`. */
  readonly missing: number;
  /** Up to which offset of the other side's stream this one says it has everything; undefined when it does not say. */
  readonly acknowledges: number | undefined;
  readonly notes: readonly SegmentNote[];
  /** Made up from what was seen at a socket, not captured. */
  readonly reconstructed: boolean;
}

export type SegmentNote =
  /** All of its bytes had come before. */
  | "retransmission"
  /** Bytes that precede it have not come yet. */
  | "ahead"
  /** Bytes that follow it had come before. */
  | "out-of-order"
  /** Some of its bytes had come before. */
  | "overlap"
  /** What had come before was not the same; the first one counts. */
  | "differs"
  /** It asks whether the other side is still there. */
  | "keep-alive"
  /** It says again what it has, with nothing new. */
  | "duplicate-acknowledgement"
  | "zero-window"
  /** Its sequence number is too far from all that is known. */
  | "outside";

/** Bytes of a stream, and the packet that brought them first. Others that carried them are found by their segments' offsets. */
export interface StreamBytes extends Stretch {
  readonly kind: "bytes";
  readonly bytes: Uint8Array;
  readonly packet: number;
  /** Where they stand in the packet's bytes. */
  readonly packetAt: number;
  readonly time: Instant | undefined;
}

/** Bytes of a stream that the other side has received and the capture has not. */
export interface StreamGap extends Stretch {
  readonly kind: "gap";
  readonly time: Instant | undefined;
}

export type StreamPart = StreamBytes | StreamGap;

export interface FieldLine extends Stretch {
  readonly name: Stretch;
  /** Without the white space around it; a folded value runs over several lines. */
  readonly value: Stretch;
}

/** A chunk of a body: its size line with CRLF, its data, and CRLF. */
export interface Chunk extends Stretch {
  readonly size: number;
  readonly data: Stretch;
}

/** A stretch of a body's bytes, chunk framing left out. */
export interface BodyStretch extends Stretch {
  /** The capture does not have them. */
  readonly missing: boolean;
}

interface MessageParts {
  readonly from: Side;
  readonly start: number;
  /** Behind the last byte that was read of it. */
  readonly end: number;
  /** Without its CRLF. */
  readonly startLine: Stretch;
  readonly fieldLines: readonly FieldLine[];
  /** Behind the empty line that ends the head. */
  readonly headEnd: number;
  readonly body: readonly BodyStretch[];
  readonly bodyLength: number;
  /** The last one of size 0 included; empty unless the body is chunked. */
  readonly chunks: readonly Chunk[];
  readonly trailerLines: readonly FieldLine[];
  /** When its first byte, the end of its head and its last byte came. */
  readonly startedAt: Instant | undefined;
  readonly headAt: Instant | undefined;
  readonly endedAt: Instant | undefined;
  readonly complete: boolean;
}

export interface RequestMessage extends MessageParts {
  readonly head: RequestEvent;
}

export interface ResponseMessage extends MessageParts {
  readonly head: ResponseEvent;
}

export type Message = RequestMessage | ResponseMessage;

/** A request with its answers. A part that was not captured, or could not be read, is missing. */
export interface Exchange {
  /** From 0 in its connection. */
  readonly number: number;
  readonly connection: Connection;
  readonly request: RequestMessage | undefined;
  readonly interim: readonly ResponseMessage[];
  readonly response: ResponseMessage | undefined;
}

/** Something about one side's stream that its reader should know. */
export interface StreamNote {
  readonly from: Side;
  readonly offset: number;
  readonly code: StreamNoteCode | string;
  readonly message: string;
  /** The first line of a message whose head could not be read, so that it can be shown all the same. */
  readonly line?: Stretch;
}

/** A ProtocolError's code may stand here, too. */
export type StreamNoteCode =
  /** What follows is TLS. */
  | "TLS"
  /** What follows is another protocol, after CONNECT or an upgrade. */
  | "SWITCHED"
  /** Bytes are missing in a place where the reading cannot go on. */
  | "GAP"
  /** The reading goes on here, at what looks like the beginning of a message. */
  | "RESUMED"
  /** The capture or the connection ends in the middle of a message. */
  | "INCOMPLETE"
  /** A response to a request that was not seen. */
  | "UNMATCHED";
