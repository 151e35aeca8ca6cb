// Why an answer did not come, or not whole, told with what to look at.

import type { ProtocolError } from "../protocol/errors.ts";
import { ClientError } from "./errors.ts";
import type { Timeouts } from "./options.ts";

interface Asked {
  readonly title: string;
  readonly timeouts: Timeouts;
}

/** What is known of a body that came in part. */
interface Part {
  readonly received: number;
  readonly length: number | undefined;
}

/** The server takes nothing of the body. */
export function stalledUpload({ title, timeouts }: Asked): ClientError {
  const seconds = timeouts.idleTimeout / 1000;
  return new ClientError(
    "IDLE_TIMEOUT",
    `Cannot send the body of ${title}: the server has taken nothing for ${seconds} s`,
  );
}

/** The head of the answer does not come. */
export function noAnswer({ title, timeouts }: Asked): ClientError {
  const seconds = timeouts.firstByteTimeout / 1000;
  return new ClientError(
    "FIRST_BYTE_TIMEOUT",
    `Cannot wait longer for the answer to ${title}: it did not come within ${seconds} s. Is the server busy, or does it wait for something itself?`,
  );
}

/** The body of the answer does not go on. */
export function stalledAnswer({ title, timeouts }: Asked, { received }: Part): ClientError {
  const seconds = timeouts.idleTimeout / 1000;
  return new ClientError(
    "IDLE_TIMEOUT",
    `Cannot wait longer for the rest of the answer to ${title}: nothing came for ${seconds} s, after ${received} bytes`,
  );
}

/** The connection is gone; `cause` is the system's error, undefined when it was closed in good order. */
export function brokenOff(asked: Asked, cause: Error | undefined, part: Part | undefined): ClientError {
  const when =
    part === undefined ? "before it had answered" : `after ${part.received} bytes of the answer's body`;
  if (cause === undefined) return closedError(asked, when, undefined);
  // In TLS 1.3 the client is done with the handshake before the server has looked at its certificate.
  if (ALERT.test((cause as NodeJS.ErrnoException).code ?? "")) {
    return new ClientError(
      "TLS_HANDSHAKE",
      `Cannot read the answer to ${asked.title}: the server ended the TLS handshake with "${alertOf(cause)}". Does it want a certificate of the client's, or another one?`,
      { cause },
    );
  }
  return new ClientError(
    "CONNECTION_RESET",
    `Cannot read the answer to ${asked.title}: the connection was broken off ${when} (${cause.message}). Did the server stop or crash?`,
    { cause },
  );
}

const ALERT = /^ERR_SSL_(?:TLSV1|TLSV13|SSLV3)_ALERT_/;

/** "certificate required" out of OpenSSL's "error:0A00045C:SSL routines:…:tlsv13 alert certificate required:…". */
function alertOf(cause: Error): string {
  return /alert ([a-z ]+)/.exec(cause.message)?.[1]?.trim() ?? "an alert";
}

function closedError(asked: Asked, when: string, cause: unknown): ClientError {
  return new ClientError(
    "CONNECTION_CLOSED",
    `Cannot read the answer to ${asked.title}: the server closed the connection ${when}. Did it stop or crash? Does that port speak HTTP?`,
    { cause },
  );
}

/** What came is no answer, or not all of one. */
export function unreadable(asked: Asked, error: ProtocolError, part: Part | undefined): ClientError {
  switch (error.code) {
    case "ANSWER_MISSING":
      return closedError(asked, "without an answer", error);
    case "HEAD_INCOMPLETE":
      return closedError(asked, "in the middle of the answer's head", error);
    case "BODY_INCOMPLETE": {
      const { received = 0, length } = part ?? {};
      const expected = length === undefined ? "and its last chunk is missing" : `of ${length}`;
      return new ClientError(
        "BODY_INCOMPLETE",
        `Cannot read the answer to ${asked.title} to its end: the connection was closed after ${received} bytes ${expected}. The body is cut short`,
        { cause: error },
      );
    }
    default:
      return new ClientError("PROTOCOL", `Cannot read the answer to ${asked.title}: ${error.message}`, {
        cause: error,
      });
  }
}
