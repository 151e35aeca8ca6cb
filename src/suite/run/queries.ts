// What queries find in an answer. Undefined is Hurl's "none": there is nothing of that name, or nothing matches.

import { createHash } from "node:crypto";
import type { PeerCertificate } from "../../net/certificate.ts";
import { fieldText } from "../../text/field-text.ts";
import type { CertificateAttribute, Query, Span } from "../hurl/tree.ts";
import { queryJson } from "../values/jsonpath.ts";
import { compileRegex } from "../values/regex.ts";
import type { Evaluation, Value } from "../values/value.ts";
import { queryMarkup } from "../values/xpath.ts";
import type { Answer } from "./answer.ts";
import { queryCookie } from "./cookie-query.ts";

/**
 * The value that a query finds; undefined when there is none. Throws Failure: `BODY_DECODING`, `CHARSET`,
 * `INVALID_DECODING`, `INVALID_JSON`, `INVALID_XML` when the answer's body is not what the query needs,
 * `INVALID_JSONPATH`, `INVALID_REGEX`, `INVALID_XPATH` when the query itself is wrong, and what templates throw.
 */
export function evaluateQuery(query: Query, answer: Answer, evaluation: Evaluation): Value | undefined {
  const { response } = answer;
  const { source } = query;
  switch (query.kind) {
    case "status":
      return { kind: "integer", value: BigInt(response.status) };
    case "version":
      return string(response.version);
    case "url":
      return string(response.url);
    case "ip":
      return string(plainAddress(response.remote.address));
    case "duration":
      return { kind: "integer", value: BigInt(Math.round(response.duration)) };
    case "header":
      return headerValue(response.fields.values(evaluation.text(query.name)));
    case "cookie":
      return queryCookie(
        response.fields.values("set-cookie"),
        evaluation.text(query.name),
        query.attribute ?? "Value",
      );
    case "certificate":
      return response.certificate && certificateValue(response.certificate, query.attribute);
    case "redirects":
      return { kind: "list", items: answer.redirects.map((value) => ({ kind: "response", value })) };
    case "variable":
      return evaluation.variable(evaluation.text(query.name));
    case "body":
      return string(answer.text(source));
    case "bytes":
      return { kind: "bytes", value: answer.bytes(source) };
    case "rawbytes":
      return { kind: "bytes", value: response.rawBody };
    case "sha256":
    case "md5":
      return { kind: "bytes", value: hash(query.kind, answer, source) };
    case "jsonpath":
      return queryJson(answer.json(source), evaluation.text(query.expression), query.expression.source);
    case "xpath":
      return queryMarkup(answer.markup(source), evaluation.text(query.expression), query.expression.source);
    case "regex": {
      const { pattern } = query;
      const text = "pattern" in pattern ? pattern.pattern : evaluation.text(pattern);
      const found = compileRegex(text, pattern.source).capture(answer.text(source));
      return found === undefined ? undefined : string(found);
    }
  }
}

function string(value: string): Value {
  return { kind: "string", value };
}

/** An IPv4 peer of a socket for both: "::ffff:127.0.0.1". */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, "");
}

/** One line is its value, several are a list. */
function headerValue(values: readonly string[]): Value | undefined {
  const [first, ...others] = values.map((value) => string(fieldText(value)));
  return first === undefined || others.length === 0 ? first : { kind: "list", items: [first, ...others] };
}

function certificateValue(certificate: PeerCertificate, attribute: CertificateAttribute): Value | undefined {
  switch (attribute) {
    case "Subject":
      return string(certificate.subject);
    case "Issuer":
      return string(certificate.issuer);
    case "Start-Date":
      return { kind: "date", value: certificate.start };
    case "Expire-Date":
      return { kind: "date", value: certificate.expire };
    case "Serial-Number":
      return string(certificate.serialNumber);
    case "Subject-Alt-Name":
      return certificate.subjectAltName === undefined ? undefined : string(certificate.subjectAltName);
    case "Value":
      return string(certificate.pem);
  }
}

function hash(algorithm: "sha256" | "md5", answer: Answer, source: Span): Uint8Array {
  // A plain Uint8Array, as all values have.
  return new Uint8Array(createHash(algorithm).update(answer.bytes(source)).digest());
}
