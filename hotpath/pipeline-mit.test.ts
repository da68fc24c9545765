// Defends: a merchant-initiated payment needs an agreement of its own token, acquirer, merchant, id
// and type; a PTAV that it brings is neither needed nor used up.
import { afterEach, describe, expect, it } from "vitest";
import { deleteToken, provision } from "../actors/card/test-rig.ts";
import { ClearPAN, withCheckDigit } from "../codec/pan/mod.ts";
import { reason } from "../platform/mod.ts";
import { mitType, parseRef, putAgreement, putRequestor } from "../vault/mod.ts";
import { declines } from "./test-declines.ts";
import { acquirer, merchant, otherTrid, Rig, trid } from "./test-rig.ts";

let rig: Rig;
afterEach(() => rig.remove());

describe("merchant-initiated payments", () => {
  const mit = (
    tags: Record<string, string | null> = {},
    fields: Record<string, string> = {},
  ): Buffer =>
    rig.payment({
      fields: { "22": "100", ...fields },
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

  const register = (changes: object) =>
    putRequestor(rig.vault, {
      ...{ trid, name: trid, type: "MERCHANT", acquirers: [acquirer] },
      ...changes,
    });

  it("row 20: a type that is missing or unknown is 12", () => {
    rig = new Rig();
    declines(rig, mit({ "06": null }), reason.MIT_TYPE_INVALID, "12", "N");
    declines(rig, mit({ "06": "X" }), reason.MIT_TYPE_INVALID, "12", "N");
  });

  it("row 1: a credential that is not stored, or an agreement that is not begun, is 30", () => {
    rig = new Rig();
    agree(["R"]);
    const formatError = { reason: reason.FORMAT_ERROR, fields: { "39": "30" } };
    for (const stored of ["F", "N"])
      expect(rig.one(mit({ "07": stored }))).toMatchObject(formatError);
    const cit = (tags: Record<string, string>) => rig.one(rig.payment({ tags }));
    for (const stored of ["S", "N"]) {
      expect(cit({ "07": stored, "06": "R" })).toMatchObject(formatError);
      expect(cit({ "07": stored, "08": "PLAN-1" })).toMatchObject(formatError);
      expect(cit({ "07": stored }).reason).toBe(0);
    }
    expect(cit({ "07": "F", "06": "R", "08": "PLAN-1" }).reason).toBe(0);
    expect(cit({ "07": "F" }).reason).toBe(0);
    expect(rig.one(mit()).reason).toBe(0);
  });

  it("row 21: another acquirer, merchant or token of the same card has none", () => {
    rig = new Rig();
    agree(["R"]);
    expect(rig.one(mit()).reason).toBe(0);
    const acquirers = [acquirer, "458002"];
    for (const one of [trid, otherTrid]) {
      putRequestor(rig.vault, { trid: one, name: one, type: "MERCHANT", acquirers });
    }
    const { tpan, expiry } = rig.tpanOf(rig.other, otherTrid);
    const changes = [
      { fields: { "32": "458002" } },
      { fields: { "42": "MERCHANT0000002" } },
      { fields: { "2": tpan, "14": expiry }, tags: { "03": otherTrid } },
    ];
    for (const { fields, tags } of changes) {
      declines(rig, mit(tags, fields), reason.MIT_NO_AGREEMENT, "57", "N");
    }
  });

  it("row 21: one that came with the provisioning or with a migrated card is one", () => {
    rig = new Rig();
    const name = { acquirer, merchant, id: "PLAN-1" };
    const pans = ["999999000004003", "999999000005006"].map(withCheckDigit).map(ClearPAN.parse);
    for (const [i, agreementSource] of (["PROVISION", "MIGRATION"] as const).entries()) {
      const agreement = { ...name, mitTypes: ["I"] as const };
      const request = { pan: pans[i]!, panExpiry: 2909, trid, assurance: 10, agreement };
      const attest = () => provision(rig.vault, { ...request, agreementSource });
      register({ allowAttestedAgreements: false });
      expect(attest).toThrow("may not attest");
      register({ allowAttestedAgreements: true });
      const { tpan, expiry } = rig.tpanOf(attest().token);
      const fields = { "2": tpan, "14": expiry };
      expect(rig.one(mit({ "06": "I" }, fields)).reason).toBe(0);
      declines(rig, mit({ "06": "R" }, fields), reason.MIT_NO_AGREEMENT, "57", "N");
    }
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
