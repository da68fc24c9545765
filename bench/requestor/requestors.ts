// Token requestors of the JSON API: each with a client, a secret, keys and one TRID of the bench's
// vault. Requests are signed before the clock runs and kept as the bytes that go to the socket.
import { createPublicKey } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeServerKeys } from "../../api/http/mod.ts";
import { demoTrid } from "../../cmd/demo/world.ts";
import { type ClientFiles, makeClient, type Raw, Requestor } from "../../test/http/requestor.ts";
import type { WireBlock } from "../load/wire.ts";
import { host } from "../service/serve-options.ts";

/** Requests that are signed at once: WebCrypto works in the four threads of libuv. */
const signedAtOnce = 16;

/** Settings under which the JSON door of the service is open, and its brakes are out of the way. */
const openDoor = {
  "http.port": "0",
  "http.callsPerSecond": "100000",
  "http.tokenTriesPerMinute": "100000",
  "ptav.perTokenPerMinute": "100000",
};

export interface ShopFiles {
  readonly settings: Readonly<Record<string, string>>;
  /** Rows of the parties file. */
  readonly requestors: readonly object[];
  readonly clients: readonly ClientFiles[];
  /** Our own keys of the door. */
  readonly keysFile: string;
  remove(): void;
}

/** Files of `count` requestors and of the door that they call. */
export async function makeShops(count: number): Promise<ShopFiles> {
  const dir = mkdtempSync(join(tmpdir(), "pantun-bench-http-"));
  const keysFile = join(dir, "keys.json");
  writeFileSync(keysFile, makeServerKeys("bench"), { mode: 0o600 });
  const clients: ClientFiles[] = [];
  for (let i = 0; i < count; i++) clients.push(await makeClient(dir, `shop-${i + 1}`));
  const requestors = clients.map(({ http }, i) => {
    return { name: `shop-${i + 1}`, trids: [demoTrid(i + 1)], http };
  });
  const settings = { ...openDoor, "http.keysFile": keysFile };
  return {
    settings,
    requestors,
    clients,
    keysFile,
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** The shops with an access token each, asked for as anybody would. */
export async function openShops(address: string, files: ShopFiles): Promise<Requestor[]> {
  const shops: Requestor[] = [];
  for (const client of files.clients) shops.push(await new Requestor(address, client).open());
  return shops;
}

/** One of the door's keys for cards. */
export async function cardKeyOf(shop: Requestor, alg: string) {
  const { keys } = (await shop.call("listKeys")).body;
  const jwk = keys.find((one: { alg: string }) => one.alg === alg);
  return { alg, kid: String(jwk.kid), key: createPublicKey({ key: jwk, format: "jwk" }) };
}

/** `count` requests as a block; `make` is called for several at once. */
export async function blockOf(
  count: number,
  make: (place: number) => Promise<Raw>,
): Promise<WireBlock> {
  const requests: Buffer[] = [];
  let next = 0;
  const work = async () => {
    while (next < count) {
      const mine = next++;
      requests[mine] = bytesOf(await make(mine));
    }
  };
  await Promise.all(Array.from({ length: signedAtOnce }, work));
  const offsets = new Uint32Array(count + 1);
  for (let i = 0; i < count; i++) offsets[i + 1] = offsets[i]! + requests[i]!.length;
  const bytes = new Uint8Array(offsets[count]!);
  for (let i = 0; i < count; i++) bytes.set(requests[i]!, offsets[i]!);
  return { bytes, offsets, expected: new Uint16Array(count), firstSequence: 0 };
}

function bytesOf({ method, path, headers, body = "" }: Raw): Buffer {
  const head = [
    `${method} ${path} HTTP/1.1`,
    `host: ${host}`,
    ...Object.entries(headers ?? {}).map(([name, value]) => `${name}: ${value}`),
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), Buffer.from(body)]);
}
