// Secrets and keys of those who take part in the circle, as files that an operator would have, and
// their rows in the parties file.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type ApiAccess,
  type ClientOpener,
  loadOpener,
  loadSigner,
  makeKeyPair,
  makeSecret,
  makeServerKeys,
} from "../../../api/http/mod.ts";
import { demoTrid, type WorldParts } from "../world.ts";

export const routingKey = "acs-bank-one";
/** The acquirer's and the shop's. */
export const circleTrids = { acquirer: demoTrid(1), shop: demoTrid(2) } as const;

export interface CircleAccess {
  readonly acquirer: ApiAccess;
  readonly shop: ApiAccess;
  readonly bank: ApiAccess;
  /** What opens card numbers at the bank's access control server. */
  readonly acs: ClientOpener;
}

export interface CircleParties {
  readonly parts: WorldParts;
  readonly access: CircleAccess;
}

export async function makeParties(dir: string): Promise<CircleParties> {
  const folder = join(dir, "parties");
  mkdirSync(folder);
  const put = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const pair = (use: "sig" | "enc", name: string) => {
    const { privateSet, publicSet } = makeKeyPair(use, name);
    return { own: put(`${name}.key`, privateSet), keysFile: put(`${name}.jwks`, publicSet) };
  };
  const client = async (clientId: string) => {
    const { secret, line } = await makeSecret();
    const { own, keysFile } = pair("sig", clientId);
    const http = { clientId, keysFile, secretFile: put(`${clientId}.hash`, `${line}\n`) };
    return { http, access: { clientId, secret, signer: loadSigner(own) } };
  };
  const [acquirer, shop, bank] = [
    await client("acquirer"),
    await client("shop"),
    await client("bank"),
  ];
  const acs = pair("enc", "acs");
  return {
    access: {
      ...{ acquirer: acquirer.access, shop: shop.access, bank: bank.access },
      acs: loadOpener(acs.own),
    },
    parts: {
      flags: {
        "http.port": "0",
        "http.keysFile": put("http-keys.json", makeServerKeys("demo")),
        "switchHttp.enabled": "true",
        "switchHttp.port": "0",
      },
      switch: { http: { keysFile: pair("enc", "network").keysFile } },
      requestor: { http: acquirer.http },
      requestors: [{ name: "shop-two", trids: [circleTrids.shop], http: shop.http }],
      issuer: { acs: { routingKey, keysFile: acs.keysFile }, http: bank.http },
    },
  };
}
