// Texts that nobody may see, in every form in which they could turn up.

const SHOWN_INSTEAD = "***";

/** Knows the secrets of a run and strikes them out of what is printed. */
export class Secrets {
  readonly #forms = new Set<string>();
  #pattern: RegExp | undefined;

  /** An empty text is no secret. */
  add(secret: string): void {
    if (secret === "" || this.#forms.has(secret)) return;
    for (const form of formsOf(secret)) this.#forms.add(form);
    this.#pattern = undefined;
  }

  /** Whether a text holds a secret. */
  has(text: string): boolean {
    return this.redact(text) !== text;
  }

  /** The text with "***" for every secret in it. A function of its own, to be handed on. */
  readonly redact = (text: string): string => {
    if (this.#forms.size === 0) return text;
    this.#pattern ??= patternOf(this.#forms);
    return text.replace(this.#pattern, SHOWN_INSTEAD);
  };
}

/** As it is, in a JSON string, in a URL, in a form, in base64, and as the bytes of a field. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, "utf8");
  const percent = encodeURIComponent(bytes.toString("utf8"));
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    percent,
    new URLSearchParams([["", secret]]).toString().slice(1),
    bytes.toString("base64"),
    bytes.toString("base64url"),
    bytes.toString("latin1"),
  ];
}

/** The longest first, so that of two secrets one of which is part of the other nothing is left. */
function patternOf(forms: ReadonlySet<string>): RegExp {
  const longestFirst = [...forms].sort((a, b) => b.length - a.length);
  return new RegExp(longestFirst.map((form) => form.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("|"), "g");
}
