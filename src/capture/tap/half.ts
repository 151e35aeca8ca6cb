// One side of a connection of our own: how far its sequence numbers are, and the forms of its packets.

import { reconstructedComment } from "../origin.ts";
import type { PathEnd } from "./path.ts";
import { SegmentForm } from "./segment-form.ts";

/** 8 MiB, in units of the scale: so large that no segment looks as if it had filled it. */
export const WINDOW: number = 0xffff;
export const WINDOW_SCALE: number = 7;
const BARE_ACK = reconstructedComment(
  "whether and when an acknowledgement was sent by itself cannot be known",
);

/** What one side sends. */
export class Half {
  readonly direction: "inbound" | "outbound";
  readonly source: PathEnd;
  readonly destination: PathEnd;
  readonly #process: number;
  /** The sequence number of what it sends next. */
  next: number;
  /** Bytes sent that the other side has not acknowledged. */
  unacknowledged = 0;
  /** When it sent last. */
  sentAt = 0;
  finished = false;
  #data: SegmentForm | undefined;
  #bareAck: SegmentForm | undefined;

  constructor(
    direction: "inbound" | "outbound",
    source: PathEnd,
    destination: PathEnd,
    next: number,
    process: number,
  ) {
    this.direction = direction;
    this.source = source;
    this.destination = destination;
    this.next = next >>> 0;
    this.#process = process;
  }

  get data(): SegmentForm {
    this.#data ??= this.#form();
    return this.#data;
  }

  get bareAck(): SegmentForm {
    this.#bareAck ??= this.#form(BARE_ACK);
    return this.#bareAck;
  }

  /** What every segment of this side has. */
  get addressing(): {
    source: Uint8Array;
    destination: Uint8Array;
    sourcePort: number;
    destinationPort: number;
  } {
    const { source, destination } = this;
    return {
      source: source.bytes,
      destination: destination.bytes,
      sourcePort: source.port,
      destinationPort: destination.port,
    };
  }

  #form(...comments: string[]): SegmentForm {
    const { direction, addressing } = this;
    const process = { process: this.#process, thread: 0 };
    return new SegmentForm(
      { ...addressing, window: WINDOW },
      { interface: 0, direction, process, ...(comments.length === 0 ? {} : { comments }) },
    );
  }
}
