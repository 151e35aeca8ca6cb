// One connection of our own as packets: what its socket tells, told in segments. It knows no files and no queues.
//
//     open ──FIN of one side──▶ half-closed ──FIN of the other──▶ over
//       └──────── RST ──────────────┴──────────────────────────────▲
//
// What a socket does not tell is made up, and each such packet says so: the handshake, bare acknowledgements, and how
// a socket that was destroyed took leave. Bytes are taken to arrive at once, each write to begin a segment.

import { reconstructedComment } from "../origin.ts";
import { buildSegment } from "../packets/segment.ts";
import { ACK, FIN, PSH, RST, SYN } from "../packets/tcp.ts";
import type { TcpOptions } from "../packets/tcp-options.ts";
import { Half, WINDOW, WINDOW_SCALE } from "./half.ts";
import type { TransportObserver } from "./observed.ts";
import type { TapPath } from "./path.ts";
import type { Filling, SegmentForm } from "./segment-form.ts";

/** Takes the packets of connections, in order. */
export interface PacketTaker {
  /** False when nothing is taken any more. */
  readonly recording: boolean;
  /** Nanoseconds, as a number that never goes back. */
  now(): number;
  /** A packet that is written by filling in a form. */
  fill(form: SegmentForm, time: number, filling: Filling): void;
  /** A packet of which there are few. */
  packet(packet: RarePacket): void;
}

export interface RarePacket {
  readonly time: number;
  readonly bytes: Uint8Array;
  readonly direction: "inbound" | "outbound";
  readonly comments: readonly string[];
}

export interface ConnectionSettings {
  readonly role: "server" | "client";
  readonly path: TapPath;
  /** Whether TLS lies between these bytes and the wire. */
  readonly tls: boolean;
  /** The process id that packets bear. */
  readonly process: number;
  /** A number of 32 bits to begin with; asked for once for each side. */
  readonly initialSequence: () => number;
}

/** Said at the first packet. */
const TLS_NOTE =
  "The connection is encrypted with TLS. These are its bytes before encryption and after decryption";
const HANDSHAKE = reconstructedComment("options, windows and times of the handshake cannot be known");
const DESTROYED = reconstructedComment(
  "the socket was destroyed. Whether FIN or RST was sent, and the bytes written last, cannot be known",
);
const UNSEEN_FIN = reconstructedComment("the socket was gone before the other side closed");

/** Nanoseconds after which systems acknowledge what nothing was sent in return for; RFC 9293, 3.8.6.3, allows 500 ms. */
const ACK_DELAY = 40_000_000;

export class TapConnection implements TransportObserver {
  readonly #taker: PacketTaker;
  readonly #segmentSize: number;
  /** TLS and UNIX sockets cannot be reset. */
  readonly #canReset: boolean;
  readonly #us: Half;
  readonly #them: Half;
  #over = false;

  /** Tells of the handshake at once: the connection stands. */
  constructor(settings: ConnectionSettings, taker: PacketTaker) {
    const { role, path, tls, process, initialSequence } = settings;
    this.#taker = taker;
    this.#segmentSize = path.segmentSize;
    this.#canReset = !tls && path.socket === undefined;
    this.#us = new Half("outbound", path.local, path.remote, initialSequence(), process);
    this.#them = new Half("inbound", path.remote, path.local, initialSequence(), process);
    if (role === "client") this.#shakeHands(this.#us, this.#them, notesOf(settings));
    else this.#shakeHands(this.#them, this.#us, notesOf(settings));
  }

  received(bytes: Uint8Array): void {
    this.#send(this.#them, this.#us, bytes);
  }

  writing(piece: string | Uint8Array): void {
    this.#send(this.#us, this.#them, piece);
  }

  ended(): void {
    this.#finish(this.#them, this.#us);
  }

  ending(): void {
    this.#finish(this.#us, this.#them);
  }

