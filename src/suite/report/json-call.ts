// A request and its answer as Hurl's JSON has them. Knows no files and no secrets.

import { cookieAttribute, parseSetCookie } from "../../client/cookies/set-cookie.ts";
import type { Timing } from "../../client/options.ts";
import type { PeerCertificate } from "../../net/certificate.ts";
import { fieldText } from "../../text/field-text.ts";
import type { Call, CallResponse } from "../run/outcome.ts";
import { dateText, type Json, jsonObject } from "./json-text.ts";
import { sentFields } from "./sent-fields.ts";

/** `body` names the file that has the answer's body. */
export function callJson(call: Call, body: string | undefined): Json {
  return jsonObject({
    request: requestJson(call),
    response: responseJson(call.response, body),
    timings: timingsJson(call),
  });
}

function requestJson({ request }: Call): Json {
  const fields = sentFields(request);
  return jsonObject({
    method: request.method,
    url: request.url,
    headers: fieldsJson(fields),
    cookies: fields
      .filter(([name]) => name.toLowerCase() === "cookie")
      .flatMap(([, value]) => requestCookies(fieldText(value))),
    query_string: queryJson(request.url),
  });
}

function responseJson(response: CallResponse, body: string | undefined): Json {
  return jsonObject({
    body,
    certificate: response.certificate && certificateJson(response.certificate),
    cookies: response.fields.values("set-cookie").flatMap(responseCookie),
    headers: fieldsJson(response.fields),
    http_version: `HTTP/${response.version}`,
    status: response.status,
  });
}

function fieldsJson(fields: Iterable<readonly [string, string]>): Json {
  return [...fields].map(([name, value]) => pairJson(name, fieldText(value)));
}

function pairJson(name: string, value: string): Json {
  return jsonObject({ name, value });
}

function requestCookies(value: string): Json[] {
  return value
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair !== "")
    .map((pair) => {
      const equals = pair.indexOf("=");
      return equals === -1 ? pairJson("", pair) : pairJson(pair.slice(0, equals), pair.slice(equals + 1));
    });
}

function queryJson(url: string): Json {
  const query = /\?([^#]*)/.exec(url)?.[1] ?? "";
  return [...new URLSearchParams(query)].map(([name, value]) => pairJson(name, value));
}

/** Attributes as they are written; those without a value are true. */
function responseCookie(value: string): Json[] {
  const cookie = parseSetCookie(value);
  if (cookie === undefined) return [];
  const attribute = (name: string): string | undefined => {
    const text = cookieAttribute(cookie, name);
    return text === undefined ? undefined : fieldText(text);
  };
  return [
    jsonObject({
      name: fieldText(cookie.name),
      value: fieldText(cookie.value),
      domain: attribute("domain"),
      path: attribute("path"),
      expires: attribute("expires"),
      max_age: attribute("max-age"),
      samesite: attribute("samesite"),
      httponly: cookie.httpOnly || undefined,
      secure: cookie.secure || undefined,
    }),
  ];
}

function certificateJson({ subject, issuer, start, expire, serialNumber }: PeerCertificate): Json {
  return jsonObject({
    subject,
    issuer,
    start_date: dateText(start),
    expire_date: dateText(expire),
    serial_number: serialNumber,
  });
}

/** Microseconds from the call's beginning to the end of each step, as curl counts them; 0 for one that was not there. */
function timingsJson({ startedAt, timing }: Call): Json {
  return jsonObject({
    begin_call: startedAt.toISOString(),
    end_call: new Date(startedAt.getTime() + timing.total).toISOString(),
    ...stepsOf(timing),
  });
}

function stepsOf({ queue = 0, dns, connect, tls, firstByte, total }: Timing): Record<string, number> {
  const afterName = queue + (dns ?? 0);
  const afterConnect = afterName + (connect ?? 0);
  const afterTls = afterConnect + (tls ?? 0);
  const micro = (milliseconds: number): number => Math.round(milliseconds * 1000);
  return {
    name_lookup: dns === undefined ? 0 : micro(afterName),
    connect: connect === undefined ? 0 : micro(afterConnect),
    app_connect: tls === undefined ? 0 : micro(afterTls),
    pre_transfer: micro(afterTls),
    start_transfer: firstByte === undefined ? 0 : micro(afterTls + firstByte),
    total: micro(total),
  };
}
