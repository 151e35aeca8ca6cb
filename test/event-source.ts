// A client of event streams that goes by the HTML Standard, 9.2.6, and does not reconnect by itself: a test says
// when. It keeps every event, the last id, and the lines that are no event.

import { once } from "node:events";
import { connect, type Socket } from "node:net";

export interface StreamEvent {
  readonly type: string;
  readonly data: string;
  readonly lastEventId: string;
}

export class EventStream {
  readonly events: StreamEvent[] = [];
  readonly comments: string[] = [];
  lastEventId: string;
  retry: number | undefined;
  /** Status line and fields. */
  head = "";
  /** Whether the body has come to its end, with the last chunk. */
  complete = false;
  /** Whether the connection is closed. */
  over = false;
  readonly socket: Socket;
  readonly #decoder = new TextDecoder();
  readonly #news = new Set<() => void>();
  #bytes = Buffer.alloc(0);
  #text = "";
  #data: string[] = [];
  #type = "";
  #id: string;

  constructor(socket: Socket, lastEventId: string) {
    this.socket = socket;
    this.lastEventId = lastEventId;
    this.#id = lastEventId;
    socket.on("data", (bytes) => this.#take(bytes));
    socket.on("error", () => undefined);
    socket.on("close", () => {
      this.over = true;
      this.#tell();
    });
  }

  /** Connects, and waits for the head. The id is sent when it is not empty. */
  static async open(port: number, target: string, lastEventId = ""): Promise<EventStream> {
    const socket = connect({ host: "127.0.0.1", port });
    await once(socket, "connect");
    const stream = new EventStream(socket, lastEventId);
    const id = lastEventId === "" ? "" : `Last-Event-ID: ${lastEventId}\r\n`;
    socket.write(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n${id}\r\n`);
    await stream.until(() => stream.head !== "");
    return stream;
  }

  /** Waits until a condition holds; throws when the connection closes first. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      if (this.over) throw new Error(`Cannot wait any longer: the stream has ended after ${this.head}`);
      await new Promise<void>((resolve) => this.#news.add(resolve));
    }
  }

  /** Waits for so many events, and gives their data. */
  async data(count: number): Promise<unknown[]> {
    await this.until(() => this.events.length >= count);
    return this.events.map(({ data }) => JSON.parse(data));
  }

  close(): void {
    this.socket.destroy();
  }

  #tell(): void {
    const waiting = [...this.#news];
    this.#news.clear();
    for (const tell of waiting) tell();
  }

  #take(bytes: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    if (this.head === "") {
      const end = this.#bytes.indexOf("\r\n\r\n");
      if (end < 0) return;
      this.head = this.#bytes.toString("latin1", 0, end);
      this.#bytes = this.#bytes.subarray(end + 4);
    }
    while (!this.complete) {
      const end = this.#bytes.indexOf("\r\n");
      if (end < 0) break;
      const size = Number.parseInt(this.#bytes.toString("latin1", 0, end), 16);
      if (this.#bytes.length < end + 2 + size + 2) break;
      this.#text += this.#decoder.decode(this.#bytes.subarray(end + 2, end + 2 + size), { stream: true });
      this.#bytes = this.#bytes.subarray(end + 2 + size + 2);
      if (size === 0) this.complete = true;
    }
    for (let end = this.#text.indexOf("\n"); end >= 0; end = this.#text.indexOf("\n")) {
      this.#line(this.#text.slice(0, end));
      this.#text = this.#text.slice(end + 1);
    }
    this.#tell();
  }

  #line(line: string): void {
    if (line === "") {
      this.lastEventId = this.#id;
      if (this.#data.length > 0) {
        const { lastEventId } = this;
        this.events.push({ type: this.#type || "message", data: this.#data.join("\n"), lastEventId });
      }
      this.#data = [];
      this.#type = "";
      return;
    }
    if (line.startsWith(":")) {
      this.comments.push(line.slice(1));
      return;
    }
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "data") this.#data.push(value);
    else if (name === "event") this.#type = value;
    else if (name === "id") this.#id = value;
    else if (name === "retry") this.retry = Number(value);
  }
}
