// The client's side of a connection: requests go, answers come, one exchange at a time. Nothing is pipelined.

import { Connection, type SwitchEvent } from "./connection.ts";
import { ProtocolError, StateError } from "./errors.ts";
import { type RequestHead, writeRequestHead } from "./head-writer.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import type { DataEvent, EndEvent, EofEvent, ResponseEvent } from "./message-reader.ts";
import { CLIENT, SERVER } from "./states.ts";

type Received = ResponseEvent | DataEvent | EndEvent | EofEvent;

export type ClientEvent = Received | SwitchEvent;

export class ClientConnection extends Connection<Received> {
  #asksForUpgrade = false;

  constructor(limits: Limits = DEFAULT_LIMITS) {
    super("response", CLIENT, limits);
  }

  /** Sends the head of a request. Throws StateError, or ProtocolError for a head that cannot be sent. */
  request(head: RequestHead): void {
    const next = this.after(CLIENT, this.ourState, "request");
    const theirs = this.after(SERVER, this.theirState, "request");
    if (this.reader.unread > 0) {
      throw new StateError("Cannot send a request: the server has sent bytes that nobody asked for");
    }
    const written = writeRequestHead(head);
    this.ourState = next;
    this.theirState = theirs;
    this.begin(written);
    this.#asksForUpgrade = head.fields.has("upgrade");
    this.reader.answers(head.method);
  }

  /** Gives up on the rest of the request's body; nothing can follow on this connection. */
  abandonRequest(): void {
    if (this.ourState !== "body") return;
    this.ourState = this.after(CLIENT, this.ourState, "failure");
    this.lasting = false;
  }

  protected isDue(): boolean {
    if (this.theirState === "answer" || this.theirState === "body") return true;
    // What comes when no answer is due stays unread: it is never taken for the next answer.
    return this.theirState === "idle" && this.unread === 0;
  }

  protected seen(event: Received): void {
    switch (event.type) {
      case "interim":
        this.theirState = this.after(SERVER, this.theirState, "interim");
        return;
      case "response":
        if (event.status === 101 && !this.#asksForUpgrade) {
          throw new ProtocolError(
            "UPGRADE_UNASKED",
            "Cannot follow the server's 101: no upgrade was asked for",
          );
        }
        if (event.framing.kind === "switch") {
          this.theirState = this.after(SERVER, this.theirState, "switch");
          this.ourState = "switched";
          return;
        }
        this.theirState = this.after(SERVER, this.theirState, "response");
        this.lasting &&= event.keepAlive;
        return;
      case "data":
        return;
      case "end":
        this.theirState = this.lasting ? "done" : "ended";
        return;
      case "eof":
        if (this.theirState === "answer") {
          throw new ProtocolError(
            "ANSWER_MISSING",
            "Cannot read an answer: the server closed the connection without one",
          );
        }
        this.theirState = "closed";
        this.lasting = false;
        return;
    }
  }

  /** Makes the connection ready for another request; false when it cannot be used again. */
  override nextExchange(): boolean {
    return this.unread === 0 && super.nextExchange();
  }
}
