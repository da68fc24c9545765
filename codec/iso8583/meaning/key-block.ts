// The header of an X9.143 (TR-31) key block: sixteen characters in clear before the key. Nothing of
// the key itself is looked at.

const versions: Readonly<Record<string, string>> = {
  A: "variant binding, 3DES",
  B: "derivation binding, 3DES",
  C: "variant binding, 3DES",
  D: "derivation binding, AES",
};

const usages: Readonly<Record<string, string>> = {
  B0: "base derivation key",
  B1: "initial DUKPT key",
  C0: "card verification key",
  D0: "data encryption key",
  E0: "EMV master key, cryptograms",
  E1: "EMV master key, confidentiality",
  E2: "EMV master key, integrity",
  K0: "key encryption or wrapping key",
  K1: "key block protection key",
  M0: "MAC key, ISO 16609",
  M1: "MAC key, ISO 9797-1 algorithm 1",
  M3: "MAC key, ISO 9797-1 algorithm 3",
  M6: "MAC key, CMAC",
  M7: "HMAC key",
  P0: "PIN encryption key",
  V0: "PIN verification key",
  V1: "PIN verification key, IBM 3624",
  V2: "PIN verification key, Visa PVV",
};

const algorithms: Readonly<Record<string, string>> = {
  A: "AES",
  D: "DES",
  E: "elliptic curve",
  H: "HMAC",
  R: "RSA",
  S: "DSA",
  T: "3DES",
};

const modes: Readonly<Record<string, string>> = {
  B: "encrypt and decrypt",
  C: "generate and verify",
  D: "decrypt only",
  E: "encrypt only",
  G: "generate only",
  N: "no restriction",
  S: "signature only",
  V: "verify only",
  X: "derive keys",
};

const exports: Readonly<Record<string, string>> = {
  E: "exportable under a trusted key",
  N: "not exportable",
  S: "exportable",
};

/** What the header says, or undefined where the text is no key block. */
export function keyBlockText(text: string): string | undefined {
  const header =
    /^([A-D])(\d{4})([A-Z0-9]{2})([A-Z0-9])([A-Z0-9])([A-Z0-9]{2})([A-Z])(\d{2})00/.exec(text);
  if (header === null) {
    return undefined;
  }
  const [
    ,
    version = "",
    length,
    usage = "",
    algorithm = "",
    mode = "",
    key,
    exported = "",
    blocks,
  ] = header;
  const says = (table: Readonly<Record<string, string>>, code: string): string =>
    table[code] ?? `code ${code}`;
  return [
    `version ${version} (${says(versions, version)})`,
    `${Number(length)} characters`,
    says(usages, usage),
    says(algorithms, algorithm),
    says(modes, mode),
    `key version ${key}`,
    says(exports, exported),
    `${Number(blocks)} optional blocks`,
  ].join("; ");
}
