import assert from "node:assert/strict";
import { test } from "node:test";
import { connectTarget, givenAddresses, parseConnectTo, parseResolve } from "./routes.ts";

const connectTos: { text: string; is?: unknown[]; error?: RegExp }[] = [
  { text: "a.test:80:b.test:8080", is: ["a.test", 80, "b.test", 8080] },
  { text: "A.Test:80:B:1", is: ["a.test", 80, "B", 1] },
  { text: "예시.한국:80::81", is: ["xn--vv4b11d.xn--3e0b707e", 80, undefined, 81] },
  { text: ":::", is: [undefined, undefined, undefined, undefined] },
  { text: "::127.0.0.1:3091", is: [undefined, undefined, "127.0.0.1", 3091] },
  { text: "a.test:443::", is: ["a.test", 443, undefined, undefined] },
  { text: "[::1]:80:[2001:db8::2]:81", is: ["::1", 80, "2001:db8::2", 81] },
  { text: "", error: /HOST1:PORT1:HOST2:PORT2/ },
  { text: "a:80:b", error: /HOST1:PORT1:HOST2:PORT2/ },
  { text: "a:80:b:81:c", error: /HOST1:PORT1:HOST2:PORT2/ },
  { text: "::1:80:b:81", error: /brackets/ },
  { text: "[::1:80:b:81", error: /brackets/ },
  { text: "a[::1]:80:b:81", error: /brackets/ },
  { text: "a:http:b:81", error: /"http" is no port/ },
  { text: "a:80:b:65536", error: /"65536" is no port/ },
  { text: "a:80:b:-1", error: /"-1" is no port/ },
];
for (const { text, is, error } of connectTos) {
  test(`parseConnectTo() reads ${JSON.stringify(text)} as ${is ?? "nothing"}`, () => {
    if (is === undefined) {
      assert.throws(() => parseConnectTo(text), { code: "OPTION_INVALID", message: error });
      return;
    }
    const { fromHost, fromPort, toHost, toPort } = parseConnectTo(text);
    assert.deepEqual([fromHost, fromPort, toHost, toPort], is);
  });
}

const resolves: { text: string; is?: unknown[]; error?: RegExp }[] = [
  { text: "a.test:80:127.0.0.1", is: ["a.test", 80, ["127.0.0.1"]] },
  { text: "+A.test:80:127.0.0.1", is: ["a.test", 80, ["127.0.0.1"]] },
  { text: "예시.한국:80:127.0.0.1", is: ["xn--vv4b11d.xn--3e0b707e", 80, ["127.0.0.1"]] },
  { text: "*:443:127.0.0.1,[::1],::2", is: ["*", 443, ["127.0.0.1", "::1", "::2"]] },
  { text: "[::1]:443:127.0.0.1", is: ["::1", 443, ["127.0.0.1"]] },
  { text: "a.test:80:b.test", error: /"b\.test" is no IPv4 or IPv6 address/ },
  { text: "a.test:80:127.0.0.1,", error: /"" is no IPv4/ },
  { text: "a.test:80", error: /HOST:PORT:ADDRESS/ },
  { text: "a.test:99999:127.0.0.1", error: /"99999" is no port/ },
  { text: "-a.test:80", error: /HOST:PORT:ADDRESS/ },
  { text: "", error: /HOST:PORT:ADDRESS/ },
];
for (const { text, is, error } of resolves) {
  test(`parseResolve() reads ${JSON.stringify(text)} as ${is ?? "nothing"}`, () => {
    if (is === undefined) {
      assert.throws(() => parseResolve(text), { code: "OPTION_INVALID", message: error });
      return;
    }
    const { host, port, addresses } = parseResolve(text);
    assert.deepEqual([host, port, addresses], is);
  });
}

test("the first rule about a host and a port says where to connect", () => {
  const rules = ["a:80:b:81", "a::c:", ":443::444"].map(parseConnectTo);
  assert.deepEqual(connectTarget(rules, { host: "a", port: 80 }), { host: "b", port: 81 });
  assert.deepEqual(connectTarget(rules, { host: "a", port: 443 }), { host: "c", port: 443 });
  assert.deepEqual(connectTarget(rules, { host: "d", port: 443 }), { host: "d", port: 444 });
  assert.equal(connectTarget(rules, { host: "d", port: 80 }), undefined);
});

test("the last rule about a name says its addresses, and one for every name only when there is no other", () => {
  const rules = ["a:80:1.1.1.1", "a:80:2.2.2.2", "*:80:3.3.3.3"].map(parseResolve);
  assert.deepEqual(givenAddresses(rules, { host: "a", port: 80 }), ["2.2.2.2"]);
  assert.deepEqual(givenAddresses(rules, { host: "b", port: 80 }), ["3.3.3.3"]);
  assert.equal(givenAddresses(rules, { host: "a", port: 81 }), undefined);
});
