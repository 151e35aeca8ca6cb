// A file that is being loaded. It bears its own name only when it is whole: until then its bytes are in
// NAME.sockeye-part, and NAME.sockeye-part.json says what they are the beginning of. Knows files, no HTTP.

import {
  type FileHandle,
  link,
  lstat,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
} from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { numberedName } from "./download-name.ts";
import { CommandError, EXIT } from "./exit-codes.ts";

/** What the bytes of a part are the beginning of. */
export interface Origin {
  /** As it was asked for. */
  readonly url: string;
  /** The strong entity tag or the date for If-Range. */
  readonly validator: string;
  /** Bytes of the whole, when known. */
  readonly length: number | undefined;
}

const PART = ".sockeye-part";
const ORIGIN = `${PART}.json`;

interface Place {
  readonly target: string;
  /** Takes the place of what is there, or the next name that is free; a device is written to as it is. */
  readonly way: "replace" | "next free" | "device";
  /** Permissions of a new file, before the process takes its umask away. */
  readonly mode: number;
}

export class PartFile {
  /** Where the whole file goes. */
  readonly target: string;
  readonly origin: Origin | undefined;
  readonly #way: Place["way"];
  readonly #file: FileHandle;
  #size: number;

  private constructor(place: Place, file: FileHandle, size: number, origin: Origin | undefined) {
    this.target = place.target;
    this.#way = place.way;
    this.#file = file;
    this.#size = size;
    this.origin = origin;
  }

  /**
   * Begins anew; what an earlier try had left is removed. With `replace` the file takes the place of one that is
   * there, otherwise the next free name. Throws CommandError.
   */
  static async create(target: string, origin: Origin | undefined, replace: boolean): Promise<PartFile> {
    try {
      const place: Place = replace ? await placeOf(target) : { target, way: "next free", mode: 0o666 };
      const path = place.target;
      if (place.way === "device") return new PartFile(place, await open(path, "w"), 0, undefined);
      await rm(path + ORIGIN, { force: true });
      // Who still writes to the old one does not write to ours.
      await rm(path + PART, { force: true });
      return new PartFile(place, await open(path + PART, "wx", place.mode), 0, origin);
    } catch (error) {
      throw saveError(target, error);
    }
  }

  /** Opens what an earlier try had left of a URL, at a target or in the current folder; undefined when there is nothing. */
  static async find(url: string, target: string | undefined): Promise<PartFile | undefined> {
    const place = target === undefined ? await placeByUrl(url) : await placeOf(target);
    if (place === undefined) return undefined;
    const origin = await readOrigin(place.target + ORIGIN);
    if (origin === undefined || origin.url !== url) return undefined;
    try {
      const file = await open(place.target + PART, "r+");
      const { size } = await file.stat();
      if (size > 0) return new PartFile(place, file, size, origin);
      await file.close();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw saveError(place.target, error);
    }
    return undefined;
  }

  get name(): string {
    return basename(this.target);
  }

  get size(): number {
    return this.#size;
  }

  async write(bytes: Uint8Array): Promise<void> {
    try {
      for (let written = 0; written < bytes.length; ) {
        const rest = bytes.subarray(written);
        // A device has no places to write to, only an order.
        const at = this.#way === "device" ? null : this.#size;
        const { bytesWritten } = await this.#file.write(rest, 0, rest.length, at);
        written += bytesWritten;
        this.#size += bytesWritten;
      }
    } catch (error) {
      throw saveError(this.target, error);
    }
  }

  /** The file is whole: gives it its name, and returns that. */
  async finish(): Promise<string> {
    if (this.#way === "device") {
      await this.#file.close();
      return this.target;
    }
    try {
      // The name must not be there before the bytes are.
      await this.#file.sync();
      const [ours, there] = await Promise.all([this.#file.stat(), stat(this.target + PART)]);
      await this.#file.close();
      if (ours.ino !== there.ino) {
        throw new Error("another command is loading it, too, and took its place");
      }
      const path = this.#way === "replace" ? this.target : await this.#linkFree();
      await (this.#way === "replace" ? rename(this.target + PART, path) : rm(this.target + PART));
      await rm(this.target + ORIGIN, { force: true });
      return path;
    } catch (error) {
      throw saveError(this.target, error);
    }
  }

  /** The rest did not come. Keeps what is there if it can be continued, and tells so. */
  async suspend(): Promise<boolean> {
    await this.#file.close().catch(() => undefined);
    if (this.#way === "device") return false;
    if (this.origin !== undefined && this.#size > 0) {
      const file = await open(this.target + ORIGIN, "w");
      await file.writeFile(`${JSON.stringify(this.origin)}\n`).finally(() => file.close());
      return true;
    }
    await rm(this.target + PART, { force: true });
    return false;
  }

  /** A link fails where a file is, whoever has made it just now. */
  async #linkFree(): Promise<string> {
    for (let number = 0; ; number += 1) {
      const path = join(dirname(this.target), numberedName(this.name, number));
      try {
        await link(this.target + PART, path);
        return path;
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === "EEXIST") continue;
        // A file system without links: an empty file keeps the name until ours takes its place.
        if (code !== "EPERM" && code !== "ENOTSUP" && code !== "ENOSYS") throw error;
        const kept = await open(path, "wx").catch(() => undefined);
        if (kept === undefined) continue;
        await kept.close();
        await rename(this.target + PART, path);
        await open(this.target + PART, "w").then((file) => file.close());
        return path;
      }
    }
  }
}

/** A link is not replaced: the file that it leads to is. A device or a pipe is written to. */
async function placeOf(target: string): Promise<Place> {
  const found = await stat(target).catch(() => undefined);
  if (found === undefined) return { target, way: "replace", mode: 0o666 };
  if (found.isDirectory())
    throw saveError(target, Object.assign(new Error("it is a folder"), { code: "EISDIR" }));
  const isLink = (await lstat(target)).isSymbolicLink();
  const way = found.isFile() ? "replace" : "device";
  return { target: isLink ? await realpath(target) : target, way, mode: found.mode & 0o777 };
}

async function placeByUrl(url: string): Promise<Place | undefined> {
  for (const name of await readdir(".")) {
    if (!name.endsWith(ORIGIN) || (await readOrigin(name))?.url !== url) continue;
    return { target: name.slice(0, -ORIGIN.length), way: "next free", mode: 0o666 };
  }
  return undefined;
}

async function readOrigin(path: string): Promise<Origin | undefined> {
  try {
    const { url, validator, length } = JSON.parse(await readFile(path, "utf8")) as {
      [name: string]: unknown;
    };
    if (typeof url !== "string" || typeof validator !== "string") return undefined;
    return { url, validator, length: typeof length === "number" ? length : undefined };
  } catch {
    return undefined;
  }
}

function saveError(target: string, error: unknown): CommandError {
  if (error instanceof CommandError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  const why: { readonly [code: string]: string } = {
    ENOENT: "there is no such folder",
    ENOTDIR: "there is no such folder",
    EACCES: "this user may not write there",
    EPERM: "this user may not write there",
    EROFS: "the file system is read-only",
    ENOSPC: "the disk is full",
    EDQUOT: "this user's share of the disk is full",
    EISDIR: "it is a folder",
    ENAMETOOLONG: "the name is too long",
  };
  return new CommandError(EXIT.failure, `Cannot save ${target}: ${why[code ?? ""] ?? message}`, {
    cause: error,
  });
}
