// Digest authentication: RFC 7616, and RFC 2617 and 2069 for servers that know no more. From a challenge to the
// Authorization value; knows neither requests nor when to send them again.

import { createHash } from "node:crypto";
import { fieldBytes } from "../../text/field-text.ts";
import { type Challenge, parseChallenges } from "./challenges.ts";

/** As the registry of RFC 7616 writes them. */
export type DigestAlgorithm =
  | "MD5"
  | "MD5-sess"
  | "SHA-256"
  | "SHA-256-sess"
  | "SHA-512-256"
  | "SHA-512-256-sess";
export type DigestQop = "auth" | "auth-int";

export interface DigestChallenge {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  /** The credentials were right, the nonce was too old: try again with this one. */
  readonly stale: boolean;
  readonly algorithm: DigestAlgorithm;
  /** Whether the server named the algorithm, which MD5's servers need not. */
  readonly algorithmNamed: boolean;
  /** Of what the server offers, what is used: `auth` before `auth-int`; undefined when it knows neither (RFC 2069). */
  readonly qop: DigestQop | undefined;
  /** Whether the server said that it reads user names as UTF-8. */
  readonly utf8: boolean;
  /** Whether it wants a hash of the user's name. */
  readonly userhash: boolean;
}

const ALGORITHMS: ReadonlyMap<string, readonly [DigestAlgorithm, hash: string]> = new Map([
  ["md5", ["MD5", "md5"]],
  ["md5-sess", ["MD5-sess", "md5"]],
  ["sha-256", ["SHA-256", "sha256"]],
  ["sha-256-sess", ["SHA-256-sess", "sha256"]],
  ["sha-512-256", ["SHA-512-256", "sha512-256"]],
  ["sha-512-256-sess", ["SHA-512-256-sess", "sha512-256"]],
]);

/**
 * The first Digest challenge that can be met, among the values of all WWW-Authenticate (or Proxy-Authenticate) lines:
 * servers put what they like best first. Undefined when there is none. A line that breaks the grammar is left out.
 * RFC 7616, 3.7
 */
export function digestChallenge(fieldValues: readonly string[]): DigestChallenge | undefined {
  for (const value of fieldValues) {
    for (const challenge of parseChallenges(value) ?? []) {
      const found = toDigest(challenge);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function toDigest({ scheme, parameters }: Challenge): DigestChallenge | undefined {
  if (scheme !== "digest") return undefined;
  const realm = parameters.get("realm");
  const nonce = parameters.get("nonce");
  const named = parameters.get("algorithm");
  const algorithm = ALGORITHMS.get(named?.toLowerCase() ?? "md5")?.[0];
  if (realm === undefined || nonce === undefined || algorithm === undefined) return undefined;
  const offered = parameters.get("qop");
  const qop = offered === undefined ? undefined : qopOf(offered);
  // It offers only what is not known here.
  if (offered !== undefined && offered.trim() !== "" && qop === undefined) return undefined;
  return {
    realm,
    nonce,
    opaque: parameters.get("opaque"),
    stale: isTrue(parameters.get("stale")),
    algorithm,
    algorithmNamed: named !== undefined,
    qop,
    utf8: parameters.get("charset")?.toLowerCase() === "utf-8",
    userhash: isTrue(parameters.get("userhash")),
  };
}

function qopOf(offered: string): DigestQop | undefined {
  const options = offered.toLowerCase().split(/[ \t]*,[ \t]*/);
  if (options.some((option) => option.trim() === "auth")) return "auth";
  return options.some((option) => option.trim() === "auth-int") ? "auth-int" : undefined;
}

function isTrue(value: string | undefined): boolean {
  return value?.toLowerCase() === "true";
}

export interface DigestRequest {
  readonly challenge: DigestChallenge;
  readonly method: string;
  /** The request target as it is sent: path and query. */
  readonly target: string;
  readonly user: string;
  readonly password: string;
  /** Needed for `auth-int` only; none counts as an empty one. */
  readonly body?: Uint8Array | undefined;
  /** The client's nonce: random, and new for each nonce of the server's. Any text without `"` and `\`. */
  readonly cnonce: string;
  /** How often the server's nonce has been used, this time included: from 1. */
  readonly nc: number;
}

/** The value of Authorization (or Proxy-Authorization) that answers a challenge. A character for each byte. RFC 7616, 3.4 */
export function digestAuthorization(request: DigestRequest): string {
  const { challenge, method, target, cnonce, body = new Uint8Array() } = request;
  const { realm, nonce, opaque, algorithm, qop, utf8 } = challenge;
  // RFC 7616, 4: composed forms, so that every client hashes the same bytes of a name.
  const user = fieldBytes(utf8 ? request.user.normalize("NFC") : request.user);
  const password = fieldBytes(utf8 ? request.password.normalize("NFC") : request.password);
  const hash = (text: string): string => hashOf(algorithm, Buffer.from(text, "latin1"));
  const nc = request.nc.toString(16).padStart(8, "0");

  let a1 = `${user}:${realm}:${password}`;
  // What goes on is hashed once for a session.  RFC 7616, 3.4.2
  if (algorithm.endsWith("-sess")) a1 = `${hash(a1)}:${nonce}:${cnonce}`;
  const content = qop === "auth-int" ? `:${hashOf(algorithm, body)}` : "";
  const a2 = `${method}:${target}${content}`;
  const between = qop === undefined ? nonce : `${nonce}:${nc}:${cnonce}:${qop}`;
  const response = hash(`${hash(a1)}:${between}:${hash(a2)}`);

  const parameters = [
    challenge.userhash ? `username="${hash(`${user}:${realm}`)}"` : username(user, utf8),
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(target)}`,
    `response="${response}"`,
  ];
  if (challenge.algorithmNamed) parameters.push(`algorithm=${algorithm}`);
  if (qop !== undefined) parameters.push(`qop=${qop}`, `nc=${nc}`);
  // Sessions need it without qop as well: it went into A1.
  if (qop !== undefined || algorithm.endsWith("-sess")) parameters.push(`cnonce=${quoted(cnonce)}`);
  if (opaque !== undefined) parameters.push(`opaque=${quoted(opaque)}`);
  if (challenge.userhash) parameters.push("userhash=true");
  return `Digest ${parameters.join(", ")}`;
}

function hashOf(algorithm: DigestAlgorithm, bytes: Uint8Array): string {
  const name = ALGORITHMS.get(algorithm.toLowerCase())?.[1] as string;
  return createHash(name).update(bytes).digest("hex");
}

/** A name beyond ASCII is only understood in this form by those who said so. RFC 7616, 3.4; RFC 8187, 3.2 */
function username(user: string, utf8: boolean): string {
  if (!utf8 || !/[^\x20-\x7e]/.test(user)) return `username=${quoted(user)}`;
  const encoded = user.replace(/[^!#$&+\-.^_`|~0-9A-Za-z]/g, percent);
  return `username*=UTF-8''${encoded}`;
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
