import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server as HttpServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { runHere } from "../../cli/surroundings.ts";
import { keepLogsOfFailures } from "../../support/control-plane/failure.ts";
import {
  MONITORING,
  type Platform,
  readGenerated,
  startPlatform,
} from "../../support/control-plane/platform.ts";
import { freePort, type Server, serve, until } from "../../support/servers.ts";
import { tool } from "../../support/tools.ts";

// A store of kind endpoint: what the real operator makes of it, and what a real Prometheus with that configuration sends to a real
// receiver, which is another Prometheus. Only the URL differs from what is deployed.

const STACKS = fileURLToPath(new URL("../../../stacks", import.meta.url));
const URL_OF_STORE = "https://mimir.example.com/api/v1/push";
const SECRET = { apiVersion: "v1", kind: "Secret", name: "prometheus-remote-write", namespace: MONITORING };

interface Sent {
  readonly url: string;
  readonly basic_auth?: { readonly username?: string; readonly password?: string };
  readonly [field: string]: unknown;
}

const folder = mkdtempSync(join(tmpdir(), "bellwether-remote-write-"));
let platform: Platform;
let receiver: Server;
let proxy: HttpServer;
let heard: IncomingHttpHeaders | undefined;

beforeAll(async () => {
  const stacks = join(folder, "stacks");
  mkdirSync(stacks);
  cpSync(join(STACKS, "Pulumi.local.yaml"), join(stacks, "Pulumi.local.yaml"));
  const file = parse(readFileSync(join(stacks, "Pulumi.local.yaml"), "utf8")) as {
    config: Record<string, { prometheus?: object }>;
  };
  const environment = file.config["bellwether:environment"] ?? {};
  const store = {
    kind: "endpoint",
    url: URL_OF_STORE,
    authentication: { kind: "basic", username: "123456", passwordSecret: "storeToken" },
    tenant: "shop",
    replicaLabel: false,
    nativeHistograms: true,
  };
  environment.prometheus = { ...environment.prometheus, store };
  writeFileSync(join(stacks, "Pulumi.local.yaml"), stringify(file));
  const { code, error } = await runHere([
    "preview",
    "local",
    "--stacks",
    stacks,
    "--out",
    join(folder, "out"),
  ]);
  expect(code, error).toBe(0);
  platform = await startPlatform(join(folder, "out/local"), (_, key) =>
    key === "username" ? "123456" : `first ${key}`,
  );

  const port = await freePort();
  writeFileSync(join(folder, "receiver.yaml"), "{}");
  receiver = await serve(
    await tool("prometheus"),
    [
      `--config.file=${join(folder, "receiver.yaml")}`,
      `--storage.tsdb.path=${join(folder, "received")}`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--web.enable-remote-write-receiver",
    ],
    { port, ready: "/-/ready" },
  );
  // In between, to see the headers.
  proxy = createServer((request, response) => {
    heard = request.headers;
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", async () => {
      const { host: _, connection: __, authorization: ___, ...headers } = request.headers;
      const { status } = await fetch(`${receiver.url}/api/v1/write`, {
        method: "POST",
        headers: headers as Record<string, string>,
        body: Buffer.concat(chunks),
      });
      response.writeHead(status).end();
    });
  }).listen(0, "127.0.0.1");
});
keepLogsOfFailures(() => platform?.plane);
afterAll(async () => {
  proxy?.closeAllConnections();
  proxy?.close();
  await receiver?.stop();
  await platform?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function generated(): Promise<Sent> {
  const { prometheus } = await readGenerated(platform.plane.api);
  const { remote_write: sent } = parse(prometheus) as { readonly remote_write: readonly Sent[] };
  expect(sent).toHaveLength(1);
  return sent[0] as Sent;
}

async function stored(query: string): Promise<readonly Readonly<Record<string, string>>[]> {
  const response = await fetch(`${receiver.url}/api/v1/query?query=${encodeURIComponent(query)}`);
  const { data } = (await response.json()) as {
    readonly data: { readonly result: readonly { readonly metric: Readonly<Record<string, string>> }[] };
  };
  return data.result.map(({ metric }) => metric);
}

describe("samples for a store that exists", () => {
  it("are what the operator makes of the environment, with the password of the Secret", async () => {
    const sent = await generated();
    expect(sent.url).toBe(URL_OF_STORE);
    expect(sent).toMatchObject({
      basic_auth: { username: "123456", password: "first credentials" },
      headers: { "X-Scope-OrgID": "shop" },
      send_native_histograms: true,
    });
  });

  it("arrive by a real Prometheus: what rules record, of the tenant, and without the label of the replica", async () => {
    const { port } = proxy.address() as AddressInfo;
    const [port_, rules] = [await freePort(), join(folder, "rules.yaml")];
    writeFileSync(
      rules,
      "groups: [{name: a, interval: 1s, rules: [{record: 'slo:good:ratio', expr: vector(1)}, {record: unnamed, expr: vector(1)}]}]",
    );
    const { external_labels: labels } = (
      parse((await readGenerated(platform.plane.api)).prometheus) as { global: { external_labels: object } }
    ).global;
    writeFileSync(
      join(folder, "sender.yaml"),
      stringify({
        global: { evaluation_interval: "1s", external_labels: labels },
        rule_files: [rules],
        remote_write: [{ ...(await generated()), url: `http://127.0.0.1:${port}/api/v1/push` }],
      }),
    );
    const sender = await serve(
      await tool("prometheus"),
      [
        `--config.file=${join(folder, "sender.yaml")}`,
        `--storage.tsdb.path=${join(folder, "sent")}`,
        `--web.listen-address=127.0.0.1:${port_}`,
      ],
      { port: port_, ready: "/-/ready" },
    );
    try {
      await until(async () => (await stored("slo:good:ratio")).length > 0, 60);
    } finally {
      await sender.stop();
    }
    const [{ __name__: _, ...series } = {}] = await stored("slo:good:ratio");
    expect(Object.keys(series).sort()).toEqual(["cluster", "environment"]);
    expect(Object.keys(labels)).toContain("__replica__");
    expect(await stored("unnamed")).toEqual([]);
    expect(heard?.["x-scope-orgid"]).toBe("shop");
    expect(heard?.authorization).toBe(`Basic ${Buffer.from("123456:first credentials").toString("base64")}`);
  });

  it("have the new password when the Secret has it, and no pod restarts", async () => {
    const { api } = platform.plane;
    const pods = async () =>
      (await api.list({ apiVersion: "v1", kind: "Pod", namespace: MONITORING })).map(
        ({ metadata }) => metadata["uid"],
      );
    const before = await pods();
    await api.merge(SECRET, { stringData: { credentials: "second" } });
    await until(async () => (await generated()).basic_auth?.password === "second", 120);
    expect(await pods()).toEqual(before);
  });
});
