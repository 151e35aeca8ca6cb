// A JSON Schema out of a file that the command line names.

import { readFile } from "node:fs/promises";
import { findJsonFault } from "../resource/json/fault.ts";
import { readSchema, SchemaError } from "../resource/records/schema.ts";
import { CommandError, EXIT } from "./exit-codes.ts";
import { fileError } from "./items.ts";

/** Reads a schema that compiles. Throws CommandError: with line and column for what is no JSON, with the reason for what is no schema. */
export async function readSchemaFile(path: string): Promise<unknown> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw fileError(path, error);
  });
  const schema = parse(path, bytes);
  try {
    readSchema(schema);
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error;
    throw refusal(path, error.message.replace(/^Cannot use the schema: /, ""), error);
  }
  return schema;
}

function parse(path: string, bytes: Uint8Array): unknown {
  let text = "";
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof TypeError) throw refusal(path, "it is not UTF-8 text", error);
    const { line, column, reason } = findJsonFault(text);
    throw refusal(path, `it is no JSON at line ${line}, column ${column}: ${reason}`, error);
  }
}

function refusal(path: string, why: string, cause: unknown): CommandError {
  return new CommandError(EXIT.usage, `Cannot use the schema ${path}: ${why}`, { cause });
}
