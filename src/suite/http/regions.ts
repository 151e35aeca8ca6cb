// The regions of an `.http` file, from one `###` to the next: what each line of theirs is. What a region's parts
// come to in the end, and what variables stand for, is told elsewhere.

import { skipSpaces } from "../hurl/lines.ts";
import { Scanner } from "../hurl/scanner.ts";
import type { Span, Token } from "../hurl/tree.ts";
import { readHttpAssert } from "./asserts.ts";
import { endLine, readComment, restOfLine } from "./lines.ts";
import { isScriptLine, refusedImport, refusedScript } from "./refusals.ts";
import { emptyRegion, fieldText, isBlankPiece, type Region } from "./region.ts";
import {
  continuesUrl,
  isFileLine,
  isHeaderLine,
  readBodyPiece,
  readDefinition,
  readHeader,
  readOutput,
} from "./region-lines.ts";
import { continueUrl, readRequestLine } from "./request-line.ts";
import { applySetting, settingOf } from "./settings.ts";
import type { Reading } from "./templates.ts";

/** All regions of a file, in their order: else an error at the first line that cannot be read. */
export function readRegions(text: string): {
  readonly regions: readonly Region[];
  readonly tokens: readonly Token[];
  readonly source: Span;
} {
  const reader = new RegionReader(text);
  return reader.read();
}

type Place = "before" | "headers" | "body" | "answer";

