// Certificates made at run time, by hand from DER: no key is committed and no tool is needed.
import { createSign, generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

const oid = {
  commonName: "550403",
  basicConstraints: "551d13",
  subjectAltName: "551d11",
  ecdsaWithSHA256: "2a8648ce3d040302",
} as const;

function der(tag: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const size =
    body.length < 0x100 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
}

const sequence = (...parts: Buffer[]) => der(0x30, ...parts);
const objectId = (hex: string) => der(0x06, Buffer.from(hex, "hex"));
const octets = (...parts: Buffer[]) => der(0x04, ...parts);
const bits = (body: Buffer) => der(0x03, Buffer.from([0]), body);
const algorithm = sequence(objectId(oid.ecdsaWithSHA256));

function nameOf(text: string): Buffer {
  const value = sequence(objectId(oid.commonName), der(0x0c, Buffer.from(text)));
  return sequence(der(0x31, value));
}

function timeOf(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, "");
  return der(0x18, Buffer.from(digits));
}

function altNames(names: readonly string[]): Buffer {
  return sequence(
    ...names.map((name) => {
      if (name.startsWith("URI:")) return der(0x86, Buffer.from(name.slice(4)));
      if (name.startsWith("DNS:")) return der(0x82, Buffer.from(name.slice(4)));
      return der(0x87, Buffer.from(name.slice(3).split(".").map(Number)));
    }),
  );
}

const hourMs = 3_600_000;

export interface TestCertificate {
  readonly subject: string;
  readonly certificate: string;
  readonly privateKey: string;
  readonly key: KeyObject;
}

/** `names`: "URI:…", "DNS:…", "IP:…". Without `issuer` it is an authority that signs itself. */
export function makeCertificate(
  subject: string,
  names: readonly string[],
  issuer?: TestCertificate,
): TestCertificate {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const now = Date.now();
  const extensions = [
    sequence(
      objectId(oid.basicConstraints),
      der(0x01, Buffer.from([255])),
      octets(issuer ? sequence() : sequence(der(0x01, Buffer.from([255])))),
    ),
  ];
  if (names.length > 0)
    extensions.push(sequence(objectId(oid.subjectAltName), octets(altNames(names))));
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    nameOf(issuer?.subject ?? subject),
    sequence(timeOf(now - hourMs), timeOf(now + 24 * hourMs)),
    nameOf(subject),
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(...extensions)),
  );
  const signature = createSign("sha256")
    .update(body)
    .sign(issuer?.key ?? privateKey);
  const whole = sequence(body, algorithm, bits(signature));
  const lines = whole.toString("base64").match(/.{1,64}/g) ?? [];
  return {
    subject,
    certificate: `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`,
    privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    key: privateKey,
  };
}

export interface CertificateFiles {
  readonly certificateFile: string;
  readonly privateKeyFile: string;
}

/** Writes a pair below `dir`; writing again under the same name replaces it. */
export function writeCertificate(
  dir: string,
  name: string,
  made: TestCertificate,
): CertificateFiles {
  const certificateFile = path.join(dir, `${name}.crt`);
  const privateKeyFile = path.join(dir, `${name}.key`);
  fs.writeFileSync(certificateFile, made.certificate);
  fs.writeFileSync(privateKeyFile, made.privateKey, { mode: 0o600 });
  return { certificateFile, privateKeyFile };
}
