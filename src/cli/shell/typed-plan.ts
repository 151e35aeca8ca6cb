// From a typed request to one that is ready to be sent: where it goes, what it sends, and how that is called.

import { CommandError, EXIT } from "../exit-codes.ts";
import type { Item } from "../items.ts";
import { type Planning, planCommand, type RequestPlan } from "../request-plan.ts";
import { type Base, resolveTarget } from "./base.ts";
import type { DefaultHeaders } from "./headers.ts";
import type { TypedRequest } from "./line.ts";

/** Throws CommandError, and ClientError `URL_INVALID`. */
export async function planTyped(
  typed: Pick<TypedRequest, "method" | "target" | "body">,
  base: Base,
  headers: DefaultHeaders,
  planning: Planning,
): Promise<RequestPlan> {
  const { method, body } = typed;
  const { href, target } = resolveTarget(base, typed.target);
  const own = body.kind === "items" ? [...body.items] : [];
  if (own.some((item) => item.kind === "body" && item.path === "-"))
    throw new CommandError(EXIT.usage, "Cannot send standard input: the shell reads its lines from there");
  const items = [...own, ...headers.items(own)];
  const raw = body.kind === "text" ? body.text : undefined;
  if (raw?.startsWith("<") === true && !items.some(isContentType)) items.push(HTML);
  const flags = raw === undefined ? planning.flags : { ...planning.flags, raw };
  return planCommand(
    { method, url: href, target, socketPath: base.socketPath, items },
    { ...planning, flags },
  );
}

const HTML: Item = {
  kind: "header",
  name: "Content-Type",
  value: "text/html; charset=utf-8",
  fromFile: false,
};

function isContentType(item: Item): boolean {
  return (item.kind === "header" || item.kind === "remove") && item.name.toLowerCase() === "content-type";
}
