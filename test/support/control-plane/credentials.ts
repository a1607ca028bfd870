import { generateKeyPairSync } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../process.ts";
import { tool } from "../tools.ts";
import type { Identity } from "./api.ts";

/** A client certificate and what Kubernetes takes its bearer for: as kubeadm names them, whose roles the API server brings along. */
const CLIENTS = {
  admin: { user: "admin", groups: ["system:masters"] },
  "kube-controller-manager": { user: "system:kube-controller-manager" },
  "kube-scheduler": { user: "system:kube-scheduler" },
  // It plays every kubelet and makes nodes Ready, so no role that Kubernetes knows is enough.
  kwok: { user: "kwok", groups: ["system:masters"] },
} as const;

export type Client = keyof typeof CLIENTS;

/** What the API server is known as inside a cluster. */
const API_SERVER_NAMES = [
  "kubernetes",
  "kubernetes.default",
  "kubernetes.default.svc",
  "kubernetes.default.svc.cluster.local",
];

/** The files of a control plane that prove who is who. */
export class Credentials {
  private readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Makes an authority, a serving certificate for the API server and one for kubelets, clients, and the key that signs tokens. */
  static async make(folder: string, nodeAddresses: readonly string[]): Promise<Credentials> {
    const clients = Object.entries(CLIENTS).map(([file, client]) => ({ file, ...client }));
    const request = {
      folder,
      certificates: [
        { file: "kube-apiserver", user: "kube-apiserver", names: API_SERVER_NAMES, addresses: ["127.0.0.1"] },
        { file: "kubelet", user: "kubelet", names: API_SERVER_NAMES, addresses: nodeAddresses },
        ...clients,
      ],
    };
    const { code, stderr } = await run(await tool("certificates"), [], { input: JSON.stringify(request) });
    if (code !== 0) throw new Error(stderr);
    const { privateKey } = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs1", format: "pem" },
    });
    await writeFile(join(folder, "service-accounts.key"), privateKey, { mode: 0o600 });
    return new Credentials(folder);
  }

  /** Where a file is: `ca.crt`, `kube-apiserver.key`, `service-accounts.key`. */
  path(file: string): string {
    return join(this.folder, file);
  }

  async identity(client: Client): Promise<Identity> {
    return {
      certificate: await readFile(this.path(`${client}.crt`), "utf8"),
      key: await readFile(this.path(`${client}.key`), "utf8"),
    };
  }

  /** Writes a kubeconfig for a client certificate, or for a token under a name of its own; returns where. */
  async kubeconfig(
    server: string,
    client: Client | { readonly name: string; readonly token: string },
  ): Promise<string> {
    const name = typeof client === "string" ? client : client.name;
    const user =
      typeof client === "string"
        ? { "client-certificate": this.path(`${name}.crt`), "client-key": this.path(`${name}.key`) }
        : { token: client.token };
    const file = this.path(`${name}.kubeconfig`);
    const config = {
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "bellwether", cluster: { server, "certificate-authority": this.path("ca.crt") } }],
      users: [{ name, user }],
      contexts: [{ name: "bellwether", context: { cluster: "bellwether", user: name } }],
      "current-context": "bellwether",
    };
    // JSON is YAML too, and every reader of a kubeconfig takes it.
    await writeFile(file, JSON.stringify(config, null, 2), { mode: 0o600 });
    return file;
  }
}
