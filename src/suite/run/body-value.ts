// The bytes that a body in a test file means: of a request, or of what a response should have. Knows the forms
// that a body can be written in; not whose body it is.

import { Failure } from "../failure.ts";
import type { BodyValue, JsonObject, Multiline } from "../hurl/tree.ts";
import type { Evaluation } from "../values/value.ts";
import { compactJson, writtenJson } from "./json-body.ts";
import { mixedBytes } from "./mixed-body.ts";

export interface BodyBytes {
  readonly bytes: Uint8Array;
  /** The same as text, unless the test file gives bytes: base64, hex or a file. */
  readonly text: string | undefined;
  /** The media type that the form of the body stands for. */
  readonly type: "application/json" | "application/xml" | undefined;
}

/**
 * What a body means with the values of now. Failures: those of templates and files; INVALID_JSON for a placeholder
 * whose value makes no JSON, INVALID_VALUE for a multiline text that is no base64 or hex.
 */
export function bodyBytes(value: BodyValue, evaluation: Evaluation): BodyBytes {
  switch (value.kind) {
    case "json":
      return textBody(writtenJson(value, evaluation), "application/json");
    case "xml":
      return textBody(value.raw, "application/xml");
    case "multiline":
      return multilineBody(value, evaluation);
    case "oneline":
      return textBody(evaluation.text(value.value), undefined);
    case "base64":
    case "hex":
      return rawBody(value.bytes);
    case "file":
      return rawBody(evaluation.bytes(value));
    case "mixed":
      return { ...mixedBytes(value, evaluation), type: undefined };
  }
}

function multilineBody(multiline: Multiline, evaluation: Evaluation): BodyBytes {
  const text = evaluation.text(multiline.value);
  switch (multiline.language) {
    case undefined:
    case "raw":
      return textBody(text, undefined);
    case "json":
      return textBody(text, "application/json");
    case "xml":
      return textBody(text, "application/xml");
    case "graphql":
      return textBody(graphqlText(text, multiline.variables, evaluation), "application/json");
    case "base64":
      return rawBody(decoded(text, "base64", /^[A-Za-z0-9+/]*={0,2}$/, multiline));
    case "hex":
      return rawBody(decoded(text, "hex", /^(?:[0-9A-Fa-f]{2})*$/, multiline));
  }
}

function textBody(text: string, type: BodyBytes["type"]): BodyBytes {
  return { bytes: new TextEncoder().encode(text), text, type };
}

function rawBody(bytes: Uint8Array): BodyBytes {
  return { bytes, text: undefined, type: undefined };
}

/** White space may stand anywhere, as in MIME (RFC 2045, section 6.8). */
function decoded(text: string, encoding: "base64" | "hex", form: RegExp, multiline: Multiline): Uint8Array {
  const compact = text.replace(/[ \t\r\n]/g, "");
  if (!form.test(compact)) {
    throw new Failure("INVALID_VALUE", multiline.source, `the text is not valid ${encoding}`);
  }
  return new Uint8Array(Buffer.from(compact, encoding));
}

/** A GraphQL request: https://graphql.github.io/graphql-over-http/draft/#sec-JSON-Encoding */
function graphqlText(query: string, variables: JsonObject | undefined, evaluation: Evaluation): string {
  const rest = variables === undefined ? "" : `,"variables":${compactJson(variables, evaluation)}`;
  return `{"query":${JSON.stringify(query.trim())}${rest}}`;
}
