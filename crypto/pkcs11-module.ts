// A PKCS#11 library as functions that may be awaited. An HSM may sit behind a network, so every
// call runs in a thread of koffi's. Structures are laid out here by hand: words of 8 bytes,
// little-endian, which is what 64-bit Linux, macOS and FreeBSD have.
import { promisify } from "node:util";
import { CryptoError } from "./crypto-error.ts";
import { ckf, ckr, Pkcs11Refusal } from "./pkcs11-codes.ts";

type Koffi = typeof import("koffi").default;
type Library = ReturnType<Koffi["load"]>;

/** Place in CK_FUNCTION_LIST (v2.x) and parameters; p: pointer, n: CK_ULONG, b: CK_BBOOL. */
const functions = {
  C_Initialize: [0, "p"],
  C_Finalize: [1, "p"],
  C_GetSlotList: [4, "bpp"],
  C_GetTokenInfo: [6, "np"],
  C_OpenSession: [12, "nnppp"],
  C_CloseSession: [13, "n"],
  C_CloseAllSessions: [14, "n"],
  C_Login: [18, "nnpn"],
  C_CreateObject: [20, "npnp"],
  C_DestroyObject: [22, "nn"],
  C_GetAttributeValue: [24, "nnpn"],
  C_FindObjectsInit: [26, "npn"],
  C_FindObjects: [27, "npnp"],
  C_FindObjectsFinal: [28, "n"],
  C_EncryptInit: [29, "npn"],
  C_Encrypt: [30, "npnpp"],
  C_DecryptInit: [33, "npn"],
  C_Decrypt: [34, "npnpp"],
  C_GenerateKey: [58, "nppnp"],
} as const;

export type Pkcs11Function = keyof typeof functions;
/** Buffers go by their address and are written in place. */
export type Pkcs11Argument = number | bigint | Buffer | null;

const kinds = { p: "void *", n: "unsigned long", b: "uint8_t" } as const;
const wordBytes = 8;
/** CK_VERSION and its padding stand before the function pointers. */
const listHeaderBytes = 8;
const initializeArgsBytes = 48;
const initializeFlagsAt = 32;

/** Never let go of: vendors' libraries leave threads behind, and unloading would crash those. */
const loaded: Library[] = [];

/** What a structure points to; without it the collector would take it away. */
const pointedTo = new WeakMap<Buffer, readonly unknown[]>();

/** C_Initialize is once a process, whoever uses the library: modules are shared and counted. */
const opened = new Map<string, { readonly module: Promise<Pkcs11Module>; users: number }>();

export class Pkcs11Module {
  readonly path: string;
  readonly #koffi: Koffi;
  readonly #calls = new Map<string, (...args: Pkcs11Argument[]) => Promise<number>>();

  private constructor(path: string, koffi: Koffi) {
    this.path = path;
    this.#koffi = koffi;
  }

  /** Loads and initialises the library. A CryptoError HSM_MODULE_MISSING where it is none. */
  static async open(path: string): Promise<Pkcs11Module> {
    const shared = opened.get(path) ?? { module: Pkcs11Module.#load(path), users: 0 };
    opened.set(path, shared);
    shared.users++;
    try {
      return await shared.module;
    } catch (error) {
      opened.delete(path);
      throw error;
    }
  }

  static async #load(path: string): Promise<Pkcs11Module> {
    if (process.platform === "win32") {
      throw new CryptoError("HSM_MODULE_MISSING", "PKCS#11 is not supported on Windows");
    }
    // Native code: loaded only where a vault has its key-encryption key in an HSM.
    const { default: koffi } = await import("koffi");
    const module = new Pkcs11Module(path, koffi);
    module.#bind();
    await module.initialize();
    return module;
  }

  #bind(): void {
    const koffi = this.#koffi;
    const list = Buffer.alloc(wordBytes);
    let answer: number;
    try {
      const library = koffi.load(this.path);
      loaded.push(library);
      answer = library.func("C_GetFunctionList", "unsigned long", ["void *"])(list);
    } catch (cause) {
      const text = `${this.path} is not there or is no PKCS#11 library`;
      throw new CryptoError("HSM_MODULE_MISSING", text, { cause });
    }
    if (answer !== ckr.ok) throw new Pkcs11Refusal("C_GetFunctionList", answer);
    const table = list.readBigUInt64LE(0);
    for (const [name, [place, parameters]] of Object.entries(functions)) {
      const types = [...parameters].map((kind) => kinds[kind as keyof typeof kinds]);
      const proto = koffi.proto("unsigned long", types);
      const pointer = koffi.decode(table, listHeaderBytes + wordBytes * place, "void *");
      this.#calls.set(name, promisify(koffi.decode(pointer, proto).async));
    }
  }

  /** Again after the library was finalised by somebody else. */
  async initialize(): Promise<void> {
    const args = Buffer.alloc(initializeArgsBytes);
    args.writeBigUInt64LE(ckf.osLockingOk, initializeFlagsAt);
    const answer = await this.ask("C_Initialize", args);
    if (answer !== ckr.ok && answer !== ckr.alreadyInitialized) {
      throw new Pkcs11Refusal("C_Initialize", answer);
    }
  }

  /** The CK_RV, whatever it is. */
  async ask(name: Pkcs11Function, ...args: Pkcs11Argument[]): Promise<number> {
    const answer = await this.#calls.get(name)!(...args);
    // The buffers of `args` were in use by another thread: they must not be collected before here.
    return args.length > 0 ? Number(answer) : answer;
  }

  /** Throws a Pkcs11Refusal unless the answer is CKR_OK. */
  async call(name: Pkcs11Function, ...args: Pkcs11Argument[]): Promise<void> {
    const answer = await this.ask(name, ...args);
    if (answer !== ckr.ok) throw new Pkcs11Refusal(name, answer);
  }

  /**
   * A structure or an array of words. A Buffer among them becomes a pointer to its bytes, and lives
   * as long as the structure.
   */
  structure(...values: readonly (number | bigint | Buffer | null)[]): Buffer {
    const bytes = Buffer.alloc(wordBytes * values.length);
    for (const [i, value] of values.entries()) {
      const word = typeof value === "object" ? this.#address(value) : BigInt(value);
      bytes.writeBigUInt64LE(word, wordBytes * i);
    }
    pointedTo.set(bytes, values);
    return bytes;
  }

  #address(bytes: Buffer | null): bigint {
    return bytes === null || bytes.length === 0 ? 0n : this.#koffi.address(bytes);
  }

  /** Finalises the library when its last user in this process lets go of it. */
  async close(): Promise<void> {
    const shared = opened.get(this.path);
    if (shared === undefined || --shared.users > 0) return;
    opened.delete(this.path);
    await this.ask("C_Finalize", null);
  }
}

/** A word that the library wrote: a handle, a length. */
export function wordOf(bytes: Buffer): number {
  return Number(bytes.readBigUInt64LE(0));
}
