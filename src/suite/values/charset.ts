// Charsets by their names, as the Encoding Standard has them. Knows no fields and no filters.

import { TextDecoder } from "node:util";
import { decodeEucKr } from "./euc-kr.ts";

/** What servers call euc-kr; the last three names are not in the Encoding Standard. */
const EUC_KR: ReadonlySet<string> = new Set([
  ...["euc-kr", "cseuckr", "iso-ir-149", "korean", "ks_c_5601-1987", "ks_c_5601-1989", "ksc5601"],
  ...["ksc_5601", "windows-949", "cp949", "ms949", "uhc"],
]);

/**
 * How bytes become text in a charset, a byte order mark left out; undefined when nobody knows that charset. The function
 * throws TypeError when the bytes are not in it.
 */
export function charsetDecoder(name: string): ((bytes: Uint8Array) => string) | undefined {
  if (EUC_KR.has(name.trim().toLowerCase())) return decodeEucKr;
  try {
    const decoder = new TextDecoder(name, { fatal: true });
    return (bytes) => decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
