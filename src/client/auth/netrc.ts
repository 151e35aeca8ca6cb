// A .netrc file: who somebody is on which machine. Text to entries; knows nothing of where such a file lies.

import { quote } from "../../protocol/grammar.ts";

export interface NetrcEntry {
  /** Undefined for `default`, which stands for all others. */
  readonly machine: string | undefined;
  readonly login: string | undefined;
  readonly password: string | undefined;
  readonly account: string | undefined;
}

/** A .netrc file that cannot be read. */
export class NetrcError extends Error {
  override readonly name = "NetrcError";
  readonly code = "NETRC_INVALID";
  /** From 1. */
  readonly line: number;

  constructor(line: number, why: string) {
    super(`Cannot read line ${line} of the netrc file: ${why}`);
    this.line = line;
  }
}

// Others write them for mail and news; of no meaning here, each with a value.
const OVERLOOKED: ReadonlySet<string> = new Set(["port", "protocol", "force"]);

/**
 * Reads a .netrc file. A token may stand in double quotes, with `\"`, `\\`, `\n`, `\r` and `\t` in it; "#" in the place
 * of a keyword begins a comment; a macro (`macdef`) ends at an empty line and is left out. Throws NetrcError.
 */
export function parseNetrc(text: string): NetrcEntry[] {
  const scanner = new Scanner(text);
  let behindPassword = false;
  const entries: { -readonly [name in keyof NetrcEntry]: NetrcEntry[name] }[] = [];
  for (let token = scanner.next(); token !== undefined; token = scanner.next()) {
    const { text: keyword, line } = token;
    const secret = behindPassword;
    behindPassword = false;
    if (keyword.startsWith("#")) {
      scanner.skipLine(token);
      continue;
    }
    const last = entries.at(-1);
    switch (keyword.toLowerCase()) {
      case "machine":
        entries.push({ ...NOBODY, machine: scanner.valueOf("machine", line) });
        break;
      case "default":
        entries.push({ ...NOBODY });
        break;
      case "macdef":
        scanner.valueOf("macdef", line);
        scanner.skipMacro();
        break;
      case "login":
      case "user":
        assign(last, "login", scanner.valueOf(keyword, line), line);
        break;
      case "password":
      case "passwd":
        assign(last, "password", scanner.valueOf(keyword, line), line);
        behindPassword = true;
        break;
      case "account":
        assign(last, "account", scanner.valueOf(keyword, line), line);
        break;
      default:
        if (!OVERLOOKED.has(keyword.toLowerCase())) {
          // It may be the rest of a password.
          const what = secret ? "what stands behind the password" : quote(keyword);
          throw new NetrcError(
            line,
            `${what} is none of machine, default, login, password, account, macdef. A value with a space in it belongs in double quotes`,
          );
        }
        scanner.valueOf(keyword, line);
    }
  }
  return entries;
}

const NOBODY: NetrcEntry = {
  machine: undefined,
  login: undefined,
  password: undefined,
  account: undefined,
};

type Writable = { -readonly [name in keyof NetrcEntry]: NetrcEntry[name] };

function assign(
  entry: Writable | undefined,
  name: "login" | "password" | "account",
  value: string,
  line: number,
): void {
  if (entry === undefined) throw new NetrcError(line, `"${name}" stands before any "machine" or "default"`);
  entry[name] = value;
}

interface Token {
  readonly text: string;
  readonly line: number;
  /** Where it begins. */
  readonly at: number;
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    // A byte order mark would be a part of the first keyword.
    this.#text = text.startsWith("\ufeff") ? text.slice(1) : text;
  }

  next(): Token | undefined {
    this.#match(/[ \t\r\n]*/y);
    const at = this.#at;
    if (at === this.#text.length) return undefined;
    const line = this.#line(at);
    const quoted = this.#match(/"((?:[^"\\\n]|\\.)*)"/y);
    if (quoted !== undefined) {
      return { text: quoted.slice(1, -1).replace(/\\(.)/g, (_, c: string) => ESCAPES[c] ?? c), line, at };
    }
    const bare = this.#match(/[^ \t\r\n]+/y) as string;
    if (bare.startsWith('"')) throw new NetrcError(line, "a quoted value has no end");
    return { text: bare, line, at };
  }

  /** The token behind a keyword, whatever it looks like. */
  valueOf(keyword: string, line: number): string {
    const token = this.next();
    if (token === undefined) throw new NetrcError(line, `"${keyword}" has no value behind it`);
    return token.text;
  }

  skipLine(token: Token): void {
    this.#at = token.at;
    this.#match(/[^\n]*/y);
  }

  /** To behind the next empty line, or to the end. */
  skipMacro(): void {
    this.#match(/[^\n]*(?:\n(?!\r?\n)[^\n]*)*/y);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at = pattern.lastIndex;
    return found;
  }

  #line(at: number): number {
    let line = 1;
    for (let i = this.#text.indexOf("\n"); i !== -1 && i < at; i = this.#text.indexOf("\n", i + 1)) line++;
    return line;
  }
}

/**
 * Who to be on a host: the first entry for it, else `default`; with a login, only an entry of that login will do.
 * Undefined when there is none. The host is compared without regard to case; its port is of no account.
 */
export function credentialsFor(
  entries: readonly NetrcEntry[],
  host: string,
  login?: string,
): { readonly login: string; readonly password: string } | undefined {
  const name = host.toLowerCase();
  const fits = (entry: NetrcEntry): boolean => login === undefined || entry.login === login;
  const found =
    entries.find((entry) => entry.machine?.toLowerCase() === name && fits(entry)) ??
    entries.find((entry) => entry.machine === undefined && fits(entry));
  return found && { login: found.login ?? "", password: found.password ?? "" };
}
