// What a ladder is made of: types only. A ladder is a picture of connections that knows no pixels and no characters:
// columns, and rows that are arrows between two of them. Each row says which packets and which bytes it stands for, so
// that whoever draws it can light up the same bytes elsewhere.

import type {
  Connection,
  Exchange,
  Instant,
  Segment,
  SegmentNote,
  Side,
  StreamNote,
  Stretch,
} from "../model.ts";

/** One connection with all that is known of it. */
export interface Flow {
  readonly connection: Connection;
  /** In the order of their packets. */
  readonly segments: readonly Segment[];
  readonly exchanges: readonly Exchange[];
  readonly notes?: readonly StreamNote[];
}

export interface LadderInput {
  readonly flows: readonly Flow[];
  /** Names of addresses, by the address as the endpoints have it. */
  readonly names?: ReadonlyMap<string, string>;
}

/** Which exchanges to show. A list that is left out lets everything pass; so do rows that belong to no exchange. */
export interface LadderFilter {
  readonly connections?: readonly number[];
  /** Names or addresses as in Host, in either case, with or without the port. */
  readonly hosts?: readonly string[];
  readonly methods?: readonly string[];
  /** "404", or "4xx" for a class. */
  readonly statuses?: readonly string[];
}

export interface LadderOptions {
  /**
   * "exchanges": a row for each message, one for the opening, one for the close; the next two options are for the other
   * one, "segments", which is the default.
   */
  readonly zoom?: Zoom;
  /** A row for every segment with data, instead of one for those that follow each other. Default false. */
  readonly eachSegment?: boolean;
  /** A row for every bare ACK, instead of those alone that change a state or close the window. Default false. */
  readonly bareAcks?: boolean;
  readonly filter?: LadderFilter;
}

export type Zoom = "exchanges" | "segments";

/** The states of a TCP connection (RFC 9293, 3.3.2). */
export type TcpState =
  | "LISTEN"
  | "SYN-SENT"
  | "SYN-RECEIVED"
  | "ESTABLISHED"
  | "FIN-WAIT-1"
  | "FIN-WAIT-2"
  | "CLOSE-WAIT"
  | "CLOSING"
  | "LAST-ACK"
  | "TIME-WAIT"
  | "CLOSED";

/** The states of both sides; undefined where nothing tells. */
export type States = { readonly [side in Side]: TcpState | undefined };

export interface Column {
  readonly address: string;
  readonly port: number;
  readonly name: string | undefined;
  readonly role: "client" | "server" | "both";
}

export interface LadderConnection {
  readonly id: number;
  /** The numbers of the sides' columns. */
  readonly columns: { readonly [side in Side]: number };
  readonly client: Side;
  /** The states before its first row. */
  readonly initial: States;
}

export type MessagePart = "request" | "interim" | "response";

export type RowKind =
  | "syn"
  | "syn-ack"
  | "ack"
  | MessagePart
  /** Bytes of a body, or of what is no HTTP. */
  | "data"
  | "retransmission"
  | "keep-alive"
  | "fin"
  | "rst"
  /** All of a handshake, and all of a close: only in the zoom "exchanges". */
  | "open"
  | "close";

/** A message that a row has bytes of. */
export interface RowMessage {
  /** The number of the exchange in its connection. */
  readonly exchange: number;
  readonly part: MessagePart;
  /** Whether its first byte is in this row. */
  readonly begins: boolean;
  readonly method: string | undefined;
  /** As sent. */
  readonly target: string | undefined;
  readonly status: number | undefined;
  readonly bodyLength: number;
  readonly complete: boolean;
}

/** What is written on an arrow: characters that command a terminal are escaped already. */
export interface Label {
  /** `target` is what may be cut in its middle where there is no room. */
  readonly before: string;
  readonly target: string;
  readonly after: string;
  /** What has to be said: on a line of its own where there is no room on the arrow. */
  readonly details: readonly string[];
  /** What may be left out where there is no room. */
  readonly extras: readonly string[];
}

export interface RowStretch extends Stretch {
  /** The side whose stream it is. */
  readonly from: Side;
}

export interface Row {
  readonly connection: number;
  readonly kind: RowKind;
  readonly from: Side;
  /** Numbers of columns. */
  readonly source: number;
  readonly destination: number;
  readonly label: Label;
  readonly messages: readonly RowMessage[];
  readonly notes: readonly SegmentNote[];
  /** Of its first packet, and of its last one. */
  readonly time: Instant | undefined;
  readonly until: Instant | undefined;
  /** Whether a packet of it was not captured. */
  readonly reconstructed: boolean;
  /** The states after it. */
  readonly states: States;
  readonly stretches: readonly RowStretch[];
  /** Indexes of the packets that it is drawn for. */
  readonly packets: readonly number[];
  /** Indexes of the packets with bare ACKs that were folded into it. */
  readonly acknowledgements: readonly number[];
}

export interface Ladder {
  readonly zoom: Zoom;
  /** In the order of their first use, the client before the server. */
  readonly columns: readonly Column[];
  readonly connections: readonly LadderConnection[];
  /** In the order of their first packets. */
  readonly rows: readonly Row[];
  readonly source: "captured" | "reconstructed" | "both";
  readonly exchanges: number;
  /** Rows that the filter left out, in connections that are shown. */
  readonly filtered: number;
}
