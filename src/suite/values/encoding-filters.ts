// Filters between bytes and texts: base64 (RFC 4648), hexadecimal, character encodings.

import { Failure } from "../failure.ts";
import { charsetDecoder } from "./charset.ts";
import {
  type FilterCall,
  inputBytes,
  inputText,
  type StringFilterCall,
  stringValue,
  unfitInput,
} from "./filter-call.ts";
import type { Value } from "./value.ts";

/** Base64 with its padding; line breaks and everything else that is not of the alphabet are refused. */
export function decodeBase64(value: Value, call: FilterCall): Value {
  return decoded(inputText(value, call), "base64", call);
}

/** Base64 for URLs, which has no padding. */
export function decodeBase64Url(value: Value, call: FilterCall): Value {
  const text = inputText(value, call);
  if (text.endsWith("=")) throw unfitInput("base64 string contains padding", call);
  return decoded(text, "base64url", call);
}

export function encodeBase64(value: Value, call: FilterCall): Value {
  return stringValue(inputBytes(value, call).toString("base64"));
}

export function encodeBase64Url(value: Value, call: FilterCall): Value {
  return stringValue(inputBytes(value, call).toString("base64url"));
}

export function toHex(value: Value, call: FilterCall): Value {
  return stringValue(inputBytes(value, call).toString("hex"));
}

/** Decodes by the name of an encoding, such as "euc-kr"; a byte order mark goes.  https://encoding.spec.whatwg.org */
export function decodeText(value: Value, encoding: string, call: StringFilterCall): Value {
  return decodedText(value, encoding, charsetDecoder(encoding), call);
}

/** A byte order mark stays, so that encoding gives the same bytes again. */
export function decodeUtf8(value: Value, call: FilterCall): Value {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  return decodedText(value, "utf-8", (bytes) => decoder.decode(bytes), call);
}

export function encodeUtf8(value: Value, call: FilterCall): Value {
  return { kind: "bytes", value: new TextEncoder().encode(inputText(value, call)) };
}

/** `decode` is undefined for an encoding that is not known. */
function decodedText(
  value: Value,
  encoding: string,
  decode: ((bytes: Uint8Array) => string) | undefined,
  call: FilterCall,
): Value {
  const bytes = inputBytes(value, call);
  if (decode === undefined) throw undecodable(`<${encoding}> encoding is not supported`, call);
  try {
    return stringValue(decode(bytes));
  } catch (error) {
    throw undecodable(`value can not be decoded with <${encoding}> encoding`, call, error);
  }
}

function undecodable(text: string, { source }: FilterCall, cause?: unknown): Failure {
  return new Failure("FILTER_DECODE", source, text, { cause });
}

function decoded(text: string, alphabet: "base64" | "base64url", call: FilterCall): Value {
  const bytes = Buffer.from(text, alphabet);
  // Node skips what it does not understand, and takes both alphabets for each other.
  if (bytes.toString(alphabet) !== text) throw unfitInput("string is not base64", call);
  return { kind: "bytes", value: bytes };
}
