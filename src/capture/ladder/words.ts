// Targets, sizes and types as the ladder says them.

import { isUtf8 } from "node:buffer";
import { fieldText } from "../../text/field-text.ts";
import { printableLine } from "../../text/printable.ts";
import type { Message } from "../model.ts";

/** A request target to read: percent-encoded letters beyond ASCII become letters, all else stays as sent. */
export function readableTarget(rawTarget: string): string {
  const text = printableLine(fieldText(rawTarget));
  return text.replace(/(?:%[89a-f][\da-f])+/gi, (encoded) => {
    const bytes = Buffer.from(encoded.replaceAll("%", ""), "hex");
    if (!isUtf8(bytes)) return encoded;
    const decoded = bytes.toString("utf8");
    // Spaces and signs without a width would hide, or look like an end.
    return /^[\p{L}\p{M}\p{N}\p{P}\p{S}]+$/u.test(decoded) ? decoded : encoded;
  });
}

export function bodyWords({ head, bodyLength, body, chunks, complete }: Message): string[] {
  const words: string[] = [];
  const data = chunks.filter(({ size }) => size > 0).length;
  if (bodyLength > 0) {
    words.push(`${numberWords(bodyLength)} B body${data > 0 ? ` in ${countWords(data, "chunk")}` : ""}`);
  }
  const missing = body.reduce((sum, part) => sum + (part.missing ? part.end - part.start : 0), 0);
  if (missing > 0) words.push(`${numberWords(missing)} B not captured`);
  if (!complete && head.framing.kind !== "switch") words.push("incomplete");
  return words;
}

export function mediaTypeOf({ head, bodyLength }: Message): string | undefined {
  const type = bodyLength > 0 ? head.fields.get("content-type") : undefined;
  return type === undefined ? undefined : printableLine(fieldText(type));
}

export function segmentsWords(count: number): string {
  return countWords(count, "segment");
}

export function bytesWords(count: number): string {
  return countWords(count, "byte");
}

export function countWords(count: number, word: string): string {
  return `${numberWords(count)} ${word}${count === 1 ? "" : "s"}`;
}

/** "17,376", as the neighbours of a number in a picture are letters, not digits. */
function numberWords(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
}
