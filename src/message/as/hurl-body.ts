// Which of Hurl's forms a body takes: the most legible of those that give exactly its bytes.

import { parseMediaType } from "../../semantics/media-types.ts";
import { backticked } from "./hurl-text.ts";
import { HIDDEN, utf8Text } from "./readable.ts";
import { isXmlDocument } from "./xml-document.ts";

export type HurlBodyForm =
  /** Of a [Form] section. */
  | { readonly kind: "form"; readonly pairs: readonly (readonly [name: string, value: string])[] }
  | { readonly kind: "body"; readonly text: string };

const FENCE = "```";
/** A longer text is not put on one line. */
const LONGEST_LINE = 2000;
const MOST_HEX = 32;
/** Hurl's limit is 128. */
const DEEPEST_JSON = 100;

/** `type` is the Content-Type field's value; without one Hurl would call JSON and XML by their names. */
export function chooseHurlBody(bytes: Uint8Array, type: string | undefined): HurlBodyForm {
  const text = utf8Text(bytes);
  if (text === undefined || /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(text)) return body(encoded(bytes));
  const essence = type === undefined ? undefined : parseMediaType(type)?.essence;
  if (essence === "application/x-www-form-urlencoded") {
    const pairs = formPairs(text);
    if (pairs !== undefined) return { kind: "form", pairs };
  }
  if (isVerbatim(text, essence)) return body(text);
  if (!/[\n\r]/.test(text)) return body(backticked(text));
  if (isFenceable(text)) return body(`${FENCE}\n${text}${FENCE}`);
  return body(text.length > LONGEST_LINE ? encoded(bytes) : backticked(text));
}

function body(text: string): HurlBodyForm {
  return { kind: "body", text };
}

function encoded(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes);
  if (bytes.length <= MOST_HEX) return `hex,${buffer.toString("hex")};`;
  // Lines as in MIME (RFC 2045, 6.8).
  return `base64,${buffer.toString("base64").replace(/.{76}(?!$)/g, "$&\n")};`;
}

/** JSON and XML stand in the file as they are, when nothing in them means something else to Hurl. */
function isVerbatim(text: string, essence: string | undefined): boolean {
  if (essence === undefined || HIDDEN.test(text) || text.includes("{{")) return false;
  if (/[/+]xml$/.test(essence)) return isXmlDocument(text);
  return (/^[{[]/.test(text) || /[/+]json$/.test(essence)) && isPlainJson(text);
}

function isPlainJson(text: string): boolean {
  // White space around it would be lost, half of a surrogate pair is not understood.
  if (text !== text.trim() || /\\u[dD][89a-fA-F]/.test(text)) return false;
  try {
    return depthOf(JSON.parse(text)) <= DEEPEST_JSON;
  } catch {
    return false;
  }
}

function depthOf(value: unknown): number {
  let depth = 0;
  for (let level: unknown[] = [value]; level.length > 0; depth += 1)
    level = level.flatMap((one) => (typeof one === "object" && one !== null ? Object.values(one) : []));
  return depth;
}

/** The pairs that Hurl would write as exactly this text: a space as %20, each pair with "=". */
function formPairs(text: string): (readonly [string, string])[] | undefined {
  const pairs: (readonly [string, string])[] = [];
  for (const piece of text.split("&")) {
    const at = piece.indexOf("=");
    if (at < 1) return undefined;
    const name = decoded(piece.slice(0, at));
    const value = decoded(piece.slice(at + 1));
    if (name === undefined || value === undefined) return undefined;
    pairs.push([name, value]);
  }
  return pairs;
}

/** Undefined when encoding it again would give something else. */
function decoded(text: string): string | undefined {
  try {
    const meant = decodeURIComponent(text);
    const again = encodeURIComponent(meant).replace(
      /[!'()*]/g,
      (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
    );
    return again === text && !/[\ud800-\udfff]/.test(meant.replace(/[\ud800-\udbff][\udc00-\udfff]/g, ""))
      ? meant
      : undefined;
  } catch {
    return undefined;
  }
}

function isFenceable(text: string): boolean {
  return (
    !text.includes(FENCE) && !text.endsWith("`") && !text.includes("{{") && !HIDDEN.test(text) // "\r" is hidden, too.
  );
}
