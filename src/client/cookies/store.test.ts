import assert from "node:assert/strict";
import { test } from "node:test";
import { parseUrl } from "../url.ts";
import { CookieStore, type StoredCookie } from "./store.ts";

const NOW = new Date("2030-01-01T00:00:00Z");
const later = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000);

/** Set at a URL, these fields are sent to others as told; `undefined` when nothing is. */
const exchanges: readonly {
  title: string;
  from: string;
  set: readonly string[];
  sent: readonly (readonly [url: string, cookie: string | undefined])[];
}[] = [
  {
    title: "without Domain and Path goes to the same host and folder only (RFC 6265, 3.1)",
    from: "https://www.example.com/docs/a",
    set: ["SID=31d4d96e407aad42"],
    sent: [
      ["https://www.example.com/docs/b/c", "SID=31d4d96e407aad42"],
      ["https://www.example.com:8443/docs", "SID=31d4d96e407aad42"],
      ["http://www.example.com/docs/", "SID=31d4d96e407aad42"],
      ["https://www.example.com/", undefined],
      ["https://www.example.com/docsx", undefined],
      ["https://a.www.example.com/docs/", undefined],
      ["https://example.com/docs/", undefined],
    ],
  },
  {
    title: "with a Domain goes to all hosts below it",
    from: "https://www.example.com/",
    set: ["SID=1; Path=/; Domain=example.com", "lang=en-US; Path=/; Domain=.Example.COM"],
    sent: [
      ["https://example.com/x", "SID=1; lang=en-US"],
      ["https://a.b.example.com/", "SID=1; lang=en-US"],
      ["https://badexample.com/", undefined],
    ],
  },
  {
    title: "of a host that the domain does not match is refused",
    from: "https://www.example.com/",
    set: [
      "a=1; Domain=other.com",
      "b=1; Domain=a.www.example.com",
      "c=1; Domain=ww.example.com",
      "d=1; Domain=예.com",
    ],
    sent: [
      ["https://www.example.com/", undefined],
      ["https://other.com/", undefined],
    ],
  },
  {
    title: "is not set for all that strangers share",
    from: "https://www.example.co.kr/",
    set: ["a=1; Domain=kr", "b=1; Domain=co.kr", "c=1; Domain=.kr", "d=1; Domain=example.co.kr"],
    sent: [["https://www.example.co.kr/", "d=1"]],
  },
  {
    title: "with the Domain localhost, which has no dot, stays with that host",
    from: "http://localhost:8000/",
    set: ["a=1; Domain=localhost"],
    sent: [
      ["http://localhost/", "a=1"],
      ["http://a.localhost/", undefined],
    ],
  },
  {
    title: "of an address goes to this address only",
    from: "http://127.0.0.1/",
    set: ["a=1; Domain=127.0.0.1", "b=1; Domain=0.0.1"],
    sent: [
      ["http://127.0.0.1:81/", "a=1"],
      ["http://1.127.0.0/", undefined],
      ["http://[::1]/", undefined],
    ],
  },
  {
    title: "of an IPv6 address goes to this address only",
    from: "http://[::1]/",
    set: ["a=1"],
    sent: [
      ["http://[0:0::1]:99/", "a=1"],
      ["http://[::2]/", undefined],
    ],
  },
  {
    title: "with a longer path comes first, then the one that was set first",
    from: "http://example.com/",
    set: ["a=1; Path=/", "b=1; Path=/x/y", "c=1; Path=/x", "d=1; Path=/", "a=2; Path=/", "e=1; Path=/x/y"],
    sent: [
      ["http://example.com/x/y/z", "b=1; e=1; c=1; a=2; d=1"],
      ["http://example.com/x", "c=1; a=2; d=1"],
      ["http://example.com/", "a=2; d=1"],
    ],
  },
  {
    title: "of the same name, but another path or scope, is another one",
    from: "http://www.example.com/",
    set: ["a=1", "a=2; Path=/x", "a=3; Domain=www.example.com"],
    sent: [["http://www.example.com/x", "a=2; a=1; a=3"]],
  },
  {
    title: "that is Secure goes over TLS only",
    from: "https://example.com/",
    set: ["a=1; Secure", "b=1"],
    sent: [
      ["https://example.com/", "a=1; b=1"],
      ["http://example.com/", "b=1"],
    ],
  },
  {
    title: "that is Secure is not taken from plain HTTP",
    from: "http://example.com/",
    set: ["a=1; Secure"],
    sent: [["https://example.com/", undefined]],
  },
  {
    title: "that is Secure goes to this machine without TLS, too",
    from: "http://localhost:3091/",
    set: ["a=1; Secure"],
    sent: [["http://localhost/", "a=1"]],
  },
  {
    title: "keeps its bytes",
    from: "http://example.com/",
    set: [Buffer.from('이름="값 하나"').toString("latin1")],
    sent: [["http://example.com/", Buffer.from('이름="값 하나"').toString("latin1")]],
  },
  {
    title: "named __Secure- has to be Secure",
    from: "https://example.com/",
    set: ["__Secure-a=1; Secure", "__Secure-b=1", "__secure-c=1"],
    sent: [["https://example.com/", "__Secure-a=1"]],
  },
  {
    title: "named __Host- has to be Secure, for one host and for all of it",
    from: "https://www.example.com/",
    set: [
      "__Host-a=1; Secure; Path=/",
      "__Host-b=1; Secure",
      "__Host-c=1; Secure; Path=/x",
      "__Host-d=1; Path=/",
      "__HOST-e=1; Secure; Path=/; Domain=www.example.com",
    ],
    sent: [["https://www.example.com/x", "__Host-a=1"]],
  },
  {
    title: "that has expired when it comes removes the one that was there",
    from: "http://example.com/",
    set: [
      "a=1",
      "b=1",
      "c=1",
      "a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
      "b=; Max-Age=0",
      "d=1; Max-Age=-5",
    ],
    sent: [["http://example.com/", "c=1"]],
  },
  {
    title: "goes by Max-Age, if it has both",
    from: "http://example.com/",
    set: [
      "a=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
      "b=1; Expires=Tue, 01 Jan 2030 01:00:00 GMT; Max-Age=0",
    ],
    sent: [["http://example.com/", "a=1"]],
  },
  {
    title: "that is none is overlooked",
    from: "http://example.com/",
    set: ["", "nothing", "=1", "a=1"],
    sent: [["http://example.com/", "a=1"]],
  },
];

