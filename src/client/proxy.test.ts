import assert from "node:assert/strict";
import { test } from "node:test";
import { ClientError } from "./errors.ts";
import { goesPastProxy, parseProxy } from "./proxy.ts";

const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString("base64")}`;

const proxies: { text: string; is: [host: string, port: number, title: string, authorization?: string] }[] = [
  { text: "http://127.0.0.1:3128", is: ["127.0.0.1", 3128, "http://127.0.0.1:3128"] },
  { text: "HTTP://Proxy.Test:80/", is: ["proxy.test", 80, "http://proxy.test:80"] },
  { text: "proxy.test", is: ["proxy.test", 1080, "http://proxy.test:1080"] },
  { text: "https://proxy.test", is: ["proxy.test", 443, "https://proxy.test:443"] },
  { text: "https://proxy.test:80", is: ["proxy.test", 80, "https://proxy.test:80"] },
  { text: "[::1]:8080", is: ["::1", 8080, "http://[::1]:8080"] },
  { text: "http://u:p%40ss@h:1", is: ["h", 1, "http://h:1", basic("u:p@ss")] },
  { text: "u:123@h", is: ["h", 1080, "http://h:1080", basic("u:123")] },
  {
    text: "http://손님:열쇠@예시.한국:1",
    is: ["xn--vv4b11d.xn--3e0b707e", 1, "http://xn--vv4b11d.xn--3e0b707e:1", basic("손님:열쇠")],
  },
];
for (const { text, is } of proxies) {
  test(`parseProxy() reads ${text}`, () => {
    const { host, port, tls, title, authorization } = parseProxy(text);
    assert.deepEqual([host, port, title, authorization], [...is, ...(is.length === 3 ? [undefined] : [])]);
    assert.equal(tls, text.startsWith("https:"));
  });
}

const refused: { text: string; error: RegExp }[] = [
  { text: "socks5://u:secret@h:1", error: /socks5 is not spoken here/ },
  { text: "socks5h://h:1", error: /Use a proxy of http:\/\/ or https:\/\// },
  { text: "ftp://u:secret@h", error: /only http:\/\/ and https:\/\// },
  { text: "http://u:secret@h:99999", error: /HOST:PORT/ },
  { text: "http://u:%secret@h:1", error: /percent-encoding/ },
  { text: "http://u:secret@", error: /HOST:PORT/ },
];
for (const { text, error } of refused) {
  test(`parseProxy() refuses ${text}, and shows no password`, () => {
    assert.throws(
      () => parseProxy(text),
      (found) => {
        assert.ok(found instanceof ClientError);
        assert.equal(found.code, "OPTION_INVALID");
        assert.match(found.message, error);
        assert.doesNotMatch(`${found.stack} ${String(found.cause)}`.split("    at ")[0] as string, /secret/);
        return true;
      },
    );
  });
}

for (const { host, list, past } of [
  { host: "a.test", list: "*", past: true },
  { host: "a.test", list: "", past: false },
  { host: "a.test", list: "a.test", past: true },
  { host: "A.test.", list: "b, a.TEST", past: true },
  { host: "x.a.test", list: "a.test", past: true },
  { host: "x.a.test", list: ".a.test", past: true },
  { host: "a.test", list: ".a.test", past: true },
  { host: "ba.test", list: "a.test", past: false },
  { host: "127.0.0.1", list: "127.0.0.1", past: true },
  { host: "127.0.0.1", list: "0.0.1", past: false },
  { host: "::1", list: "[::1]", past: true },
]) {
  test(`${host} ${past ? "goes" : "does not go"} past a proxy that is not for ${JSON.stringify(list)}`, () => {
    assert.equal(goesPastProxy(host, list), past);
  });
}
