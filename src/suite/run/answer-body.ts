// The body of an answer, from the bytes that came to text: content codings undone, then the charset. Knows no queries.

import { contentCodings, decode as undo } from "../../client/decoding.ts";
import { ClientError } from "../../client/errors.ts";
import { Fields } from "../../protocol/fields.ts";
import { listMembers } from "../../protocol/grammar.ts";
import { parseMediaType } from "../../semantics/media-types.ts";
import { Failure } from "../failure.ts";
import type { Span } from "../hurl/tree.ts";
import { charsetDecoder } from "../values/charset.ts";
import type { CallResponse } from "./outcome.ts";

/** `body` is what came when `undecoded` says, in Hurl's words, why its codings cannot be undone. */
export type DecodedBody = Pick<CallResponse, "body" | "undecoded">;

/** A few kilobytes can stand for any number; this is as much as fits into a string. */
const MOST_BYTES = 500_000_000;

/** What Hurl calls the codings. */
const NAMES: { readonly [coding: string]: string } = { br: "brotli", deflate: "zlib", "x-gzip": "gzip" };

/** Undoes the content codings (RFC 9110, 8.4), the last one first. */
export async function decodeBody(rawBody: Uint8Array, fields: Fields): Promise<DecodedBody> {
  const codings = contentCodings(fields);
  if (codings === undefined) return { body: rawBody, undecoded: unsupported(fields) };
  let body = rawBody;
  for (const coding of codings.toReversed()) {
    const fault = `could not uncompress response with ${NAMES[coding] ?? coding}`;
    try {
      const decoded = await collect(undo(pieces(body), [coding]));
      if (decoded === undefined) {
        return { body: rawBody, undecoded: `${fault}: it has more than ${MOST_BYTES} bytes` };
      }
      body = decoded;
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      const why = error.cause instanceof Error ? `: ${error.cause.message}` : "";
      return { body: rawBody, undecoded: fault + why };
    }
  }
  return { body, undecoded: undefined };
}

function unsupported(fields: Fields): string {
  const codings = listMembers(fields.get("content-encoding") ?? "");
  const unknown = codings.find(
    (coding) => contentCodings(new Fields([["Content-Encoding", coding]])) === undefined,
  );
  return unknown === undefined
    ? `${codings.length} compressions of one response are not supported`
    : `compression ${unknown} is not supported`;
}

/** Bytes that are all there as a body that comes in pieces. */
export async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Undefined when there are too many. */
async function collect(source: AsyncIterable<Uint8Array>): Promise<Uint8Array | undefined> {
  const all: Uint8Array[] = [];
  let size = 0;
  for await (const piece of source) {
    size += piece.length;
    if (size > MOST_BYTES) return undefined;
    all.push(piece);
  }
  return Buffer.concat(all, size);
}

/** The body as text in the charset that Content-Type names, else in UTF-8. Throws Failure `CHARSET`, `INVALID_DECODING`. */
export function bodyText(bytes: Uint8Array, fields: Fields, source: Span): string {
  const type = parseMediaType(fields.get("content-type") ?? "");
  const charset = type?.parameters.get("charset") ?? "UTF-8";
  const decode = charsetDecoder(charset);
  if (decode === undefined) {
    throw new Failure("CHARSET", source, `the charset '${charset}' is not valid`);
  }
  try {
    return decode(bytes);
  } catch (error) {
    throw undecodable(charset, source, error);
  }
}

function undecodable(charset: string, source: Span, cause: unknown): Failure {
  const text = `could not decode response body with charset '${charset}'`;
  return new Failure("INVALID_DECODING", source, text, { cause });
}
