// Defends: a ceremony ends in a key only when every custodian confirmed; no component is ever said.
import { expect, test } from "vitest";
import { keyCheckValue } from "../../crypto/mod.ts";
import { type CeremonyOptions, holdCeremony } from "./ceremony.ts";

const counting = Buffer.from(Array.from({ length: 32 }, (_, i) => i));
const a = Buffer.from(Array.from({ length: 32 }, (_, i) => (i * 7 + 3) & 0xff));
const b = Buffer.from(Array.from({ length: 32 }, (_, i) => (i * 29 + 101) & 0xff));
const c = Buffer.from(counting.map((byte, i) => byte ^ a[i]! ^ b[i]!));
const [hexA, hexB, hexC] = [a, b, c].map((part) => part.toString("hex")) as [
  string,
  string,
  string,
];

interface Heard {
  readonly hidden: string[];
  text: string;
}

async function hold(answers: readonly string[], more: Partial<CeremonyOptions> = {}) {
  const heard: Heard = { hidden: [], text: "" };
  const left = [...answers];
  const talk = {
    say: (text: string) => {
      heard.text += `${text}\n`;
    },
    ask: async (question: string, echo: "shown" | "hidden") => {
      heard.text += question;
      const answer = left.shift();
      if (answer === undefined) throw new Error(`nobody answers: ${question}`);
      if (echo === "hidden") heard.hidden.push(answer);
      return answer;
    },
  };
  const options = { title: "Test key", count: 3, lengths: [32] as const, files: [], ...more };
  const made = await holdCeremony(talk, options).catch((error: Error & { code?: string }) => error);
  for (const part of [hexA, hexB, hexC]) {
    expect(heard.text.toLowerCase()).not.toContain(part.slice(0, 8));
    if (made instanceof Error) expect(made.message).not.toContain(part.slice(0, 8));
  }
  return { made, heard, left };
}

const first = ["Aminah", hexA, "yes"];
const second = ["Bala", hexB, "yes"];
const third = ["Chong", hexC, "yes"];
const all = [...first, ...second, ...third, "yes", "yes", "yes"];

test("three components make the key whose check value everybody confirmed", async () => {
  const { made, heard, left } = await hold(all, { kcv: "377822" });
  if (made instanceof Error) throw made;
  expect(made.key).toEqual(counting);
  expect(made.kcv).toBe("377822");
  expect(made.custodians).toEqual([
    { name: "Aminah", kcv: keyCheckValue(a) },
    { name: "Bala", kcv: keyCheckValue(b) },
    { name: "Chong", kcv: keyCheckValue(c) },
  ]);
  expect(heard.hidden).toEqual([hexA, hexB, hexC]);
  for (const part of [a, b, c]) expect(heard.text).toContain(keyCheckValue(part));
  expect(left).toEqual([]);
});

test("a mistyped component is asked for again, groups and capitals are allowed", async () => {
  const grouped = (hexA.toUpperCase().match(/.{8}/g) ?? []).join(" ");
  const clumsy = ["Aminah", `${hexA.slice(1)}g`, grouped, "no", hexA, "Yes"];
  const { made } = await hold([...clumsy, ...second, ...third, "yes", "yes", "yes"]);
  if (made instanceof Error) throw made;
  expect(made.kcv).toBe("377822");
});

test("one person cannot be two custodians", async () => {
  const { made, heard } = await hold([
    ...first,
    "aminah",
    "Bala",
    ...second.slice(1),
    ...third,
    "yes",
    "yes",
    "yes",
  ]);
  expect(made).not.toBeInstanceOf(Error);
  expect(heard.text).toContain("a custodian of its own");
  const { made: never } = await hold([...first, "Aminah", "AMINAH", " aminah "]);
  expect(never).toMatchObject({ code: "FAILED" });
});

test.each([
  ["a component is not confirmed", ["Aminah", hexA, "no", hexA, "", hexA, "y"], "FAILED", {}],
  ["three times no component", ["Aminah", "12", "00".repeat(32), "zz"], "FAILED", {}],
  ["the key is not confirmed by the last", [...all.slice(0, -1), "no"], "FAILED", {}],
  ["the key is another", all, "KEY_INVALID", { kcv: "377823" }],
  ["one component comes twice", [...first, "Bala", hexA, "yes", ...third], "KEY_INVALID", {}],
])("%s: no key", async (_, answers, code, more) => {
  const { made, left } = await hold(answers, more);
  expect(made).toMatchObject({ code });
  expect(left.length).toBe(code === "KEY_INVALID" && "kcv" in more ? 3 : 0);
});

test("the first component decides the length of all", async () => {
  const short = { count: 2, lengths: [32, 16, 24] as const };
  const answers = ["Aminah", hexA.slice(0, 32), "yes", "Bala", hexB, hexB.slice(0, 32), "yes"];
  const { made, heard } = await hold([...answers, "yes", "yes"], short);
  if (made instanceof Error) throw made;
  expect(made.key).toHaveLength(16);
  expect(heard.text).toContain("A component has 32 hex digits");
});
