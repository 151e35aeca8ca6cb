// What a server serves, as the command line says it: PATH=KIND:WHERE.

import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { FILES_METHODS, filesHandler } from "../resource/files.ts";
import type { Mount } from "../server/router.ts";
import { openFolderTree } from "../store/folder/tree.ts";
import { CommandError, EXIT } from "./exit-codes.ts";

export interface MountSpec {
  /** "/" or "/name", without a slash at its end. */
  readonly path: string;
  readonly kind: string;
  /** The folder or store. */
  readonly where: string;
}

/** What holds for all mounts of a server. */
export interface MountOptions {
  readonly readOnly: boolean;
  readonly dotfiles: boolean;
  readonly followLinks: boolean;
  readonly compress: boolean;
  readonly cacheSeconds: number;
}

/** A mount that is open, and how to close it. */
export interface OpenMount extends Mount {
  readonly spec: MountSpec;
  close(): Promise<void>;
}

const READ_ONLY_METHODS: readonly string[] = ["GET", "HEAD", "OPTIONS"];

type Kind = (spec: MountSpec, options: MountOptions) => Promise<OpenMount>;

const KINDS: { readonly [kind: string]: Kind } = { files: openFiles };

/** Reads "/docs=files:./public". Throws CommandError with what is wrong and what would be right. */
export function parseMount(text: string): MountSpec {
  const match = /^(\/[^=]*)=([^:]*):(.*)$/s.exec(text);
  if (match === null) {
    throw usage(`Cannot read the mount "${text}": it takes PATH=KIND:WHERE, such as /docs=files:./public`);
  }
  const [, path = "", kind = "", where = ""] = match;
  if (!Object.hasOwn(KINDS, kind)) {
    throw usage(
      `Cannot mount "${kind}" at ${path}: there is no such kind. Kinds: ${Object.keys(KINDS).join(", ")}`,
    );
  }
  if (where === "") throw usage(`Cannot mount ${kind} at ${path}: it takes a folder behind the colon`);
  if (/[?#\s%]|\/\/|\/\.{1,2}(?:\/|$)/.test(path)) {
    throw usage(
      `Cannot mount at "${path}": a path has no space, percent sign, question mark, "#", empty or dot segment`,
    );
  }
  return { path: path === "/" ? "/" : path.replace(/\/$/, ""), kind, where };
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

export async function openMount(spec: MountSpec, options: MountOptions): Promise<OpenMount> {
  return (KINDS[spec.kind] as Kind)(spec, options);
}

async function openFiles(spec: MountSpec, options: MountOptions): Promise<OpenMount> {
  const folder = resolve(spec.where);
  const found = await stat(folder).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === "ENOENT" ? "there is no such folder" : error.message;
    throw new CommandError(EXIT.failure, `Cannot serve ${spec.where}: ${why}`);
  });
  if (!found.isDirectory()) {
    throw new CommandError(
      EXIT.failure,
      `Cannot serve ${spec.where}: it is a file, and a mount takes a folder`,
    );
  }
  const tree = await openFolderTree(folder, { followLinks: options.followLinks, readOnly: options.readOnly });
  const handler = filesHandler(tree, {
    base: spec.path,
    readOnly: options.readOnly,
    dotfiles: options.dotfiles,
    compress: options.compress,
    cacheSeconds: options.cacheSeconds,
  });
  const methods = options.readOnly ? READ_ONLY_METHODS : FILES_METHODS;
  return { path: spec.path, handler, methods, spec, close: () => tree.close() };
}

function usage(message: string): CommandError {
  return new CommandError(EXIT.usage, message);
}
