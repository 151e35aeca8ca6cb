// Reads responses with Content-Length, as cheaply as can be: a load generator, not a client. A response without
// the field has no content.
import type { Buffer } from "node:buffer";

export interface AnswerReader {
  /** Takes the first `size` bytes of the buffer; calls back once for each whole response. */
  take(buffer: Buffer, size: number): void;
}

export function createAnswerReader(onAnswer: (status: number) => void): AnswerReader {
  let head = "";
  let status = 0;
  let remaining = 0;

  /** Reads on in a header section from `at`; gives where it stopped. */
  function takeHead(buffer: Buffer, at: number, size: number): number {
    const before = head.length;
    head += buffer.toString("latin1", at, Math.min(size, at + 4096));
    const end = head.indexOf("\r\n\r\n");
    if (end < 0) return at + head.length - before;
    const section = head.slice(0, end);
    status = Number(section.slice(9, 12));
    remaining = Number(/\r\ncontent-length:[ \t]*(\d+)/i.exec(section)?.[1] ?? 0);
    head = "";
    if (remaining === 0) onAnswer(status);
    return at + end + 4 - before;
  }

  return {
    take(buffer, size) {
      for (let at = 0; at < size; ) {
        if (remaining === 0) {
          at = takeHead(buffer, at, size);
          continue;
        }
        const part = Math.min(remaining, size - at);
        remaining -= part;
        at += part;
        if (remaining === 0) onAnswer(status);
      }
    },
  };
}
