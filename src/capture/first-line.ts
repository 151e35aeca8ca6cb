// Whether bytes look like the beginning of a message, for captures that begin in the middle of a connection.

const REQUEST = /^[A-Z][A-Z-]{2,19} (?:\/|\*|[A-Za-z][A-Za-z0-9+.-]*:)/;
const RESPONSE = /^HTTP\/1\.\d \d{3}/;
/** Enough for the longest method known, and the beginning of a target. */
const LOOKED_AT = 64;

export function looksLikeRequest(bytes: Uint8Array): boolean {
  return REQUEST.test(beginning(bytes));
}

export function looksLikeResponse(bytes: Uint8Array): boolean {
  return RESPONSE.test(beginning(bytes));
}

/** A TLS handshake record. */
export function looksLikeTls(bytes: Uint8Array): boolean {
  return bytes[0] === 0x16 && (bytes.length === 1 || bytes[1] === 3);
}

function beginning(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(LOOKED_AT, bytes.length)).toString("latin1");
}
