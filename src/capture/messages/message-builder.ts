// Messages made of the events of their reading, with the places where their parts stand.

import type { DataEvent, EndEvent, RequestEvent, ResponseEvent } from "../../protocol/message-reader.ts";
import type { Side, StreamNote } from "../model.ts";
import { Draft } from "./draft.ts";
import { headLines, trailerLines } from "./head-lines.ts";
import type { Window } from "./window.ts";

export type AnyDraft = Draft<RequestEvent | ResponseEvent>;

export type StreamEvent =
  | { readonly type: "head"; readonly message: AnyDraft }
  /** The message is complete, or cut off: `complete` says which. */
  | { readonly type: "end"; readonly message: AnyDraft }
  | { readonly type: "note"; readonly note: StreamNote };

export class MessageBuilder {
  readonly #from: Side;
  readonly #window: Window;
  readonly #out: StreamEvent[];
  #message: AnyDraft | undefined;

  /** Tells what it makes by putting it at the end of `out`. */
  constructor(from: Side, window: Window, out: StreamEvent[]) {
    this.#from = from;
    this.#window = window;
    this.#out = out;
  }

  /** The message that has a head and no end. */
  get message(): AnyDraft | undefined {
    return this.#message;
  }

  /** Takes the event that the window has consumed last; `missing` says that a body's data stands for what was not captured. */
  take(event: RequestEvent | ResponseEvent | DataEvent | EndEvent, missing: boolean): void {
    switch (event.type) {
      case "request":
      case "response":
      case "interim":
        this.#begin(event);
        return;
      case "data": {
        const { previous, consumed: end } = this.#window;
        const start = end - event.bytes.length;
        this.#message?.addData({ start, end }, this.#window.bytes(previous, start), missing);
        return;
      }
      case "end":
        this.#end();
    }
  }

  /** No more will come of the message. */
  cutOff(): void {
    if (this.#message !== undefined) this.#out.push({ type: "end", message: this.#message });
    this.#message = undefined;
  }

  #begin(head: RequestEvent | ResponseEvent): void {
    const { previous, consumed, time } = this.#window;
    const lines = headLines(this.#window.bytes(previous, consumed), previous);
    const startedAt = this.#window.timeAt(lines.startLine.start);
    const message: AnyDraft = new Draft(this.#from, head, lines, consumed, [startedAt, time]);
    this.#out.push({ type: "head", message });
    if (head.type === "interim") message.finish(consumed, time);
    else this.#message = message;
    // The reading tells no end of a message after which another protocol begins.
    if (head.framing.kind === "switch") this.#finish(message);
  }

  #end(): void {
    const message = this.#message;
    if (message === undefined) return;
    if (message.head.framing.kind === "chunked") {
      const { previous, consumed } = this.#window;
      const section = message.endChunks(this.#window.bytes(previous, consumed), previous);
      message.trailerLines = trailerLines(this.#window.bytes(section.start, section.end), section.start);
    }
    this.#finish(message);
  }

  #finish(message: AnyDraft): void {
    message.finish(this.#window.consumed, this.#window.time);
    this.#message = undefined;
    this.#out.push({ type: "end", message });
  }
}
