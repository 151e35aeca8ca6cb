// What a run knows while it goes on: its variables, its files, the time. It renders templates; where values come
// from, what filters do to them and how they look as text is said elsewhere.

import { randomUUID } from "node:crypto";
import { Failure } from "../failure.ts";
import type { FileBytes, Placeholder, Span, Template } from "../hurl/tree.ts";
import { applyFilters } from "../values/filters.ts";
import { jsonText } from "../values/json.ts";
import type { Evaluation, Value } from "../values/value.ts";
import { describeValue, valueText } from "../values/value-text.ts";
import { dynamicValue } from "./dynamic-values.ts";
import type { FileAccess } from "./file-access.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export class Context implements Evaluation {
  readonly files: FileAccess;
  readonly #variables: Map<string, Value>;
  readonly #environment: Environment;

  /** `variables` are copied: a run changes its own only. `environment` is what `{{$processEnv}}` looks into. */
  constructor(
    files: FileAccess,
    variables: Iterable<readonly [string, Value]> = [],
    environment: Environment = {},
  ) {
    this.files = files;
    this.#variables = new Map(variables);
    this.#environment = environment;
  }

  get variables(): ReadonlyMap<string, Value> {
    return this.#variables;
  }

  set(name: string, value: Value): void {
    this.#variables.set(name, value);
  }

  variable(name: string): Value | undefined {
    return this.#variables.get(name);
  }

  /** Failures: those of value(), and TEMPLATE_VALUE for what has no text, such as a list. */
  text({ parts }: Template): string {
    const texts = parts.map((part) =>
      part.kind === "text" ? part.value : renderedText(this.value(part), part.value.source),
    );
    return texts.join("");
  }

  /** Failures: TEMPLATE_VARIABLE for a variable that is not set, TEMPLATE_VALUE, and those of the filters. */
  value({ value: start, filters }: Placeholder): Value {
    const value = applyFilters(this.#start(start), filters, this, "template");
    if (value !== undefined) return value;
    throw new Failure("TEMPLATE_VALUE", start.source, "expression without a value can not be rendered");
  }

  /** Failures: those of text(), FILE_FORBIDDEN and FILE. */
  bytes({ name }: FileBytes): Uint8Array {
    return this.files.read(this.text(name), name.source);
  }

  now(): Date {
    return new Date();
  }

  #start(start: Placeholder["value"]): Value {
    if (start.kind === "variable") {
      const value = this.#variables.get(start.name);
      if (value !== undefined) return value;
      throw new Failure("TEMPLATE_VARIABLE", start.source, `you must set the variable ${start.name}`);
    }
    switch (start.name) {
      case "newDate":
        return { kind: "date", value: this.now() };
      case "newUuid":
        return { kind: "string", value: randomUUID() };
      default:
        return dynamicValue(start, {
          now: this.now(),
          environment: this.#environment,
          dotenv: () => new TextDecoder().decode(this.files.read(".env", start.source)),
        });
    }
  }
}

/** A value as a template renders it; Failure TEMPLATE_VALUE at `source` when it has no text. */
export function renderedText(value: Value, source: Span): string {
  const text = valueText(value);
  if (text !== undefined) return text;
  throw new Failure("TEMPLATE_VALUE", source, `expression with value ${shown(value)} can not be rendered`);
}

/** A value that has no text, for a message. */
function shown(value: Value): string {
  return value.kind === "list" || value.kind === "object" ? jsonText(value) : describeValue(value);
}
