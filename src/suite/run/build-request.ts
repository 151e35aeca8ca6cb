// A request of a test file, with the values of now: what is to be sent. Nothing is sent here, and options,
// stored cookies and the client's own fields are the runner's matter.

import { ProtocolError } from "../../protocol/errors.ts";
import { Fields } from "../../protocol/fields.ts";
import { parseMediaType } from "../../semantics/media-types.ts";
import { fieldBytes } from "../../text/field-text.ts";
import { Failure } from "../failure.ts";
import type { FileParam, HurlRequest, KeyValue, ParamsSection, Span } from "../hurl/tree.ts";
import { bodyBytes } from "./body-value.ts";
import type { Context } from "./context.ts";
import { chooseBoundary, multipartBody, type Part, partType } from "./multipart.ts";
import { encodedParams, type Param, requireUrl, withQuery } from "./request-url.ts";

export interface BuiltRequest {
  readonly method: string;
  /** As the file has it, with what [Query] adds. */
  readonly url: string;
  /** Those of the file, in their order. */
  readonly fields: Fields;
  /** Of [Cookies]. */
  readonly cookies: readonly Param[];
  /** Of [BasicAuth]: name and password. */
  readonly user: Param | undefined;
  readonly body: Uint8Array | undefined;
  /** What Content-Type is to say of the body: when `fields` has none, and the body's form tells. */
  readonly contentType: string | undefined;
}

interface Content {
  readonly body: Uint8Array | undefined;
  readonly type: string | undefined;
}

/**
 * Builds a request. Failures: those of templates, files and bodies; INVALID_URL; INVALID_VALUE for a header that
 * cannot be sent.
 */
export function buildRequest(request: HurlRequest, context: Context): BuiltRequest {
  const address = context.text(request.url);
  requireUrl(address, request.url.source);
  const fields = fieldsOf(request.headers, context);
  const url = withQuery(address, paramsOf(request, "query", context));
  const cookies = paramsOf(request, "cookies", context, requireCookie);
  const [user] = paramsOf(request, "basic-auth", context);
  const { body, type } = contentOf(request, fields, context);
  const contentType = fields.has("content-type") ? undefined : type;
  return { method: request.method.text, url, fields, cookies, user, body, contentType };
}

function fieldsOf(headers: readonly KeyValue[], context: Context): Fields {
  const fields = new Fields();
  for (const { key, value } of headers) {
    const name = context.text(key);
    const text = context.text(value);
    try {
      // UTF-8, a character for each byte.
      fields.append(name, fieldBytes(text));
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      throw error.code === "FIELD_NAME_INVALID"
        ? unusable(key.source, `header name <${name}> is not valid`, error)
        : unusable(value.source, `header value <${text}> is not valid`, error);
    }
  }
  return fields;
}

function unusable(source: Span, problem: string, cause: ProtocolError): Failure {
  return new Failure("INVALID_VALUE", source, problem, { cause });
}

/** `check` throws for one that is not to be sent. */
function paramsOf(
  request: HurlRequest,
  kind: ParamsSection["kind"],
  context: Context,
  check: (param: Param, item: KeyValue) => void = () => undefined,
): readonly Param[] {
  const items = request.sections.flatMap((section) => (section.kind === kind ? section.items : []));
  return items.map((item): Param => {
    const param: Param = [context.text(item.key), context.text(item.value)];
    check(param, item);
    return param;
  });
}

function requireCookie([name, text]: Param, { source }: KeyValue): void {
  try {
    new Fields().append("Cookie", fieldBytes(`${name}=${text}`));
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw unusable(source, `cookie <${name}=${text}> is not valid`, error);
  }
}

/** The body itself before parts of a form, and those before its parameters. */
function contentOf(request: HurlRequest, fields: Fields, context: Context): Content {
  if (request.body !== undefined) {
    const { bytes, type } = bodyBytes(request.body.value, context);
    return { body: bytes, type };
  }
  const items = request.sections.flatMap((section) => (section.kind === "multipart" ? section.items : []));
  if (items.length > 0) return multipartContent(items, fields, context);
  const params = paramsOf(request, "form", context);
  if (params.length === 0) return { body: undefined, type: undefined };
  const body = new TextEncoder().encode(encodedParams(params));
  return { body, type: "application/x-www-form-urlencoded" };
}

/** A form in parts. A Content-Type of the test file that is multipart and lacks its boundary gets it, as with curl. */
function multipartContent(
  items: readonly (KeyValue | FileParam)[],
  fields: Fields,
  context: Context,
): Content {
  const parts = items.map((item) => partOf(item, context));
  const given = fields.get("content-type") ?? "";
  const type = parseMediaType(given);
  const multipart = type?.essence.startsWith("multipart/") === true ? type.parameters : undefined;
  const boundary = multipart?.get("boundary") ?? chooseBoundary(parts);
  if (multipart?.has("boundary") === false) {
    fields.set("Content-Type", `${given}; boundary=${boundary}`);
  }
  return { body: multipartBody(parts, boundary), type: `multipart/form-data; boundary=${boundary}` };
}

function partOf(item: KeyValue | FileParam, context: Context): Part {
  const name = context.text(item.key);
  if (item.kind === "key-value") {
    return { name, content: new TextEncoder().encode(context.text(item.value)) };
  }
  const fileName = context.text(item.file.name);
  const contentType = item.contentType === undefined ? partType(fileName) : context.text(item.contentType);
  return { name, content: context.bytes(item.file), fileName, contentType };
}
