// One logged-in session with one token: finds the token, logs in, and comes back by itself after
// the session or the token was lost. Calls run one after another: a session has one operation.
import { CryptoError } from "./crypto-error.ts";
import { cka, ckf, ckk, ckm, cko, ckr, cku, isSessionLost, Pkcs11Refusal } from "./pkcs11-codes.ts";
import { Pkcs11Module, wordOf } from "./pkcs11-module.ts";

/** Where a key-encryption key is. */
export interface HsmAccess {
  /** Path of the vendor's PKCS#11 library. */
  readonly module: string;
  /** CKA label of the token; "" where the serial number names it. */
  readonly tokenLabel: string;
  readonly tokenSerial: string;
  /** The PIN, read anew for every login; the session overwrites it after use. */
  readonly pin: () => Buffer;
}

/** More slots than any HSM shows to one client. */
const slotsMax = 256;
const tokenInfoBytes = 208;
const tokenSerialAt = 80;
const tokenFlagsAt = 96;
const gcmIvBytes = 12;
const gcmTagBytes = 16;
const keyBytes = 32;
/** Two keys of one id are a fault that must be noticed. */
const foundMax = 2;

export class Pkcs11Session {
  readonly #access: HsmAccess;
  readonly #module: Pkcs11Module;
  #session = 0;
  #connected = false;
  #closed = false;
  /** A refused PIN is not offered again: the token would lock it. */
  #refused: CryptoError | undefined;
  readonly #handles = new Map<string, number>();
  #last: Promise<unknown> = Promise.resolve();

  private constructor(access: HsmAccess, module: Pkcs11Module) {
    this.#access = access;
    this.#module = module;
  }

  /** Errors: the CryptoErrors HSM_… */
  static async open(access: HsmAccess): Promise<Pkcs11Session> {
    const module = await Pkcs11Module.open(access.module);
    const session = new Pkcs11Session(access, module);
    try {
      await session.#run(async () => undefined);
      return session;
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  /** Makes an AES-256 key that cannot leave the token. */
  async generateKey(label: string, id: Buffer): Promise<void> {
    await this.#run(async () => {
      const template = this.#template(label, id, [[cka.valueLen, word(keyBytes)]]);
      const mechanism = this.#module.structure(ckm.aesKeyGen, null, 0);
      const handle = Buffer.alloc(8);
      await this.#call("C_GenerateKey", mechanism, template.bytes, template.count, handle);
      this.#handles.set(id.toString("hex"), wordOf(handle));
    });
  }

