// The answer to an entry, as queries look at it: each form of its body is made when it is first asked for, once.
// It knows no query.

import { Failure } from "../failure.ts";
import type { Span } from "../hurl/tree.ts";
import { parseJson } from "../values/json.ts";
import type { RedirectResponse, Value } from "../values/value.ts";
import { type MarkupDocument, parseMarkup } from "../values/xpath.ts";
import { bodyText } from "./answer-body.ts";
import type { CallResponse } from "./outcome.ts";

export class Answer {
  readonly response: CallResponse;
  /** The answers that led to it. */
  readonly redirects: readonly RedirectResponse[];
  #text: string | undefined;
  #json: Value | undefined;
  #markup: MarkupDocument | undefined;

  private constructor(response: CallResponse, redirects: readonly RedirectResponse[]) {
    this.response = response;
    this.redirects = redirects;
  }

  /** The last of an entry's responses, of which there must be one. */
  static make(responses: readonly CallResponse[]): Answer {
    const response = responses.at(-1);
    if (response === undefined) throw new TypeError("Cannot make an answer: there is no response");
    return new Answer(response, responses.slice(0, -1).filter(isRedirect));
  }

  /** The body, its content codings undone. Throws Failure `BODY_DECODING`. */
  bytes(source: Span): Uint8Array {
    const { body, undecoded } = this.response;
    if (undecoded !== undefined) throw new Failure("BODY_DECODING", source, undecoded);
    return body;
  }

  /** The body in its charset, without a byte order mark. Throws as bytes(), and Failure `CHARSET`, `INVALID_DECODING`. */
  text(source: Span): string {
    this.#text ??= bodyText(this.bytes(source), this.response.fields, source);
    return this.#text;
  }

  /** The body as JSON. Throws as text(), and Failure `INVALID_JSON`. */
  json(source: Span): Value {
    this.#json ??= jsonValue(this.text(source), source);
    return this.#json;
  }

  /** The body as HTML when its type has that in its name, else as XML. Throws as text(), and Failure `INVALID_XML`. */
  markup(source: Span): MarkupDocument {
    const type = this.response.fields.get("content-type") ?? "";
    this.#markup ??= parseMarkup(this.text(source), /html/i.test(type) ? "html" : "xml", source);
    return this.#markup;
  }
}

/** A request that was made again for another reason, for one with credentials, has no part in the way. */
function isRedirect({ status, fields }: CallResponse): boolean {
  return status >= 300 && status <= 399 && fields.has("location");
}

function jsonValue(text: string, source: Span): Value {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw invalidJson(error, source);
  }
}

function invalidJson(cause: SyntaxError, source: Span): Failure {
  return new Failure("INVALID_JSON", source, `HTTP response is not a valid JSON: ${cause.message}`, {
    cause,
  });
}
