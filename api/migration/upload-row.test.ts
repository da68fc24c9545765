// Property: a row is used only where every column may be what it is; what is wrong is named by its
// column and never by its value.
import { describe, expect, it } from "vitest";
import { knownPan } from "../../codec/pan/fixtures.ts";
import { judgeRow, uploadColumns } from "./upload-row.ts";

const good: Readonly<Record<string, string>> = {
  record_no: "7",
  requestor_ref: "ref-7",
  pan: knownPan,
  expiry_yymm: "2909",
  cardholder_name: "Zoë Ångström",
  consumer_ref: "c-7",
  consent_at: "2026-01-01T08:00:00+08:00",
  agreement_id: "mandate-1",
  mit_types: "RU",
  merchant_id: "SHOP 1",
  acquirer_id: "458001",
};

function judge(change: Readonly<Record<string, string>> = {}) {
  const values = { ...good, ...change };
  return judgeRow(Buffer.from(uploadColumns.map((column) => values[column]).join(",")), 7);
}

describe("a row", () => {
  it("is taken where every column is right", () => {
    const judged = judge();
    expect(judged).toMatchObject({ ok: true, row: { requestorRef: "ref-7", expiry: 2909 } });
    expect(judged.ok && judged.row.agreement).toMatchObject({ types: 5, source: "MIGRATION" });
    expect(judged.ok && String(judged.row.pan)).toBe("999999******0011");
    const none = { agreement_id: "", mit_types: "", merchant_id: "", acquirer_id: "" };
    const bare = judge({ ...none, cardholder_name: "", consumer_ref: "" });
    expect(bare.ok && bare.row.agreement).toBeUndefined();
    expect(bare.ok).toBe(true);
  });

  it.each([
    [{ record_no: "8" }, "RECORD_NO_INVALID"],
    [{ record_no: "07" }, "RECORD_NO_INVALID"],
    [{ requestor_ref: "" }, "REQUESTOR_REF_MISSING"],
    [{ requestor_ref: "=1+1" }, "REQUESTOR_REF_INVALID"],
    [{ requestor_ref: "a b" }, "REQUESTOR_REF_INVALID"],
    [{ pan: "" }, "PAN_MISSING"],
    [{ pan: "4000" }, "PAN_INVALID"],
    [{ expiry_yymm: "2913" }, "EXPIRY_YYMM_INVALID"],
    [{ cardholder_name: "+cmd" }, "CARDHOLDER_NAME_INVALID"],
    [{ cardholder_name: "a\tb" }, "CARDHOLDER_NAME_INVALID"],
    [{ consumer_ref: "x".repeat(65) }, "CONSUMER_REF_INVALID"],
    [{ consent_at: "2026-13-01T00:00:00Z" }, "CONSENT_AT_INVALID"],
    [{ consent_at: "" }, "CONSENT_AT_MISSING"],
    [{ mit_types: "X" }, "MIT_TYPES_INVALID"],
    [{ mit_types: "" }, "MIT_TYPES_MISSING"],
    [{ acquirer_id: "" }, "ACQUIRER_ID_MISSING"],
    [{ merchant_id: "@shop" }, "MERCHANT_ID_INVALID"],
  ])("is not taken with %j", (change, fault) => {
    expect(judge(change)).toMatchObject({ ok: false, fault });
  });

  it("holds no formula of a spreadsheet, in any column of text", () => {
    const columns = ["requestor_ref", "cardholder_name", "consumer_ref", "agreement_id"] as const;
    for (const column of [...columns, "merchant_id"] as const) {
      for (const first of ["=", "+", "-", "@", "\t", "\r"]) {
        const judged = judge({ [column]: `${first}1` });
        expect([column, first, judged.ok]).toEqual([column, first, false]);
      }
    }
  });

  it("with too few or too many fields, or open quotes, is malformed", () => {
    for (const line of ["", "7,ref-7", `${"7,".repeat(11)}7`, `7,"ref-7${",".repeat(9)}`]) {
      expect(judgeRow(Buffer.from(line), 7)).toEqual({
        ok: false,
        fault: "ROW_MALFORMED",
        requestorRef: "",
      });
    }
  });
});
