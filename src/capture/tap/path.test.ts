import assert from "node:assert/strict";
import { test } from "node:test";
import { Paths } from "./path.ts";

const end = (address: string, port: number): { address: string; port: number } => ({ address, port });

const cases = [
  { local: "127.0.0.1", remote: "127.0.0.1", size: 65_495 },
  { local: "127.3.2.1", remote: "127.0.0.1", size: 65_495 },
  { local: "::1", remote: "::1", size: 65_475 },
  { local: "192.0.2.1", remote: "198.51.100.7", size: 1460 },
  { local: "2001:db8::1", remote: "2001:db8::2", size: 1440 },
  // Its own address, which it reaches without a network.
  { local: "192.0.2.1", remote: "192.0.2.1", size: 65_495 },
  // What a socket for both families says, and what goes over the wire.
  {
    local: "::ffff:192.0.2.1",
    remote: "::ffff:198.51.100.7",
    shown: ["192.0.2.1", "198.51.100.7"],
    size: 1460,
  },
  { local: "::ffff:127.0.0.1", remote: "::ffff:127.0.0.1", shown: ["127.0.0.1", "127.0.0.1"], size: 65_495 },
  { local: "fe80::1%eth0", remote: "fe80::2%eth0", shown: ["fe80::1", "fe80::2"], size: 1440 },
];
for (const { local, remote, shown = [local, remote], size } of cases) {
  test(`between ${local} and ${remote} a segment carries ${size} bytes`, () => {
    const path = new Paths(undefined).between(end(local, 80), end(remote, 50_000), true);
    assert.deepEqual([path.local.address, path.remote.address], shown);
    assert.deepEqual([path.local.port, path.remote.port], [80, 50_000]);
    assert.equal(path.segmentSize, size);
    assert.equal(path.socket, undefined);
  });
}

test("a size that was asked for holds for all paths", () => {
  assert.equal(new Paths(536).between(end("127.0.0.1", 1), end("127.0.0.1", 2), false).segmentSize, 536);
  assert.equal(new Paths(536).between(end("/run/a.sock", 0), end("/run/a.sock", 0), false).segmentSize, 536);
});

for (const size of [0, -1, Number.NaN, 65_476]) {
  test(`a size of ${size} bytes is refused`, () => {
    assert.throws(() => new Paths(size), RangeError);
  });
}

test("each UNIX socket has an address, and each of its connections a port", () => {
  const paths = new Paths(undefined);
  const shown = (path: string, isServer: boolean): string[] => {
    const { local, remote, socket } = paths.between(end(path, 0), end(path, 0), isServer);
    assert.equal(socket, path);
    return [`${local.address}:${local.port}`, `${remote.address}:${remote.port}`];
  };
  assert.deepEqual(shown("/run/연어.sock", true), ["127.1.0.1:80", "127.1.0.1:1024"]);
  assert.deepEqual(shown("/run/연어.sock", true), ["127.1.0.1:80", "127.1.0.1:1025"]);
  assert.deepEqual(shown("/run/b.sock", true), ["127.1.0.2:80", "127.1.0.2:1026"]);
  assert.deepEqual(shown("/run/연어.sock", false), ["127.1.0.1:1027", "127.1.0.1:80"]);
});

test("a socket that was gone before it could be asked gets made-up addresses, too", () => {
  const { local, remote, socket } = new Paths(undefined).between(end("127.0.0.1", 80), end("", 0), true);
  assert.equal(socket, "");
  assert.deepEqual([local.address, remote.address], ["127.1.0.1", "127.1.0.1"]);
});
