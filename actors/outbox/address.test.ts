// Defends: a webhook cannot be used to reach into the network that Pantun stands in.
import { describe, expect, it } from "vitest";
import { isPublicAddress, mayConnect, parseTarget } from "./address.ts";

const strict = { loopbackAllowed: false };

describe("addresses", () => {
  it.each([
    "127.0.0.1",
    "127.9.9.9",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "::ffff:10.0.0.1",
    "::ffff:7f00:1",
    "64:ff9b::a00:1",
    "2001:db8::1",
    "2001::1",
    "2002:7f00:1::",
    "not an address",
  ])("refuses %s", (address) => {
    expect(isPublicAddress(address)).toBe(false);
    expect(mayConnect(address, strict)).toBe(false);
  });

  it.each(["8.8.8.8", "172.15.0.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00::1"])(
    "accepts %s",
    (address) => expect(isPublicAddress(address)).toBe(true),
  );
});

describe("URLs", () => {
  it.each([
    "http://example.com/hook",
    "https://127.0.0.1/hook",
    "https://2130706433/hook",
    "https://0x7f.1/hook",
    "https://0177.0.0.1/",
    "https://[::1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://localhost/",
    "https://localhost./",
    "https://db.internal/",
    "https://printer.local/",
    "https://intranet/",
    "https://user:pass@example.com/",
    "https://example.com/#fragment",
    "ftp://example.com/",
    "javascript:alert(1)",
    "//example.com",
    "",
    `https://example.com/${"a".repeat(2_048)}`,
  ])("refuses %s", (url) => {
    expect(() => parseTarget(url, strict)).toThrow(
      expect.objectContaining({ code: "WEBHOOK_URL_REFUSED" }),
    );
  });

  it.each(["https://example.com", "https://hooks.example.com:8443/a?b=c", "https://8.8.8.8/"])(
    "accepts %s",
    (url) => expect(parseTarget(url, strict).protocol).toBe("https:"),
  );

  it("lets loopback through only where the rules say so", () => {
    const rules = { loopbackAllowed: true };
    expect(parseTarget("http://127.0.0.1:8080/hook", rules).port).toBe("8080");
    expect(() => parseTarget("http://10.0.0.1/", rules)).toThrow(/https/);
    expect(mayConnect("127.0.0.1", rules)).toBe(true);
    expect(mayConnect("10.0.0.1", rules)).toBe(false);
  });
});
