// Defends: every key pair that we make can be read, those too whose numbers begin with a zero byte.
import ssh2 from "ssh2";
import { expect, test } from "vitest";
import { makeHostKey } from "./mod.ts";

test("of a thousand key pairs all can be read", () => {
  const made = Array.from({ length: 1_000 }, makeHostKey);
  const unread = made.flatMap(({ privateKey, publicKey }) => {
    return [privateKey, publicKey].filter((text) => ssh2.utils.parseKey(text) instanceof Error);
  });
  expect(unread).toEqual([]);
});
