import { readFileSync } from "node:fs";

/** This package's version, from its manifest, which stands beside `src/` and `dist/` alike. */
export const VERSION: string = readVersion();

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  return String((manifest as { version?: unknown }).version);
}
