import assert from "node:assert/strict";
import { test } from "node:test";
import { Fields } from "../protocol/fields.ts";
import { dispositionName, downloadName, numberedName } from "./download-name.ts";

const latin1 = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

const dispositions: { value: string; name: string | undefined }[] = [
  { value: 'attachment; filename="report.pdf"', name: "report.pdf" },
  { value: "attachment; filename=report.pdf", name: "report.pdf" },
  { value: "ATTACHMENT ;FileName = report.pdf", name: "report.pdf" },
  { value: 'attachment; filename="a\\"b.txt"', name: 'a"b.txt' },
  {
    value: "attachment; filename=\"x.txt\"; filename*=UTF-8''%EB%B3%B4%EA%B3%A0%EC%84%9C.pdf",
    name: "보고서.pdf",
  },
  { value: "attachment; filename*=utf-8'ko'%EA%B0%80; filename=x.txt", name: "가" },
  { value: "attachment; filename*=ISO-8859-1''caf%E9; filename=x", name: "café" },
  { value: "attachment; filename*=UTF-8''%FF; filename=x.txt", name: "x.txt" },
  { value: "attachment; filename*=KOI8-R''%FF; filename=x.txt", name: "x.txt" },
  { value: `attachment; filename="${latin1("보고서.pdf")}"`, name: "보고서.pdf" },
  { value: 'attachment; filename="caf\xe9.txt"', name: "café.txt" },
  { value: 'form-data; name="a"; ; filename="b"', name: "b" },
  { value: 'attachment; x="filename=evil"; filename=good', name: "good" },
  { value: "inline", name: undefined },
  { value: "", name: undefined },
];
for (const { value, name } of dispositions) {
  test(`dispositionName() finds ${name} in ${JSON.stringify(value)}`, () =>
    assert.equal(dispositionName(value), name));
}

const NO_TYPE = {};
const HTML = { "Content-Type": "text/html; charset=utf-8" };
const disposition = (name: string): { "Content-Disposition": string } => ({
  "Content-Disposition": `attachment; filename="${name}"`,
});
const names: { url: string; fields: { [name: string]: string }; name: string; platform?: NodeJS.Platform }[] =
  [
    { url: "http://a/x/photo.jpg?size=1", fields: NO_TYPE, name: "photo.jpg" },
    { url: "http://a/%EB%B3%B4%EA%B3%A0%EC%84%9C.pdf", fields: NO_TYPE, name: "보고서.pdf" },
    { url: "http://a/%ff.txt", fields: NO_TYPE, name: "%ff.txt" },
    { url: "http://a/", fields: HTML, name: "index.html" },
    { url: "http://a/x/", fields: NO_TYPE, name: "index" },
    { url: "http://a/%2e%2e%2fpasswd", fields: NO_TYPE, name: "passwd" },
    { url: "http://a/x", fields: disposition("../../etc/passwd"), name: "passwd" },
    { url: "http://a/x", fields: disposition("/etc/cron.d/evil"), name: "evil" },
    { url: "http://a/x", fields: disposition("C:\\\\Windows\\\\evil.dll"), name: "evil.dll" },
    { url: "http://a/x", fields: disposition("C:\\Windows\\evil.dll"), name: "evil.dll" },
    { url: "http://a/x", fields: disposition(".bashrc"), name: "bashrc" },
    { url: "http://a/x", fields: disposition(".."), name: "x" },
    { url: "http://a/x", fields: disposition("/"), name: "x" },
    { url: "http://a/x", fields: disposition(latin1("txt.\u202egpj")), name: "txt.gpj" },
    { url: "http://a/x", fields: disposition("NUL.txt"), name: "_NUL.txt", platform: "win32" },
    { url: "http://a/x", fields: disposition("a:b?.txt"), name: "a_b_.txt", platform: "win32" },
    {
      url: "http://a/x",
      fields: disposition(`${"가".repeat(100)}.pdf`.replace(/[^.a-z]/g, latin1)),
      name: `${"가".repeat(65)}.pdf`,
    },
  ];
for (const { url, fields, name, platform = "linux" } of names) {
  test(`downloadName() calls ${url} with ${JSON.stringify(fields).slice(0, 80)} ${name}`, () => {
    assert.equal(downloadName(new Fields(fields), url, platform), name);
  });
}

const numbers = [
  { name: "a.txt", number: 0, numbered: "a.txt" },
  { name: "a.txt", number: 2, numbered: "a-2.txt" },
  { name: "a.tar.gz", number: 1, numbered: "a-1.tar.gz" },
  { name: "README", number: 1, numbered: "README-1" },
  { name: ".x", number: 1, numbered: ".x-1" },
];
for (const { name, number, numbered } of numbers) {
  test(`numberedName() makes ${numbered} of ${name}`, () =>
    assert.equal(numberedName(name, number), numbered));
}
