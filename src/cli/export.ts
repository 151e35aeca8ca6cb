// `sockeye export STORE [FILE]`: the records of a store as one JSON file, or to standard output.

import { stat } from "node:fs/promises";
import { Command } from "commander";
import type { Table } from "../store/table.ts";
import { CommandError, EXIT } from "./exit-codes.ts";
import { streamOutput } from "./output.ts";
import { PartFile } from "./part-file.ts";
import { Progress } from "./progress.ts";
import { formatBytes, formatElapsed } from "./quantities.ts";
import { painter, wantsColor } from "./terminal.ts";

const EXAMPLES = `
Examples:
  sockeye export ./zoo animals.json
  sockeye export ./zoo | sockeye import - ./other

A server may have the store open, too; what is exported is each record as it is when its turn comes.`;

export function exportCommand(): Command {
  return new Command("export")
    .summary("write the records of a store to a JSON file")
    .description(
      "Writes the records of a store as one JSON object, {name: record}, to a file, which bears its name\n" +
        "only when it is whole, or to standard output.",
    )
    .argument("<store>", "folder of the store")
    .argument("[file]", "where to; without it, or with -, standard output")
    .option("--force", "replace a file that is there")
    .addHelpText("after", EXAMPLES)
    .action(exportStore);
}

async function exportStore(
  store: string,
  file: string | undefined,
  { force = false }: { readonly force?: boolean },
): Promise<void> {
  const { requireLasting, Stores, storeFailure } = await import("./stores.ts");
  requireLasting(store, `export ${store}`);
  const name = file === "-" ? undefined : file;
  if (name !== undefined && !force) await refuseToReplace(store, name);
  const stores = new Stores(true);
  try {
    const table = await stores.open(store);
    const written = name === undefined ? await toOutput(table, store) : await toFile(table, name);
    process.stderr.write(
      `Exported ${store}${name === undefined ? "" : ` to ${written.path}`}: ${written.summary}\n`,
    );
  } catch (error) {
    throw storeFailure(error);
  } finally {
    await stores.close();
  }
}

interface Written {
  readonly path: string;
  readonly summary: string;
}

async function toFile(table: Table, name: string): Promise<Written> {
  const part = await PartFile.create(name, undefined, true);
  let progress: Progress;
  try {
    progress = await copy(table, part.name, (bytes) => part.write(bytes));
  } catch (error) {
    await part.suspend();
    throw error;
  }
  return { path: await part.finish(), summary: summaryOf(progress) };
}

async function toOutput(table: Table, store: string): Promise<Written> {
  const output = streamOutput(process.stdout);
  // On a terminal that shows the records themselves, a bar would be written between them.
  const progress = await copy(table, store, (bytes) => output.write(bytes), !output.terminal);
  return { path: "", summary: summaryOf(progress) };
}

async function copy(
  table: Table,
  label: string,
  write: (bytes: Uint8Array) => Promise<void>,
  shown = true,
): Promise<Progress> {
  const { exportRecords } = await import("../resource/records/transfer.ts");
  const { stderr } = process;
  const progress = new Progress(shown ? stderr : { write: () => undefined }, {
    label,
    total: undefined,
    paint: painter(wantsColor(stderr)),
  });
  try {
    for await (const text of exportRecords(table)) {
      const bytes = Buffer.from(text);
      await write(bytes);
      progress.advance(bytes.length);
    }
  } finally {
    progress.clear();
  }
  return progress;
}

function summaryOf({ bytes, seconds }: Progress): string {
  return `${formatBytes(bytes)} in ${formatElapsed(seconds)}`;
}

async function refuseToReplace(store: string, name: string): Promise<void> {
  const found = await stat(name).catch(() => undefined);
  // A device or a pipe is written to; of a folder the one who writes will tell.
  if (found?.isFile() !== true) return;
  throw new CommandError(
    EXIT.failure,
    `Cannot export ${store} to ${name}: there is such a file. --force replaces it`,
  );
}
