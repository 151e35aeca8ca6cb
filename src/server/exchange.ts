// One request while it is being answered, as its handler sees it. It asks its session for everything
// that crosses the connection.

import { Body, NO_BODY } from "../message/body.ts";
import type { Peer, Request } from "../message/request.ts";
import { Fields } from "../protocol/fields.ts";
import type { RequestEvent } from "../protocol/message-reader.ts";
import type { Version } from "../protocol/start-line.ts";
import type { Target } from "../protocol/target.ts";
import type { ConnectionLostError } from "./errors.ts";

/** What an exchange needs of its session. */
export interface Wire {
  readonly remote: Peer;
  readonly local: Peer;
  readonly stopping: AbortSignal;
  pull(exchange: Exchange): Promise<Uint8Array | undefined>;
  interim(exchange: Exchange, status: number, fields: Fields | undefined): void;
}

export class Exchange implements Request {
  readonly method: string;
  readonly rawTarget: string;
  readonly target: Target;
  readonly version: Version;
  readonly fields: Fields;
  /** By performance.now(), when the head had come. */
  readonly startedAt: number;
  /** Counted by the session as the answer goes out. */
  bodyBytes = 0;
  sentHead = "";
  readonly #wire: Wire;
  readonly #event: RequestEvent;
  #body: Body | undefined;
  #trailers: Fields | undefined;
  #abort: AbortController | undefined;
  #lost: ConnectionLostError | undefined;

  constructor(wire: Wire, event: RequestEvent, startedAt: number) {
    this.method = event.method;
    this.rawTarget = event.rawTarget;
    this.target = event.target;
    this.version = event.version;
    this.fields = event.fields;
    this.startedAt = startedAt;
    this.#wire = wire;
    this.#event = event;
  }

  get authority(): string {
    return this.target.authority ?? this.fields.get("host") ?? "";
  }

  get body(): Body {
    if (this.#body === undefined) {
      const { framing } = this.#event;
      if (framing.kind === "none") this.#body = NO_BODY;
      else
        this.#body = new Body(
          () => this.#wire.pull(this),
          framing.kind === "length" ? framing.length : undefined,
        );
    }
    return this.#body;
  }

  /** Whether the handler has begun to read the body. */
  get bodyUsed(): boolean {
    return this.#body?.used ?? false;
  }

  get trailers(): Fields {
    this.#trailers ??= new Fields();
    return this.#trailers;
  }

  /** For the session, when the body has ended. */
  bodyEnded(trailers: Fields): void {
    this.#trailers = trailers;
  }

  get remote(): Peer {
    return this.#wire.remote;
  }

  get local(): Peer {
    return this.#wire.local;
  }

  // Made when somebody asks: most handlers are done before anybody could hang up.
  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController();
      if (this.#lost !== undefined) this.#abort.abort(this.#lost);
    }
    return this.#abort.signal;
  }

  get stopping(): AbortSignal {
    return this.#wire.stopping;
  }

  /** For the session, when the client is gone. */
  lost(error: ConnectionLostError): void {
    this.#lost = error;
    this.#abort?.abort(error);
  }

  interim(status: number, fields?: Fields): void {
    this.#wire.interim(this, status, fields);
  }
}
