// The files resource: a tree of files over HTTP. Here is what a mount can be told, and which method does what;
// how is in the files beside it.

import type { Request } from "../../message/request.ts";
import { type Handler, Response } from "../../message/response.ts";
import { isHiddenName } from "../../semantics/paths.ts";
import { StoreError } from "../../store/errors.ts";
import type { Tree } from "../../store/tree.ts";
import { locate, mountPrefix, type Place } from "../mount.ts";
import { notAllowed, READ_METHODS } from "../refusals.ts";
import { type Intent, storeProblem } from "../store-problems.ts";
import { KeptFiles } from "./kept-files.ts";
import { createLister } from "./listing.ts";
import { PARTIAL_UPLOAD, patch } from "./partial-upload.ts";
import { createReader } from "./reading.ts";
import {
  FILE_METHODS,
  FOLDER_METHODS,
  notForFolders,
  post,
  put,
  remove,
  type WritingOptions,
} from "./writing.ts";

export interface FilesOptions {
  /** The path that the tree is mounted under, as in a URL: "/files". A slash at its end counts for nothing. Default "/". */
  readonly base?: string | undefined;
  /** Whether PUT, POST, PATCH and DELETE are answered with 405. Default false. */
  readonly readOnly?: boolean | undefined;
  /** Whether names that begin with a dot are served. Default false: they are missing to a reader and forbidden to a writer, as .git and .env are seldom meant. */
  readonly dotfiles?: boolean | undefined;
  /** The system whose reserved names are refused, so that a name means the same file everywhere. Default: the one it runs on. */
  readonly platform?: NodeJS.Platform | undefined;
  /** Seconds that a file in memory is sent without a look at the disk. Default 1: another program's change shows within that. Writes through the tree show at once, always. 0: looks each time. */
  readonly cacheSeconds?: number | undefined;
  /** Bytes up to which a file is kept in memory, and compressed once. Default 262,144: nearly every page, script and icon. 0: none but empty ones. */
  readonly cacheFileBytes?: number | undefined;
  /** Bytes of memory for all that is kept; what was not used lately goes first. Default 67,108,864. 0: keeps nothing. */
  readonly cacheBytes?: number | undefined;
  /** Whether text of more than 1 KiB is compressed for who accepts it. Precompressed neighbours (name.br, .zst, .gz) are sent in any case. Default true. */
  readonly compress?: boolean | undefined;
  /** Whether PATCH goes on with uploads, and Upload-Offset tells where. Default true. */
  readonly uploads?: boolean | undefined;
  /** Bytes of a POST up to which its 200 repeats them; a larger one is answered with their number. Default 1,048,576: they wait in memory. 0: none. */
  readonly echoBytes?: number | undefined;
  /** What the folder is called at the top of its listings. Default: the path it is mounted under. */
  readonly title?: string | undefined;
}

/** The methods that a files mount has for one resource or another: for `OPTIONS *`. */
export const FILES_METHODS: readonly string[] = FILE_METHODS.split(", ");

const KIB = 1024;

/**
 * Serves a tree of files: GET and HEAD with conditions, ranges, codings and listings; PUT, POST (append), PATCH
 * (resumable append) and DELETE, each atomic and conditional; OPTIONS. Answers from memory come without
 * a promise. Throws Problems for whatever it refuses, and a TypeError for a `base` that is no path.
 */
export function filesHandler(tree: Tree, options: FilesOptions = {}): Handler {
  const { readOnly = false, dotfiles = false, compress = true, uploads = true } = options;
  const prefix = mountPrefix(options.base ?? "/");
  const files = new KeptFiles(tree, {
    compress,
    writable: uploads && !readOnly,
    cacheSeconds: options.cacheSeconds ?? 1,
    cacheFileBytes: options.cacheFileBytes ?? 256 * KIB,
    cacheBytes: options.cacheBytes ?? 64 * KIB * KIB,
  });
  const isHidden = (segments: readonly string[]): boolean => !dotfiles && segments.some(isHiddenName);
  const list = createLister({ tree, prefix, isHidden, compress, title: options.title });
  const read = createReader(files, { prefix, isHidden, list });
  const writing: WritingOptions = {
    tree,
    prefix,
    dotfiles,
    platform: options.platform ?? process.platform,
    echoBytes: options.echoBytes ?? KIB * KIB,
    written: (path) => files.written(path),
  };

  async function isFolder({ segments, slash }: Place): Promise<boolean> {
    // Of a hidden name nobody learns what it is.
    return slash || (!isHidden(segments) && (await tree.stat(segments))?.kind === "folder");
  }

  async function tell(request: Request): Promise<Response> {
    const folder = await isFolder(locate(prefix, request.target.path));
    const fields: Record<string, string> = { Allow: allowed(folder) };
    if (!folder) fields["Accept-Ranges"] = "bytes";
    if (!folder && uploads && !readOnly) fields["Accept-Patch"] = PARTIAL_UPLOAD;
    return new Response(200, { fields });
  }

  async function refuse(request: Request): Promise<never> {
    const folder = await isFolder(locate(prefix, request.target.path));
    const what = folder ? "folder" : "file";
    throw notAllowed(allowed(folder), `Cannot ${request.method} here: a ${what} takes ${allowed(folder)}`);
  }

  function allowed(folder: boolean): string {
    if (readOnly) return READ_METHODS;
    if (folder) return FOLDER_METHODS;
    return uploads ? FILE_METHODS : FILE_METHODS.replace(" PATCH,", "");
  }

  async function write(request: Request): Promise<Response> {
    if (readOnly)
      throw notAllowed(READ_METHODS, `Cannot ${request.method} here: the folder is served read-only`);
    const place = locate(prefix, request.target.path);
    switch (request.method) {
      case "PUT":
        return put(request, place, writing);
      case "POST":
        return post(request, place, writing);
      case "PATCH":
        return patch(request, place, writing);
      default:
        return remove(request, place, writing);
    }
  }

  function answer(request: Request): Response | Promise<Response> {
    switch (request.method) {
      case "GET":
      case "HEAD":
        return read(request);
      case "PUT":
      case "POST":
      case "DELETE":
        return write(request);
      case "PATCH":
        return uploads || readOnly ? write(request) : refuse(request);
      case "OPTIONS":
        return tell(request);
      default:
        return refuse(request);
    }
  }

  return (request) => {
    const result = answer(request);
    return result instanceof Response ? result : refusing(result, intentOf(request.method));
  };
}

function intentOf(method: string): Intent {
  return method === "GET" || method === "HEAD" || method === "OPTIONS" ? "read" : "write";
}

/** Turns what the store refuses into what the client is told. */
export async function refusing(result: Promise<Response>, intent: Intent): Promise<Response> {
  try {
    return await result;
  } catch (error) {
    if (intent === "write" && error instanceof StoreError && error.code === "IS_FOLDER")
      throw notForFolders();
    throw storeProblem(error, intent);
  }
}
