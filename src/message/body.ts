// A body that can be read once. It knows no protocol: bytes come from whatever it was made of.

/** The body has been read already, or is being read. */
export class BodyUsedError extends Error {
  override readonly name = "BodyUsedError";
  readonly code = "BODY_USED";

  constructor() {
    super("Cannot read the body: it has been read already, and it can be read once");
  }
}

/** The body is larger than its reader wanted; `status` is what a server answers then. */
export class BodyTooLargeError extends Error {
  override readonly name = "BodyTooLargeError";
  readonly code = "BODY_TOO_LARGE";
  readonly status = 413;

  constructor(limit: number) {
    super(`Cannot take a body of more than ${limit} bytes here`);
  }
}

/** The next piece, or undefined at the end. A piece belongs to its reader until the next is asked for. */
export type Pull = () => Promise<Uint8Array | undefined>;

/**
 * The body of a received message. Nothing is read from the connection before somebody asks for it
 * here, so a slow reader slows the sender down.
 */
export class Body implements AsyncIterable<Uint8Array> {
  /** Bytes, as announced; undefined when that is not known before the end. */
  readonly length: number | undefined;
  readonly #pull: Pull;
  #used = false;

  constructor(pull: Pull, length: number | undefined) {
    this.#pull = pull;
    this.length = length;
  }

  /** Whether somebody has begun to read it. */
  get used(): boolean {
    return this.#used;
  }

  /** The pieces, in order. Throws BodyUsedError the second time, and whatever the connection ends with. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    if (this.length === 0) {
      this.#used = true;
      return;
    }
    if (this.#used) throw new BodyUsedError();
    this.#used = true;
    for (let bytes = await this.#pull(); bytes !== undefined; bytes = await this.#pull()) yield bytes;
  }

  /** The whole body. Throws BodyTooLargeError when it has more than `limit` bytes (0: no limit). */
  async bytes(limit: number = 0): Promise<Buffer> {
    if (limit > 0 && this.length !== undefined && this.length > limit) throw new BodyTooLargeError(limit);
    const pieces: Uint8Array[] = [];
    let total = 0;
    for await (const piece of this) {
      total += piece.length;
      if (limit > 0 && total > limit) throw new BodyTooLargeError(limit);
      pieces.push(piece);
    }
    return pieces.length === 1 ? Buffer.from(pieces[0] as Uint8Array) : Buffer.concat(pieces, total);
  }

  /** The whole body as UTF-8 text. */
  async text(limit: number = 0): Promise<string> {
    return (await this.bytes(limit)).toString("utf8");
  }

  /** The whole body as JSON. Throws SyntaxError when it is none. */
  async json(limit: number = 0): Promise<unknown> {
    return JSON.parse(await this.text(limit));
  }
}

/** The body of a message that has none. It may be read by anybody, any number of times. */
export const NO_BODY: Body = new Body(async () => undefined, 0);

/** What a message is sent with: text goes as UTF-8; a stream is asked for a piece when the last one is gone. */
export type BodyInit = string | Uint8Array | AsyncIterable<Uint8Array>;
