// What the help says of mounts: shortly below `sockeye serve --help`, whole in `sockeye help mounts`.

import { MOUNT_KINDS, type MountOption, mountOptionForm } from "./mount-kinds.ts";

/** The kinds with their options, a few lines. */
export function shortMountHelp(): string {
  const lines = Object.entries(MOUNT_KINDS).map(([kind, { where, summary, options }]) => {
    const names = options.map(mountOptionForm).join(", ");
    return `  ${`${kind}:${where}`.padEnd(15)} ${summary}\n${" ".repeat(18)}options: ${names}`;
  });
  return `
Kinds of mount (PATH=KIND:WHERE,option,option=value; more: sockeye help mounts):
${lines.join("\n")}
`;
}

const HEAD = `Usage: sockeye serve --mount PATH=KIND:WHERE[,OPTION…] [--mount …]

Serves something at a path. The longest path wins; where nothing is mounted at /, a list of the mounts
is there. DIR is a folder. STORE is a folder with a database in it, made when it is missing, or :memory:
or :memory:NAME, which are gone when the server stops. Mounts on one STORE show the same data at the
same time, and several servers may open the same folder.

Options stand behind a comma. A comma with no option behind it belongs to the name before it.
BYTES may have a unit: 65536, 64KiB, 16MB.
`;

const EXAMPLES = `
Examples:
  sockeye serve --mount /docs=files:./public,read-only
  sockeye serve --mount /kv=kv:./data,max-value=64MiB --mount /form=form:./data
  sockeye serve --mount /animals=records:./zoo,schema=animal.schema.json
  sockeye serve --mount /try=kv::memory:
`;

/** All that can be said of a mount. */
export function mountHelp(): string {
  const sections = Object.entries(MOUNT_KINDS).map(([kind, { where, summary, options }]) => {
    const width = Math.max(...options.map((option) => mountOptionForm(option).length));
    const lines = options.map((option) => `  ${mountOptionForm(option).padEnd(width)}  ${explained(option)}`);
    return `\n${kind}:${where}  ${summary}\n${lines.join("\n")}\n`;
  });
  return `${HEAD}${sections.join("")}${EXAMPLES}`;
}

function explained({ help, standard }: MountOption): string {
  return standard === undefined ? help : `${help} (default: ${standard})`;
}
