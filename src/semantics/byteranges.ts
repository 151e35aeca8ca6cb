// The layout of multipart/byteranges: RFC 9110, 14.6, and RFC 2046, 5.1. It knows what stands between the parts and
// how long the whole is, and never sees a byte of content.
//
//   --B CRLF Content-Type … Content-Range … CRLF CRLF   head of the first part
//   bytes of the range
//   CRLF --B CRLF …                                     head of every further part
//   bytes of the range
//   CRLF --B-- CRLF                                     tail

import { type ByteRange, contentRange } from "./ranges.ts";

/** One part: send `head`, then the bytes of `range`. */
export interface BytePart {
  /** Latin-1: one character is one byte. */
  readonly head: string;
  readonly range: ByteRange;
}

/** Everything of a multipart answer but the content itself: send the parts in order, then `tail`. */
export interface ByteRangesPlan {
  /** The value of Content-Type, with its boundary. */
  readonly contentType: string;
  /** Bytes of the whole body: heads, ranges and tail. */
  readonly contentLength: number;
  readonly parts: readonly BytePart[];
  /** Latin-1, as the heads. */
  readonly tail: string;
}

// What RFC 2046 allows in a boundary, less what would have to be quoted in Content-Type: some
// recipients handle a quoted boundary wrongly (RFC 9110, 14.6).
const BOUNDARY = /^[0-9A-Za-z'+_.-]{1,70}$/;

/**
 * Plans a multipart/byteranges body for ranges of a representation of `size` bytes; `mediaType` is
 * its Content-Type, if it has one. The boundary must be one that does not occur in the content: make
 * it of enough random characters. Throws a RangeError for a boundary that would need quoting or is
 * longer than 70 characters.  RFC 9110, 14.6 and 15.3.7.2
 */
export function planByteRanges(
  ranges: readonly ByteRange[],
  size: number,
  mediaType: string | undefined,
  boundary: string,
): ByteRangesPlan {
  if (!BOUNDARY.test(boundary)) {
    throw new RangeError(
      `Cannot separate parts by ${JSON.stringify(boundary)}: a boundary has 1 to 70 letters, digits or '+_.-`,
    );
  }
  const type = mediaType === undefined ? "" : `Content-Type: ${mediaType}\r\n`;
  const tail = `\r\n--${boundary}--\r\n`;
  let contentLength = tail.length;
  const parts = ranges.map((range, index): BytePart => {
    const start = index === 0 ? "" : "\r\n";
    const head = `${start}--${boundary}\r\n${type}Content-Range: ${contentRange(range, size)}\r\n\r\n`;
    contentLength += head.length + range.last - range.first + 1;
    return { head, range };
  });
  return { contentType: `multipart/byteranges; boundary=${boundary}`, contentLength, parts, tail };
}
