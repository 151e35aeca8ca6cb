// The exchanges of one connection: requests out of one stream, answers out of the other, matched. It has to know the
// request before it can read an answer, since the method decides about the body; so answers wait for their requests.

import type { RequestEvent, ResponseEvent } from "../../protocol/message-reader.ts";
import type { Connection, Exchange, RequestMessage, ResponseMessage, Side, StreamNote } from "../model.ts";
import type { ConnectionEvent } from "../reassembly/events.ts";
import { otherSide } from "../reassembly/roles.ts";
import type { Draft } from "./draft.ts";
import type { AnyDraft, StreamEvent } from "./message-builder.ts";
import { MessageStream } from "./message-stream.ts";

export type ExchangeEvent =
  | { readonly type: "request-head"; readonly exchange: Exchange }
  /** Complete, or cut off: the message says which. */
  | { readonly type: "request-end"; readonly exchange: Exchange }
  | { readonly type: "interim"; readonly exchange: Exchange; readonly response: ResponseMessage }
  | { readonly type: "response-head"; readonly exchange: Exchange }
  | { readonly type: "response-end"; readonly exchange: Exchange }
  | { readonly type: "note"; readonly connection: Connection; readonly note: StreamNote };

interface Open extends Exchange {
  request: RequestMessage | undefined;
  readonly interim: ResponseMessage[];
  response: ResponseMessage | undefined;
}

/** Bytes of answers that wait for a request that was perhaps not captured. */
const MOST_WAITING = 1_048_576;

export class ExchangeReader {
  readonly #connection: Connection;
  readonly #streams: Readonly<Record<Side, MessageStream>>;
  /** Requests without a final answer, in order. */
  readonly #awaiting: Open[] = [];
  #requesting: Open | undefined;
  #answering: Open | undefined;
  /** Whose answer decides whether the client goes on in HTTP: CONNECT, or an upgrade. */
  #deciding: Open | undefined;
  #next = 0;
  #out: ExchangeEvent[] = [];

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#streams = { a: new MessageStream(connection, "a"), b: new MessageStream(connection, "b") };
  }

  /** Takes what is told of the connection, and tells of its exchanges. Never throws for what was captured. */
  take(event: ConnectionEvent): ExchangeEvent[] {
    switch (event.type) {
      case "part":
        this.#streams[event.from].push(event.part);
        this.#pump(false);
        break;
      case "finished":
        this.#streams[event.from].push({ kind: "fin" });
        this.#pump(false);
        break;
      case "closed":
        this.#streams.a.push({ kind: "cut" });
        this.#streams.b.push({ kind: "cut" });
        this.#pump(true);
        break;
      case "opened":
      case "segment":
        return [];
    }
    const out = this.#out;
    this.#out = [];
    return out;
  }

  /** With `all`, nothing waits any more. */
  #pump(all: boolean): void {
    const { client } = this.#connection;
    const requests = this.#streams[client];
    const responses = this.#streams[otherSide(client)];
    for (let moved = true; moved; ) {
      moved = false;
      while (this.#mayRequest(all)) {
        const event = requests.next();
        if (event === undefined) break;
        this.#requestEvent(event);
        moved = true;
      }
      while (this.#mayAnswer(requests, responses, all)) {
        if (!responses.insideMessage) responses.answers(this.#methodToAnswer(requests));
        const event = responses.next();
        if (event === undefined) break;
        this.#responseEvent(event, requests);
        moved = true;
      }
    }
  }

  #mayRequest(all: boolean): boolean {
    return all || this.#deciding === undefined || this.#requesting !== undefined;
  }

  #mayAnswer(requests: MessageStream, responses: MessageStream, all: boolean): boolean {
    if (all || responses.insideMessage || this.#awaiting.length > 0) return true;
    return !requests.reading || responses.queued > MOST_WAITING;
  }

  #methodToAnswer(requests: MessageStream): string {
    return this.#awaiting[0]?.request?.head.method ?? requests.failedMethod ?? "GET";
  }

  #requestEvent(event: StreamEvent): void {
    switch (event.type) {
      case "note":
        this.#out.push({ type: "note", connection: this.#connection, note: event.note });
        return;
      case "head": {
        const request = event.message as Draft<RequestEvent>;
        const exchange = this.#open(request);
        this.#requesting = exchange;
        const { method, fields } = request.head;
        if (method === "CONNECT" || fields.has("upgrade")) this.#deciding = exchange;
        this.#out.push({ type: "request-head", exchange });
        return;
      }
      case "end":
        if (this.#requesting !== undefined)
          this.#out.push({ type: "request-end", exchange: this.#requesting });
        this.#requesting = undefined;
    }
  }

  #responseEvent(event: StreamEvent, requests: MessageStream): void {
    switch (event.type) {
      case "note":
        this.#out.push({ type: "note", connection: this.#connection, note: event.note });
        return;
      case "head":
        this.#responseHead(event.message, requests);
        return;
      case "end":
        if (this.#answering !== undefined)
          this.#out.push({ type: "response-end", exchange: this.#answering });
        this.#answering = undefined;
    }
  }

  #responseHead(message: AnyDraft, requests: MessageStream): void {
    const response = message as Draft<ResponseEvent>;
    const exchange = this.#awaiting[0] ?? this.#openUnmatched(response, requests);
    if (response.head.type === "interim") {
      exchange.interim.push(response);
      this.#out.push({ type: "interim", exchange, response });
      return;
    }
    this.#awaiting.shift();
    exchange.response = response;
    this.#answering = exchange;
    this.#out.push({ type: "response-head", exchange });
    if (response.head.framing.kind === "switch")
      requests.leaveHttp("SWITCHED", "Another protocol begins here");
    if (this.#deciding === exchange) this.#deciding = undefined;
  }

  #open(request: RequestMessage | undefined): Open {
    const exchange: Open = {
      number: this.#next++,
      connection: this.#connection,
      request,
      interim: [],
      response: undefined,
    };
    this.#awaiting.push(exchange);
    return exchange;
  }

  #openUnmatched(response: ResponseMessage, requests: MessageStream): Open {
    // When a request could not be read, that was said already.
    if (!requests.failed) {
      const { from, start: offset } = response;
      const message = "The request that this answers was not captured";
      this.#out.push({
        type: "note",
        connection: this.#connection,
        note: { from, offset, code: "UNMATCHED", message },
      });
    }
    return this.#open(undefined);
  }
}
