import type { Fields } from "../protocol/fields.ts";
import type { Version } from "../protocol/start-line.ts";
import type { Target } from "../protocol/target.ts";
import type { Body } from "./body.ts";

/** One end of the connection that a message came over. */
export interface Peer {
  readonly address: string;
  readonly port: number;
}

/** A request as a handler gets it. */
export interface Request {
  readonly method: string;
  /** The request target as received. */
  readonly rawTarget: string;
  /** The target taken apart; nothing in it is decoded. */
  readonly target: Target;
  /** Host and port that the request is for: of an absolute target, else the Host field; "" when HTTP/1.0 sent none. */
  readonly authority: string;
  readonly version: Version;
  readonly fields: Fields;
  readonly body: Body;
  /** The trailer section; empty until the body was read to its end. */
  readonly trailers: Fields;
  readonly remote: Peer;
  readonly local: Peer;
  /** Aborted when the connection is gone, so that work nobody waits for can stop. */
  readonly signal: AbortSignal;
  /**
   * Aborted when the server begins to stop, so that an answer without an end can come to one. It is the same for all
   * requests of a server: who listens has to remove the listener when the answer has ended otherwise.
   */
  readonly stopping: AbortSignal;
  /** Sends an interim response (1xx) before the final one; HTTP/1.0 clients get none. */
  interim(status: number, fields?: Fields): void;
}
