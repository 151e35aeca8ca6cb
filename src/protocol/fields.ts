import { ProtocolError } from "./errors.ts";
import { isFieldValue, isToken, quote, sameName, trimOws } from "./grammar.ts";

export type FieldsInit =
  | Fields
  | Iterable<readonly [string, string]>
  | { readonly [name: string]: string | number | readonly string[] | undefined };

/** A field section as it stands on the wire, with what the writer must know of it. Made once for a section. */
export interface WireForm {
  /** Every field line, each with its CRLF; without the empty line that ends a section. */
  readonly text: string;
  readonly contentLength: string | undefined;
  readonly connection: string | undefined;
  readonly hasDate: boolean;
  readonly hasTransferEncoding: boolean;
}

/**
 * The fields of one section, in the order, case and number in which they were received or added.
 * Reading is by name, without regard to case (RFC 9110, 5.1). Values are strings of bytes
 * (latin1), without the white space around them.
 *
 * Adding a name that is no token, or a value with CR, LF, NUL or another control in it, throws
 * `FIELD_NAME_INVALID` or `FIELD_VALUE_INVALID`: nothing can be injected into a head.
 */
export class Fields implements Iterable<readonly [string, string]> {
  /** name, value, name, value … */
  readonly #list: string[] = [];
  #wire: WireForm | undefined;

  constructor(init?: FieldsInit) {
    if (init === undefined) return;
    if (init instanceof Fields) {
      for (const item of init.#list) this.#list.push(item);
    } else if (Symbol.iterator in init) {
      for (const [name, value] of init) this.append(name, value);
    } else {
      for (const [name, value] of Object.entries(init)) {
        if (value === undefined) continue;
        if (typeof value === "object") for (const one of value) this.append(name, one);
        else this.append(name, String(value));
      }
    }
  }

  /** For the reader, which has checked every byte already. */
  static received(names: readonly string[], values: readonly string[]): Fields {
    const fields = new Fields();
    for (let i = 0; i < names.length; i++) fields.#list.push(names[i] as string, values[i] as string);
    return fields;
  }

  /** How many field lines there are. */
  get size(): number {
    return this.#list.length / 2;
  }

  /** The field's value; several lines of one name are joined by ", " (RFC 9110, 5.3). */
  get(name: string): string | undefined {
    const list = this.#list;
    let found: string | undefined;
    for (let i = 0; i < list.length; i += 2) {
      if (!sameName(list[i] as string, name)) continue;
      found = found === undefined ? list[i + 1] : `${found}, ${list[i + 1]}`;
    }
    return found;
  }

  /** The value of each line of that name, in order. */
  values(name: string): string[] {
    const values: string[] = [];
    for (let i = 0; i < this.#list.length; i += 2) {
      if (sameName(this.#list[i] as string, name)) values.push(this.#list[i + 1] as string);
    }
    return values;
  }

  has(name: string): boolean {
    for (let i = 0; i < this.#list.length; i += 2) {
      if (sameName(this.#list[i] as string, name)) return true;
    }
    return false;
  }

  /** Adds a line at the end. */
  append(name: string, value: string): this {
    const trimmed = trimOws(value);
    if (!isToken(name)) {
      throw new ProtocolError(
        "FIELD_NAME_INVALID",
        `Cannot use ${quote(name)} as a field name: it is not a token`,
      );
    }
    if (!isFieldValue(trimmed)) {
      throw new ProtocolError(
        "FIELD_VALUE_INVALID",
        `Cannot set ${name}: ${quote(value)} holds a control character or one above U+00FF; encode it first`,
      );
    }
    this.#list.push(name, trimmed);
    this.#wire = undefined;
    return this;
  }

  /** Puts one line in place of all lines of that name, where the first of them stood. */
  set(name: string, value: string): this {
    const at = this.#list.findIndex((item, i) => i % 2 === 0 && sameName(item, name));
    if (at < 0) return this.append(name, value);
    // The new line is checked first: a refused one changes nothing.
    const line = new Fields().append(name, value).#list;
    const rest = this.#list.splice(at);
    this.#list.push(...line);
    this.#wire = undefined;
    for (let i = 2; i < rest.length; i += 2) {
      if (!sameName(rest[i] as string, name)) this.#list.push(rest[i] as string, rest[i + 1] as string);
    }
    return this;
  }

  /** Takes every line of that name away; false when there was none. */
  delete(name: string): boolean {
    const kept: string[] = [];
    for (let i = 0; i < this.#list.length; i += 2) {
      if (!sameName(this.#list[i] as string, name))
        kept.push(this.#list[i] as string, this.#list[i + 1] as string);
    }
    const found = kept.length !== this.#list.length;
    if (found) {
      this.#list.splice(0, this.#list.length, ...kept);
      this.#wire = undefined;
    }
    return found;
  }

  *[Symbol.iterator](): Generator<readonly [string, string]> {
    for (let i = 0; i < this.#list.length; i += 2)
      yield [this.#list[i] as string, this.#list[i + 1] as string];
  }

  /** The section for the wire. Kept until the fields change, so that a section sent often is built once. */
  wire(): WireForm {
    this.#wire ??= this.#toWire();
    return this.#wire;
  }

  /** The field lines as they are sent, each ended by CRLF. */
  toString(): string {
    return this.wire().text;
  }

  #toWire(): WireForm {
    let text = "";
    for (let i = 0; i < this.#list.length; i += 2) text += `${this.#list[i]}: ${this.#list[i + 1]}\r\n`;
    return {
      text,
      contentLength: this.get("content-length"),
      connection: this.get("connection"),
      hasDate: this.has("date"),
      hasTransferEncoding: this.has("transfer-encoding"),
    };
  }
}
