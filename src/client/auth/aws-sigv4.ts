// AWS's Signature Version 4, as curl's --aws-sigv4 does it, for other providers than Amazon as well. Pure: from a request to
// the fields that sign it. Terms and steps are those of AWS's documentation, "Create a signed AWS API request".

import { createHash, createHmac } from "node:crypto";
import { quote, sameName } from "../../protocol/grammar.ts";
import type { HttpUrl } from "../url.ts";

/** A signature that cannot be made: the parameter, or the host's name, does not say enough. */
export class AwsSigv4Error extends Error {
  override readonly name = "AwsSigv4Error";
  readonly code = "AWS_SIGV4_INVALID";
}

/** What `provider1[:provider2[:region[:service]]]` says. */
export interface AwsSigv4Parameter {
  /** `aws` in `AWS4-HMAC-SHA256` and `aws4_request`; lower case. */
  readonly provider1: string;
  /** `amz` in `X-Amz-Date`; lower case. The same as `provider1` when it is not given. */
  readonly provider2: string;
  readonly region: string | undefined;
  readonly service: string | undefined;
}

/** Reads curl's parameter. Throws AwsSigv4Error when one of its parts is empty, or cannot stand in a field's name. */
export function parseAwsSigv4(text: string): AwsSigv4Parameter {
  const [provider1 = "", provider2 = provider1, region, ...rest] = text.split(":");
  const service = rest.length === 0 ? undefined : rest.join(":");
  for (const [name, part] of Object.entries({ provider1, provider2, region, service })) {
    if (part === "") throw cannotSign(`${name} is empty in ${quote(text)}, which should be ${FORM}`);
  }
  for (const provider of [provider1, provider2]) {
    if (!/^[A-Za-z0-9_-]+$/.test(provider)) {
      throw cannotSign(`${quote(provider)} is no provider's name: ${FORM}, such as aws:amz:eu-west-1:s3`);
    }
  }
  return { provider1: provider1.toLowerCase(), provider2: provider2.toLowerCase(), region, service };
}

const FORM = "provider1[:provider2[:region[:service]]]";

function cannotSign(why: string): AwsSigv4Error {
  return new AwsSigv4Error(`Cannot sign with AWS Signature Version 4: ${why}`);
}

export interface AwsSigv4Request {
  readonly parameter: AwsSigv4Parameter;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly method: string;
  readonly url: HttpUrl;
  /** The fields to sign: those that the caller has chosen. Host is signed in any case, by default as the URL has it. */
  readonly fields: Iterable<readonly [string, string]>;
  /** `unsigned` for a body that is not known yet: S3 takes a signature without it, others get that of an empty one. */
  readonly body: Uint8Array | "unsigned" | undefined;
  readonly now: Date;
}

/**
 * The fields to add to a request: Authorization, the date unless `fields` have it, and the body's hash for S3. None, when
 * `fields` have an Authorization already. Throws AwsSigv4Error when neither the parameter nor the host tells region
 * and service.
 */
export function awsSigv4Fields(request: AwsSigv4Request): (readonly [string, string])[] {
  const { parameter, method, url, body } = request;
  const { provider1, provider2 } = parameter;
  const given = [...request.fields];
  if (fieldOf(given, "authorization") !== undefined) return [];

  const scope = scopeOf(parameter, url);
  const added: (readonly [string, string])[] = [];
  const dateField = `X-${capitalized(provider2)}-Date`;
  const timestamp = fieldOf(given, dateField) ?? timestampOf(request.now);
  if (fieldOf(given, dateField) === undefined) added.push([dateField, timestamp]);

  const storage = isStorage(scope.service);
  const isS3 = storage && provider1 === "aws";
  const hashField = `X-${capitalized(provider2)}-Content-Sha256`;
  const chosen = fieldOf(given, hashField);
  const payload = chosen ?? payloadOf(body, isS3);
  if (chosen === undefined && isS3) added.push([hashField, payload]);

  const host = fieldOf(given, "host") === undefined ? [["host", url.authority] as const] : [];
  const { lines, names } = canonicalFields([...given, ...host, ...added]);
  const [path, query] = split(url.target);
  const canonicalRequest = [
    method,
    canonicalPath(path, !storage),
    canonicalQuery(query),
    lines,
    names,
    payload,
  ].join("\n");

  const day = timestamp.slice(0, 8);
  const kind = `${provider1}4_request`;
  const credentialScope = `${day}/${scope.region}/${scope.service}/${kind}`;
  const algorithm = `${provider1.toUpperCase()}4-HMAC-SHA256`;
  const stringToSign = `${algorithm}\n${timestamp}\n${credentialScope}\n${sha256(Buffer.from(canonicalRequest, "latin1"))}`;
  let key: string | Buffer = `${provider1.toUpperCase()}4${request.secretKey}`;
  for (const part of [day, scope.region, scope.service, kind]) key = hmac(key, part);
  const signature = hmac(key, stringToSign).toString("hex");
  const credential = `Credential=${request.accessKey}/${credentialScope}`;
  const authorization = `${algorithm} ${credential}, SignedHeaders=${names}, Signature=${signature}`;
  return [["Authorization", authorization], ...added];
}

