// The public keys that a server may have, when its caller knows them beforehand (as RFC 7469 has it: the SHA-256 of
// the SubjectPublicKeyInfo).

import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { ConnectError } from "./connect-errors.ts";

/** "sha256//" and 32 bytes in base64. */
const PIN = /^sha256\/\/([A-Za-z0-9+/]{43}=)$/;

/**
 * The pins that a setting names: a list "sha256//…;sha256//…", or the pin of a public key in PEM or DER.
 * Throws ConnectError `TLS_MATERIAL`.
 */
export function pinsOf(setting: string | Uint8Array): readonly string[] {
  if (typeof setting === "string" && setting.startsWith("sha256//")) {
    const pins = setting.split(";");
    const wrong = pins.find((pin) => !PIN.test(pin));
    if (wrong === undefined) return pins;
    throw unusable(`${JSON.stringify(wrong)} is not "sha256//" with 44 characters of base64`, undefined);
  }
  const bytes = typeof setting === "string" ? Buffer.from(setting, "utf8") : Buffer.from(setting);
  const isPem = bytes.includes("-----BEGIN PUBLIC KEY-----");
  try {
    return [pinOf(createPublicKey(isPem ? bytes : { key: bytes, format: "der", type: "spki" }))];
  } catch (error) {
    throw unusable("there is no public key in PEM or DER, and no list of sha256//…", error);
  }
}

/** The pin of a public key: "sha256//BASE64". */
export function pinOf(key: KeyObject): string {
  const info = key.export({ type: "spki", format: "der" });
  return `sha256//${createHash("sha256").update(info).digest("base64")}`;
}

function unusable(why: string, cause: unknown): ConnectError {
  return new ConnectError("TLS_MATERIAL", `Cannot use the pinned public key: ${why}`, cause);
}
