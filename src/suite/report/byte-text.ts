// Bytes as text, for people: what is UTF-8 is read as such.

const UTF_8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text of bytes that are UTF-8; else undefined. */
export function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return UTF_8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** The bytes without what is secret in them, whether they are UTF-8 or not. */
export function redactBytes(bytes: Uint8Array, redact: (text: string) => string): Uint8Array {
  const text = utf8Text(bytes);
  const redacted = text === undefined ? undefined : redact(text);
  const readable = redacted === undefined || redacted === text ? bytes : Buffer.from(redacted);
  const each = Buffer.from(readable).toString("latin1");
  const cleared = redact(each);
  return cleared === each ? readable : Buffer.from(cleared, "latin1");
}
