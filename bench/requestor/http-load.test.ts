// Defends: every request of a block is sent once and its answer judged, however the bytes of the
// answers are cut; a refusal or a wrong answer ends a run at full speed and is counted at a rate.
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, createServer as createTcp } from "node:net";
import { afterEach, expect, test } from "vitest";
import { HttpLoad, scheduleOf } from "./http-load.ts";
import { blockOf } from "./requestors.ts";

const closes: (() => void)[] = [];
afterEach(() => {
  for (const close of closes.splice(0)) close();
});

async function addressOf(server: Pick<Server, "listen" | "address" | "close" | "once">) {
  server.listen(0, "127.0.0.1");
  await once(server as Server, "listening");
  closes.push(() => server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function loadOf(address: string, connections: number): Promise<HttpLoad> {
  const load = await HttpLoad.open(address, connections);
  closes.unshift(() => load.close());
  return load;
}

/** Answers each path with the status that it names, and the request's body. */
const mirror = () =>
  createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    response.statusCode = Number(request.url?.slice(1));
    response.end(Buffer.concat(chunks));
  });

const posts = (count: number, statusOf: (place: number) => number = () => 200) =>
  blockOf(count, async (place) => {
    return { method: "POST", path: `/${statusOf(place)}`, body: `request ${place}` };
  });

test("sends each request once and judges its answer", async () => {
  const load = await loadOf(await addressOf(mirror()), 3);
  const seen: number[] = [];
  const rate = await load.rate(await posts(50), (message, status, body) => {
    seen.push(message);
    return status === 200 && body.toString() === `request ${message}` ? null : "another answer";
  });
  expect(rate).toBeGreaterThan(0);
  expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
});

test("ends at a wrong answer, and at a refusal", async () => {
  const load = await loadOf(await addressOf(mirror()), 2);
  const judge = (_: number, status: number) => (status === 200 ? null : `status ${status}`);
  await expect(load.rate(await posts(9, (i) => (i === 5 ? 404 : 200)), judge)).rejects.toThrow(
    "status 404",
  );
  const other = await loadOf(await addressOf(mirror()), 2);
  const refused = other.rate(await posts(9, (i) => (i === 5 ? 429 : 200)), judge);
  await expect(refused).rejects.toThrow("refused");
});

test("at a rate it counts what was answered and what was refused", async () => {
  const load = await loadOf(await addressOf(mirror()), 4);
  const schedule = scheduleOf(40, 1);
  const block = await posts(schedule.count, (i) => (i % 10 === 0 ? 503 : 200));
  const point = await load.point(schedule, block, () => null);
  expect(point).toMatchObject({ answered: 72, refused: 8, wrong: 0, unanswered: 0 });
});

test("takes an answer that comes byte by byte", async () => {
  const answer = Buffer.from("HTTP/1.1 201 Created\r\nContent-Length: 4\r\n\r\nbody");
  const server = createTcp((socket) => {
    socket.setNoDelay(true);
    socket.on("data", async () => {
      for (const byte of answer) {
        socket.write(Buffer.of(byte));
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
    closes.unshift(() => socket.destroy());
  });
  const load = await loadOf(await addressOf(server as unknown as Server), 1);
  const bodies: string[] = [];
  await load.rate(await posts(3), (_, status, body) => {
    bodies.push(`${status} ${body}`);
    return null;
  });
  expect(bodies).toEqual(["201 body", "201 body", "201 body"]);
});
