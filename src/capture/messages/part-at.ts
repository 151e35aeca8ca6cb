// Which part of a message a byte belongs to. The parts of a message lie side by side and cover all of it, so that a byte
// that is picked in one view is found in every other.

import type { Chunk, FieldLine, Message, Stretch } from "../model.ts";

/** `stretch` is the whole part, line ends included. */
export type MessagePart =
  | { readonly kind: "start-line"; readonly stretch: Stretch }
  | { readonly kind: "field"; readonly stretch: Stretch; readonly line: FieldLine }
  /** The empty line behind the head. */
  | { readonly kind: "head-end"; readonly stretch: Stretch }
  | { readonly kind: "body"; readonly stretch: Stretch; readonly chunk: Chunk | undefined }
  /** The line before a chunk's data, or the line end behind it. */
  | { readonly kind: "chunk-framing"; readonly stretch: Stretch; readonly chunk: Chunk }
  | { readonly kind: "trailer"; readonly stretch: Stretch; readonly line: FieldLine }
  /** The empty line behind the last chunk and the trailers. */
  | { readonly kind: "end"; readonly stretch: Stretch };

/** The part of a message that holds an offset of its stream; undefined when the message does not. */
export function partAt(message: Message, offset: number): MessagePart | undefined {
  if (offset < message.start || offset >= message.end) return undefined;
  if (offset < message.headEnd) return headPart(message, offset);
  if (message.chunks.length === 0) {
    return { kind: "body", stretch: { start: message.headEnd, end: message.end }, chunk: undefined };
  }
  const chunk = message.chunks.find(({ end }) => end > offset);
  return chunk === undefined ? behindChunks(message, offset) : chunkPart(chunk, offset, message.end);
}

function headPart({ startLine, fieldLines, headEnd }: Message, offset: number): MessagePart {
  const index = fieldLines.findLastIndex(({ start }) => start <= offset);
  const line = fieldLines[index];
  const end = { start: headEnd - LINE_END, end: headEnd };
  if (offset >= end.start) return { kind: "head-end", stretch: end };
  const next = fieldLines[index + 1]?.start ?? end.start;
  if (line === undefined) return { kind: "start-line", stretch: { start: startLine.start, end: next } };
  return { kind: "field", stretch: { start: line.start, end: next }, line };
}

const LINE_END = 2;

function chunkPart(chunk: Chunk, offset: number, messageEnd: number): MessagePart {
  const { start, end, data } = chunk;
  if (offset < data.start) return { kind: "chunk-framing", stretch: { start, end: data.start }, chunk };
  if (offset < data.end) return { kind: "body", stretch: data, chunk };
  return { kind: "chunk-framing", stretch: { start: data.end, end: Math.min(end, messageEnd) }, chunk };
}

function behindChunks({ chunks, trailerLines, end }: Message, offset: number): MessagePart {
  const index = trailerLines.findLastIndex(({ start }) => start <= offset);
  const line = trailerLines[index];
  const last = trailerLines.at(-1);
  const emptyLine = last === undefined ? (chunks.at(-1)?.end ?? end) : last.end + LINE_END;
  if (line === undefined || offset >= emptyLine) return { kind: "end", stretch: { start: emptyLine, end } };
  const next = trailerLines[index + 1]?.start ?? emptyLine;
  return { kind: "trailer", stretch: { start: line.start, end: next }, line };
}
