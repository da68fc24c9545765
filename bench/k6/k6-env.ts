// What the scripts are told, by environment variables that main.ts sets.

function text(name: string): string {
  const value = __ENV[name];
  if (value === undefined || value === "") throw new Error(`${name} is not set: run main.ts`);
  return value;
}

function whole(name: string): number {
  const value = Number(text(name));
  if (!(value > 0)) throw new Error(`${name} is no number above 0`);
  return value;
}

/** host:port of the switch's gRPC, and where payments are fetched. */
export const address = text("PANTUN_ADDRESS");
export const poolUrl = text("PANTUN_POOL");

/** An echo approves everything, so reasons are not compared. */
export const isEcho = text("PANTUN_TARGET") === "echo";
export const seconds = whole("PANTUN_SECONDS");
/** Unary calls a second, and sessions with one frame a second. */
export const unaryRate = whole("PANTUN_UNARY_RATE");
export const frameRate = whole("PANTUN_FRAME_RATE");
export const frameItems = whole("PANTUN_FRAME_ITEMS");
export const outDir = text("PANTUN_OUT");
export const protoDir = text("PANTUN_PROTO");

/** Latency budgets in ms; the echo has none: it makes them. */
export const budgets = {
  unaryP50: __ENV.PANTUN_UNARY_P50_MS,
  unaryP99: __ENV.PANTUN_UNARY_P99_MS,
  frameP50: __ENV.PANTUN_FRAME_P50_MS,
  frameP99: __ENV.PANTUN_FRAME_P99_MS,
} as const;
