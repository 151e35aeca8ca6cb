// The kinds of mount and what each can be told behind its WHERE: for reading the command line, and for the help.
// How each is opened is in mounts.ts.

import { parseBytes } from "./quantities.ts";

export type MountKind = "files" | "pages" | "kv" | "form" | "records";

/** What an option takes behind its "="; "nothing" is for one that stands alone. */
export type MountValueKind = "nothing" | "bytes" | "n" | "seconds" | "file";

export interface MountOption {
  readonly name: string;
  readonly takes: MountValueKind;
  /** What holds without it, as the help says it; undefined when the help text says it. */
  readonly standard?: string | undefined;
  readonly help: string;
}

export interface MountKindInfo {
  /** What stands behind the colon. */
  readonly where: "DIR" | "STORE";
  /** A line about what it serves, which the list of a server's mounts shows, too. */
  readonly summary: string;
  readonly options: readonly MountOption[];
}

const READ_ONLY: MountOption = { name: "read-only", takes: "nothing", help: "switch writing off" };
const DOTFILES: MountOption = {
  name: "dotfiles",
  takes: "nothing",
  help: "show names that begin with a dot",
};
const FOLLOW_LINKS: MountOption = {
  name: "follow-links",
  takes: "nothing",
  help: "follow symbolic links that lead out of the folder",
};
const NO_COMPRESS: MountOption = { name: "no-compress", takes: "nothing", help: "send texts as they are" };
const CACHE_SECONDS: MountOption = {
  name: "cache-seconds",
  takes: "seconds",
  standard: "1",
  help: "trust a small file in memory so long; 0: look at the disk each time",
};
const MAX_BODY: MountOption = {
  name: "max-body",
  takes: "bytes",
  standard: "1MiB",
  help: "largest body; 413 beyond, 0: no limit",
};

export const MOUNT_KINDS: { readonly [kind in MountKind]: MountKindInfo } = {
  files: {
    where: "DIR",
    summary: "files of a folder: read, replace, append, delete",
    options: [READ_ONLY, DOTFILES, FOLLOW_LINKS, NO_COMPRESS, CACHE_SECONDS],
  },
  pages: {
    where: "DIR",
    summary: "HTML pages of a folder: what is sent is inserted",
    options: [
      READ_ONLY,
      DOTFILES,
      FOLLOW_LINKS,
      NO_COMPRESS,
      CACHE_SECONDS,
      { name: "max-page", takes: "bytes", standard: "1MiB", help: "largest page; 413 beyond, 0: no limit" },
    ],
  },
  kv: {
    where: "STORE",
    summary: "values of any type, by key",
    options: [
      READ_ONLY,
      {
        name: "max-value",
        takes: "bytes",
        standard: "16MiB",
        help: "largest value; 413 beyond, 0: no limit",
      },
    ],
  },
  form: {
    where: "STORE",
    summary: "pairs of a key and a value, by lines such as name: Kim&grade: A",
    options: [READ_ONLY, MAX_BODY],
  },
  records: {
    where: "STORE",
    summary: "JSON objects, by name",
    options: [
      READ_ONLY,
      { name: "schema", takes: "file", help: "JSON Schema that every record has to follow; 422 otherwise" },
      MAX_BODY,
      { name: "max-depth", takes: "n", standard: "64", help: "deepest nesting of JSON; 400 beyond" },
    ],
  },
};

const EXPECTATIONS: { readonly [takes in MountValueKind]: string } = {
  nothing: "nothing behind it",
  bytes: "a number of bytes, such as 16MiB or 65536",
  n: "a whole number",
  seconds: "a whole number of seconds",
  file: "a file",
};

/** An option's value as its kind has it, or what it should have been. */
export function readMountValue(
  { takes }: MountOption,
  text: string | undefined,
): { readonly value: MountValue } | { readonly expected: string } {
  const value = valueFrom(takes, text);
  return value === undefined ? { expected: EXPECTATIONS[takes] } : { value };
}

export type MountValue = string | number | true;

function valueFrom(takes: MountValueKind, text: string | undefined): MountValue | undefined {
  if (takes === "nothing") return text === undefined ? true : undefined;
  if (text === undefined || text === "") return undefined;
  switch (takes) {
    case "bytes":
      return parseBytes(text);
    case "n":
    case "seconds":
      return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
    case "file":
      return text;
  }
}

export function isMountKind(text: string): text is MountKind {
  return Object.hasOwn(MOUNT_KINDS, text);
}

/** How an option is written: "read-only", "max-value=BYTES". */
export function mountOptionForm({ name, takes }: MountOption): string {
  return takes === "nothing" ? name : `${name}=${takes.toUpperCase()}`;
}
