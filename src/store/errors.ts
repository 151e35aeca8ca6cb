// The one error class of the store. It knows neither HTTP nor the operating system's error numbers:
// a backend translates those, and whoever calls the store decides what to answer.

export type StoreCode =
  /** A segment is empty, ".", "..", or holds a "/", a NUL or something else that no name can hold. */
  | "INVALID_PATH"
  /** The name is one of those that the store keeps for its temporary files. */
  | "RESERVED_NAME"
  | "NAME_TOO_LONG"
  /** A symbolic link on the way leads out of the tree. */
  | "OUTSIDE"
  | "NOT_FOUND"
  /** A FIFO, a socket or a device. */
  | "NOT_A_FILE"
  | "NOT_A_FOLDER"
  | "IS_FOLDER"
  | "IS_ROOT"
  | "FOLDER_NOT_EMPTY"
  | "PERMISSION"
  | "READ_ONLY"
  /** The disk, a quota or the largest size of a file is reached. */
  | "NO_SPACE"
  /** Too many files are open, or another program holds this one. Trying again later can help. */
  | "BUSY"
  /** The file does not end where the caller thinks; `offset` has the real size in bytes. */
  | "OFFSET_MISMATCH"
  /** Another program cut the file short while it was being read. */
  | "TRUNCATED"
  /** A key of a table is no Unicode text, or empty. */
  | "INVALID_KEY"
  | "KEY_TOO_LONG"
  /** More bytes than the store can keep under one key. */
  | "VALUE_TOO_LARGE"
  /** A watch cannot begin where it was asked to: what followed is not known any more. */
  | "POINT_GONE"
  /** What is there is no store, or one of another kind or version. */
  | "NOT_A_STORE"
  /** The store cannot be spoken to at present. */
  | "UNREACHABLE"
  | "CLOSED"
  /** Anything else; `cause` is the error of the operating system. */
  | "IO";

export interface StoreErrorOptions {
  readonly cause?: unknown;
  readonly offset?: number | undefined;
}

/** What a store throws when it cannot do what it was asked; `code` is stable, the message is for people. */
export class StoreError extends Error {
  override readonly name: string = "StoreError";
  readonly code: StoreCode;
  /** With OFFSET_MISMATCH: the size of the file in bytes, which is where to go on. */
  readonly offset: number | undefined;

  constructor(code: StoreCode, message: string, options: StoreErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.offset = options.offset;
  }
}
