// A field that an option adds to a request: `Name: value`, and what is wrong with it. Knows nothing of where the
// option was given.

import { ProtocolError } from "../../protocol/errors.ts";
import { Fields } from "../../protocol/fields.ts";
import { fieldBytes } from "../../text/field-text.ts";
import { Failure } from "../failure.ts";
import type { Span } from "../hurl/tree.ts";

/** Name and value, as Fields have them: a character for each byte of UTF-8. Failure OPTION_VALUE at `source`. */
export function headerOption(text: string, source: Span): readonly [name: string, value: string] {
  const colon = text.indexOf(":");
  if (colon === -1) throw invalid(text, "missing `:`", source);
  const name = text.slice(0, colon).trim();
  return [name, fieldValue(name, text.slice(colon + 1).trim(), text, source)];
}

/** The value of User-Agent, as Fields have it. Failure OPTION_VALUE at `source`. */
export function userAgentOption(name: string, source: Span): string {
  return fieldValue("User-Agent", name, `User-Agent: ${name}`, source);
}

function fieldValue(name: string, text: string, option: string, source: Span): string {
  const value = fieldBytes(text);
  try {
    new Fields().append(name, value);
    return value;
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    const part = error.code === "FIELD_NAME_INVALID" ? "name" : "value";
    throw invalid(option, `the ${part} is not one that can be sent`, source, error);
  }
}

function invalid(text: string, why: string, source: Span, cause?: ProtocolError): Failure {
  return new Failure("OPTION_VALUE", source, `invalid header option value <${text}>: ${why}`, { cause });
}
