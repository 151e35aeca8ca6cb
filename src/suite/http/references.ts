// What the variables of a request stand for: values that the file defines, parts of earlier answers, or neither. The
// first become options that set them before the request, the second captures of the request that they come from.
import { HurlSyntaxError } from "../hurl/errors.ts";
import type { Capture, Filter, HurlOption, Query, Template, Variable } from "../hurl/tree.ts";
import { type Definitions, definitionFor } from "./definitions.ts";
import { jsonPathOf } from "./json-paths.ts";
import { noLineEnd } from "./lines.ts";
import type { Definition, Region } from "./region.ts";
import { option } from "./settings.ts";
import { textTemplate } from "./templates.ts";

// So that no file can exhaust the stack.
const MOST_LEVELS = 1000;

/** What a region's request has besides what stands in it. */
export interface Links {
  /** Options that set variables, each after those that its value needs. */
  readonly variables: readonly HurlOption[];
  /** By name. */
  readonly captures: ReadonlyMap<string, Capture>;
}

/** The links of every region, by its index: else `REFERENCE` or `VARIABLE`. */
export function linkRegions(regions: readonly Region[], definitions: Definitions): readonly Links[] {
  const captures = regions.map(() => new Map<string, Capture>());
  const variables = regions.map((region) => {
    if (region.line === undefined) return [];
    const linker = new Linker(regions, region, definitions, captures);
    for (const use of region.uses) linker.need(use);
    if (hasFileTemplate(region)) linker.needAll();
    for (const needed of region.settings.needed) linker.requireEarlier(needed.text, needed.source.start);
    return linker.options;
  });
  return regions.map((_, index) => ({
    variables: variables[index] ?? [],
    captures: captures[index] ?? new Map(),
  }));
}

/** A file's text is not known here: it may name any variable. */
function hasFileTemplate({ body }: Region): boolean {
  return body.some((piece) => piece.kind === "file" && piece.file.kind === "file-template");
}

class Linker {
  readonly options: HurlOption[] = [];
  readonly #regions: readonly Region[];
  readonly #region: Region;
  readonly #definitions: Definitions;
  readonly #captures: readonly Map<string, Capture>[];
  readonly #done = new Set<Definition>();
  readonly #open = new Set<Definition>();
  readonly #known = new Map<Definition, boolean>();

  constructor(
    regions: readonly Region[],
    region: Region,
    definitions: Definitions,
    captures: readonly Map<string, Capture>[],
  ) {
    this.#regions = regions;
    this.#region = region;
    this.#definitions = definitions;
    this.#captures = captures;
  }

  need(use: Variable): void {
    const definition = definitionFor(this.#definitions, this.#region, use.name);
    if (definition === undefined) this.#refer(use);
    else this.#define(definition);
  }

  /** Every variable whose value can be known before this region. */
  needAll(): void {
    for (const name of this.#definitions.keys()) {
      const definition = definitionFor(this.#definitions, this.#region, name);
      if (definition !== undefined && this.#isKnown(definition, 0)) this.#define(definition);
    }
  }

  /** The region of the request `name`, which has to run before this one's. */
  requireEarlier(name: string, at: Variable["source"]["start"]): Region {
    const named = this.#named(name);
    const found = named.filter(({ index }) => index < this.#region.index).at(-1);
    if (found !== undefined) return found;
    const problem =
      named.length === 0
        ? `no request has the name ${name}: give it with # @name ${name}`
        : `the request ${name} does not stand before this one, and requests run in the order of the file`;
    throw new HurlSyntaxError("REFERENCE", at, problem);
  }

  #define(definition: Definition): void {
    if (this.#done.has(definition)) return;
    const { name, value, uses } = definition;
    if (this.#open.has(definition)) {
      throw new HurlSyntaxError(
        "VARIABLE",
        name.source.start,
        `the variable ${name.text} is defined by itself`,
      );
    }
    if (this.#open.size >= MOST_LEVELS) {
      const problem = `more than ${MOST_LEVELS} variables are defined by each other`;
      throw new HurlSyntaxError("NESTING", name.source.start, problem);
    }
    this.#open.add(definition);
    for (const use of uses) this.need(use);
    this.#open.delete(definition);
    this.#done.add(definition);
    const source = { start: name.source.start, end: value.source.end };
    const text = { kind: "string", value, source: value.source } as const;
    this.options.push(
      option("variable", { kind: "variable-definition", name: name.text, value: text, source }),
    );
  }

  /** Whether a value can be computed without an answer that is yet to come. */
  #isKnown(definition: Definition, level: number): boolean {
    const known = this.#known.get(definition);
    if (known !== undefined) return known;
    // Until it is known: a value that needs itself never is.
    this.#known.set(definition, false);
    const all = level < MOST_LEVELS && definition.uses.every((use) => this.#isKnownUse(use.name, level + 1));
    this.#known.set(definition, all);
    return all;
  }

  #isKnownUse(name: string, level: number): boolean {
    const definition = definitionFor(this.#definitions, this.#region, name);
    if (definition !== undefined) return this.#isKnown(definition, level);
    const [request = ""] = name.split(/[.[]/, 1);
    return request === name || this.#named(request).some(({ index }) => index < this.#region.index);
  }

  /** Asks an earlier answer for what a variable names; leaves a variable alone that is no part of an answer. */
  #refer({ name, source }: Variable): void {
    const [request = ""] = name.split(/[.[]/, 1);
    const asked = /^\.(request|response)\.(body|headers)(?:\.(.*))?$/su.exec(name.slice(request.length));
    if (asked === null && !this.#regions.some(({ settings }) => settings.name?.text === request)) return;
    const { index } = this.requireEarlier(request, source.start);
    const [, side, part, rest = ""] = asked ?? [];
    if (side === "request") {
      const problem =
        "requests are not kept: define the value with @name = value, and use that in both places";
      throw new HurlSyntaxError("REFERENCE", source.start, problem);
    }
    if (part === "headers" && rest === "") {
      throw new HurlSyntaxError("REFERENCE", source.start, "expecting the name of a header");
    }
    const query =
      asked === null ? bodyQuery(name.slice(request.length), source) : answerQuery(part, rest, source);
    if (this.#captures[index]?.has(name)) return;
    this.#captures[index]?.set(name, capture(name, query, source));
  }

  #named(name: string): readonly Region[] {
    const titled = (region: Region): boolean => (region.settings.name ?? region.title)?.text === name;
    return this.#regions.filter((region) => region.line !== undefined && titled(region));
  }
}

function answerQuery(part: string | undefined, rest: string, source: Variable["source"]): Query {
  if (part === "headers") return { kind: "header", name: textTemplate(rest, source), source };
  return bodyQuery(rest, source);
}

/** The whole body, a node of XML as text, or a value of JSON. */
function bodyQuery(path: string, source: Variable["source"]): Query {
  if (path === "" || path === "*") return { kind: "body", source };
  const template = (text: string): Template => textTemplate(text, source, path);
  if (path.startsWith("/")) return { kind: "xpath", expression: template(`string(${path})`), source };
  return { kind: "jsonpath", expression: template(jsonPathOf(path.replace(/^\.(?=[^.])/, ""))), source };
}

function capture(name: string, query: Query, source: Variable["source"]): Capture {
  const filters: readonly Filter[] = [];
  const ending = noLineEnd(source.end);
  return {
    kind: "capture",
    before: [],
    name: textTemplate(name, source),
    query,
    filters,
    redact: false,
    ending,
    source,
  };
}
