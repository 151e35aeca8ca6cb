/** The client is gone: nobody waits for an answer any more. Nothing to report, nothing to send. */
export class ConnectionLostError extends Error {
  override readonly name = "ConnectionLostError";
  readonly code = "CONNECTION_LOST";

  constructor(cause: unknown) {
    super("Cannot go on with the exchange: the client closed the connection", { cause });
  }
}

/** A body came to a standstill; `status` is what the client is told, if it still listens. */
export class BodyTimeoutError extends Error {
  override readonly name = "BodyTimeoutError";
  readonly code = "BODY_TIMEOUT";
  readonly status = 408;

  constructor(milliseconds: number) {
    super(`Cannot wait longer for the body: nothing came for ${milliseconds / 1000} s`);
  }
}
