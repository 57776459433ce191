import { expect, test } from "vitest";
import { contentHash } from "../../src/support/hash.ts";

// FIPS 180-2, appendix B, and the well-known digest of nothing.
test("is the front of the published SHA-256 digests", () => {
  const text = (value: string) => new TextEncoder().encode(value);
  expect(contentHash(text("abc"))).toBe("ba7816bf8f01cfea");
  expect(contentHash(text("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))).toBe("248d6a61d20638b8");
  expect(contentHash(text(""))).toBe("e3b0c44298fc1c14");
});

test("sees only the bytes of the view", () => {
  expect(contentHash(new TextEncoder().encode("xabcx").subarray(1, 4))).toBe("ba7816bf8f01cfea");
});