function payloadOf(body: AwsSigv4Request["body"], isS3: boolean): string {
  if (body === "unsigned") return isS3 ? "UNSIGNED-PAYLOAD" : sha256("");
  return sha256(body ?? "");
}

/** Where the parameter says nothing, the host's first two labels do: SERVICE.REGION.example.com. */
function scopeOf({ region, service }: AwsSigv4Parameter, url: HttpUrl): { region: string; service: string } {
  if (region !== undefined && service !== undefined) return { region, service };
  const labels = url.host.split(".");
  const ofHost = labels.length > 1 ? labels[0] : undefined;
  const found = { service: service ?? ofHost, region: region ?? (labels.length > 2 ? labels[1] : undefined) };
  if (found.service === undefined || found.region === undefined) {
    const missing = found.service === undefined ? "service" : "region";
    throw cannotSign(
      `the ${missing} stands neither in the parameter nor in the host ${quote(url.host)}. Write it as ${FORM}`,
    );
  }
  return { region: found.region, service: found.service };
}

/** S3 takes paths as they are sent, all other services take them percent-encoded once more. */
function isStorage(service: string): boolean {
  return service === "s3" || service === "s3-express" || service === "s3-outposts";
}

function fieldOf(fields: readonly (readonly [string, string])[], name: string): string | undefined {
  return fields.find(([each]) => sameName(each, name))?.[1].trim();
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** 20150830T123600Z */
function timestampOf(now: Date): string {
  return `${now.toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;
}

function split(target: string): [path: string, query: string] {
  const question = target.indexOf("?");
  return question === -1 ? [target, ""] : [target.slice(0, question), target.slice(question + 1)];
}

/** A line for each name, in order; repeated fields in one, white space within values as one space. */
function canonicalFields(fields: readonly (readonly [string, string])[]): { lines: string; names: string } {
  const values = new Map<string, string[]>();
  for (const [name, value] of fields) {
    const lower = name.toLowerCase();
    const folded = value.trim().replace(/[ \t]+/g, " ");
    const known = values.get(lower);
    if (known === undefined) values.set(lower, [folded]);
    else known.push(folded);
  }
  const names = [...values.keys()].sort();
  const lines = names.map((name) => `${name}:${values.get(name)?.join(",")}\n`).join("");
  return { lines, names: names.join(";") };
}

/** The path as it is signed: segment by segment percent-encoded (what is encoded already, again), or left as it is. */
export function canonicalPath(path: string, encoded: boolean): string {
  if (path === "") return "/";
  return encoded ? path.replace(/[^A-Za-z0-9\-._~/]/gu, percentEncoded) : path;
}

/** The query as it is signed: parameters in order of their names, then of their values, all with "=" and encoded alike. */
export function canonicalQuery(query: string): string {
  const pairs = query
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const equals = pair.indexOf("=");
      return equals === -1
        ? ([reencoded(pair), ""] as const)
        : ([reencoded(pair.slice(0, equals)), reencoded(pair.slice(equals + 1))] as const);
    });
  pairs.sort(([a, x], [b, y]) => order(a, b) || order(x, y));
  return pairs.map(([name, value]) => `${name}=${value}`).join("&");
}

/** Keeps what is percent-encoded, with capital digits, and encodes the rest. A plus sign is one: it never was a space. */
function reencoded(text: string): string {
  return text.replace(/%[0-9A-Fa-f]{2}|[^A-Za-z0-9\-._~]/gu, (part) =>
    part.length === 3 ? part.toUpperCase() : percentEncoded(part),
  );
}

function percentEncoded(character: string): string {
  let text = "";
  for (const byte of Buffer.from(character, "utf8")) {
    text += `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return text;
}

/** By code unit, which for what is percent-encoded is by byte. */
function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text, "utf8").digest();
}
