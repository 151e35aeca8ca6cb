// Texts that nobody may see, in every form in which they could turn up.

import { Buffer } from "node:buffer";

const SHOWN_INSTEAD = "***";
/** A pattern for more characters than that costs more than it finds; such a text is looked for in its usual forms. */
const MOST_IN_PATTERN = 4096;
/** Fewer bytes than that are found in the hexadecimal and base64 of anything. */
const LEAST_IN_CODES = 6;

/** Knows the secrets of a run and strikes them out of what is printed. */
export class Secrets {
  readonly #known = new Set<string>();
  /** What matches a form, and how long that form is at least. */
  readonly #patterns = new Map<string, number>();
  readonly #long = new Set<string>();
  #pattern: RegExp | undefined;

  /** An empty text is no secret. */
  add(secret: string): void {
    if (secret === "" || this.#known.has(secret)) return;
    this.#known.add(secret);
    if (secret.length > MOST_IN_PATTERN) {
      for (const form of usualForms(secret)) this.#long.add(form);
      return;
    }
    for (const form of codedForms(secret)) this.#patterns.set(literal(form), form.length);
    this.#patterns.set([...secret].map(characterForms).join(""), secret.length);
    this.#pattern = undefined;
  }

  /** Whether a text holds a secret. */
  has(text: string): boolean {
    return this.redact(text) !== text;
  }

  /** The text with "***" for every secret in it. A function of its own, to be handed on. */
  readonly redact = (text: string): string => {
    let rest = text;
    for (const form of this.#long) rest = rest.replaceAll(form, SHOWN_INSTEAD);
    if (this.#patterns.size === 0) return rest;
    this.#pattern ??= patternOf(this.#patterns);
    return rest.replace(this.#pattern, SHOWN_INSTEAD);
  };
}

/** The longest first, so that of two secrets one of which is part of the other nothing is left. */
function patternOf(patterns: ReadonlyMap<string, number>): RegExp {
  const longestFirst = [...patterns].sort(([, a], [, b]) => b - a);
  return new RegExp(longestFirst.map(([pattern]) => pattern).join("|"), "g");
}

/** As it is, in a JSON string, in a URL, in a form, in base64, and as the bytes of a field. */
function usualForms(secret: string): string[] {
  const bytes = Buffer.from(secret, "utf8");
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(bytes.toString("utf8")),
    new URLSearchParams([["", secret]]).toString().slice(1),
    bytes.toString("base64"),
    bytes.toString("latin1"),
  ];
}

/** As a whole in base64 and, in a longer text that is coded, in base64 at each of its three places, or hexadecimal. */
function codedForms(secret: string): string[] {
  const bytes = Buffer.from(secret, "utf8");
  const forms = [bytes.toString("base64"), bytes.toString("base64url")];
  if (bytes.length < LEAST_IN_CODES) return forms;
  for (const before of [0, 1, 2]) {
    // Six bits to a character: the first and the last may have bits of what is beside the secret.
    const coded = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    const core = coded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    forms.push(core, core.replaceAll("+", "-").replaceAll("/", "_"));
  }
  const hex = bytes.toString("hex");
  return [...forms, hex, hex.toUpperCase()];
}

const HTML_NAMES: ReadonlyMap<string, string> = new Map([
  ["&", "amp"],
  ["<", "lt"],
  [">", "gt"],
  ['"', "quot"],
  ["'", "apos"],
]);

/**
 * A pattern for one character as it may be written: everybody who writes a text into a URL, JSON or HTML escapes some
 * characters, and each other ones.
 */
function characterForms(character: string): string {
  if (/^[A-Za-z0-9]$/.test(character)) return character;
  const bytes = Buffer.from(character, "utf8");
  const point = character.codePointAt(0) as number;
  const units = Array.from({ length: character.length }, (_, i) => character.charCodeAt(i));
  const forms = new Set([
    literal(character),
    literal(bytes.toString("latin1")),
    literal(inJson(character)),
    // JSON within JSON: what a server that echoes answers.
    literal(inJson(inJson(character))),
    [...bytes].map((byte) => `%${hexadecimal(byte, 2)}`).join(""),
    units.map((unit) => `\\\\u${hexadecimal(unit, 4)}`).join(""),
    `&#(?:0*${point}|[xX]0*${hexadecimal(point, 1)});`,
  ]);
  if (character === " ") forms.add("\\+");
  if (character === "/") forms.add("\\\\/");
  const name = HTML_NAMES.get(character);
  if (name !== undefined) forms.add(`&${name};`);
  // The longest first: "\\" must not be taken for "\" and something behind it.
  return `(?:${[...forms].sort((a, b) => b.length - a.length).join("|")})`;
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** A pattern for the digits, of whatever case. */
function hexadecimal(number: number, digits: number): string {
  const text = number.toString(16).padStart(digits, "0");
  return text.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
