// A message while it is read: the same object from its head to its end, so that who holds it sees it grow.

import type { RequestEvent, ResponseEvent } from "../../protocol/message-reader.ts";
import type { BodyStretch, Chunk, FieldLine, Instant, Side, Stretch } from "../model.ts";
import type { HeadLines } from "./head-lines.ts";

/** Chunks and stretches that are told one by one; a body of a billion tiny chunks must not fill the memory. */
const MOST_PIECES = 65_536;

export class Draft<Head extends RequestEvent | ResponseEvent> {
  readonly head: Head;
  readonly from: Side;
  readonly start: number;
  readonly startLine: Stretch;
  readonly fieldLines: readonly FieldLine[];
  readonly headEnd: number;
  readonly startedAt: Instant | undefined;
  readonly headAt: Instant | undefined;
  readonly body: BodyStretch[] = [];
  readonly chunks: Chunk[] = [];
  trailerLines: readonly FieldLine[] = [];
  end: number;
  bodyLength = 0;
  endedAt: Instant | undefined;
  complete = false;
  /** Bytes of the chunk that are still to come. */
  #chunkRest = 0;

  constructor(
    from: Side,
    head: Head,
    lines: HeadLines,
    headEnd: number,
    times: readonly (Instant | undefined)[],
  ) {
    this.from = from;
    this.head = head;
    this.startLine = lines.startLine;
    this.fieldLines = lines.fieldLines;
    this.start = lines.startLine.start;
    this.headEnd = headEnd;
    this.end = headEnd;
    this.startedAt = times[0];
    this.headAt = times[1];
  }

  /** Data of the body, and what stands between it and the data before: nothing, or a chunk's first line. */
  addData({ start, end }: Stretch, between: Uint8Array, missing: boolean): void {
    this.bodyLength += end - start;
    this.end = end;
    const chunked = this.head.framing.kind === "chunked";
    if (chunked) this.#addToChunk(start, end, between);
    const last = this.body.at(-1);
    if (last !== undefined && last.end === start && last.missing === missing) {
      this.body[this.body.length - 1] = { start: last.start, end, missing };
    } else if (this.body.length < MOST_PIECES) this.body.push({ start, end, missing });
  }

  #addToChunk(start: number, end: number, between: Uint8Array): void {
    if (this.#chunkRest === 0) {
      this.#chunkRest = this.#beginChunk(start, between);
    }
    this.#chunkRest -= end - start;
    const chunk = this.chunks.at(-1);
    if (chunk === undefined || chunk.data.end !== start) return;
    // CRLF follows the data of a whole chunk.
    const chunkEnd = this.#chunkRest === 0 ? end + 2 : end;
    this.chunks[this.chunks.length - 1] = {
      ...chunk,
      end: chunkEnd,
      data: { start: chunk.data.start, end },
    };
  }

  /** A chunk whose first line ends the bytes given; what stands before that line is the CRLF of the chunk before. */
  #beginChunk(dataAt: number, between: Uint8Array): number {
    const line = Buffer.from(between).toString("latin1").replace(/^\r\n/, "");
    const size = Number.parseInt(line, 16);
    const start = dataAt - line.length;
    if (this.chunks.length < MOST_PIECES) {
      this.chunks.push({ start, end: dataAt, size, data: { start: dataAt, end: dataAt } });
    }
    return size;
  }

  /** The last chunk, of size 0, with its line and nothing else; the trailer section begins where it ends. */
  endChunks(between: Uint8Array, at: number): Stretch {
    const text = Buffer.from(between).toString("latin1");
    const skipped = text.startsWith("\r\n") ? 2 : 0;
    const lineEnd = text.indexOf("\n", skipped) + 1;
    const start = at + skipped;
    const end = at + lineEnd;
    if (this.chunks.length < MOST_PIECES)
      this.chunks.push({ start, end, size: 0, data: { start: end, end } });
    return { start: end, end: at + between.length };
  }

  finish(end: number, at: Instant | undefined): void {
    this.end = end;
    this.endedAt = at;
    this.complete = true;
  }
}
