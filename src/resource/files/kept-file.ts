// What the server knows of one version of a file, ready to be sent: its bytes when they are few, and for each
// coding a finished field section and a finished answer. Knows no disk and no request.

import { Response } from "../../message/response.ts";
import { Fields } from "../../protocol/fields.ts";
import { formatHttpDate } from "../../semantics/dates.ts";
import { isCompressible, mediaTypeOf } from "../../semantics/media-types.ts";
import type { FileInfo, TreePath } from "../../store/tree.ts";
import { cacheFields } from "../cache-fields.ts";
import type { Whole } from "../ranged.ts";
import { CODINGS, MIN_BYTES, type Offers, offersOf } from "./codings.ts";
import { type Coding, entityTag } from "./entity-tag.ts";

/** How files are described. */
export interface Describing {
  /** Whether text is compressed when no precompressed neighbour is there. */
  readonly compress: boolean;
  /** Whether Upload-Offset tells where a PATCH has to go on. */
  readonly writable: boolean;
}

export type Neighbours = ReadonlyMap<Coding, FileInfo>;

/** A version of a file in one coding, or in none. Its fields and answers are sent again and again: nobody may change them. */
export class Form implements Whole {
  readonly coding: Coding | undefined;
  readonly etag: string;
  readonly lastModified: number;
  readonly mediaType: string;
  readonly fields: Fields;
  /** Bytes of the content; -1 when they are not known before it has been sent. */
  readonly length: number;
  /** The content, when it is in memory. */
  readonly bytes: Uint8Array | undefined;
  /** The whole answer, when it is in memory. */
  readonly whole: Response | undefined;
  #notModified: Response | undefined;

  constructor(
    coding: Coding | undefined,
    etag: string,
    modified: number,
    fields: Fields,
    content: Uint8Array | number,
  ) {
    this.coding = coding;
    this.etag = etag;
    this.lastModified = modified;
    this.fields = fields;
    this.mediaType = fields.get("content-type") ?? "application/octet-stream";
    this.bytes = typeof content === "number" ? undefined : content;
    this.length = typeof content === "number" ? content : content.length;
    this.whole = this.bytes && new Response(200, { fields, body: this.bytes });
  }

  /** The 304: only what a cache needs to bring what it has up to date.  RFC 9110, 15.4.5 */
  get notModified(): Response {
    this.#notModified ??= new Response(304, { fields: cacheFields(this.fields) });
    return this.#notModified;
  }
}

export class KeptFile {
  readonly path: TreePath;
  readonly info: FileInfo;
  readonly neighbours: Neighbours;
  /** The file's bytes, when it is small. */
  readonly bytes: Uint8Array | undefined;
  /** The codings to choose from; undefined when there is but the file as it is, and Accept-Encoding plays no part. */
  readonly offers: Offers | undefined;
  /** The file as it is. */
  readonly identity: Form;
  /** Those made so far. A coding that would not make it smaller stands for the file as it is. */
  readonly forms: Map<Coding, Form> = new Map();
  /** When it was last compared with the disk; for whoever keeps it. */
  generation = -1;
  neighboursSeen = -1;
  /** On the clock of performance.now(), in milliseconds. */
  trustedUntil = 0;
  /** Whether the file had just been changed when it was read: its time alone cannot tell of another change then. */
  racy = false;
  readonly #describing: Describing;
  readonly #mediaType: string;

  constructor(
    path: TreePath,
    info: FileInfo,
    bytes: Uint8Array | undefined,
    neighbours: Neighbours,
    describing: Describing,
  ) {
    this.path = path;
    this.info = info;
    this.bytes = bytes;
    this.neighbours = neighbours;
    this.#describing = describing;
    this.#mediaType = mediaTypeOf(path.at(-1) ?? "");
    if (isCompressible(this.#mediaType)) {
      const made = describing.compress && info.size > MIN_BYTES ? CODINGS : [];
      this.offers = offersOf([...neighbours.keys()], made);
    }
    this.identity = this.form(undefined, entityTag(info.version), bytes ?? info.size);
  }

  /** Describes this version in a coding; `content` is its bytes, or how many there will be. */
  form(coding: Coding | undefined, etag: string, content: Uint8Array | number): Form {
    const { modified, size } = this.info;
    const fields = new Fields();
    fields.append("Content-Type", this.#mediaType);
    if (coding !== undefined) fields.append("Content-Encoding", coding);
    fields.append("ETag", etag);
    fields.append("Last-Modified", formatHttpDate(modified));
    // A client may keep it, and asks each time whether it is still the same: here files change.
    fields.append("Cache-Control", "no-cache");
    fields.append("Accept-Ranges", "bytes");
    if (this.offers !== undefined) fields.append("Vary", "Accept-Encoding");
    if (this.#describing.writable) fields.append("Upload-Offset", String(size));
    fields.append("X-Content-Type-Options", "nosniff");
    return new Form(coding, etag, modified, fields, content);
  }
}
