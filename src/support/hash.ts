import { createHash } from "node:crypto";

/**
 * The name of a blob by its content: the first 16 hexadecimal digits (64 bits) of its SHA-256.
 *
 * Enough to tell apart the blobs of one model by accident (a collision among a million has odds near 1 in 10^7), not
 * against an attacker who looks for one.
 */
export function contentHash(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 16);
}
