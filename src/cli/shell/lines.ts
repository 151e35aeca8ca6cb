// Where the shell's lines come from when nobody types them: a pipe, a file, the command line.

/** Lines one after the other, with their place for messages. */
export interface Lines {
  /** Of the line given last, such as "line 3"; undefined when a person sees it anyway. */
  readonly place: string | undefined;
  /** The next line without its end; undefined when there are no more. `values`: what a request was asked about. */
  next(prompt: string, kind: "line" | "values"): Promise<string | undefined>;
}

export class WrittenLines implements Lines {
  readonly #lines: AsyncIterator<string>;
  readonly #name: string;
  #count = 0;

  /** `name` stands before a line's number: "line ", "FILE:". */
  constructor(lines: AsyncIterable<string>, name: string) {
    this.#lines = lines[Symbol.asyncIterator]();
    this.#name = name;
  }

  get place(): string {
    return `${this.#name}${this.#count}`;
  }

  async next(): Promise<string | undefined> {
    const { value, done } = await this.#lines.next();
    if (done === true) return undefined;
    this.#count += 1;
    return value;
  }
}

/** UTF-8 as lines, ended by LF or CRLF. A character and a line end may be cut anywhere. */
export async function* linesOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const piece of pieces) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
    rest = lines.pop() as string;
    for (const line of lines) yield withoutReturn(line);
  }
  rest += decoder.decode();
  if (rest !== "") yield withoutReturn(rest);
}

export async function* given(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}
