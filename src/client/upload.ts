// Sends the body of a request piece by piece, each when the one before has left. It does not know what
// the server says to it; who does can stop it.

import type { Outlet } from "../net/outlet.ts";
import type { ClientConnection } from "../protocol/client-connection.ts";
import type { Fields } from "../protocol/fields.ts";

export class Upload {
  readonly #connection: ClientConnection;
  readonly #outlet: Outlet;
  readonly #pieces: AsyncIterator<Uint8Array>;
  #stopped = false;

  constructor(connection: ClientConnection, outlet: Outlet, body: AsyncIterable<Uint8Array>) {
    this.#connection = connection;
    this.#outlet = outlet;
    this.#pieces = body[Symbol.asyncIterator]();
  }

  /** True when all was sent, false when it was stopped. Throws what the source throws, or StateError for a wrong length. */
  async run(trailers: (() => Fields | undefined) | undefined): Promise<boolean> {
    try {
      for (;;) {
        const piece = await this.#pieces.next();
        if (this.#stopped) return false;
        if (piece.done === true) break;
        if (!(piece.value instanceof Uint8Array)) {
          throw new TypeError("Cannot send this piece of the body: it is no Uint8Array");
        }
        this.#connection.data(piece.value);
        await this.#outlet.writeThrough(this.#connection.takeOutput());
      }
      this.#connection.end(trailers?.());
      this.#outlet.write(this.#connection.takeOutput());
      return true;
    } catch (error) {
      if (this.#stopped) return false;
      this.stop();
      throw error;
    }
  }

  /** Nothing more is sent. The source is told, as it may hold a file open. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#release().catch(() => undefined);
  }

  async #release(): Promise<void> {
    await this.#pieces.return?.();
  }
}
