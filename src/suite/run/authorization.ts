// Who a request is made as, and how it says so: Basic, Digest, or a signature. Where the rules themselves are:
// client/auth/.

import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { awsSigv4Fields, parseAwsSigv4 } from "../../client/auth/aws-sigv4.ts";
import { basicAuthorization } from "../../client/auth/basic.ts";
import { digestAuthorization, digestChallenge } from "../../client/auth/digest.ts";
import { credentialsFor, parseNetrc } from "../../client/auth/netrc.ts";
import { type HttpUrl, parseUrl } from "../../client/url.ts";
import type { Fields } from "../../protocol/fields.ts";
import { Failure } from "../failure.ts";
import type { Span } from "../hurl/tree.ts";
import type { EntryOptions, RunSettings } from "./settings.ts";

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** What is known of a request when it is to be authorized. */
export interface ToAuthorize {
  readonly method: string;
  readonly url: HttpUrl;
  readonly target: string;
  readonly fields: Fields;
  readonly body: Uint8Array | undefined;
}

/**
 * Who to be: as [BasicAuth] has it, the option `user`, the URL, or a .netrc file. Failure OPTION at `source` for a
 * file that cannot be read.
 */
export async function credentialsOf(
  given: readonly [string, string] | undefined,
  url: string,
  options: EntryOptions,
  settings: RunSettings,
  source: Span,
): Promise<Credentials | undefined> {
  if (given !== undefined) return { user: given[0], password: given[1] };
  if (options.user !== undefined) return pairOf(options.user);
  const { username, password } = new URL(url);
  if (username !== "" || password !== "")
    return { user: decodeURIComponent(username), password: decodeURIComponent(password) };
  return options.netrc === "no" ? undefined : fromNetrc(url, options, settings, source);
}

/** The fields that authorize a request before anybody has asked for it; none for Digest, which answers a challenge. */
export function authorize(
  request: ToAuthorize,
  credentials: Credentials | undefined,
  { awsSigv4, digest }: EntryOptions,
): Iterable<readonly [string, string]> {
  if (credentials === undefined) return [];
  const { user, password } = credentials;
  if (awsSigv4 !== undefined) {
    const keys = { accessKey: user, secretKey: password };
    return awsSigv4Fields({ ...request, ...keys, parameter: parseAwsSigv4(awsSigv4), now: new Date() });
  }
  return digest ? [] : [["Authorization", basicAuthorization(`${user}:${password}`)]];
}

/** The fields that answer a digest challenge; undefined when the answer has none that can be met. RFC 7616 */
export function answerChallenge(
  challenged: Fields,
  request: ToAuthorize,
  credentials: Credentials,
): Iterable<readonly [string, string]> | undefined {
  const challenge = digestChallenge(challenged.values("www-authenticate"));
  if (challenge === undefined) return undefined;
  const { method, target, body } = request;
  const cnonce = randomBytes(16).toString("hex");
  const value = digestAuthorization({ challenge, method, target, ...credentials, body, cnonce, nc: 1 });
  return [["Authorization", value]];
}

function pairOf(text: string): Credentials {
  const colon = text.indexOf(":");
  if (colon === -1) return { user: text, password: "" };
  return { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

async function fromNetrc(
  url: string,
  { netrc, netrcFile }: EntryOptions,
  { environment, fileRoot }: RunSettings,
  source: Span,
): Promise<Credentials | undefined> {
  const path =
    netrcFile === undefined ? join(environment.HOME ?? homedir(), ".netrc") : resolve(fileRoot, netrcFile);
  try {
    const entries = parseNetrc(await readFile(path, "utf8"));
    const found = credentialsFor(entries, parseUrl(url).host);
    return found && { user: found.login, password: found.password };
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    if (missing && netrc === "optional") return undefined;
    const why = missing ? `there is no file ${path}` : (error as Error).message;
    throw unusable(why, source, error);
  }
}

function unusable(why: string, source: Span, cause: unknown): Failure {
  return new Failure("OPTION", source, `credentials cannot be taken from the netrc file: ${why}`, { cause });
}
