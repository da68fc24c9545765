// The one file where Luhn-valid card numbers may stand. They are test numbers: none was ever
// issued. Tests and simulators import them from here; a tidy test refuses such digits anywhere
// else.

/** TPAN of the known answers (sub-range 001 of BIN 608727). */
export const knownTpan = "6087270010000018";
export const knownTpanExpiry = "3012";
export const knownTrid = "99900000001";

/** Card behind `knownTpan` in the ISO 8583 known answers. */
export const knownPan = "9999990000030011";
export const knownPanExpiry = "2909";

/** Card of the sealing known answer. */
export const sealedPan = "4000001234567899";
