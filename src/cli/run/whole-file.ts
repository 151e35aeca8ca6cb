// Files that a run writes: each is under its name when it is whole, or not at all. What is no file, such as a device or
// a pipe, is written to as it is.

import { randomBytes } from "node:crypto";
import { constants, type Stats } from "node:fs";
import { access, mkdir, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";

interface Place {
  /** Where the file really is: a link to it stays one. */
  readonly path: string;
  /** Undefined: there is none yet. */
  readonly mode: number | undefined;
  /** No file that another one could take the place of. */
  readonly stream: boolean;
}

/** When a shell has made files of them, opening them a second time would write over what is there. */
const OWN: ReadonlyMap<string, () => NodeJS.WritableStream> = new Map<string, () => NodeJS.WritableStream>([
  ["/dev/stdout", () => process.stdout],
  ["/dev/stderr", () => process.stderr],
]);

/** Writes a file and the folders above it; `mode` is that of a new one. Throws what the system says. */
export async function writeWhole(
  path: string,
  content: string | Uint8Array,
  mode: number = 0o666,
): Promise<void> {
  const own = OWN.get(resolve(path));
  if (own !== undefined) {
    await new Promise<void>((done) => void own().write(content, () => done()));
    return;
  }
  const place = await placeOf(path);
  if (place.stream) {
    await writeFile(path, content, { flag: "a" });
    return;
  }
  const unfinished = `${place.path}.${randomBytes(4).toString("hex")}.part`;
  await makeFolders(dirname(resolve(place.path)));
  try {
    await writeFile(unfinished, content, { flag: "wx", mode: place.mode ?? mode });
    await rename(unfinished, place.path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

/** One by one: Node's own `recursive` never ends where the system denies that a folder is there (as in /proc). */
async function makeFolders(folder: string): Promise<void> {
  if ((await factsOf(folder)) !== undefined) return;
  await makeFolders(dirname(folder));
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
}

/** Throws what keeps a file from being written, if that can be known before. Nothing is made. */
export async function checkWritable(path: string): Promise<void> {
  const place = await placeOf(path);
  if (place.mode !== undefined || place.stream) {
    await access(path, constants.W_OK);
    return;
  }
  let folder = dirname(resolve(place.path));
  let facts = await factsOf(folder);
  while (facts === undefined) {
    folder = dirname(folder);
    facts = await factsOf(folder);
  }
  if (!facts.isDirectory()) throw new Error(`${folder} is no folder`);
  await access(folder, constants.W_OK);
}

/** Whether there is a file whose content can be taken over; what comes out of a pipe or a terminal cannot. */
export async function isKept(path: string): Promise<boolean> {
  const { mode, stream } = await placeOf(path);
  return mode !== undefined && !stream;
}

async function placeOf(path: string): Promise<Place> {
  const facts = await factsOf(path);
  if (facts === undefined) return { path, mode: undefined, stream: false };
  if (facts.isDirectory()) throw new Error("it is a folder");
  // What is there may be a file, which must not be taken away from who has it open.
  const stream = !facts.isFile() || resolve(path).startsWith("/dev/");
  return { path: stream ? path : await realpath(path), mode: facts.mode & 0o7777, stream };
}

async function factsOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}
