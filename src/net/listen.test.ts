import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { ListenError, type Listener, listen, ownAddresses } from "./listen.ts";
import { ownerOfPort } from "./port-owner.ts";
import type { Transport } from "./transport.ts";

let folder: string;
const listeners: Listener[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "sockeye-listen-"));
});
after(async () => {
  for (const listener of listeners) await listener.close();
  await rm(folder, { recursive: true, force: true });
});

const refuse = (transport: Transport): void => transport.destroy();

async function open(where: Parameters<typeof listen>[0]): Promise<Listener> {
  const listener = await listen(where, refuse);
  listeners.push(listener);
  return listener;
}

async function failure(where: Parameters<typeof listen>[0]): Promise<ListenError> {
  try {
    await open(where);
  } catch (error) {
    assert.ok(error instanceof ListenError);
    assert.ok(error.cause instanceof Error);
    return error;
  }
  throw new Error("It does listen");
}

/** Leaves a socket file behind, as a process that was killed does. */
async function leaveSocket(path: string): Promise<void> {
  const script = `require("node:net").createServer().listen(process.argv[1], () => console.log("up"))`;
  const child = spawn(process.execPath, ["-e", script, path], { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout, "data");
  child.kill("SIGKILL");
  await once(child, "exit");
  assert.ok((await stat(path)).isSocket());
}

describe("Listening on TCP", () => {
  test("port 0 takes a port of the system's choice, and tells it", async () => {
    const { address } = await open({ port: 0 });
    assert.equal(address.host, "127.0.0.1");
    assert.ok(address.port > 0);
    assert.equal(address.path, undefined);
  });

  test("a port that is taken is refused, with the way out, and by whom where the system tells", async () => {
    const { address } = await open({});
    const error = await failure({ port: address.port });
    assert.equal(error.code, "EADDRINUSE");
    assert.match(
      error.message,
      new RegExp(`^Cannot listen on 127\\.0\\.0\\.1:${address.port}: the port is taken`),
    );
    assert.match(error.message, /--port 0$/);
    if (process.platform === "linux")
      assert.match(error.message, new RegExp(`by .+ \\(process ${process.pid}\\)\\.`));
  });

  test("an address of another machine is refused, with the addresses that there are", async () => {
    const error = await failure({ host: "203.0.113.77" });
    assert.equal(error.code, "EADDRNOTAVAIL");
    assert.match(
      error.message,
      /^Cannot listen on 203\.0\.113\.77:0: this machine has no such address\. It has /,
    );
    for (const address of ownAddresses()) assert.ok(error.message.includes(address), address);
    assert.match(error.message, /bind 0\.0\.0\.0 /);
  });

  test("an IPv6 address stands in brackets in what is said of it", async () => {
    const error = await failure({ host: "2001:db8::1", port: 4000 });
    assert.match(error.message, /^Cannot listen on \[2001:db8::1\]:4000: /);
  });

  test("a name without an address is refused", async () => {
    const error = await failure({ host: "no-such-host.invalid" });
    assert.match(error.code, /^(?:ENOTFOUND|EAI_AGAIN)$/);
    assert.match(
      error.message,
      /the name no-such-host\.invalid has no address here\. Use one of .*127\.0\.0\.1/,
    );
  });

  const root = process.getuid?.() === 0;
  const reserved = async (): Promise<boolean> =>
    Number(await readFile("/proc/sys/net/ipv4/ip_unprivileged_port_start", "utf8").catch(() => "0")) > 80;
  test("a port below 1024 is refused to who is no administrator, with one that is not", {
    skip: root ? false : "only the administrator can become somebody else",
  }, async (t) => {
    if (!(await reserved())) return t.skip("this system reserves no ports");
    const script = `
      process.setgid(65534);
      process.setuid(65534);
      const { listen } = await import(${JSON.stringify(new URL("./listen.ts", import.meta.url).href)});
      await listen({ port: 80 }, () => {}).catch((error) => console.log(error.code, error.message));
    `;
    const child = spawn(
      process.execPath,
      [
        "--import",
        "tsx",
        "--input-type=module",
        "-e",
        `import ${JSON.stringify(new URL("./listen.ts", import.meta.url).href)};${script}`,
      ],
      { stdio: ["ignore", "pipe", "inherit"], cwd: fileURLToPath(new URL("../..", import.meta.url)) },
    );
    let output = "";
    child.stdout.on("data", (data) => {
      output += data;
    });
    await once(child, "exit");
    assert.equal(
      output.trim(),
      "EACCES Cannot listen on 127.0.0.1:80: ports below 1024 are reserved for the administrator. Choose one from 1024 to 65535, such as 8080",
    );
  });

  test("nobody owns a port that nobody listens on", async () => {
    const { address, close } = await listen({}, refuse);
    await close();
    assert.equal(await ownerOfPort(address.port), undefined);
  });
});

describe("Listening on a UNIX socket", () => {
  test("makes the file, and takes it away when it is closed", async () => {
    const path = join(folder, "made.sock");
    const listener = await listen({ path }, refuse);
    assert.equal(listener.address.path, path);
    assert.ok((await stat(path)).isSocket());
    await listener.close();
    await assert.rejects(stat(path), { code: "ENOENT" });
  });

  test("takes the place of a socket file that nobody answers on", async () => {
    const path = join(folder, "stale.sock");
    await leaveSocket(path);
    await open({ path });
    const socket = connect({ path });
    await once(socket, "connect");
    socket.destroy();
  });

  test("leaves a socket alone that somebody answers on", async () => {
    const path = join(folder, "live.sock");
    await open({ path });
    const error = await failure({ path });
    assert.equal(error.code, "EADDRINUSE");
    assert.match(error.message, /another process listens on it/);
    assert.ok((await stat(path)).isSocket());
  });

  test("never takes away a file that is no socket", async () => {
    const path = join(folder, "letter.txt");
    await writeFile(path, "dear");
    const error = await failure({ path });
    assert.equal(error.code, "EADDRINUSE");
    assert.match(error.message, /it is no socket/);
    assert.equal(await readFile(path, "utf8"), "dear");
  });

  test("in a folder that is not there is refused", async () => {
    const path = join(folder, "none", "x.sock");
    const error = await failure({ path });
    assert.match(error.message, new RegExp(`^Cannot listen on ${path}: there is no such folder`));
  });
});
