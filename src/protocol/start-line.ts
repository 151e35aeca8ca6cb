// Start lines (RFC 9112, 3 and 4): text in, parts out. The bytes of the text have been checked
// against the class that may stand in such a line, its length against the limit.

import { ProtocolError } from "./errors.ts";
import { isToken, quote } from "./grammar.ts";
import { parseTarget, type Target } from "./target.ts";

/** The versions that this project speaks: 1.1 is also what a peer of 1.2 or later gets (RFC 9110, 2.5). */
export type Version = "1.0" | "1.1";

export interface RequestLine {
  readonly method: string;
  /** The request target as received. */
  readonly rawTarget: string;
  readonly target: Target;
  readonly version: Version;
}

/** Reads `method SP request-target SP HTTP-version`. */
export function parseRequestLine(line: string): RequestLine {
  const first = line.indexOf(" ");
  const last = line.lastIndexOf(" ");
  if (first <= 0 || first === last) {
    throw new ProtocolError(
      "REQUEST_LINE_INVALID",
      `Cannot read the request line ${quote(line)}: it takes a method, a target and a version, one space between them`,
    );
  }
  const method = line.slice(0, first);
  const rawTarget = line.slice(first + 1, last);
  const version = parseVersion(line.slice(last + 1));
  if (!isToken(method)) {
    throw new ProtocolError("METHOD_INVALID", `Cannot read the method ${quote(method)}: it is not a token`);
  }
  if (rawTarget === "" || rawTarget.includes(" ")) {
    throw new ProtocolError(
      "TARGET_INVALID",
      `Cannot read the request target ${quote(rawTarget)}: it holds a space`,
    );
  }
  return { method, rawTarget, target: parseTarget(method, rawTarget), version };
}

export interface StatusLine {
  readonly version: Version;
  readonly status: number;
  readonly reason: string;
}

const STATUS_LINE = /^(\S*) ([1-9]\d\d)(?: (.*))?$/;

/** Reads `HTTP-version SP status-code SP [reason-phrase]`; the last space may be missing, as many servers leave it out. */
export function parseStatusLine(line: string): StatusLine {
  const match = STATUS_LINE.exec(line);
  if (match === null) {
    throw new ProtocolError(
      "STATUS_LINE_INVALID",
      `Cannot read the status line ${quote(line)}: it takes a version and a status of three digits`,
    );
  }
  const [, version = "", status = "", reason = ""] = match;
  return { version: parseVersion(version), status: Number(status), reason };
}

const VERSION = /^HTTP\/(\d)\.(\d)$/;

function parseVersion(text: string): Version {
  if (text === "HTTP/1.1") return "1.1";
  if (text === "HTTP/1.0") return "1.0";
  const match = VERSION.exec(text);
  if (match === null) {
    throw new ProtocolError(
      "VERSION_INVALID",
      `Cannot read the version ${quote(text)}: it must look like HTTP/1.1`,
    );
  }
  if (match[1] !== "1") {
    throw new ProtocolError("VERSION_UNSUPPORTED", `Cannot speak ${text}: this is HTTP/1.1`, 505);
  }
  return "1.1";
}
