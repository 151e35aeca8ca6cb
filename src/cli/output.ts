// Where a command prints: a stream of the process, written no faster than it takes the bytes.

import type { Writable } from "node:stream";

export interface Output {
  /** Whether a person's terminal reads it: then nothing is written that commands the terminal. */
  readonly terminal: boolean;
  write(data: string | Uint8Array): Promise<void>;
}

/** Standard output or standard error. */
export function streamOutput(stream: Writable & { readonly isTTY?: boolean }): Output {
  return {
    terminal: stream.isTTY === true,
    write: (data) =>
      new Promise((resolve) => {
        if (data.length === 0 || stream.destroyed || stream.write(data)) {
          resolve();
          return;
        }
        const done = (): void => {
          stream.off("drain", done).off("close", done);
          resolve();
        };
        // Whoever reads may go away.
        stream.on("drain", done).on("close", done);
      }),
  };
}
