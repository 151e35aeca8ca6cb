// JSON that comes over the wire: bounded before it is read, and when it is none, with the place that is wrong.
// Knows nothing of what the JSON is for.

import { BodyTooLargeError } from "../../message/body.ts";
import { Problem } from "../../message/problem.ts";
import type { Request } from "../../message/request.ts";
import { findJsonFault } from "./fault.ts";
import { hasInfinity } from "./members.ts";

export interface JsonLimits {
  /** Bytes of the text. 0: no limit. */
  readonly maxBytes: number;
  /** Objects and lists within each other. 0, and more than 1,000: 1,000, as what reads and writes JSON is recursive. */
  readonly maxDepth: number;
}

const DEEPEST = 1000;

/** Objects and lists within each other that are taken where nobody says otherwise: more than people write, far less than any parser bears. */
export const DEFAULT_MAX_DEPTH = 64;

/**
 * Reads a request's body as JSON (RFC 8259). Throws Problems: 413 for a body of more than `maxBytes`; 400 for one
 * that is not UTF-8, is nested deeper than `maxDepth`, which is seen before it is parsed, has a number beyond a double, or is no JSON, then with
 * the members `line` and `column`, each from 1.
 */
export async function readJson(request: Request, limits: JsonLimits): Promise<unknown> {
  return parseJson(await boundedBytes(request, limits.maxBytes), limits.maxDepth);
}

async function boundedBytes(request: Request, maxBytes: number): Promise<Uint8Array> {
  try {
    return await request.body.bytes(maxBytes);
  } catch (error) {
    if (!(error instanceof BodyTooLargeError)) throw error;
    throw new Problem(413, {
      detail: `Cannot take JSON of more than ${maxBytes} bytes here`,
      members: { code: error.code, limit: maxBytes },
      cause: error,
    });
  }
}

/** Reads bytes as JSON; see readJson(). */
export function parseJson(bytes: Uint8Array, maxDepth: number): unknown {
  const text = decode(bytes);
  const limit = depthLimit(maxDepth);
  if (nestingOf(bytes, limit) > limit) {
    throw new Problem(400, {
      detail: `Cannot take this JSON: it is nested deeper than ${limit} levels`,
      members: { limit },
    });
  }
  const value = parse(text);
  if (hasInfinity(value)) {
    throw new Problem(400, {
      detail:
        "Cannot take this JSON: a number in it is larger than 1.8e308, and would be lost. As a text it stays what it is",
    });
  }
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const { line, column, reason } = findJsonFault(text);
    throw new Problem(400, {
      detail: `Cannot read the JSON at line ${line}, column ${column}: ${reason}`,
      members: { line, column },
      cause: error,
    });
  }
}

/** What a `maxDepth` comes to. */
export function depthLimit(maxDepth: number): number {
  return maxDepth > 0 ? Math.min(maxDepth, DEEPEST) : DEEPEST;
}

// A byte order mark is dropped, as RFC 8259, 8.1 permits: some editors write one unasked.
const UTF8 = new TextDecoder("utf-8", { fatal: true });

function decode(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch (error) {
    throw new Problem(400, {
      detail: "Cannot read the JSON: its bytes are not UTF-8, the one encoding that JSON is sent in",
      cause: error,
    });
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Counts how deep objects and lists stand within each other, without parsing: brackets outside of strings. Stops
 * at the first one beyond `limit`. For a text that is no JSON it counts up to where it stops being any.
 */
export function nestingOf(bytes: Uint8Array, limit: number): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] as number;
    if (quoted) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) quoted = false;
      continue;
    }
    switch (byte) {
      case QUOTE:
        quoted = true;
        break;
      case 0x5b: // [
      case 0x7b: // {
        depth += 1;
        if (depth > deepest) deepest = depth;
        if (depth > limit) return depth;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth -= 1;
        break;
    }
  }
  return deepest;
}
