import { parseContentLength } from "./content-length.ts";
import { ProtocolError } from "./errors.ts";
import { isFieldValue, isToken, nameMark, quote, sameName, sameNameAt, trimOws } from "./grammar.ts";

const NO_SPANS: readonly number[] = [];

export type FieldsInit =
  | Fields
  | Iterable<readonly [string, string]>
  | { readonly [name: string]: string | number | readonly string[] | undefined };

/** A field section as it stands on the wire, with what the writer must know of it. Made once for a section. */
export interface WireForm {
  /** Every field line, each with its CRLF; without the empty line that ends a section. */
  readonly text: string;
  readonly contentLength: number | undefined;
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
  /** name, value, name, value …; undefined while what was received has not been taken apart. */
  #list: string[] | undefined;
  /** What was received, and where each line's name and value begin and end in it. */
  #text = "";
  #spans: readonly number[] = NO_SPANS;
  /** `nameMark` of every name that was received: most names that are asked for are not there. */
  #marks = -1;
  #wire: WireForm | undefined;

  constructor(init?: FieldsInit) {
    if (init === undefined) return;
    if (init instanceof Fields) {
      this.#list = [...init.#items()];
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
    fields.#list = names.flatMap((name, i) => [name, values[i] as string]);
    return fields;
  }

  /**
   * For the reader: the section's text and, for each line, where name and value begin and end in it; and the
   * `nameMark` of every name. Most fields of most requests are never asked for, so the strings are cut out
   * when they are.
   */
  static scanned(text: string, spans: readonly number[], marks: number): Fields {
    const fields = new Fields();
    fields.#keep(text, spans, marks);
    return fields;
  }

  #keep(text: string, spans: readonly number[], marks: number): void {
    this.#text = text;
    this.#spans = spans;
    this.#marks = marks;
  }

  #items(): string[] {
    if (this.#list === undefined) {
      const spans = this.#spans;
      const list: string[] = [];
      for (let i = 0; i < spans.length; i += 2) list.push(this.#text.slice(spans[i], spans[i + 1]));
      this.#list = list;
    }
    return this.#list;
  }

  /** How many field lines there are. */
  get size(): number {
    return this.#list === undefined ? this.#spans.length / 4 : this.#list.length / 2;
  }

  /** The field's value; several lines of one name are joined by ", " (RFC 9110, 5.3). */
  get(name: string): string | undefined {
    let found: string | undefined;
    const list = this.#list;
    if (list === undefined) {
      if ((this.#marks & nameMark(name.charCodeAt(0), name.length)) === 0) return undefined;
      const spans = this.#spans;
      for (let i = 0; i < spans.length; i += 4) {
        const start = spans[i] as number;
        if ((spans[i + 1] as number) - start !== name.length || !sameNameAt(this.#text, start, name))
          continue;
        const value = this.#text.slice(spans[i + 2], spans[i + 3]);
        found = found === undefined ? value : `${found}, ${value}`;
      }
      return found;
    }
    for (let i = 0; i < list.length; i += 2) {
      if (!sameName(list[i] as string, name)) continue;
      found = found === undefined ? list[i + 1] : `${found}, ${list[i + 1]}`;
    }
    return found;
  }

  /** The value of each line of that name, in order. */
  values(name: string): string[] {
    const list = this.#items();
    const values: string[] = [];
    for (let i = 0; i < list.length; i += 2) {
      if (sameName(list[i] as string, name)) values.push(list[i + 1] as string);
    }
    return values;
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  /** Adds a line at the end. */
  append(name: string, value: string): this {
    const trimmed = checkedValue(name, value);
    this.#items().push(name, trimmed);
    this.#wire = undefined;
    return this;
  }

  /** Puts one line in place of all lines of that name, where the first of them stood. */
  set(name: string, value: string): this {
    // Checked first: a refused value changes nothing.
    const trimmed = checkedValue(name, value);
    const list: string[] = [];
    let placed = false;
    for (const [oldName, oldValue] of this) {
      if (!sameName(oldName, name)) list.push(oldName, oldValue);
      else if (!placed) {
        list.push(name, trimmed);
        placed = true;
      }
    }
    if (!placed) list.push(name, trimmed);
    this.#list = list;
    this.#wire = undefined;
    return this;
  }

  /** Takes every line of that name away; false when there was none. */
  delete(name: string): boolean {
    if (!this.has(name)) return false;
    this.#list = [...this].filter(([oldName]) => !sameName(oldName, name)).flat();
    this.#wire = undefined;
    return true;
  }

  *[Symbol.iterator](): Generator<readonly [string, string]> {
    const list = this.#items();
    for (let i = 0; i < list.length; i += 2) yield [list[i] as string, list[i + 1] as string];
  }

  /** The section for the wire. Throws for a Content-Length that is no number. Kept until the fields change, so that a section sent often is built once. */
  wire(): WireForm {
    this.#wire ??= this.#toWire();
    return this.#wire;
  }

  /** The field lines as they are sent, each ended by CRLF. */
  toString(): string {
    let text = "";
    for (const [name, value] of this) text += `${name}: ${value}\r\n`;
    return text;
  }

  #toWire(): WireForm {
    const length = this.get("content-length");
    return {
      text: this.toString(),
      contentLength: length === undefined ? undefined : parseContentLength(length),
      connection: this.get("connection"),
      hasDate: this.has("date"),
      hasTransferEncoding: this.has("transfer-encoding"),
    };
  }
}

/** The value without the white space around it. Throws when name or value cannot stand in a field line. */
function checkedValue(name: string, value: string): string {
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
  return trimmed;
}
