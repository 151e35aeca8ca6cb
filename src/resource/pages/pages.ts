// The pages resource: a tree of files in which HTML pages are edited piece by piece. Everything about reading, and
// DELETE, is as in the files resource; here is which method does what instead.

import type { Request } from "../../message/request.ts";
import { type Handler, Response } from "../../message/response.ts";
import { isHiddenName } from "../../semantics/paths.ts";
import type { Tree } from "../../store/tree.ts";
import { FILES_METHODS, type FilesOptions, filesHandler, refusing } from "../files/files.ts";
import { FOLDER_METHODS, notForFolders, requireFileName } from "../files/writing.ts";
import { locate, mountPrefix, nameOf, type Place } from "../mount.ts";
import { notAllowed, READ_METHODS } from "../refusals.ts";
import { INSERTED_TYPES, STORED_TYPES } from "./body.ts";
import { create, edit, type PageWriting, Turns } from "./writing.ts";

export interface PagesOptions extends Omit<FilesOptions, "echoBytes" | "uploads"> {
  /** Bytes of a body that is sent, and of a page that is edited: both wait in memory. Default 1,048,576: no page written by hand is larger, and parsing more would hold up others. 0: no limit. */
  readonly maxPage?: number | undefined;
}

/** The methods that a pages mount has for one resource or another: for `OPTIONS *`. */
export const PAGES_METHODS: readonly string[] = FILES_METHODS;

const PAGE_METHODS = "GET, HEAD, PUT, PATCH, DELETE, OPTIONS";
const MISSING_PAGE_METHODS = "GET, HEAD, POST, OPTIONS";
/** Of what is no page: a picture, a style sheet. */
const OTHER_METHODS = "GET, HEAD, DELETE, OPTIONS";

const MAX_PAGE = 1024 * 1024;

type Found = "root" | "folder" | "page" | "missing page" | "other";

const ALLOWED: { readonly [found in Found]: string } = {
  root: READ_METHODS,
  folder: FOLDER_METHODS,
  page: PAGE_METHODS,
  "missing page": MISSING_PAGE_METHODS,
  other: OTHER_METHODS,
};

/**
 * Serves a tree of HTML pages: PATCH, and PUT likewise, insert text or markup at the beginning of a page's body, POST
 * creates a page and never replaces one; all of it atomic and conditional. GET, HEAD and DELETE are those of `filesHandler()`.
 * This PUT is not idempotent, in this kind of mount only. Throws Problems for whatever it refuses, and a TypeError for a `base` that is no path.
 */
export function pagesHandler(tree: Tree, options: PagesOptions = {}): Handler {
  const { readOnly = false, dotfiles = false } = options;
  const prefix = mountPrefix(options.base ?? "/");
  const files = filesHandler(tree, { ...options, uploads: false });
  const naming = { dotfiles, platform: options.platform ?? process.platform };
  const writing: PageWriting = { tree, prefix, maxPage: options.maxPage ?? MAX_PAGE, turns: new Turns() };

  async function look({ segments, slash }: Place): Promise<Found> {
    if (segments.length === 0) return "root";
    if (slash) return "folder";
    // Of a hidden name nobody learns what it is.
    const hidden = !dotfiles && segments.some(isHiddenName);
    const kind = hidden ? undefined : (await tree.stat(segments))?.kind;
    if (kind === "folder") return "folder";
    if (!isPageName(segments.at(-1) ?? "")) return "other";
    return kind === "file" ? "page" : "missing page";
  }

  async function write(request: Request, change: typeof edit): Promise<Response> {
    const place = locate(prefix, request.target.path);
    requireFileName(place, naming);
    if (!isPageName(place.segments.at(-1) ?? "")) {
      if ((await look(place)) === "folder") throw notForFolders();
      throw notAllowed(
        OTHER_METHODS,
        `Cannot ${request.method} ${nameOf(place)}: only pages are written here, and their names end in .html, .htm or .xhtml`,
      );
    }
    return change(request, place, writing);
  }

  async function tell(request: Request): Promise<Response> {
    const found = await look(locate(prefix, request.target.path));
    const fields: Record<string, string> = { Allow: ALLOWED[found] };
    if (found !== "folder" && found !== "root") fields["Accept-Ranges"] = "bytes";
    if (found === "page") fields["Accept-Patch"] = INSERTED_TYPES;
    if (found === "missing page") fields["Accept-Post"] = STORED_TYPES;
    return new Response(200, { fields });
  }

  async function refuse(request: Request): Promise<never> {
    const found = await look(locate(prefix, request.target.path));
    const what = found === "other" ? "file that is no page" : found;
    throw notAllowed(ALLOWED[found], `Cannot ${request.method} here: a ${what} takes ${ALLOWED[found]}`);
  }

  function remove(request: Request): Response | Promise<Response> {
    const { segments } = locate(prefix, request.target.path);
    if (segments.length > 0) return files(request);
    throw notAllowed(READ_METHODS, "Cannot delete the folder that is served");
  }

  return (request) => {
    if (readOnly) return files(request);
    switch (request.method) {
      case "GET":
      case "HEAD":
        return files(request);
      case "PUT":
      case "PATCH":
        return refusing(write(request, edit), "write");
      case "POST":
        return refusing(write(request, create), "write");
      case "DELETE":
        return remove(request);
      case "OPTIONS":
        return refusing(tell(request), "read");
      default:
        return refusing(refuse(request), "write");
    }
  };
}

function isPageName(name: string): boolean {
  return /\.(?:html?|xhtml)$/i.test(name);
}
