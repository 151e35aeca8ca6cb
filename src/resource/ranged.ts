// Parts of a representation: from the Range and If-Range fields to the answer with one part or several.
// Knows sizes and bytes, not where they come from.

import { randomBytes } from "node:crypto";
import { Problem } from "../message/problem.ts";
import { Response } from "../message/response.ts";
import { Fields } from "../protocol/fields.ts";
import { type ByteRangesPlan, planByteRanges } from "../semantics/byteranges.ts";
import { ifRangeHolds, type Validators } from "../semantics/preconditions.ts";
import { type ByteRange, contentRange, parseRange, unsatisfiedRange } from "../semantics/ranges.ts";

/** What is to be sent: one part, or several as multipart/byteranges. */
export type Parts =
  | { readonly kind: "one"; readonly range: ByteRange }
  | { readonly kind: "several"; readonly plan: ByteRangesPlan };

/** What ranges are taken of. */
export interface Whole extends Validators {
  /** Bytes. */
  readonly length: number;
  /** Its Content-Type. */
  readonly mediaType: string;
}

/** Gives the bytes of one range. */
export type Slice = (range: ByteRange) => Uint8Array | AsyncIterable<Uint8Array>;

/**
 * Tells which parts a GET asks for; undefined when it is to get the whole. Ask after the
 * preconditions. Throws a Problem, 416, with the size in Content-Range.  RFC 9110, 14.2
 */
export function partsOf(range: string, fields: Fields, whole: Whole): Parts | undefined {
  if (!ifRangeHolds(fields.get("if-range"), whole, Date.now())) return undefined;
  const verdict = parseRange(range, whole.length);
  switch (verdict.kind) {
    case "ignored":
      return undefined;
    case "unsatisfiable":
      throw new Problem(416, {
        detail: `Cannot send this range: there are ${whole.length} bytes`,
        fields: { "Content-Range": unsatisfiedRange(whole.length) },
      });
    case "ranges": {
      const { ranges } = verdict;
      const [only] = ranges;
      if (only !== undefined && ranges.length === 1) return { kind: "one", range: only };
      // 144 random bits do not turn up in a content by chance.
      const boundary = randomBytes(18).toString("base64url");
      return { kind: "several", plan: planByteRanges(ranges, whole.length, whole.mediaType, boundary) };
    }
  }
}

/** The 206 for these parts. `fields` are those of the 200; `slice` is asked for one range after the other. */
export function partialResponse(parts: Parts, whole: Whole, fields: Fields, slice: Slice): Response {
  const own = new Fields(fields);
  if (parts.kind === "several") {
    const { contentType, contentLength } = parts.plan;
    own.set("Content-Type", contentType);
    return new Response(206, { fields: own, body: multipart(parts.plan, slice), length: contentLength });
  }
  const { range } = parts;
  own.append("Content-Range", contentRange(range, whole.length));
  return new Response(206, { fields: own, body: slice(range), length: range.last - range.first + 1 });
}

async function* multipart(plan: ByteRangesPlan, slice: Slice): AsyncGenerator<Uint8Array, void, void> {
  for (const { head, range } of plan.parts) {
    yield Buffer.from(head, "latin1");
    const content = slice(range);
    if (content instanceof Uint8Array) yield content;
    else yield* content;
  }
  yield Buffer.from(plan.tail, "latin1");
}
