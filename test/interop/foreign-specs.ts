// Imported specs against their own library: the packager files of jPOS and the specs of moov are
// imported as they come, and what the library packs with them is read with the dialect that came
// out, and the other way round. Beside that, the dialect of ours that stands for the same standard.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadCodec } from "../../codec/iso8583/create.ts";
import type { ImportedDialect } from "../../codec/iso8583/import/foreign.ts";
import { importJpos } from "../../codec/iso8583/import/jpos.ts";
import { importMoov } from "../../codec/iso8583/import/moov.ts";
import { type Dialect, dialects, parseDialect } from "../../codec/iso8583/mod.ts";
import { buildJpos, buildMoov } from "./build-peers.ts";
import { Comparison, type Outcome } from "./compare.ts";
import { compareNested, type NestedOutcome } from "./nested-fields.ts";
import { Peer } from "./peer.ts";
import { MessageMaker, seeded } from "./random-message.ts";

/** Dialects of ours for the same standard, by the name of the file. */
const twins: Readonly<Record<string, string>> = {
  iso87ascii: "iso87-ascii",
  iso87binary: "iso87-bcd",
  iso93ascii: "iso93-ascii",
  iso93binary: "iso93-bcd",
  Spec87: "iso87-ascii",
};

export interface ForeignRun {
  readonly name: string;
  readonly imported: ImportedDialect;
  readonly outcome: Outcome;
  /** Elements that our own dialect writes otherwise. */
  readonly differsFromOurs: readonly string[];
  /** What is nested, by path; only of jPOS. */
  readonly nested: NestedOutcome | null;
  /** Messages of ours, over the rest, that the imported dialect read otherwise. */
  readonly wrongFromOurs: number;
}

function dialectOf({ file }: ImportedDialect): Dialect {
  const { dialect, problems } = parseDialect(file, {});
  if (dialect === null) throw new Error(`an imported file does not check: ${problems[0]?.text}`);
  return dialect;
}

/** A message of all elements has its place in 65,535 bytes; some packagers allow 9,999 in each. */
const lengthMax = 400;

/** One value an element: the lines of the peers have no parts. */
function withoutComposites(spec: Dialect, theirs: ReadonlySet<number>): Dialect {
  const plain = Object.entries(spec.elements)
    .filter(([de, { composite }]) => composite === undefined && theirs.has(Number(de)))
    .map(([de, element]) => {
      const max = element.prefix === null ? element.max : Math.min(element.max, lengthMax);
      return [de, { ...element, max }] as const;
    });
  const version = spec.mti.version.includes("0") ? "0" : spec.mti.version;
  const mti = { ...spec.mti, version };
  return { ...spec, mti, elements: Object.fromEntries(plain) };
}

function writing(spec: Dialect, de: string): string {
  const { prefix, encoding, filler, min, max, content } = spec.elements[de]!;
  const sized = prefix === null ? [min, max] : [max];
  // What fills a text that is too short does not change what is read.
  const odd = encoding === "bcd" ? filler : "";
  return JSON.stringify([prefix, encoding, odd, sized, content === "b"]);
}

/** Reads messages of our own dialect with the imported one, over the elements written alike. */
function againstOurs(name: string, imported: Dialect, random: () => number) {
  const ours = dialects[twins[name] ?? ""]?.spec;
  if (ours === undefined) return { differsFromOurs: [], wrongFromOurs: 0 };
  const both = Object.keys(ours.elements).filter((de) => imported.elements[de] !== undefined);
  const differsFromOurs = both.filter((de) => writing(ours, de) !== writing(imported, de));
  const alike = both.filter((de) => !differsFromOurs.includes(de)).map(Number);
  const plain = withoutComposites(flattened(ours), new Set(alike));
  const from = loadCodec({ ...plain, messages: [], echo: [], errorEcho: [], usualRuns: [] });
  const to = loadCodec(imported);
  const maker = new MessageMaker(random);
  const out = Buffer.alloc(65_535);
  let wrongFromOurs = 0;
  for (let i = 0; i < 200; i++) {
    const fields = Object.fromEntries(maker.fields(from.spec));
    const end = from.encode({ mti: maker.mti(ours.mti.version), fields }, out, 0);
    const wanted = from.decode(out, 0, end, { reveal: true });
    const got = to.decode(out, 0, end, { reveal: true });
    const isSame = Object.entries(wanted.fields).every(
      ([de, { value }]) => got.fields[de]?.value === value,
    );
    if (!got.ok || !isSame) wrongFromOurs++;
  }
  return { differsFromOurs, wrongFromOurs };
}

function flattened(spec: Dialect): Dialect {
  const elements = Object.entries(spec.elements).map(([de, { composite: _, ...rest }]) => {
    return [de, rest] as const;
  });
  return { ...spec, elements: Object.fromEntries(elements), shapes: [] };
}

async function compare(
  name: string,
  library: "jpos" | "moov",
  imported: ImportedDialect,
  peer: Peer,
  run: { readonly messages: number; readonly seed: number },
): Promise<ForeignRun> {
  const dialect = dialectOf(imported);
  const dialectFor = (theirs: ReadonlySet<number>) => withoutComposites(dialect, theirs);
  const packager = { name, library, quirks: "", dialectOf: dialectFor };
  const comparison = await Comparison.begin(packager, peer, seeded(run.seed));
  const outcome = await comparison.run(run.messages);
  const random = seeded(run.seed + 2);
  const nested = library === "jpos" ? await compareNested(dialect, peer, random) : null;
  await peer.close();
  return { name, imported, outcome, nested, ...againstOurs(name, dialect, seeded(run.seed + 1)) };
}

/** The packager files in the jar of jPOS. */
function jposFiles(folder: string, classPath: string): string[] {
  const files = join(folder, "jpos-files");
  if (!existsSync(files)) {
    mkdirSync(files);
    const lib = classPath.split(":")[1]!.replace(/\*$/, "");
    const jar = readdirSync(lib).find((one) => one.startsWith("jpos-"))!;
    execFileSync("jar", ["xf", join(lib, jar), "packager"], { cwd: files });
  }
  const packagers = join(files, "packager");
  return readdirSync(packagers)
    .filter((one) => one.endsWith(".xml"))
    .map((one) => join(packagers, one));
}

const baseName = (file: string): string => file.replace(/^.*\//, "").replace(/\.xml$/, "");

/** Every spec of both libraries, one after the other. */
export async function* foreignRuns(
  folder: string,
  run: { readonly messages: number; readonly seed: number },
): AsyncGenerator<ForeignRun> {
  const classPath = buildJpos(folder);
  for (const file of jposFiles(folder, classPath)) {
    const name = baseName(file);
    const imported = importJpos(readFileSync(file, "utf8"), `jpos-${name}`);
    const peer = new Peer("java", ["-cp", classPath, "JposPeer", file]);
    yield await compare(name, "jpos", imported, peer, run);
  }
  const own = fileURLToPath(new URL("jpos/nested.xml", import.meta.url));
  const peer = new Peer("java", ["-cp", classPath, "JposPeer", own]);
  const imported = importJpos(readFileSync(own, "utf8"), "nested");
  yield await compare("nested", "jpos", imported, peer, run);
  const program = buildMoov(folder);
  for (const name of ["Spec87", "Spec87ASCII"]) {
    const peer = new Peer(program, [name]);
    const [answer = ""] = await peer.ask(["J"]);
    const text = Buffer.from(answer.replace(/^OK /, ""), "hex").toString("utf8");
    yield await compare(name, "moov", importMoov(text, name.toLowerCase()), peer, run);
  }
}
