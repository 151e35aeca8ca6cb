// The character classes of RFC 9110, 5.6 as lookup tables: one load for a byte.
// This file knows bytes and strings, and nothing of messages.

const DELIMITERS = '"(),/:;<=>?@[\\]{}';

function classOf(test: (byte: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => (test(byte) ? 1 : 0));
}

/** tchar: what a method or a field name is made of. */
export const TOKEN_BYTE: Uint8Array = classOf(
  (byte) => byte > 0x20 && byte < 0x7f && !DELIMITERS.includes(String.fromCharCode(byte)),
);

/** field-vchar, space and tab: obs-text (0x80 and up) is legal, NUL, CR, LF and the other controls are not. */
export const VALUE_BYTE: Uint8Array = classOf((byte) => byte === 0x09 || (byte >= 0x20 && byte !== 0x7f));

/** What may stand in a request line between its spaces. */
export const VISIBLE_BYTE: Uint8Array = classOf((byte) => byte > 0x20 && byte < 0x7f);

export const CR = 0x0d;
export const LF = 0x0a;
export const SP = 0x20;
export const TAB = 0x09;

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

export function isToken(text: string): boolean {
  // Nearly every method is this one.
  return text === "GET" || TOKEN.test(text);
}

const NOT_A_VALUE = /[^\t\x20-\x7e\x80-\xff]/;

/** Whether a text can stand in a field value: no CR, LF, NUL or other control, nothing above 0xFF. */
export function isFieldValue(text: string): boolean {
  return !NOT_A_VALUE.test(text);
}

/** Compares two field names as RFC 9110, 5.1 asks: without regard to case. Allocates nothing. */
export function sameName(a: string, b: string): boolean {
  return a.length === b.length && (a === b || sameNameAt(a, 0, b));
}

/** One bit of 32 for a name, by its first byte and its length, without regard to case. */
export function nameMark(first: number, length: number): number {
  return 1 << (((first | 0x20) ^ (length << 1)) & 31);
}

/** Whether `name` stands in a text from `at` on, as `sameName` compares. */
export function sameNameAt(text: string, at: number, name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    const x = text.charCodeAt(at + i);
    const y = name.charCodeAt(i);
    if (x === y) continue;
    const folded = x | 0x20;
    if (folded !== (y | 0x20) || folded < 0x61 || folded > 0x7a) return false;
  }
  return true;
}

/** Takes the white space off both ends that RFC 9110, 5.6.3 calls OWS: space and tab only. */
export function trimOws(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isOws(text.charCodeAt(start))) start++;
  while (end > start && isOws(text.charCodeAt(end - 1))) end--;
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

function isOws(code: number): boolean {
  return code === SP || code === TAB;
}

/** The members of a comma-separated list of tokens, lower case; empty members are dropped (RFC 9110, 5.6.1.2). */
export function listMembers(value: string): string[] {
  const members: string[] = [];
  for (const part of value.split(",")) {
    const member = trimOws(part).toLowerCase();
    if (member !== "") members.push(member);
  }
  return members;
}

/** A text as it can be shown in a message: cut, with its controls escaped. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
