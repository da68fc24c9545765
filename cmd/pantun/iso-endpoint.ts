// Where the tools of `pantun iso` connect to, and when they may do so in the clear.
import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { createSecureContext, type SecureContextOptions } from "node:tls";
import type { Command } from "commander";
import type { Host } from "../../api/iso/mod.ts";
import { appError } from "../../platform/mod.ts";

export interface EndpointFlags {
  readonly tls?: boolean;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly serverName?: string;
  readonly insecure?: boolean;
}

export function addEndpointOptions(command: Command): Command {
  return command
    .option("--tls", "TLS, with the system's authorities unless --ca names others")
    .option("--ca <file>", "the authority that signed the host's certificate, PEM; implies --tls")
    .option("--cert <file>", "our certificate, PEM; implies --tls")
    .option("--key <file>", "its key, PEM")
    .option("--server-name <name>", "the name in the host's certificate, where it is another")
    .option("--insecure", "allow plain TCP beyond this machine: card numbers travel in clear");
}

/** HOST:PORT, an IPv6 address in brackets. Errors: USAGE. */
export function hostOf(text: string): Host {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]]+)):([0-9]{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port < 1 || port > 65_535) {
    throw appError("USAGE", `${JSON.stringify(text.slice(0, 80))} is not HOST:PORT.`);
  }
  return { host: match[1] ?? match[2] ?? "", port };
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

/** TLS material of the flags, null for plain TCP. Errors: USAGE, INSECURE_REFUSED. */
export function securityOf(host: Host, flags: EndpointFlags): SecureContextOptions | null {
  const { ca, cert, key } = flags;
  if ((cert === undefined) !== (key === undefined)) {
    throw appError("USAGE", "--cert and --key belong together.");
  }
  if (flags.tls !== true && ca === undefined && cert === undefined) {
    refusePlain(host.host, flags);
    return null;
  }
  const options: SecureContextOptions = {
    minVersion: "TLSv1.2",
    ...(ca === undefined ? {} : { ca: read(ca) }),
    ...(cert === undefined ? {} : { cert: read(cert) }),
    ...(key === undefined ? {} : { key: read(key) }),
  };
  try {
    createSecureContext(options);
  } catch (cause) {
    throw appError("CERTIFICATE_UNREADABLE", "The certificates do not fit together.", { cause });
  }
  return options;
}

/** Errors: INSECURE_REFUSED for plain TCP beyond loopback without the flag. */
export function refusePlain(host: string, { insecure }: { readonly insecure?: boolean }): void {
  if (insecure === true || isLoopback(host)) return;
  const message =
    `Plain TCP with ${host} would carry card numbers in clear: use TLS, ` +
    "or allow it with --insecure.";
  throw appError("INSECURE_REFUSED", message, { details: { host } });
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw appError("FILE_UNREADABLE", `The file ${path} cannot be read.`, { cause });
  }
}