  /** Puts a key that was made elsewhere into the token; from then on it cannot leave it. */
  async importKey(label: string, id: Buffer, value: Buffer): Promise<void> {
    await this.#run(async () => {
      const template = this.#template(label, id, [[cka.value, value]]);
      const handle = Buffer.alloc(8);
      await this.#call("C_CreateObject", template.bytes, template.count, handle);
      this.#handles.set(id.toString("hex"), wordOf(handle));
    });
  }

  async destroyKey(id: Buffer): Promise<void> {
    await this.#run(async () => this.#call("C_DestroyObject", await this.#keyOf(id)));
    this.#handles.delete(id.toString("hex"));
  }

  /** HSM_KEY_MISSING unless the token has this key, HSM_FAILED where it could leave the token. */
  async checkKey(id: Buffer): Promise<void> {
    await this.#run(() => this.#keyOf(id));
  }

  /** iv ‖ ciphertext ‖ tag, AES-256-GCM. */
  async encrypt(id: Buffer, plain: Buffer, context: Buffer, iv: Buffer): Promise<Buffer> {
    return this.#run(async () => {
      const key = await this.#keyOf(id);
      const used = Buffer.from(iv);
      await this.#call("C_EncryptInit", this.#gcm(used, context), key);
      const out = await this.#crypt("C_Encrypt", plain, plain.length + gcmTagBytes);
      // An HSM that insists on its own IV has written it over ours by now.
      return Buffer.concat([used, out]);
    });
  }

  /** Undefined where the bytes were not encrypted so under this key and context. */
  async decrypt(id: Buffer, sealed: Buffer, context: Buffer): Promise<Buffer | undefined> {
    if (sealed.length < gcmIvBytes + gcmTagBytes) return undefined;
    return this.#run(async () => {
      const key = await this.#keyOf(id);
      const iv = Buffer.from(sealed.subarray(0, gcmIvBytes));
      const body = Buffer.from(sealed.subarray(gcmIvBytes));
      await this.#call("C_DecryptInit", this.#gcm(iv, context), key);
      try {
        return await this.#crypt("C_Decrypt", body, body.length);
      } catch (error) {
        if (error instanceof Pkcs11Refusal && mayMeanForged.has(error.value)) return undefined;
        throw error;
      }
    });
  }

  /** One block under the bare cipher, for check values; undefined where the HSM forbids ECB. */
  async encryptBlock(id: Buffer, block: Buffer): Promise<Buffer | undefined> {
    return this.#run(async () => {
      const key = await this.#keyOf(id);
      const mechanism = this.#module.structure(ckm.aesEcb, null, 0);
      const answer = await this.#module.ask("C_EncryptInit", this.#session, mechanism, key);
      if (answer !== ckr.ok) return undefined;
      return this.#crypt("C_Encrypt", Buffer.from(block), block.length);
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#last.catch(() => undefined);
    if (this.#connected) await this.#module.ask("C_CloseSession", this.#session);
    await this.#module.close();
  }

  /** In turn; once more with a new session where the old one turns out to be lost. */
  #run<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.catch(() => undefined).then(() => this.#attempt(work));
    this.#last = turn;
    return turn;
  }

  async #attempt<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) throw new CryptoError("KEY_STATE", "the key provider is closed");
    try {
      if (!this.#connected) await this.#connect();
      return await work();
    } catch (error) {
      if (!isSessionLost(error)) throw error;
      // What is left of it would stay logged in.
      if (this.#connected) await this.#module.ask("C_CloseSession", this.#session);
      await this.#connect();
      return await work();
    }
  }

  async #connect(): Promise<void> {
    this.#connected = false;
    this.#handles.clear();
    if (this.#refused !== undefined) throw this.#refused;
    await this.#module.initialize();
    const slot = await this.#findSlot();
    const session = Buffer.alloc(8);
    const flags = ckf.serialSession | ckf.rwSession;
    await this.#module.call("C_OpenSession", slot, flags, null, null, session);
    this.#session = wordOf(session);
    try {
      await this.#login();
    } catch (error) {
      await this.#module.ask("C_CloseSession", this.#session);
      throw error;
    }
    this.#connected = true;
  }

  async #login(): Promise<void> {
    const pin = this.#access.pin();
    let answer: number;
    try {
      answer = await this.#module.ask("C_Login", this.#session, cku.user, pin, pin.length);
    } finally {
      pin.fill(0);
    }
    if (answer === ckr.ok || answer === ckr.userAlreadyLoggedIn) return;
    const refusal = new Pkcs11Refusal("C_Login", answer);
    if (refusal.code === "HSM_PIN_WRONG" || refusal.code === "HSM_PIN_LOCKED") {
      this.#refused = refusal;
    }
    throw refusal;
  }

  async #findSlot(): Promise<number> {
    const { module, tokenLabel, tokenSerial } = this.#access;
    const list = Buffer.alloc(8 * slotsMax);
    const count = this.#module.structure(slotsMax);
    await this.#module.call("C_GetSlotList", 1, list, count);
    const found: { slot: number; locked: boolean }[] = [];
    for (let i = 0; i < wordOf(count); i++) {
      const slot = Number(list.readBigUInt64LE(8 * i));
      const info = Buffer.alloc(tokenInfoBytes);
      // A slot may have lost its token since the list was made.
      if ((await this.#module.ask("C_GetTokenInfo", slot, info)) !== ckr.ok) continue;
      const label = info.toString("utf8", 0, 32).trimEnd();
      const serial = info.toString("latin1", tokenSerialAt, tokenSerialAt + 16).trimEnd();
      if (tokenLabel !== "" && label !== tokenLabel) continue;
      if (tokenSerial !== "" && serial !== tokenSerial) continue;
      const flags = info.readBigUInt64LE(tokenFlagsAt);
      found.push({ slot, locked: (flags & ckf.userPinLocked) !== 0n });
    }
    const [first, second] = found;
    const wanted = [
      tokenLabel && `label '${tokenLabel}'`,
      tokenSerial && `serial '${tokenSerial}'`,
    ];
    const name = wanted.filter(Boolean).join(" and ");
    if (first === undefined) {
      throw new CryptoError("HSM_TOKEN_MISSING", `${module} shows no token with ${name}`);
    }
    if (second !== undefined) {
      throw new CryptoError(
        "HSM_TOKEN_MISSING",
        `several tokens have ${name}: give the serial too`,
      );
    }
    if (first.locked) throw new Pkcs11Refusal("C_GetTokenInfo", 164);
    return first.slot;
  }

  async #keyOf(id: Buffer): Promise<number> {
    const name = id.toString("hex");
    const known = this.#handles.get(name);
    if (known !== undefined) return known;
    const query = this.#attributes([
      [cka.class, word(cko.secretKey)],
      [cka.keyType, word(ckk.aes)],
      [cka.id, id],
    ]);
    await this.#call("C_FindObjectsInit", query.bytes, query.count);
    const handles = Buffer.alloc(8 * foundMax);
    const count = Buffer.alloc(8);
    await this.#call("C_FindObjects", handles, foundMax, count);
    await this.#call("C_FindObjectsFinal");
    if (wordOf(count) !== 1) {
      const text = wordOf(count) === 0 ? "no key" : "several keys";
      throw new CryptoError("HSM_KEY_MISSING", `the token holds ${text} with the id ${name}`);
    }
    const handle = wordOf(handles);
    await this.#assertKept(handle, name);
    this.#handles.set(name, handle);
    return handle;
  }

  /** Somebody may have put a key there whose bytes he can read. */
  async #assertKept(handle: number, name: string): Promise<void> {
    const sensitive = Buffer.alloc(1);
    const extractable = Buffer.alloc(1, 1);
    const asked = this.#attributes([
      [cka.sensitive, sensitive],
      [cka.extractable, extractable],
    ]);
    await this.#call("C_GetAttributeValue", handle, asked.bytes, asked.count);
    if (sensitive[0] !== 1 || extractable[0] !== 0) {
      throw new CryptoError("HSM_FAILED", `the key ${name} could be read out of the token`);
    }
  }

  #template(label: string, id: Buffer, more: readonly (readonly [number, Buffer])[]) {
    const yes = Buffer.from([1]);
    const no = Buffer.from([0]);
    return this.#attributes([
      [cka.class, word(cko.secretKey)],
      [cka.keyType, word(ckk.aes)],
      [cka.token, yes],
      [cka.private, yes],
      [cka.sensitive, yes],
      [cka.extractable, no],
      [cka.encrypt, yes],
      [cka.decrypt, yes],
      [cka.wrap, no],
      [cka.unwrap, no],
      [cka.sign, no],
      [cka.verify, no],
      [cka.derive, no],
      [cka.label, Buffer.from(label)],
      [cka.id, id],
      ...more,
    ]);
  }

  /** An array of CK_ATTRIBUTE. */
  #attributes(list: readonly (readonly [number, Buffer])[]): { bytes: Buffer; count: number } {
    const values = list.flatMap(([type, value]) => [type, value, value.length]);
    return { bytes: this.#module.structure(...values), count: list.length };
  }

  /** CK_MECHANISM with CK_GCM_PARAMS. */
  #gcm(iv: Buffer, context: Buffer): Buffer {
    const { length } = context;
    const bits = 8 * gcmTagBytes;
    const aad = Buffer.from(context);
    const params = this.#module.structure(iv, iv.length, 8 * iv.length, aad, length, bits);
    return this.#module.structure(ckm.aesGcm, params, params.length);
  }

  async #crypt(name: "C_Encrypt" | "C_Decrypt", input: Buffer, outMax: number): Promise<Buffer> {
    // Some libraries decrypt in blocks and ask for room for a whole one more.
    const room = outMax + 16;
    const out = Buffer.alloc(room);
    const length = this.#module.structure(room);
    await this.#call(name, input, input.length, out, length);
    return out.subarray(0, wordOf(length));
  }

  #call(name: Parameters<Pkcs11Module["call"]>[0], ...args: Parameters<Pkcs11Module["ask"]>[1][]) {
    return this.#module.call(name, this.#session, ...args);
  }
}

/** What libraries answer to a wrong GCM tag; before PKCS#11 v3 no code was set aside for it. */
const mayMeanForged: ReadonlySet<number> = new Set([
  ckr.generalError,
  ckr.functionFailed,
  ckr.dataInvalid,
  ckr.encryptedDataInvalid,
  ckr.encryptedDataLenRange,
  ckr.aeadDecryptFailed,
]);

function word(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
