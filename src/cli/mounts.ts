// Opens what a server serves. Which kinds there are, and what each can be told, is in mount-kinds.ts.

import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { encodePath } from "../semantics/paths.ts";
import type { HostTest } from "../server/guard.ts";
import type { Mount } from "../server/router.ts";
import { openFolderTree } from "../store/folder/tree.ts";
import type { Table } from "../store/table.ts";
import type { Tree } from "../store/tree.ts";
import { CommandError, EXIT } from "./exit-codes.ts";
import { MOUNT_KINDS } from "./mount-kinds.ts";
import { type MountSpec, noSuchOption } from "./mount-spec.ts";
import { readSchemaFile } from "./schema-file.ts";
import { exists, parseStore, Stores } from "./stores.ts";

/** What holds for all mounts of a server. */
export interface MountOptions {
  readonly readOnly: boolean;
  readonly dotfiles: boolean;
  readonly followLinks: boolean;
  readonly compress: boolean;
  readonly cacheSeconds: number;
  readonly isOurHost: HostTest;
  /** Called when a form is told END; undefined: nobody may end the server. */
  readonly onEnd: (() => void) | undefined;
}

/** A mount that is open. */
export interface OpenMount extends Mount {
  readonly spec: MountSpec;
  readonly readOnly: boolean;
  /** Whether what it holds is gone when the server stops. */
  readonly inMemory: boolean;
}

/** The mounts of a server, and what they stand on. */
export class Mounts {
  readonly list: OpenMount[] = [];
  readonly #stores: Stores;
  readonly #trees: Tree[] = [];
  readonly #options: MountOptions;

  constructor(options: MountOptions) {
    this.#options = options;
    this.#stores = new Stores(options.readOnly);
  }

  /** Opens one more. Throws CommandError. */
  async open(spec: MountSpec): Promise<void> {
    const readOnly = this.#options.readOnly || spec.options.has("read-only");
    // As it stands in request targets.
    const path = encodePath(spec.path.slice(1).split("/"));
    const { handler, methods } = await this.#make(spec, path, readOnly);
    const inMemory = MOUNT_KINDS[spec.kind].where === "STORE" && parseStore(spec.where).kind === "memory";
    this.list.push({ path, handler, methods, spec, readOnly, inMemory });
  }

  /** Closes all that was opened, once nobody uses it any more. */
  async close(): Promise<void> {
    await Promise.all([this.#stores.close(), ...this.#trees.map((tree) => tree.close())]);
  }

  // Each kind is loaded when there is one: who serves files alone waits for no database and no parser.
  async #make(spec: MountSpec, base: string, readOnly: boolean): Promise<Pick<Mount, "handler" | "methods">> {
    const { options } = spec;
    switch (spec.kind) {
      case "files": {
        const { FILES_METHODS, filesHandler } = await import("../resource/files/files.ts");
        const tree = await this.#tree(spec, readOnly);
        const handler = filesHandler(tree, { base, readOnly, ...this.#folderOptions(spec) });
        return { handler, methods: methodsOf(FILES_METHODS, readOnly) };
      }
      case "pages": {
        const { PAGES_METHODS, pagesHandler } = await import("../resource/pages/pages.ts");
        const tree = await this.#tree(spec, readOnly);
        const maxPage = numberOf(options.get("max-page"));
        const handler = pagesHandler(tree, { base, readOnly, maxPage, ...this.#folderOptions(spec) });
        return { handler, methods: methodsOf(PAGES_METHODS, readOnly) };
      }
      case "kv": {
        const { KV_METHODS, kvHandler } = await import("../resource/kv/kv.ts");
        const maxValue = numberOf(options.get("max-value"));
        const handler = kvHandler(await this.#table(spec), { base, readOnly, maxValue });
        return { handler, methods: methodsOf(KV_METHODS, readOnly) };
      }
      case "form": {
        const { FORM_METHODS, formHandler } = await import("../resource/form/form.ts");
        const { isOurHost, onEnd } = this.#options;
        const maxBody = numberOf(options.get("max-body"));
        const table = await this.#table(spec);
        const handler = formHandler(table, { base, readOnly, isOurHost, onEnd, maxBody });
        return { handler, methods: methodsOf(FORM_METHODS, readOnly) };
      }
      case "records": {
        const { RECORDS_METHODS, recordsHandler } = await import("../resource/records/records.ts");
        const file = options.get("schema");
        const schema = typeof file === "string" ? await readSchemaFile(file) : undefined;
        const maxBody = numberOf(options.get("max-body"));
        const maxDepth = numberOf(options.get("max-depth"));
        const table = await this.#table(spec);
        const handler = recordsHandler(table, { base, readOnly, schema, maxBody, maxDepth });
        return { handler, methods: methodsOf(RECORDS_METHODS, readOnly) };
      }
    }
  }

  #folderOptions({ options }: MountSpec): {
    readonly dotfiles: boolean;
    readonly compress: boolean;
    readonly cacheSeconds: number;
  } {
    const { dotfiles, compress, cacheSeconds } = this.#options;
    return {
      dotfiles: dotfiles || options.has("dotfiles"),
      compress: compress && !options.has("no-compress"),
      cacheSeconds: numberOf(options.get("cache-seconds")) ?? cacheSeconds,
    };
  }

  async #tree(spec: MountSpec, readOnly: boolean): Promise<Tree> {
    const { where } = spec;
    const folder = resolve(where);
    const found = await stat(folder).catch((error: NodeJS.ErrnoException) => {
      const missing = error.code === "ENOENT" || error.code === "ENOTDIR";
      throw failure(
        missing
          ? `Cannot serve ${where}: there is no such folder${doubtOf(spec)}`
          : `Cannot serve ${where}: ${error.message}`,
      );
    });
    if (!found.isDirectory())
      throw failure(`Cannot serve ${where}: it is a file, and a mount takes a folder`);
    const followLinks = this.#options.followLinks || spec.options.has("follow-links");
    const tree = await openFolderTree(folder, { followLinks, readOnly });
    this.#trees.push(tree);
    return tree;
  }

  async #table(spec: MountSpec): Promise<Table> {
    const { where, doubt } = spec;
    const place = parseStore(where);
    // A store that is missing is made: a mistyped option must not make one.
    if (doubt !== undefined && (place.kind === "memory" || !(await exists(place.path)))) {
      const wayOut = place.kind === "memory" ? "" : ". To make a store of this name, make its folder first";
      throw new CommandError(
        EXIT.usage,
        `Cannot open the store ${where}: there is none${doubtOf(spec)}${wayOut}`,
      );
    }
    return this.#stores.open(where);
  }
}

function doubtOf({ kind, doubt }: MountSpec): string {
  return doubt === undefined
    ? ""
    : `, and if "${doubt}" was meant as an option: ${noSuchOption(kind, doubt)}`;
}

const READING: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

function methodsOf(methods: readonly string[], readOnly: boolean): readonly string[] {
  return readOnly ? methods.filter((method) => READING.has(method)) : methods;
}

function numberOf(value: string | number | true | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function failure(message: string): CommandError {
  return new CommandError(EXIT.failure, message);
}
