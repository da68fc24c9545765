// Settings that every JSON door with access tokens of its own has (OAuth 2.0 client credentials).
import { count, duration } from "../../platform/mod.ts";

export const accessTokenSeconds = duration("s", {
  description: "How long an access token is good.",
  default: 900,
  minimum: 60,
  maximum: 3_600,
});

export const tokenTriesPerMinute = count({
  description: "Requests for an access token from one address in a minute.",
  default: 60,
  minimum: 1,
  maximum: 100_000,
});
