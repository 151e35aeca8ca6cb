// How a packet says that it was not captured, but made up from what a socket told: by a comment that begins so. There
// is no option in the format for that, and a comment is shown by every program.

const MARK = "Reconstructed";

/** A packet's comment that says it was reconstructed, and what of it cannot be known. */
export function reconstructedComment(unknown?: string): string {
  return unknown === undefined ? MARK : `${MARK}: ${unknown}`;
}

export function isReconstructed(comments: readonly string[]): boolean {
  return comments.some((comment) => comment.startsWith(MARK));
}
