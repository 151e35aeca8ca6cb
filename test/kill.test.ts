// A server that is killed in the middle of writing: every PUT that was acknowledged is there, whole; what was not
// acknowledged is there whole or not at all; nothing else has changed, and nothing is left lying about.

import assert from "node:assert/strict";
import { createHash, randomInt } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { serve, stop } from "./fixtures/command.ts";

const ROUNDS = 20;
const WRITERS = 6;
const BYSTANDER = "Nobody writes here.\n";

/** A content that tells by itself whether it is whole: its hash, then random bytes. */
function content(): Buffer {
  const bytes = Buffer.alloc(randomInt(1, 200_000), randomInt(256));
  return Buffer.concat([Buffer.from(createHash("sha256").update(bytes).digest("hex")), bytes]);
}

function isWhole(bytes: Buffer): boolean {
  return createHash("sha256").update(bytes.subarray(64)).digest("hex") === bytes.toString("latin1", 0, 64);
}

/** Puts one content after the other into a file, until the connection breaks. Gives the last two that were sent. */
async function keepPutting(
  port: number,
  name: string,
): Promise<{ acknowledged: Buffer | undefined; sent: Buffer }> {
  let acknowledged: Buffer | undefined;
  let sent = content();
  const socket = connect({ host: "127.0.0.1", port });
  const send = (): void => {
    socket.write(
      `PUT /${name} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: ${sent.length}\r\n\r\n`,
    );
    socket.write(sent);
  };
  send();
  let text = "";
  try {
    for await (const bytes of socket) {
      text += (bytes as Buffer).toString("latin1");
      const end = text.indexOf("\r\n\r\n");
      if (end < 0) continue;
      assert.match(text, /^HTTP\/1\.1 20[14] /);
      text = text.slice(end + 4);
      acknowledged = sent;
      sent = content();
      send();
    }
  } catch (error) {
    if (!/ECONNRESET|EPIPE/.test(String(error))) throw error;
  }
  return { acknowledged, sent };
}

test(`a server that is killed ${ROUNDS} times in the middle of PUTs loses nothing that it acknowledged`, async () => {
  const folder = await mkdtemp(join(tmpdir(), "sockeye-kill-"));
  try {
    await writeFile(join(folder, "bystander.txt"), BYSTANDER);
    const last = new Map<string, Buffer>();
    let acknowledgements = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const server = await serve([folder, "--log", "none"]);
      const names = Array.from({ length: WRITERS }, (_, i) => `writer-${i}.bin`);
      const writers = names.map((name) => keepPutting(server.port, name));
      // Not a wait for anything: the moment of the kill is what is random here.
      setTimeout(() => server.child.kill("SIGKILL"), randomInt(5, 120));
      const results = await Promise.all(writers);
      await server.finished;
      for (const [i, { acknowledged, sent }] of results.entries()) {
        const name = names[i] as string;
        const expected = acknowledged ?? last.get(name);
        if (acknowledged !== undefined) acknowledgements++;
        const found = await readFile(join(folder, name)).catch(() => undefined);
        if (found === undefined) {
          assert.equal(expected, undefined, `${name} was acknowledged and is not there`);
          continue;
        }
        assert.ok(isWhole(found), `${name} is not whole`);
        assert.ok(
          found.equals(sent) || (expected !== undefined && found.equals(expected)),
          `${name} is an old one`,
        );
        last.set(name, found);
      }
      assert.equal(await readFile(join(folder, "bystander.txt"), "utf8"), BYSTANDER);
    }
    assert.ok(acknowledgements > 0, "no PUT was ever acknowledged, so nothing was shown");

    const server = await serve([folder, "--log", "none"]);
    assert.deepEqual((await readdir(folder)).sort(), ["bystander.txt", ...[...last.keys()].sort()]);
    await stop(server);
  } finally {
    await rm(folder, { recursive: true });
  }
});