for (const { title, from, set, sent } of exchanges) {
  test(`A cookie ${title}`, () => {
    const store = new CookieStore();
    store.receive(parseUrl(from), set, NOW);
    for (const [url, cookie] of sent) assert.equal(store.header(parseUrl(url), NOW), cookie, url);
  });
}

const SITE = parseUrl("http://example.com/");

test("A cookie is gone when its time is over, and not before", () => {
  const store = new CookieStore();
  store.receive(SITE, ["a=1; Max-Age=60", "b=1; Expires=Tue, 01 Jan 2030 00:02:00 GMT", "c=1"], NOW);
  assert.equal(store.header(SITE, later(59)), "a=1; b=1; c=1");
  assert.equal(store.header(SITE, later(60)), "b=1; c=1");
  assert.equal(store.header(SITE, later(120)), "c=1");
  assert.deepEqual(
    store.all(later(120)).map(({ name }) => name),
    ["c"],
  );
});

test("No cookie is kept for more than 400 days", () => {
  const store = new CookieStore();
  const day = 86_400;
  store.receive(
    SITE,
    [
      `a=1; Max-Age=${500 * day}`,
      "b=1; Expires=Fri, 31 Dec 9999 23:59:59 GMT",
      "c=1; Max-Age=99999999999999999999",
    ],
    NOW,
  );
  for (const { expires } of store.all(NOW)) assert.deepEqual(expires, later(400 * day));
});

test("Plain HTTP does not overlay a Secure cookie, not by a subdomain or a deeper path either", () => {
  const store = new CookieStore();
  store.receive(parseUrl("https://www.example.com/"), ["a=1; Secure; Domain=example.com; Path=/x"], NOW);
  const plain = parseUrl("http://www.example.com/x/y");
  store.receive(plain, ["a=2; Domain=example.com; Path=/x", "a=3", "a=4; Path=/x/y", "b=1"], NOW);
  assert.equal(store.header(parseUrl("https://www.example.com/x/y"), NOW), "a=1; b=1");
  store.receive(plain, ["a=5; Path=/"], NOW);
  assert.equal(store.header(parseUrl("https://www.example.com/x/y"), NOW), "a=1; b=1; a=5");
});

