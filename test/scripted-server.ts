// A server that says literal bytes: each connection is a conversation that a test writes out. It knows no
// HTTP but where a head ends.
import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import type { TestContext } from "node:test";

export class Conversation {
  readonly socket: Socket;
  /** Counted from 1 in the order of the connections. */
  readonly number: number;
  readonly closed: Promise<void>;
  #received = Buffer.alloc(0);
  #ended = false;
  #wake: () => void = () => undefined;

  constructor(socket: Socket, number: number) {
    this.socket = socket;
    this.number = number;
    this.closed = new Promise((resolve) => socket.once("close", () => resolve()));
    socket.on("data", (bytes) => {
      this.#received = Buffer.concat([this.#received, bytes]);
      this.#wake();
    });
    for (const event of ["end", "close"]) {
      socket.on(event, () => {
        this.#ended = true;
        this.#wake();
      });
    }
    socket.on("end", () => socket.end());
    socket.on("error", () => undefined);
  }

  /** The next head, without its empty line; "" when the client has closed. */
  async head(): Promise<string> {
    for (;;) {
      const end = this.#received.indexOf("\r\n\r\n");
      if (end >= 0) return this.#take(end + 4).slice(0, -4);
      if (this.#ended) return "";
      await this.#more();
    }
  }

  /** Exactly so many bytes of what follows, or fewer when the client closes. */
  async bytes(count: number): Promise<string> {
    while (this.#received.length < count && !this.#ended) await this.#more();
    return this.#take(count);
  }

  /** Reads until a text has come, and returns all up to its end. */
  async until(text: string): Promise<string> {
    for (;;) {
      const at = this.#received.indexOf(text);
      if (at >= 0) return this.#take(at + text.length);
      if (this.#ended) throw new Error(`The client closed before it sent ${JSON.stringify(text)}`);
      await this.#more();
    }
  }

  send(text: string | Uint8Array): void {
    if (typeof text === "string") this.socket.write(text, "latin1");
    else this.socket.write(text);
  }

  /** A complete answer that keeps the connection. */
  answer(body: string, fields = "", status = "200 OK"): void {
    this.send(`HTTP/1.1 ${status}\r\n${fields}Content-Length: ${body.length}\r\n\r\n${body}`);
  }

  end(text = ""): void {
    this.socket.end(text, "latin1");
  }

  /** Sends RST at once; the socket's own resetAndDestroy() sends FIN before it. */
  reset(): void {
    Object.assign(this.socket, { resetAndClosing: true }).destroy();
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #take(count: number): string {
    const text = this.#received.toString("latin1", 0, count);
    this.#received = this.#received.subarray(count);
    return text;
  }
}

export interface Scripted {
  readonly port: number;
  readonly url: string;
  /** Every connection so far. */
  readonly conversations: readonly Conversation[];
  /** Connections that are open now. */
  open(): Promise<number>;
  close(): Promise<void>;
}

/** Listens on the loopback, or on a UNIX socket, until the test is over. */
export async function scripted(
  t: TestContext,
  script: (conversation: Conversation) => void | Promise<void>,
  path?: string,
): Promise<Scripted> {
  const conversations: Conversation[] = [];
  const server: Server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const conversation = new Conversation(socket, conversations.length + 1);
    conversations.push(conversation);
    Promise.resolve(script(conversation)).catch((error: unknown) => socket.destroy(error as Error));
  });
  server.listen(path === undefined ? { host: "127.0.0.1", port: 0 } : { path });
  await once(server, "listening");
  const port = path === undefined ? (server.address() as AddressInfo).port : 0;
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, "close");
    server.close();
    for (const { socket } of conversations) socket.destroy();
    await closed;
  };
  t.after(close);
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    conversations,
    open: () => new Promise((resolve) => server.getConnections((_, count) => resolve(count))),
    close,
  };
}

/** A server of Node's own, for whole conversations that nothing is wrong with. Gives its URL. */
export async function nodeServer(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createHttpServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
