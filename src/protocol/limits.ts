/**
 * How much a peer may send before it is refused. Every limit exists so that one
 * connection cannot take memory or time without end. 0 means no limit, in each of them.
 */
export interface Limits {
  /** Bytes of the request line or status line, CRLF excluded. Default 16,384: RFC 9112, 3 asks for 8,000 at least. */
  readonly maxStartLine: number;
  /** Bytes of one field line, CRLF excluded. Default 16,384: cookies and tokens of real sites reach 8 KiB. */
  readonly maxFieldLine: number;
  /** Bytes of a whole head, start line included. Default 65,536: nginx takes 33 KiB, Apache 800 KiB. */
  readonly maxHead: number;
  /** Field lines of a head. Default 200: Apache takes 100, Node 2,000; a browser sends about 20. */
  readonly maxFields: number;
  /** Bytes of chunk extensions in one whole body. Default 4,096: nobody uses them, attacks do. */
  readonly maxChunkExtensions: number;
  /** Bytes of a trailer section. Default 8,192: a checksum and a signature fit many times. */
  readonly maxTrailers: number;
  /** Bytes of one body. Default 0: bodies pass through, they are not kept. */
  readonly maxBody: number;
}

const bounds = new WeakMap<Limits, Limits>();

/** The limits to compare with: no limit is Infinity. Made once for the limits of a server or client, not for each connection. */
export function boundsOf(limits: Limits): Limits {
  let made = bounds.get(limits);
  if (made === undefined) {
    made = {
      maxStartLine: limits.maxStartLine || Number.POSITIVE_INFINITY,
      maxFieldLine: limits.maxFieldLine || Number.POSITIVE_INFINITY,
      maxHead: limits.maxHead || Number.POSITIVE_INFINITY,
      maxFields: limits.maxFields || Number.POSITIVE_INFINITY,
      maxChunkExtensions: limits.maxChunkExtensions || Number.POSITIVE_INFINITY,
      maxTrailers: limits.maxTrailers || Number.POSITIVE_INFINITY,
      maxBody: limits.maxBody || Number.POSITIVE_INFINITY,
    };
    bounds.set(limits, made);
  }
  return made;
}

export const DEFAULT_LIMITS: Limits = {
  maxStartLine: 16_384,
  maxFieldLine: 16_384,
  maxHead: 65_536,
  maxFields: 200,
  maxChunkExtensions: 4096,
  maxTrailers: 8192,
  maxBody: 0,
};
