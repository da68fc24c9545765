// Defends: a token is good at the door that gave it and at no other, also where one file of keys
// signs for both.
import { expect, it } from "vitest";
import { createManualClock } from "../../platform/mod.ts";
import { AccessTokens } from "./access-token.ts";
import { makeServerKeys, serverKeysOf } from "./server-keys.ts";

it("of requestors is none at the administration, and the other way round", async () => {
  const served = serverKeysOf(JSON.parse(makeServerKeys("test")), "here");
  const options = { keys: () => served, clock: createManualClock(), lifeSeconds: 900 };
  const requestors = new AccessTokens(options);
  const admin = new AccessTokens({ ...options, audience: "pantun-admin-api" });
  const access = { clientId: "alice", scopes: [] };
  for (const [giver, other] of [
    [requestors, admin],
    [admin, requestors],
  ] as const) {
    const token = await giver.issue(access, "");
    expect((await giver.check(token, "")).clientId).toBe("alice");
    await expect(other.check(token, "")).rejects.toMatchObject({ code: "INVALID_CREDENTIALS" });
    await expect(giver.check(token, "x")).rejects.toMatchObject({ code: "INVALID_CREDENTIALS" });
  }
});
