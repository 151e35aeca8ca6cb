// What a server serves, as the command line says it: PATH=KIND:WHERE,option=value. Opens nothing.

import { CommandError, EXIT } from "./exit-codes.ts";
import {
  isMountKind,
  MOUNT_KINDS,
  type MountKind,
  type MountKindInfo,
  type MountValue,
  mountOptionForm,
  readMountValue,
} from "./mount-kinds.ts";

export interface MountSpec {
  /** "/" or "/name", without a slash at its end. */
  readonly path: string;
  readonly kind: MountKind;
  /** The folder or store. */
  readonly where: string;
  readonly options: ReadonlyMap<string, MountValue>;
  /**
   * The end of `where` behind a comma, when it looks like an option that the kind does not have: it counts as
   * such unless something of the whole name is there.
   */
  readonly doubt: string | undefined;
}

/** Reads "/docs=files:./public,read-only". Throws CommandError with what is wrong and what would be right. */
export function parseMount(text: string): MountSpec {
  const match = /^(\/[^=]*)=([^:]*):(.*)$/s.exec(text);
  if (match === null) {
    throw usage(
      `Cannot read the mount "${text}": it takes PATH=KIND:WHERE, such as /docs=files:./public or /kv=kv:./data`,
    );
  }
  const [, path = "", kind = "", rest = ""] = match;
  if (!isMountKind(kind)) {
    throw usage(
      `Cannot mount "${kind}" at ${path}: there is no such kind. Kinds: ${Object.keys(MOUNT_KINDS).join(", ")}`,
    );
  }
  const info = MOUNT_KINDS[kind];
  const [where = "", ...words] = splitOptions(rest, info);
  if (where === "") {
    const what = info.where === "DIR" ? "a folder" : "a store, which is a folder or :memory:,";
    throw usage(`Cannot mount ${kind} at ${path}: it takes ${what} behind the colon`);
  }
  if (/[?#\s%]|\/\/|\/\.{1,2}(?:\/|$)/.test(path)) {
    throw usage(
      `Cannot mount at "${path}": a path has no space, percent sign, question mark, "#", empty or dot segment`,
    );
  }
  return {
    path: path === "/" ? "/" : path.replace(/\/$/, ""),
    kind,
    where,
    options: readOptions(words, kind, path),
    doubt: /,([a-z][a-z-]*)$/.exec(where)?.[1],
  };
}

/**
 * Cuts at the commas behind which an option begins: a name with "=", or one that the kind knows. All others are
 * a part of the name of a folder or file.
 */
function splitOptions(text: string, { options }: MountKindInfo): string[] {
  const names = options.map(({ name }) => name).join("|");
  return text.split(new RegExp(`,(?=[A-Za-z][A-Za-z-]*=|(?:${names})(?:,|$))`, "s"));
}

function readOptions(
  words: readonly string[],
  kind: MountKind,
  path: string,
): ReadonlyMap<string, MountValue> {
  const values = new Map<string, MountValue>();
  for (const word of words) {
    const [, name = "", text] = /^([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
    const option = MOUNT_KINDS[kind].options.find((one) => one.name === name);
    if (option === undefined) throw usage(`Cannot mount ${kind} at ${path}: ${noSuchOption(kind, name)}`);
    if (values.has(name)) throw usage(`Cannot mount ${kind} at ${path}: ${name} is given twice`);
    const read = readMountValue(option, text);
    if ("expected" in read)
      throw usage(`Cannot mount ${kind} at ${path} with "${word}": ${name} takes ${read.expected}`);
    values.set(name, read.value);
  }
  return values;
}

/** Why a name is no option, with those that are. */
export function noSuchOption(kind: MountKind, name: string): string {
  const forms = MOUNT_KINDS[kind].options.map(mountOptionForm);
  return `it has no option "${name}". Options of ${kind}: ${forms.join(", ")}`;
}

/** Refuses two mounts at one path. */
export function checkMounts(specs: readonly MountSpec[]): void {
  const seen = new Map<string, MountSpec>();
  for (const spec of specs) {
    const other = seen.get(spec.path);
    if (other !== undefined) {
      throw usage(`Cannot mount ${spec.where} at ${spec.path}: ${other.where} is mounted there already`);
    }
    seen.set(spec.path, spec);
  }
}

function usage(message: string): CommandError {
  return new CommandError(EXIT.usage, message);
}
