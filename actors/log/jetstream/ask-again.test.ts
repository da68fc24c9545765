// Defends: a question that was put while nobody led is answered as soon as somebody does, not after
// its own timeout; and nothing is asked any more once the outcome is known.
import { describe, expect, it } from "vitest";
import { askAgain } from "./ask-again.ts";
import { SimTime } from "./test-network.ts";

describe("a question", () => {
  it("is answered by whoever leads later, long before the first one's timeout", async () => {
    const time = new SimTime();
    let led = false;
    let asked = 0;
    const ask = (): Promise<string> =>
      new Promise((resolve, reject) => {
        asked++;
        time.after(5_000, () => reject(new Error("timeout")));
        if (led) time.after(5, () => resolve("answer"));
      });
    let answer = "";
    void askAgain(time, 500, ask).then((found) => {
      answer = found;
    });
    await time.pass(1_200);
    expect([answer, asked]).toEqual(["", 3]);
    led = true;
    await time.pass(400);
    expect([answer, asked]).toEqual(["answer", 4]);
    await time.pass(10_000);
    expect(asked).toBe(4);
  });

  it("ends with its own timeout where nobody ever leads, and with an error at once", async () => {
    const time = new SimTime();
    const errors: string[] = [];
    const failing = (ms: number, text: string) => (): Promise<never> =>
      new Promise((_, reject) => time.after(ms, () => reject(new Error(text))));
    const note = (error: Error) => errors.push(error.message);
    askAgain(time, 500, failing(5_000, "timeout")).catch(note);
    askAgain(time, 500, failing(10, "no such stream")).catch(note);
    await time.pass(20);
    expect(errors).toEqual(["no such stream"]);
    await time.pass(5_000);
    expect(errors).toEqual(["no such stream", "timeout"]);
  });
});
