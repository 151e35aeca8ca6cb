// How the entity tag of a file is made, and which tags stand for one version of it.

import type { Validators } from "../../semantics/preconditions.ts";
import type { Info } from "../../store/tree.ts";

/** Content codings that a file can be sent in. */
export type Coding = "br" | "zstd" | "gzip";

/**
 * The tag of a version as it is, or of it in a coding: `"v"`, `"v.br"`. Of a precompressed neighbour,
 * whose bytes change with the neighbour alone, both versions are in it: `"v.br.n"`.
 */
export function entityTag(version: string, coding?: Coding, neighbour?: string): string {
  if (coding === undefined) return `"${version}"`;
  return neighbour === undefined ? `"${version}.${coding}"` : `"${version}.${coding}.${neighbour}"`;
}

const CODED = /^\.(?:br|zstd|gzip)(?:\.[0-9a-z-]+)?"$/;

/** What the conditions of a write are held against; undefined when nothing is there. */
export function validatorsOf(info: Info | undefined): Validators | undefined {
  if (info === undefined) return undefined;
  if (info.kind === "folder") return { lastModified: info.modified };
  const start = `"${info.version}`;
  return {
    etag: `${start}"`,
    lastModified: info.modified,
    alsoKnownAs: (tag) => tag.startsWith(start) && CODED.test(tag.slice(start.length)),
  };
}
