import { ProtocolError } from "./errors.ts";
import { quote, trimOws } from "./grammar.ts";

/**
 * The number in a Content-Length field: digits and nothing else. The same number several times, by
 * repetition or in a list, is that number (RFC 9110, 8.6); numbers past 2^53 are refused, never rounded.
 */
export function parseContentLength(value: string): number {
  const members = value.includes(",") ? value.split(",").map(trimOws) : [value];
  const text = members[0] as string;
  if (!/^\d+$/.test(text) || members.some((member) => member !== text)) {
    throw new ProtocolError("CONTENT_LENGTH_INVALID", `Cannot read the Content-Length ${quote(value)}`);
  }
  const length = Number(text);
  if (!Number.isSafeInteger(length)) {
    throw new ProtocolError("CONTENT_LENGTH_TOO_LARGE", `Cannot accept a body of ${quote(text)} bytes`, 413);
  }
  return length;
}
