// What a connection is to those above: bytes in, bytes out, and how it ends. This room knows no HTTP.

/** One end of a connection. For a UNIX socket the address is its path and the port 0. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** Takes what comes from the other side. Calls never overlap. */
export interface Receiver {
  /** Bytes have come. They stay as they are: nobody writes over them. */
  received(bytes: Uint8Array): void;
  /** The other side sends no more; it may still read. */
  ended(): void;
  /** What was written has gone to the operating system, after `write` had returned false. */
  drained(): void;
  /** Nothing has moved in either direction for the time set by `stallTimeout`. */
  stalled(): void;
  /** The connection is gone; nothing comes after this. `error` says why when it was not closed in good order. */
  closed(error: Error | undefined): void;
}

/** A connection that carries bytes. */
export interface Transport {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /** Names who takes what comes, from now on. */
  attach(receiver: Receiver): void;
  /** Stops and restarts the coming of bytes: this is what slows the sender down. */
  pause(): void;
  resume(): void;
  /**
   * Sends bytes, or a latin1 string, a byte for each character. Returns false when so much waits that
   * the caller should stop until `drained`. `written` is called once the operating system has the
   * bytes: the buffer may be used again then. It is not called when the connection breaks.
   */
  write(piece: string | Uint8Array, written?: () => void): boolean;
  /** Holds writes together until the next `uncork`. */
  cork(): void;
  uncork(): void;
  /** Milliseconds without any movement until `stalled`; 0 turns it off. */
  stallTimeout(milliseconds: number): void;
  /** Sends what is waiting, then says that no more comes; `sent` is called when all of it has gone to the operating system. Reading goes on. */
  end(sent?: () => void): void;
  /** Breaks the connection at once, in both directions. */
  destroy(): void;
  /** Breaks the connection so that the other side sees it was broken, and not closed; where there is no way to say so, as `destroy`. */
  reset(): void;
}
