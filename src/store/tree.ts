// The contract of a tree of files, whatever holds them. It knows neither HTTP nor a file system:
// only paths, bytes, versions, and what a reader or a writer may rely on.

/**
 * The decoded segments of a path below the root; `[]` is the root itself.
 *
 * A segment is never "", "." or "..", and holds no "/", NUL or lone surrogate: a backend refuses such a
 * path with INVALID_PATH. Names are compared as they are: NFC and NFD spellings are two names.
 */
export type TreePath = readonly string[];

export interface FileInfo {
  readonly kind: "file";
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970-01-01 UTC, whole. */
  readonly modified: number;
  /**
   * Opaque, made of 0-9, a-z and "-". Two different contents of one path never share it, and every
   * process that serves the same files tells the same.
   */
  readonly version: string;
}

export interface FolderInfo {
  readonly kind: "folder";
  /** Milliseconds since 1970-01-01 UTC, whole. */
  readonly modified: number;
}

export type Info = FileInfo | FolderInfo;

export interface Entry {
  readonly name: string;
  readonly info: Info;
}

/**
 * What to write. A chunk stays the producer's: the store has copied or written it before it asks for the
 * next one. An error that the producer throws reaches the caller of the store as it is.
 */
export type Content = Uint8Array | AsyncIterable<Uint8Array>;

/**
 * Sees what is at the path right before the change, while nobody else in this process can change it.
 * To refuse the change, throw: then nothing has changed, and the caller receives what was thrown.
 */
export type Check = (current: Info | undefined) => void;

export interface Written {
  /** Whether there was no file before. */
  readonly created: boolean;
  readonly info: FileInfo;
}

/**
 * A file as it was when it was opened: replacing, extending or removing it does not show here.
 *
 * Errors while reading: TRUNCATED, CLOSED, IO. Whoever opened it closes it.
 */
export interface OpenFile {
  readonly info: FileInfo;
  /** Reads the whole file into memory: for small ones. */
  bytes(): Promise<Uint8Array>;
  /**
   * Reads the bytes from `first` (default 0) to `last` (inclusive; default and at most the last one).
   *
   * A chunk is the consumer's until it asks for the next one; then its memory is used again. Leaving the
   * loop early closes the file; reaching the end does not, so several ranges can be read in turn.
   */
  read(first?: number, last?: number): AsyncIterable<Uint8Array>;
  /** Waits for a read that is under way, then lets go of the file. May be called more than once. */
  close(): Promise<void>;
}

/**
 * A tree of files.
 *
 * A write that has returned survives the end of the process, and of the machine as far as the disk keeps
 * its word. A reader sees the file before or after a change, never half of one; only `extend()` shows what
 * has arrived so far. Changes that one process makes to one file happen one after the other.
 *
 * Every method may throw a StoreError: INVALID_PATH, OUTSIDE, PERMISSION, BUSY, CLOSED, IO; those that write
 * also RESERVED_NAME, NAME_TOO_LONG, READ_ONLY, NO_SPACE, NOT_A_FILE, NOT_A_FOLDER, and NOT_FOUND for a
 * link that leads nowhere. Further ones are named where they belong.
 */
export interface Tree {
  /** Tells what is at the path; undefined when nothing is. Errors: NOT_A_FILE. */
  stat(path: TreePath): Promise<Info | undefined>;

  /** Opens a file to read it; undefined when nothing is there. Errors: IS_FOLDER, NOT_A_FILE. */
  open(path: TreePath): Promise<OpenFile | undefined>;

  /**
   * Lists a folder, sorted by the names' code points. Names that begin with a dot are listed, too; what is
   * no file or folder, what leads outside and what has no name in Unicode is not. Errors: NOT_FOUND, NOT_A_FOLDER.
   */
  list(path: TreePath): Promise<readonly Entry[]>;

  /** Writes a whole file, new or in place of the old one, and the folders above it. Errors: IS_FOLDER. */
  replace(path: TreePath, content: Content, check?: Check): Promise<Written>;

  /**
   * Adds to the end of a file, all of the content or nothing; creates the file when it is missing.
   * May cost as much as writing the whole file anew: `extend()` is for large ones. Errors: IS_FOLDER.
   */
  append(path: TreePath, content: Content, check?: Check): Promise<Written>;

  /**
   * Adds to a file that has exactly `offset` bytes (a missing one has 0, and is created), and keeps what has
   * arrived when the content breaks off, so that one can go on from there. Of several that extend the same
   * file, each range of bytes comes from exactly one. Errors: OFFSET_MISMATCH with the real size, IS_FOLDER.
   */
  extend(path: TreePath, offset: number, content: Content, check?: Check): Promise<Written>;

  /** Removes a file or an empty folder; false when nothing is there. Errors: FOLDER_NOT_EMPTY, IS_ROOT. */
  remove(path: TreePath, check?: Check): Promise<boolean>;

  /** Grows with every change made through this tree or one beside it in the process, before the change's promise settles: for caches above. */
  readonly generation: number;

  /** Ends work in the background; every later call throws CLOSED. Files that are open stay so. */
  close(): Promise<void>;
}
