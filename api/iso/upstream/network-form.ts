// Network management in any dialect: DE70 of ISO 8583:1987, DE24 of the later versions, and the
// codes that networks of the usual styles write there.
import type { Codec, View } from "../../../codec/iso8583/mod.ts";
import { writeTransmission } from "../../../codec/iso8583/mod.ts";

export type NetworkKind = "sign-on" | "sign-off" | "echo" | "key-change" | "cut-over";

/** Codes that are understood, by element; the first of each kind is the one that we write. */
const codes: Readonly<Record<24 | 70, Readonly<Record<NetworkKind, readonly string[]>>>> = {
  70: {
    "sign-on": ["001", "061", "071"],
    "sign-off": ["002", "062", "072"],
    echo: ["301", "270"],
    "key-change": ["161", "101"],
    "cut-over": ["201"],
  },
  24: {
    "sign-on": ["801"],
    "sign-off": ["802"],
    echo: ["831"],
    "key-change": ["811"],
    "cut-over": ["821"],
  },
};

export interface NetworkRequestValues {
  readonly stan: number;
  /** Unix time of DE7. */
  readonly seconds: number;
  /** Start bytes, where the dialect has some. */
  readonly header: string;
  /** True: room for a MAC of zeros at the end. */
  readonly withMac: boolean;
  /** Another code than ours, three digits. */
  readonly code?: string;
}

export class NetworkForm {
  readonly element: 24 | 70;
  readonly #codec: Codec;
  readonly #mti: string;
  readonly #out: Buffer;

  constructor(codec: Codec) {
    const version = codec.spec.mti.version[0] ?? "0";
    this.#codec = codec;
    this.element = version === "0" ? 70 : 24;
    // From 1993 on the fourth digit says that the acquirer's side may not refuse it (origin 4).
    this.#mti = version === "0" ? "0800" : `${version}804`;
    this.#out = Buffer.alloc(codec.spec.bytesMax);
  }

  /** What a message of class 8 asks for; null where its code is none that is known. */
  kindOf(view: View): NetworkKind | null {
    const code = this.codeOf(view);
    const kinds = Object.entries(codes[this.element]) as [NetworkKind, readonly string[]][];
    return kinds.find(([, known]) => known.includes(code))?.[0] ?? null;
  }

  codeOf(view: View): string {
    return textOf(this.#codec, view, this.element);
  }

  /** A request, from its start bytes on. Throws a CodecError where the dialect cannot carry it. */
  request(kind: NetworkKind, values: NetworkRequestValues): Buffer {
    const { elements } = this.#codec.spec;
    const time = Buffer.alloc(10);
    writeTransmission(time, 0, values.seconds);
    const macDe = this.element > 64 ? 128 : 64;
    const fields = {
      "7": time.toString("latin1"),
      "11": String(values.stan).padStart(elements["11"]?.max ?? 6, "0"),
      [this.element]: values.code ?? codes[this.element][kind][0] ?? "",
      ...(values.withMac ? { [macDe]: "00".repeat(elements[macDe]?.max ?? 8) } : {}),
    };
    const header = values.header === "" ? {} : { header: values.header };
    const end = this.#codec.encode({ mti: this.#mti, ...header, fields }, this.#out, 0);
    return Buffer.from(this.#out.subarray(0, end));
  }
}

/** An element as text, whatever its encoding; empty where it is absent. Slow. */
export function textOf(codec: Codec, view: View, de: number): string {
  return view.has(de) ? (codec.values(view)[String(de)] ?? "") : "";
}

/** Start bytes as the dialect names them, with zeros for its digits; ours where they are ours. */
export function startBytesOf(codec: Codec, ours: string): string {
  const { header } = codec.spec;
  if (header === null) return "";
  if (ours.startsWith(header.literal) && ours.length === codec.headerLength) return ours;
  const rest = codec.headerLength - header.literal.length;
  return header.literal + "0".repeat(rest);
}