test("Plain HTTP does not overlay a subdomain's Secure cookie by one for the whole domain; TLS may", () => {
  const store = new CookieStore();
  const [plain, safe] = [parseUrl("http://www.example.com/"), parseUrl("https://www.example.com/")];
  store.receive(safe, ["a=1; Secure"], NOW);
  store.receive(plain, ["a=2; Domain=example.com"], NOW);
  assert.equal(store.header(safe, NOW), "a=1");
  store.receive(safe, ["a=3; Domain=example.com", "a=4"], NOW);
  assert.equal(store.header(safe, NOW), "a=4; a=3");
});

test("all() gives what the store knows, in the order of setting", () => {
  const store = new CookieStore();
  const from = parseUrl("https://www.example.com/a/b");
  store.receive(
    from,
    [
      "x=1; Secure; HttpOnly; Domain=example.com; Max-Age=10",
      "y=2; Path=/",
      "x=3; Secure; HttpOnly; Domain=example.com",
    ],
    NOW,
  );
  const expected: StoredCookie[] = [
    {
      name: "x",
      value: "3",
      domain: "example.com",
      includeSubdomains: true,
      path: "/a",
      secure: true,
      httpOnly: true,
      expires: undefined,
    },
    {
      name: "y",
      value: "2",
      domain: "www.example.com",
      includeSubdomains: false,
      path: "/",
      secure: false,
      httpOnly: false,
      expires: undefined,
    },
  ];
  assert.deepEqual(store.all(NOW), expected);
});

const BY_HAND: StoredCookie = {
  name: "a",
  value: "1",
  domain: ".Example.com",
  includeSubdomains: true,
  path: "/",
  secure: false,
  httpOnly: false,
  expires: undefined,
};

test("add() puts a cookie in as it is told, clear() takes all out", () => {
  const store = new CookieStore();
  store.add(BY_HAND);
  assert.equal(store.header(parseUrl("http://www.example.com/"), NOW), "a=1");
  assert.deepEqual(store.all(NOW), [{ ...BY_HAND, domain: "example.com" }]);
  store.add({ ...BY_HAND, value: "2" });
  assert.equal(store.header(SITE, NOW), "a=2");
  store.add({ ...BY_HAND, expires: later(-1) });
  assert.equal(store.header(SITE, NOW), undefined);
  store.add(BY_HAND);
  store.clear();
  assert.deepEqual(store.all(NOW), []);
});

const names = (store: CookieStore): string[] => store.all(NOW).map(({ name }) => name);

test("Of one domain 180 cookies are kept: who was not asked for the longest goes, Secure ones last", () => {
  const store = new CookieStore();
  const secure = parseUrl("https://example.com/");
  store.receive(secure, ["s=1; Secure"], NOW);
  store.receive(
    secure,
    Array.from({ length: 179 }, (_, i) => `c${i}=1; Path=/${i}`),
    NOW,
  );
  assert.equal(names(store).length, 180);
  // Which is not where the Secure one goes.
  store.header(parseUrl("http://example.com/0"), NOW);
  store.receive(secure, ["d=1", "e=1"], NOW);
  assert.equal(names(store).length, 180);
  assert.deepEqual(names(store).slice(0, 3), ["s", "c0", "c3"]);
});

test("Of all domains together 3,300 cookies are kept", () => {
  const store = new CookieStore();
  for (let site = 0; site < 34; site++) {
    const url = parseUrl(`http://site${site}.example.com/`);
    store.receive(
      url,
      Array.from({ length: 100 }, (_, i) => `c${site}-${i}=1`),
      NOW,
    );
  }
  assert.equal(names(store).length, 3300);
  assert.equal(names(store)[0], "c1-0");
});

test("A cookie goes to all ports of its host, whatever the scheme", () => {
  const store = new CookieStore();
  store.receive(parseUrl("http://example.com:8080/"), ["a=1"], NOW);
  assert.equal(store.header(parseUrl("https://example.com/"), NOW), "a=1");
});
