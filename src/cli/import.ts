// `sockeye import FILE STORE`: the records of a JSON file into a store.

import { Command, Option } from "commander";
import { CommandError, EXIT } from "./exit-codes.ts";
import { openFile } from "./file-source.ts";
import { Progress } from "./progress.ts";
import { formatElapsed } from "./quantities.ts";
import { painter, wantsColor } from "./terminal.ts";

interface ImportOptions {
  readonly replace?: boolean;
  readonly keep?: boolean;
  readonly schema?: string;
}

const EXAMPLES = `
Examples:
  sockeye import animals.json ./zoo
  sockeye import animals.json ./zoo --schema animal.schema.json --keep
  curl https://example.com/animals.json | sockeye import - ./zoo --replace

A server may have the store open, too: it shows the records at once.`;

export function importCommand(): Command {
  return new Command("import")
    .summary("put the records of a JSON file into a store")
    .description(
      "Puts records into a store, which is made when it is missing. The file is one JSON object, {name: record},\n" +
        'or a list of objects that have a "name" or an "id".',
    )
    .argument("<file>", "JSON file; - is standard input")
    .argument("<store>", "folder of the store")
    .addOption(
      new Option("--replace", "let a record of the file replace one that is there").conflicts("keep"),
    )
    .option("--keep", "leave a record that is there as it is; without either, one that is there is an error")
    .option("--schema <file>", "JSON Schema that every record has to follow")
    .addHelpText("after", EXAMPLES)
    .action(importFile);
}

async function importFile(file: string, store: string, options: ImportOptions): Promise<void> {
  const { Stores, requireLasting, storeFailure } = await import("./stores.ts");
  const { readSchemaFile } = await import("./schema-file.ts");
  const { importRecords } = await import("../resource/records/transfer.ts");
  requireLasting(store, `import ${file} into ${store}`);
  const schema = options.schema === undefined ? undefined : await readSchemaFile(options.schema);
  const source = await openSource(file);
  const { stderr } = process;
  const progress = new Progress(stderr, {
    label: source.name,
    total: source.size,
    paint: painter(wantsColor(stderr)),
  });
  const stores = new Stores(false);
  let soFar = 0;
  let interrupted = false;
  const interrupt = (): void => {
    // Whoever presses it twice will not wait for anything.
    if (interrupted) process.exit(EXIT.interrupted);
    interrupted = true;
    source.stop(new Error("Interrupted"));
  };
  process.on("SIGINT", interrupt);
  try {
    const table = await stores.open(store);
    const onExisting = options.replace === true ? "replace" : options.keep === true ? "keep" : "fail";
    const { records, kept } = await importRecords(table, told(source.chunks, progress), {
      onExisting,
      schema,
      onProgress: (made) => {
        soFar = made.records;
      },
    });
    progress.clear();
    const left = kept === 0 ? "" : `, left ${counted(kept)} as ${kept === 1 ? "it was" : "they were"}`;
    stderr.write(
      `Imported ${counted(records)} into ${store}${left}, in ${formatElapsed(progress.seconds)}\n`,
    );
  } catch (error) {
    progress.clear();
    throw interrupted
      ? interruption(`${counted(soFar)} of ${source.name}`, soFar === 1, store, error)
      : (importFailure(source.name, error) ?? storeFailure(error));
  } finally {
    process.off("SIGINT", interrupt);
    await stores.close();
    await source.close();
  }
}

interface Source {
  readonly name: string;
  /** Bytes, when known. */
  readonly size: number | undefined;
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Ends the chunks with an error. */
  stop(error: Error): void;
  close(): Promise<void>;
}

async function openSource(file: string): Promise<Source> {
  if (file === "-") {
    const { stdin, stderr } = process;
    if (stdin.isTTY) stderr.write("Reading JSON from the terminal; Ctrl-D on a line of its own ends it.\n");
    return {
      name: "standard input",
      size: undefined,
      chunks: stdin,
      stop: (error) => void stdin.destroy(error),
      // Whoever still writes to it must not keep the command from ending.
      close: async () => void stdin.destroy(),
    };
  }
  const { handle, size } = await openFile(file);
  const chunks = handle.createReadStream({ autoClose: false });
  return {
    name: file,
    size,
    chunks,
    stop: (error) => void chunks.destroy(error),
    close: () => handle.close(),
  };
}

async function* told(chunks: AsyncIterable<Uint8Array>, progress: Progress): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    yield chunk;
    progress.advance(chunk.length);
  }
}

function counted(records: number): string {
  return `${records.toLocaleString("en")} ${records === 1 ? "record" : "records"}`;
}

function interruption(what: string, single: boolean, store: string, cause: unknown): CommandError {
  const message = `Interrupted: ${what} ${single ? "is" : "are"} in ${store}`;
  return new CommandError(EXIT.interrupted, message, { cause });
}

function importFailure(name: string, error: unknown): CommandError | undefined {
  if (!(error instanceof Error) || error.name !== "ImportError") return undefined;
  const wayOut =
    "code" in error && error.code === "RECORD_EXISTS"
      ? ". --replace lets the file's take its place, --keep leaves it as it is"
      : "";
  const message = error.message.replace(/^Cannot import line/, `Cannot import ${name}, line`);
  return new CommandError(EXIT.failure, `${message}${wayOut}`, { cause: error });
}
