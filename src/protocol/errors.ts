/** A message that breaks RFC 9112, or that this side was about to break it with. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
  /** Stable, for programs: `CHUNK_SIZE_INVALID` and the like. */
  readonly code: string;
  /** The status a server should answer with, so that it need not guess. */
  readonly status: number;

  constructor(code: string, message: string, status: number = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** A call that the state of the connection does not allow: a fault of the program, never of the peer. */
export class StateError extends Error {
  override readonly name = "StateError";
  readonly code = "STATE";
}