  destroying(): void {
    if (this.#over) return;
    // Behind a FIN of ours nothing more goes out, unless the other side still sends: then it is told by the system.
    if (!this.#us.finished) {
      this.#finish(this.#us, this.#them, DESTROYED);
      this.#finish(this.#them, this.#us, UNSEEN_FIN);
    }
    this.#over = true;
  }

  resetting(): void {
    if (this.#canReset) this.#reset(this.#us, this.#them);
    else this.destroying();
  }

  closed(error: Error | undefined): void {
    if (this.#over) return;
    const code = (error as NodeJS.ErrnoException | undefined)?.code;
    if (error === undefined) this.destroying();
    // A write that met a closed connection was answered by a reset, too.
    else if (code === "ECONNRESET" || code === "EPIPE") this.#reset(this.#them, this.#us);
    else {
      const why = `the connection broke (${code ?? error.message}). What was sent then cannot be known`;
      this.#reset(this.#us, this.#them, reconstructedComment(why));
    }
  }

  // ── segments ──────────────────────────────────────────────────────────────────────────────────

  #shakeHands(client: Half, server: Half, notes: readonly string[]): void {
    const time = this.#taker.now();
    const options: TcpOptions = {
      maximumSegmentSize: this.#segmentSize,
      windowScale: WINDOW_SCALE,
      sackPermitted: true,
    };
    this.#rare(client, server, time, SYN, [HANDSHAKE, ...notes], options);
    client.next = (client.next + 1) >>> 0;
    this.#rare(server, client, time, SYN | ACK, [HANDSHAKE], options);
    server.next = (server.next + 1) >>> 0;
    this.#rare(client, server, time, ACK, [HANDSHAKE]);
  }

  #send(from: Half, to: Half, piece: string | Uint8Array): void {
    const { length } = piece;
    if (this.#over || from.finished || length === 0 || !this.#taker.recording) return;
    const time = this.#taker.now();
    if (from.unacknowledged > 0 && time - from.sentAt > ACK_DELAY) this.#acknowledge(to, from, time);
    const size = this.#segmentSize;
    if (length <= size) this.#sendSegment(from, to, time, ACK | PSH, piece);
    else {
      for (let start = 0; start < length; start += size) {
        const end = Math.min(length, start + size);
        const part = typeof piece === "string" ? piece.slice(start, end) : piece.subarray(start, end);
        this.#sendSegment(from, to, time, end === length ? ACK | PSH : ACK, part);
      }
    }
    from.sentAt = time;
  }

  #sendSegment(from: Half, to: Half, time: number, flags: number, payload: string | Uint8Array): void {
    this.#taker.fill(from.data, time, { sequence: from.next, acknowledgement: to.next, flags, payload });
    from.next = (from.next + payload.length) >>> 0;
    from.unacknowledged += payload.length;
    to.unacknowledged = 0;
    // Every second full segment is acknowledged (RFC 9293, 3.8.6.3); what is less goes with what is sent next.
    if (from.unacknowledged >= 2 * this.#segmentSize) this.#acknowledge(to, from, time);
  }

  #acknowledge(from: Half, to: Half, time: number): void {
    const filling = { sequence: from.next, acknowledgement: to.next, flags: ACK, payload: "" };
    this.#taker.fill(from.bareAck, time, filling);
    to.unacknowledged = 0;
  }

  #finish(from: Half, to: Half, comment?: string): void {
    if (this.#over || from.finished || !this.#taker.recording) return;
    const time = this.#taker.now();
    this.#rare(from, to, time, FIN | ACK, comment === undefined ? [] : [comment]);
    // FIN counts as a byte (RFC 9293, 3.4).
    from.next = (from.next + 1) >>> 0;
    from.finished = true;
    to.unacknowledged = 0;
    this.#acknowledge(to, from, time);
    this.#over = to.finished;
  }

  #reset(from: Half, to: Half, comment?: string): void {
    if (this.#over || !this.#taker.recording) return;
    this.#over = true;
    this.#rare(from, to, this.#taker.now(), RST | ACK, comment === undefined ? [] : [comment]);
  }

  #rare(
    from: Half,
    to: Half,
    time: number,
    flags: number,
    comments: readonly string[],
    options?: TcpOptions,
  ): void {
    const bytes = buildSegment({
      ...from.addressing,
      sequence: from.next,
      acknowledgement: (flags & ACK) === 0 ? 0 : to.next,
      flags,
      // The window of a SYN is not scaled (RFC 7323, 2.2).
      window: WINDOW,
      ...(options === undefined ? {} : { options }),
    });
    this.#taker.packet({ time, bytes, direction: from.direction, comments });
  }
}

function notesOf({ path, tls }: ConnectionSettings): string[] {
  const notes = tls ? [TLS_NOTE] : [];
  if (path.socket !== undefined) {
    const which = path.socket === "" ? "The addresses are not known" : `A UNIX socket: ${path.socket}`;
    notes.push(`${which}. Addresses and ports are made up`);
  }
  return notes;
}
