import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { credentialsFor, type NetrcEntry, parseNetrc } from "./netrc.ts";

const NOBODY: NetrcEntry = { machine: undefined, login: undefined, password: undefined, account: undefined };
const ME: NetrcEntry = { ...NOBODY, machine: "a.com", login: "me", password: "secret" };

const files: readonly (readonly [title: string, text: string, entries: readonly NetrcEntry[]])[] = [
  ["nothing", "", []],
  ["only space", " \n\t\r\n", []],
  ["one line", "machine a.com login me password secret", [ME]],
  ["a line for each", "machine a.com\n\tlogin me\n\tpassword secret\n", [ME]],
  ["lines of Windows", "machine a.com\r\nlogin me\r\npassword secret\r\n", [ME]],
  ["a byte order mark", "\ufeffmachine a.com login me password secret", [ME]],
  ["a value on the next line", "machine\na.com\nlogin\nme\npassword\nsecret", [ME]],
  ["other words for the same", "machine a.com user me passwd secret", [ME]],
  ["keywords in capitals", "MACHINE a.com LOGIN me PASSWORD secret", [ME]],
  ["an account", "machine a.com login me account b password secret", [{ ...ME, account: "b" }]],
  ["what is for other programs", "machine a.com port 443 protocol https login me password secret", [ME]],
  [
    "a default",
    "default login anonymous password me@a.com",
    [{ ...NOBODY, login: "anonymous", password: "me@a.com" }],
  ],
  [
    "several machines",
    "machine a.com login me password secret machine b.com default",
    [ME, { ...NOBODY, machine: "b.com" }, NOBODY],
  ],
  [
    "values that are keywords",
    "machine machine login login password default",
    [{ ...NOBODY, machine: "machine", login: "login", password: "default" }],
  ],
  [
    "quotes",
    'machine a.com login "me" password "a \\"b\\" \\\\ \\n\\r\\t #c"',
    [{ ...ME, password: 'a "b" \\ \n\r\t #c' }],
  ],
  ["an empty password", 'machine a.com login me password ""', [{ ...ME, password: "" }]],
  ["a quote inside of a value", 'machine a.com login me password a"b', [{ ...ME, password: 'a"b' }]],
  ["comments", "# machine x login y\nmachine a.com # of work: login z\nlogin me password secret #", [ME]],
  [
    "a password that looks like a comment",
    "machine a.com login me password #secret",
    [{ ...ME, password: "#secret" }],
  ],
  ["a macro", "machine a.com login me\nmacdef init\ncd /pub\nmachine b.com\n\npassword secret", [ME]],
  ["a macro of Windows", "machine a.com login me\r\nmacdef init\r\nbin\r\n\r\npassword secret", [ME]],
  ["a macro to the end", "machine a.com login me password secret\nmacdef init\nquit\nmachine b.com", [ME]],
  ["an empty macro", "macdef init\n\nmachine a.com login me password secret", [ME]],
  [
    "Korean",
    "machine 시험.com login 뽀로로 password 비밀",
    [{ ...NOBODY, machine: "시험.com", login: "뽀로로", password: "비밀" }],
  ],
];

for (const [title, text, entries] of files) {
  test(`A netrc file with ${title} is read`, () => {
    assert.deepEqual(parseNetrc(text), entries);
  });
}

const faults: readonly (readonly [text: string, line: number, message: RegExp])[] = [
  ["machine", 1, /^Cannot read line 1 of the netrc file: "machine" has no value behind it$/],
  ["machine a.com\n\nlogin\n", 3, /line 3 .*"login" has no value/],
  ["machine a.com login me password", 1, /"password" has no value/],
  ["login me", 1, /"login" stands before any "machine" or "default"/],
  ["# x\npassword secret", 2, /line 2 .*"password" stands before/],
  ["machine a.com login me pasword secret", 1, /"pasword" is none of machine, default, login/],
  ["machine a.com\nlogin me\npassword two words", 3, /line 3 .*: what stands behind the password is none of/],
  ['machine a.com password "secret\nlogin me"', 1, /a quoted value has no end/],
  ["macdef", 1, /"macdef" has no value/],
];

for (const [text, line, message] of faults) {
  test(`The netrc file ${JSON.stringify(text)} is refused, with its line`, () => {
    assert.throws(() => parseNetrc(text), { code: "NETRC_INVALID", line, message });
  });
}

const HOUSE = parseNetrc(`
machine a.com login admin password passwd
machine a.com login second password none
machine nobody.com password alone
machine nothing.com login me
default login anonymous password me@a.com
`);

const lookups: readonly (readonly [host: string, login: string | undefined, found: string | undefined])[] = [
  ["a.com", undefined, "admin:passwd"],
  ["A.COM", undefined, "admin:passwd"],
  ["a.com", "admin", "admin:passwd"],
  ["a.com", "second", "second:none"],
  ["a.com", "admi", undefined],
  ["a.com", "adminn", undefined],
  ["a.com", "Admin", undefined],
  ["a.com", "anonymous", "anonymous:me@a.com"],
  ["www.a.com", undefined, "anonymous:me@a.com"],
  ["nobody.com", undefined, ":alone"],
  ["nothing.com", undefined, "me:"],
];

for (const [host, login, found] of lookups) {
  test(`On ${host} ${login ?? "somebody"} is ${found ?? "unknown"}`, () => {
    const credentials = credentialsFor(HOUSE, host, login);
    assert.equal(credentials && `${credentials.login}:${credentials.password}`, found);
  });
}

test("A machine is found before the default, wherever that stands", () => {
  const entries = parseNetrc("default login x password y machine a.com login me password secret");
  assert.deepEqual(credentialsFor(entries, "a.com"), { login: "me", password: "secret" });
  assert.equal(credentialsFor([], "a.com"), undefined);
});

test("Values in quotes are read back, whatever they hold", () => {
  const value = fc.string({ unit: "grapheme" });
  const quoted = (text: string): string =>
    `"${text.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n").replaceAll("\r", "\\r").replaceAll("\t", "\\t")}"`;
  fc.assert(
    fc.property(value, value, value, (machine, login, password) => {
      const text = `machine ${quoted(machine)} login ${quoted(login)}\npassword ${quoted(password)}`;
      assert.deepEqual(parseNetrc(text), [{ ...NOBODY, machine, login, password }]);
    }),
  );
});
