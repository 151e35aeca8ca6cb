// Safe paths: from the path of a request target to the names of a tree, and back. RFC 3986, 3.3, and RFC 9110, 17.3.
// Knows names only; symbolic links are for whoever opens the file to watch.
//
// A path that would have to be resolved is refused, not repaired: a client resolves "." and ".." before it sends
// (RFC 3986, 5.2.4), so one that arrives with them is mistaken or is trying something.

/** A path that no file is looked up for. Not for files that are missing or may not be read. */
export class PathError extends Error {
  readonly code: "PATH_ENCODING_INVALID" | "PATH_SEGMENT_FORBIDDEN";

  constructor(code: PathError["code"], message: string) {
    super(message);
    this.name = "PathError";
    this.code = code;
  }
}

// The visible characters of ASCII, which is all that a URI is written with.  RFC 3986, 2
const URI_CHARACTERS = /^[\x21-\x7e]*$/;
const QUERY_OR_FRAGMENT = /[?#]/;

// Controls end a name early or forge a line of a log; a slash or a backslash that was hidden in an escape
// would be taken for a separator by the system below.
const FORBIDDEN = /[\0-\x1f\x7f-\x9f/\\]/;

/**
 * Takes the path of a request target (from its first slash, without the query) apart into names.
 * Escapes are decoded exactly once, each segment on its own. A trailing slash gives an empty last
 * name: "/" is `[""]` and "/a/" is `["a", ""]`.
 *
 * Throws a PathError: PATH_ENCODING_INVALID for a broken escape or one that is not UTF-8, and for a
 * character that no URI has; PATH_SEGMENT_FORBIDDEN for ".", "..", an empty name before the
 * last, and a name with a control character, a backslash or an encoded slash.
 */
export function decodePath(path: string): readonly string[] {
  if (!path.startsWith("/") || !URI_CHARACTERS.test(path) || QUERY_OR_FRAGMENT.test(path)) {
    throw new PathError(
      "PATH_ENCODING_INVALID",
      `Cannot read the path ${quote(path)}: it has to start with a slash, and everything but visible ASCII, "?" and "#" has to be percent-encoded`,
    );
  }
  const segments = path.slice(1).split("/");
  const last = segments.length - 1;
  for (let index = 0; index <= last; index += 1) {
    const name = decodeSegment(segments[index] ?? "");
    if ((name === "" && index < last) || name === "." || name === ".." || FORBIDDEN.test(name)) {
      throw new PathError(
        "PATH_SEGMENT_FORBIDDEN",
        `Cannot look up the path ${quote(path)}: ${reason(name)}`,
      );
    }
    segments[index] = name;
  }
  return segments;
}

/**
 * Writes names as a path, the inverse of decodePath(): `["a b", ""]` is "/a%20b/". A name that
 * decodePath() refuses is encoded as well, so that every file of a listing can be written down.
 * Throws a PathError, PATH_ENCODING_INVALID, for a name that is not valid Unicode.
 */
export function encodePath(segments: readonly string[]): string {
  return `/${segments.map(encodeSegment).join("/")}`;
}

/** Tells whether a name is hidden by custom: it starts with a dot. */
export function isHiddenName(name: string): boolean {
  return name.startsWith(".");
}

const MAX_NAME_BYTES = 255;
const WINDOWS_CHARACTER = /[<>:"|?*]/;
const WINDOWS_DEVICE = /^(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9¹²³])(?= *(?:\.|$))/i;
const WINDOWS_SHORT_NAME = /^[^.]{1,6}~\d{1,6}(?:\.[^.]{0,3})?$/;

/**
 * Tells why a file of this name cannot be kept on a platform, as the end of a sentence, or
 * `undefined` when it can. Sources: Microsoft's "Naming Files, Paths, and Namespaces"; 255 bytes of
 * UTF-8 are the limit of ext4, XFS and APFS, and are kept on every platform so that a folder can
 * move. macOS refuses no character itself (it shows ":" as "/").
 */
export function reservedName(name: string, platform: NodeJS.Platform): string | undefined {
  // A UTF-16 unit takes at most three bytes.
  if (name.length * 3 > MAX_NAME_BYTES && Buffer.byteLength(name) > MAX_NAME_BYTES) {
    return `the name is longer than ${MAX_NAME_BYTES} bytes of UTF-8`;
  }
  return platform === "win32" ? reservedOnWindows(name) : undefined;
}

function reservedOnWindows(name: string): string | undefined {
  // A colon would also reach a file's other streams: "a.txt::$DATA".
  const character = WINDOWS_CHARACTER.exec(name)?.[0];
  if (character !== undefined) return `Windows does not allow ${character} in a name`;
  if (name.endsWith(".") || name.endsWith(" ")) return "Windows drops a dot or a space at the end of a name";
  const device = WINDOWS_DEVICE.exec(name)?.[0];
  if (device !== undefined) return `${device} is the name of a device on Windows`;
  // HTPASS~1 can open .htpasswd, past the rule that hides it.
  if (WINDOWS_SHORT_NAME.test(name)) return "Windows may take it for the short name of another file";
  return undefined;
}

function decodeSegment(segment: string): string {
  if (!segment.includes("%")) return segment;
  // Fatal about what is not UTF-8: overlong forms, surrogates and cut sequences throw a URIError.
  const name = unlessMalformed(decodeURIComponent, segment);
  if (name !== undefined) return name;
  throw new PathError(
    "PATH_ENCODING_INVALID",
    `Cannot decode ${quote(segment)}: an escape is "%" and two hexadecimal digits, and escapes spell UTF-8`,
  );
}

const PLAIN_SEGMENT = /^[A-Za-z0-9\-._~!$&'()*+,;=:@]*$/;
// What encodeURIComponent() escapes although a segment may have it: $ & + , : ; = @
const NEEDLESS_ESCAPE = /%(?:24|26|2B|2C|3A|3B|3D|40)/g;

function encodeSegment(name: string): string {
  if (PLAIN_SEGMENT.test(name)) return name;
  const escaped = unlessMalformed(encodeURIComponent, name);
  if (escaped !== undefined) return escaped.replace(NEEDLESS_ESCAPE, decodeURIComponent);
  throw new PathError(
    "PATH_ENCODING_INVALID",
    `Cannot encode the name ${quote(name)}: half of a surrogate pair is not Unicode text`,
  );
}

// The URIError that the built-in functions throw says "URI malformed" and nothing else.
function unlessMalformed(convert: (text: string) => string, text: string): string | undefined {
  try {
    return convert(text);
  } catch {
    return undefined;
  }
}

function reason(name: string): string {
  if (name === "") return "two slashes in a row name nothing";
  if (name === "." || name === "..") return `"${name}" has to be resolved before the request is sent`;
  return "a name has no control character, slash or backslash";
}

// A path can be as long as the longest request line; a message should not.
function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
