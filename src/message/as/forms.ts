// The languages that a request can be written down in.

import { asCurl } from "./curl.ts";
import { asHttp } from "./http.ts";
import { asHttpie } from "./httpie.ts";
import { asHurl } from "./hurl.ts";
import type { ShownRequest } from "./shown-request.ts";

export type Form = "curl" | "hurl" | "http" | "httpie";

/** Each writes a request down, without a line feed at the end. */
export const FORMS: Readonly<Record<Form, (request: ShownRequest) => string>> = {
  curl: asCurl,
  hurl: asHurl,
  http: asHttp,
  httpie: asHttpie,
};

/** Their names, as they are typed. */
export const FORM_NAMES: readonly Form[] = ["curl", "hurl", "http", "httpie"];