const COMMENT = /^\s*(?:#|\/\/)/;
const DEFINITION = /^\s*@([^\s=:@]+)\s*:?=/;
const REQUEST = /^\s*[A-Z][A-Z-]*\s+\S.*\sHTTP\/\d(?:\.\d)?\s*$/;
const ANSWER = /^\s*HTTP\/\d(?:\.\d)?\s+\d{3}(?:\s|$)/;
const OUTPUT = /^\s*>>!?\s*\S/;

class RegionReader {
  readonly #scanner: Scanner;
  readonly #regions: Region[] = [];
  #region: Region;
  #place: Place = "before";

  constructor(text: string) {
    this.#scanner = new Scanner(text);
    this.#region = this.#open();
  }

  read(): ReturnType<typeof readRegions> {
    const scanner = this.#scanner;
    const start = scanner.position;
    while (!scanner.atEnd) this.#readLine(restOfLine(scanner));
    return { regions: this.#regions, tokens: scanner.tokens, source: scanner.since(start) };
  }

  get #reading(): Reading {
    return { scanner: this.#scanner, uses: this.#region.uses };
  }

  #open(): Region {
    const region = emptyRegion(this.#regions.length);
    this.#regions.push(region);
    this.#place = "before";
    this.#region = region;
    return region;
  }

  /** What may stand anywhere comes first. */
  #readLine(line: string): void {
    if (/^\s*###/.test(line)) this.#readSeparator(line);
    else if (COMMENT.test(line)) this.#readComment(line);
    else if (/^\s*\?\?/.test(line)) this.#readAssert();
    else if (isScriptLine(line)) throw refusedScript(this.#scanner, line);
    else this.#readPlaced(line);
  }

  #readPlaced(line: string): void {
    const blank = line.trim() === "";
    switch (this.#place) {
      case "before":
        if (blank) this.#skipLine();
        else this.#readBefore(line);
        break;
      case "headers":
        if (blank) {
          this.#place = "body";
          this.#skipLine();
        } else this.#readHeaderLine(line);
        break;
      case "body":
        this.#readBodyLine(line, blank);
        break;
      case "answer":
        if (REQUEST.test(line)) this.#readNext(line);
        else this.#skipLine();
    }
  }

  #skipLine(): void {
    const { before } = this.#region;
    const ending = endLine(this.#scanner);
    if (this.#place === "before") before.push(ending);
  }

  #readSeparator(line: string): void {
    const scanner = this.#scanner;
    this.#open();
    const marks = /^\s*#+\s*/.exec(line)?.[0] ?? "";
    const text = line.slice(marks.length).trim();
    skipSpaces(scanner);
    const separator = readComment(scanner, /^#+/);
    this.#region.before.push(separator);
    if (text !== "") this.#region.title = { text, source: separator.comment.source };
  }

  #readComment(line: string): void {
    const scanner = this.#scanner;
    skipSpaces(scanner);
    const comment = readComment(scanner, /^(?:#|\/\/)/);
    if (this.#place === "before") this.#region.before.push(comment);
    const setting = settingOf(line);
    const { source } = comment.comment;
    if (setting === undefined) return;
    applySetting(this.#region.settings, {
      ...setting,
      source,
      problem: (code, expected) => scanner.error(code, expected, source.start),
    });
  }

  #readAssert(): void {
    if (this.#region.line === undefined) {
      skipSpaces(this.#scanner);
      throw this.#scanner.error("ASSERT", "an assert stands after the request whose answer it is about");
    }
    this.#region.asserts.push(readHttpAssert(this.#reading));
  }

  #readBefore(line: string): void {
    if (/^\s*\/\*/.test(line)) this.#skipBlockComment();
    else if (DEFINITION.test(line)) this.#region.definitions.push(readDefinition(this.#scanner));
    else if (isFileLine(line)) throw refusedScript(this.#scanner, line);
    else if (/^\s*(?:import|run)\s/.test(line)) throw refusedImport(this.#scanner);
    else if (/^\s*(?:curl|gql|proto)\s/.test(line)) {
      skipSpaces(this.#scanner);
      throw this.#scanner.error("METHOD", "expecting a request line: a method and a URL, or a URL");
    } else {
      this.#region.line = readRequestLine(this.#reading);
      this.#place = "headers";
    }
  }

  #readHeaderLine(line: string): void {
    const { line: request, headers, definitions } = this.#region;
    if (request !== undefined && headers.length === 0 && continuesUrl(line)) {
      this.#region.line = continueUrl(this.#reading, request);
    } else if (REQUEST.test(line)) this.#readNext(line);
    else if (DEFINITION.test(line)) definitions.push(readDefinition(this.#scanner));
    else if (OUTPUT.test(line)) this.#region.settings.options.push(readOutput(this.#reading));
    else if (/^\s*<>/.test(line)) this.#skipLine();
    else if (isHeaderLine(line)) headers.push(readHeader(this.#reading));
    else if (/^\s*(?:[{["]|<(?:@|\s|[A-Za-z!?]))/.test(line)) {
      // httpyac takes what is no header for the body, also without a blank line before it.
      this.#place = "body";
      this.#readBodyLine(line, false);
    } else {
      skipSpaces(this.#scanner);
      const spread = /^\s*\.\.\./.test(line)
        ? "a variable with headers is not taken apart: write each header"
        : undefined;
      throw this.#scanner.error("HEADER", spread ?? "expecting a header, or a blank line before the body");
    }
  }

  #readBodyLine(line: string, blank: boolean): void {
    const { body } = this.#region;
    const begun = body.length > 0;
    if (blank && !begun) this.#skipLine();
    else if (!begun && DEFINITION.test(line)) this.#region.definitions.push(readDefinition(this.#scanner));
    else if (this.#beginsRequest(line)) this.#readNext(line);
    else if (OUTPUT.test(line)) this.#region.settings.options.push(readOutput(this.#reading));
    else if (/^\s*<>\s/.test(line)) this.#skipLine();
    else if (ANSWER.test(line) && this.#afterBlankLine()) {
      this.#place = "answer";
      this.#skipLine();
    } else body.push(readBodyPiece(this.#reading));
  }

  #afterBlankLine(): boolean {
    const last = this.#region.body.at(-1);
    return last === undefined || isBlankPiece(last);
  }

  /** Whether a request begins here without a separator; a body of requests, such as a batch, has its own. */
  #beginsRequest(line: string): boolean {
    if (!REQUEST.test(line) || !this.#afterBlankLine()) return false;
    return !/^(?:multipart\/|(?:message|application)\/http)/.test(fieldText(this.#region, "content-type"));
  }

  #readNext(line: string): void {
    this.#open();
    this.#readBefore(line);
  }

  #skipBlockComment(): void {
    const scanner = this.#scanner;
    skipSpaces(scanner);
    const end = scanner.text.indexOf("*/", scanner.offset + 2);
    if (end === -1) throw scanner.error("COMMENT", "expecting '*/'");
    scanner.advance(end + 2 - scanner.offset);
    scanner.emit("comment");
    this.#skipLine();
  }
}
