// Defends: a merchant-initiated payment needs an agreement of its own token, acquirer, merchant, id
// and type; a PTAV that it brings is neither needed nor used up.
import { afterEach, describe, expect, it } from "vitest";
import { deleteToken } from "../actors/card/test-rig.ts";
import { reason } from "../platform/mod.ts";
import { mitType, parseRef, putAgreement } from "../vault/mod.ts";
import { declines } from "./test-declines.ts";
import { acquirer, merchant, Rig } from "./test-rig.ts";

let rig: Rig;
afterEach(() => rig.remove());

describe("merchant-initiated payments", () => {
  const mit = (tags: Record<string, string | null> = {}) =>
    rig.payment({
      fields: { "22": "100" },
      tags: { "05": "M", "06": "R", "07": "S", "08": "PLAN-1", ...tags },
    });
  const agree = (types: readonly ("R" | "I" | "U")[], id = "PLAN-1") => {
    const found = rig.vault.findTokenByRef(parseRef(rig.token.ref) as Buffer);
    const atSeconds = Math.floor(rig.clock.nowMs() / 1000);
    rig.vault.env.write(() =>
      putAgreement(
        rig.vault,
        found?.index as Buffer,
        { acquirer, merchant, id },
        {
          types: types.reduce((bits, one) => bits | mitType[one], 0),
          source: "CIT",
          atSeconds,
        },
      ),
    );
  };

  it("row 20: a type that is missing or unknown is 12", () => {
    rig = new Rig();
    declines(rig, mit({ "06": null }), reason.MIT_TYPE_INVALID, "12", "N");
    declines(rig, mit({ "06": "X" }), reason.MIT_TYPE_INVALID, "12", "N");
  });

  it("row 21: no agreement, another type, another id, or none named is 57", () => {
    rig = new Rig();
    declines(rig, mit(), reason.MIT_NO_AGREEMENT, "57", "N");
    agree(["I"]);
    declines(rig, mit(), reason.MIT_NO_AGREEMENT, "57", "N");
    agree(["R"]);
    expect(rig.one(mit())).toMatchObject({ reason: 0, tags: { "12": "N" } });
    declines(rig, mit({ "08": "PLAN-2" }), reason.MIT_NO_AGREEMENT, "57", "N");
    declines(rig, mit({ "08": null }), reason.MIT_NO_AGREEMENT, "57", "N");
  });

  it("row 21: an agreement lapses 13 months after its last use", () => {
    rig = new Rig();
    agree(["R"]);
    rig.clock.advance(365 * 86_400_000);
    expect(rig.one(mit()).reason).toBe(0);
    rig.clock.advance(39 * 86_400_000);
    declines(rig, mit(), reason.MIT_NO_AGREEMENT, "57", "N");
  });

  it("row 8: goes with its token", () => {
    rig = new Rig();
    agree(["R"]);
    const message = mit();
    deleteToken(rig.vault, rig.token.ref);
    declines(rig, message, reason.TOKEN_DELETED, "14", "U");
  });

  it("row 22: a PTAV on one is ignored and not used up", () => {
    rig = new Rig();
    agree(["R"]);
    const ptav = rig.ptav();
    expect(rig.one(mit({ "04": ptav }))).toMatchObject({ reason: 0, tags: { "12": "N" } });
    expect(rig.one(rig.payment({ tags: { "04": ptav } })).reason).toBe(0);
  });

  it("row 23: is a credential on file", () => {
    rig = new Rig();
    agree(["R"]);
    const tags = { "05": "M", "06": "R", "07": "S", "08": "PLAN-1" };
    declines(rig, rig.payment({ tags }), reason.CHANNEL_NOT_ALLOWED, "58", "U");
  });

  it("row 3: another message under the same numbers is 94", () => {
    rig = new Rig();
    agree(["R", "U"]);
    const first = mit();
    const text = first.toString("latin1");
    const other = Buffer.from(text.replace("06001R", "06001U"), "latin1");
    expect(rig.one(first).reason).toBe(0);
    declines(rig, other, reason.DUPLICATE_TRANSMISSION, "94", "N");
    expect(rig.one(first)).toMatchObject({ reason: 0, tags: { "20": "R" } });
  });
});
