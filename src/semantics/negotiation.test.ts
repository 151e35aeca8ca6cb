import assert from "node:assert/strict";
import { test } from "node:test";
import { preferEncoding, preferMediaType } from "./negotiation.ts";

const LISTING = ["text/html; charset=utf-8", "application/json", "text/plain; charset=utf-8"];
const [HTML, JSON_, PLAIN] = LISTING;
const CHROME =
  "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7";

const media: readonly {
  accept: string | undefined;
  gives: string | undefined;
  offers?: readonly string[];
}[] = [
  { accept: undefined, gives: HTML },
  { accept: "", gives: HTML },
  { accept: " , ", gives: HTML },
  { accept: "nonsense", gives: HTML },
  { accept: "*/*", gives: HTML },
  { accept: CHROME, gives: HTML },
  { accept: "application/json", gives: JSON_ },
  { accept: "Application/JSON", gives: JSON_ },
  { accept: "application/json, text/plain, */*", gives: HTML },
  { accept: "application/json;q=1, */*;q=0.1", gives: JSON_ },
  { accept: "text/*", gives: HTML },
  { accept: "text/*, text/html;q=0.5", gives: PLAIN },
  { accept: "text/*;q=0.5, text/html;q=0", gives: PLAIN },
  { accept: "text/html;q=0.1, */*;q=0.5", gives: JSON_ },
  { accept: "*/*;q=0.5, text/plain", gives: PLAIN },
  { accept: "text/html;q=0.5, application/json;q=0.501", gives: JSON_ },
  { accept: "text/plain ; q=0.9 , application/json ; Q=0.8", gives: PLAIN },
  { accept: "text/html;q=0", gives: undefined },
  { accept: "*/*;q=0", gives: undefined },
  { accept: "image/png", gives: undefined },
  { accept: "image/*", gives: undefined },
  { accept: "textual/*", gives: undefined },
  // Members that cannot be read are passed over, the others count.
  { accept: "application/json, text/html;q=2", gives: JSON_ },
  { accept: "application/json, text/html;q=0.1234", gives: JSON_ },
  { accept: "application/json, text/html;q=.9", gives: JSON_ },
  { accept: "application/json, text/html;q=-1", gives: JSON_ },
  { accept: "application/json, */html", gives: JSON_ },
  { accept: "application/json, *", gives: JSON_ },
  { accept: 'application/json, text/html;a="b', gives: JSON_ },
  { accept: 'image/png;a="x, text/plain, y", application/json', gives: JSON_ },
  { accept: 'image/png;a="\\", text/plain", application/json', gives: JSON_ },
  // Parameters
  { accept: "application/json;charset=utf-8", gives: JSON_ },
  { accept: "text/html;charset=UTF-8", gives: HTML },
  { accept: "text/html;charset=euc-kr", gives: undefined },
  { accept: "text/html;level=1, application/json;q=0.5", gives: JSON_ },
  {
    accept: "text/html;q=0.1;level=1, text/html;q=0.2",
    gives: "text/html",
    offers: ["text/html;level=1", "text/html"],
  },
  {
    accept:
      "text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed, text/plain;format=fixed;q=0.4, */*;q=0.5",
    gives: "text/plain;format=flowed",
    offers: ["image/jpeg", "text/html", "text/plain;format=fixed", "text/plain", "text/plain;format=flowed"],
  },
  {
    accept:
      "text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed, text/plain;format=fixed;q=0.4, */*;q=0.5",
    gives: "image/jpeg",
    offers: ["text/html", "text/plain;format=fixed", "image/jpeg"],
  },
  { accept: "text/*", gives: undefined, offers: ["textual/x"] },
  { accept: "*/*;a=1, text/*;q=0", gives: undefined, offers: ["text/html;a=1"] },
  { accept: "*/*", gives: undefined, offers: [] },
  { accept: undefined, gives: undefined, offers: [] },
];

for (const { accept, gives, offers = LISTING } of media) {
  test(`Accept: ${accept ?? "(absent)"} prefers ${gives ?? "nothing"} of ${offers.join(" | ") || "nothing"}`, () => {
    assert.equal(preferMediaType(accept, offers), gives);
  });
}

const codings: readonly {
  accept: string | undefined;
  gives: string | undefined;
  offers?: readonly string[];
}[] = [
  { accept: undefined, gives: "identity" },
  { accept: "", gives: "identity" },
  { accept: "gzip, deflate, br, zstd", gives: "br" },
  { accept: "gzip, deflate", gives: "gzip" },
  { accept: "GZIP", gives: "gzip" },
  { accept: "x-gzip", gives: "gzip" },
  { accept: "x-gzip;q=0, br;q=0", gives: "identity" },
  { accept: "compress, deflate", gives: "identity" },
  { accept: "br;q=0.5, gzip;q=0.8", gives: "gzip" },
  { accept: "br;q=0.5, gzip;q=0.5", gives: "br" },
  { accept: "br;q=0, gzip", gives: "gzip" },
  { accept: "gzip;q=0.001", gives: "gzip" },
  { accept: "gzip ; q=0.5 ,\tzstd;Q=0.6", gives: "zstd" },
  { accept: "*", gives: "br" },
  { accept: "*;q=0.5, gzip", gives: "gzip" },
  { accept: "*, br;q=0", gives: "gzip" },
  { accept: "gzip, *;q=0", gives: "gzip" },
  { accept: "gzip", gives: "identity", offers: ["br"] },
  { accept: "gzip", gives: "identity", offers: [] },
  // No coding at all
  { accept: "identity", gives: "identity" },
  { accept: "identity, gzip", gives: "gzip" },
  { accept: "gzip;q=0.5, identity", gives: "identity" },
  { accept: "gzip;q=0.5, identity;q=0.5", gives: "gzip" },
  { accept: "gzip;q=1.0, identity; q=0.5, *;q=0", gives: "gzip" },
  { accept: "gzip;q=0.5, *;q=0.8", gives: "br" },
  { accept: "identity;q=0", gives: undefined },
  { accept: "identity;q=0, gzip", gives: "gzip" },
  { accept: "identity;q=0, gzip", gives: undefined, offers: ["br"] },
  { accept: "*;q=0", gives: undefined },
  { accept: "*;q=0.000", gives: undefined },
  { accept: "*;q=0, identity;q=0.1", gives: "identity" },
  { accept: "*, identity;q=0", gives: undefined, offers: [] },
  { accept: "*", gives: "identity", offers: [] },
  // Members that cannot be read
  { accept: "br;q=2, gzip", gives: "gzip" },
  { accept: "br;q=0.1234, gzip", gives: "gzip" },
  { accept: "br;level=1, gzip", gives: "gzip" },
  { accept: "b r, gzip", gives: "gzip" },
  { accept: "br;q=, gzip", gives: "gzip" },
  { accept: ",, gzip ,", gives: "gzip" },
  { accept: ";q=1", gives: "identity" },
];

for (const { accept, gives, offers = ["br", "gzip", "zstd"] } of codings) {
  test(`Accept-Encoding: ${accept ?? "(absent)"} chooses ${gives ?? "nothing"} of ${offers.join(" ") || "nothing"}`, () => {
    assert.equal(preferEncoding(accept, offers), gives);
  });
}
