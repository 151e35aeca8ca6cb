/** How a command ends, for scripts. Documented in README.md and in `sockeye --help`. */
export const EXIT = {
  ok: 0,
  /** Something that none of the others names. */
  failure: 1,
  /** The command line cannot be understood; nothing was sent. */
  usage: 2,
  /** With --check-status: the answer was a redirect that was not followed. */
  redirect: 3,
  /** With --check-status: the answer was 4xx. */
  clientError: 4,
  /** With --check-status: the answer was 5xx. */
  serverError: 5,
  /** No connection: name unknown, refused, unreachable, reset, or closed in the middle. */
  connection: 6,
  /** Something took longer than allowed. */
  timeout: 7,
  /** What came is not HTTP/1.1 as RFC 9112 has it. */
  protocol: 8,
  /** Ended by Ctrl-C. */
  interrupted: 130,
} as const;

/** Ends the command with a message and an exit code. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly exitCode: number;

  constructor(exitCode: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
