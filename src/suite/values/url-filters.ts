// Filters over URLs and their encoding (RFC 3986).

import { Failure } from "../failure.ts";
import {
  type FilterCall,
  inputText,
  invalidInput,
  type StringFilterCall,
  stringValue,
} from "./filter-call.ts";
import type { Value } from "./value.ts";

/** The URL that a redirect leads to, absolute; undefined when the response leads nowhere. */
export function location(value: Value, call: FilterCall): Value | undefined {
  if (value.kind !== "response") throw invalidInput(value, "response", call);
  const { url, fields } = value.value;
  const target = fields.get("location");
  if (target === undefined) return undefined;
  // Fields hold a character for each byte.
  const text = Buffer.from(target, "latin1").toString();
  return URL.canParse(text, url) ? stringValue(new URL(text, url).href) : undefined;
}

/** "%xx" to characters; what is no "%xx" stays. */
export function urlDecode(value: Value, call: FilterCall): Value {
  const text = inputText(value, call);
  const octets = text.replace(/(?:%[\da-fA-F]{2})+/g, (run) => {
    const bytes = Buffer.from(run.replaceAll("%", ""), "hex");
    return decodedUtf8(bytes, value, call);
  });
  return stringValue(octets);
}

/** "%xx" for all but letters, digits, "-", ".", "_", "~" (RFC 3986, 2.3) and "/". */
export function urlEncode(value: Value, call: FilterCall): Value {
  const bytes = Buffer.from(inputText(value, call)).toString("latin1");
  return stringValue(
    bytes.replace(/[^\w.~/-]/g, (byte) => {
      return `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
    }),
  );
}

/** The first parameter of the name; undefined when the URL has none. */
export function urlQueryParam(value: Value, name: string, call: StringFilterCall): Value | undefined {
  const found = urlIn(inputText(value, call), call).searchParams.get(name);
  return found === null ? undefined : stringValue(found);
}

function urlIn(text: string, { source }: FilterCall): URL {
  const fault = (why: string): Failure =>
    new Failure("INVALID_URL", source, `invalid URL <${text}> (${why})`);
  if (!/^[A-Za-z][A-Za-z\d+.-]*:\/\//.test(text)) throw fault("Missing scheme <http://> or <https://>");
  if (!/^https?:/i.test(text)) throw fault("Only <http://> and <https://> schemes are supported");
  if (!URL.canParse(text)) throw fault("It can not be parsed");
  return new URL(text);
}

function decodedUtf8(bytes: Uint8Array, value: Value, call: FilterCall): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw invalidInput(value, "UTF-8 in %xx", call, error);
  }
}
