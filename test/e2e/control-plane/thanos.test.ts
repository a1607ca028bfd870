import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { READ_BY_PROMETHEUS } from "../../../components/prometheus/shards.ts";
import { shardNames } from "../../../components/workloads/volumes.ts";
import { runHere } from "../../cli/surroundings.ts";
import { PLACES_OF_A_RULER, RULER_ARGUMENTS } from "../../engines/thanos-ruler-servers.ts";
import { SIDECAR_ARGUMENTS, UPLOADING_ARGUMENTS } from "../../engines/thanos-servers.ts";
import { keepLogsOfFailures } from "../../support/control-plane/failure.ts";
import {
  conditionsOf,
  MONITORING,
  type Platform,
  readGenerated,
  startPlatform,
} from "../../support/control-plane/platform.ts";
import { until } from "../../support/servers.ts";

// A store of kind thanos that evaluates the rules: what the real operator makes of it. test/engines runs Prometheus, the sidecar and the ruler
// with these arguments.

const STACKS = fileURLToPath(new URL("../../../stacks", import.meta.url));

interface StatefulSet {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containers: readonly { readonly name: string; readonly args?: readonly string[] }[];
      };
    };
  };
}

const folder = mkdtempSync(join(tmpdir(), "bellwether-thanos-operator-"));
let platform: Platform;

beforeAll(async () => {
  const stacks = join(folder, "stacks");
  mkdirSync(stacks);
  const file = parse(readFileSync(join(STACKS, "Pulumi.local.yaml"), "utf8")) as {
    config: Record<string, { prometheus?: object }>;
  };
  cpSync(join(STACKS, "Pulumi.local.yaml"), join(stacks, "Pulumi.local.yaml"));
  const environment = file.config["bellwether:environment"] ?? {};
  const bucket = {
    kind: "secret",
    configSecret: "objectStorage",
    endpoint: "https://storage.googleapis.com",
  };
  environment.prometheus = {
    ...environment.prometheus,
    store: { kind: "thanos", bucket },
    rules: "store",
    shards: 2,
  };
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
  // The provider generates the name of the Secret, and the preview does not know it.
  const manifests = join(folder, "out/local/manifests");
  for (const name of readdirSync(manifests).filter((each) =>
    /^(?:prometheus|statefulset|thanosruler)-/.test(each),
  )) {
    const text = readFileSync(join(manifests, name), "utf8");
    writeFileSync(join(manifests, name), text.replaceAll(/"?\[unknown\]"?/g, "monitoring-object-storage"));
  }
  platform = await startPlatform(join(folder, "out/local"), (_, key) => `first ${key}`);
});
keepLogsOfFailures(() => platform?.plane);
afterAll(async () => {
  await platform?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function argumentsOf(container: string, name = "prometheus-prometheus"): Promise<readonly string[]> {
  const set = (await platform.plane.api.get({
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    name,
    namespace: MONITORING,
  })) as unknown as StatefulSet;
  return set.spec.template.spec.containers.find((each) => each.name === container)?.args ?? [];
}

describe("Prometheus with an uploading sidecar", () => {
  it("writes blocks of two hours and merges none", async () => {
    expect(await argumentsOf("prometheus")).toEqual(expect.arrayContaining([...UPLOADING_ARGUMENTS]));
    expect((await argumentsOf("prometheus")).join(" ")).not.toContain("delay-compact-file");
  });

  it("has a sidecar with the arguments that the engines' tests run it with", async () => {
    const names = (await argumentsOf("thanos-sidecar")).map((argument) => argument.split("=")[0] ?? "");
    // The client's file has no settings, and the object storage is a variable in the place of a file.
    const own = ["--prometheus.http-client-file", "--objstore.config"];
    expect(names.filter((name) => !own.includes(name)).sort()).toEqual([...SIDECAR_ARGUMENTS].sort());
    expect(names).toContain("--objstore.config");
  });

  it("says which replica it is in the label that Thanos Query removes", async () => {
    const { prometheus } = await readGenerated(platform.plane.api);
    const { global } = parse(prometheus) as { global: { external_labels: Record<string, string> } };
    expect(Object.keys(global.external_labels).sort()).toEqual([
      "cluster",
      "environment",
      "prometheus_replica",
    ]);
  });
});

describe("Thanos Ruler", () => {
  const RULER = "thanos-ruler-main";

  it("is taken by the operator, which says nothing against it", async () => {
    const reference = {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "ThanosRuler",
      name: "main",
      namespace: MONITORING,
    };
    await until(async () => (await conditionsOf(platform.plane.api, reference))["Reconciled"] === "True", 60);
  });

  it("has the arguments that the engines' tests run it with", async () => {
    const rendered = await argumentsOf("thanos-ruler", RULER);
    const flagOf = (argument: string) => argument.split("=")[0] ?? "";
    const own = rendered.filter((argument) => !PLACES_OF_A_RULER.some((flag) => flag === flagOf(argument)));
    // Those of this environment, which has other labels, intervals and retention.
    expect(own.map(flagOf).sort()).toEqual(RULER_ARGUMENTS.map(flagOf).sort());
    const same = ["--label=thanos_ruler_replica", "--alert.label-drop", "--enable-auto-gomemlimit"];
    for (const flag of same)
      expect(own.filter((argument) => argument.startsWith(flag))).toEqual(
        RULER_ARGUMENTS.filter((argument) => argument.startsWith(flag)),
      );
    expect(rendered).toEqual(
      expect.arrayContaining([
        "--query=http://127.0.0.1:10912",
        `--alertmanagers.url=dnssrv+http://_web._tcp.alertmanager-operated.${MONITORING}.svc`,
      ]),
    );
  });

  it("finds Alertmanager by a headless Service that the operator made, at a port of that name", async () => {
    const service = (await platform.plane.api.get({
      apiVersion: "v1",
      kind: "Service",
      name: "alertmanager-operated",
      namespace: MONITORING,
    })) as unknown as {
      readonly spec: { readonly clusterIP: string; readonly ports: readonly { readonly name: string }[] };
    };
    expect(service.spec.clusterIP).toBe("None");
    expect(service.spec.ports.map(({ name }) => name)).toContain("web");
  });

  it("has every rule that Prometheus does not have, and no other", async () => {
    const { api } = platform.plane;
    const maps = (await api.list({
      apiVersion: "v1",
      kind: "ConfigMap",
      namespace: MONITORING,
    })) as unknown as readonly {
      readonly metadata: { readonly name: string };
      readonly data?: Readonly<Record<string, string>>;
      readonly binaryData?: Readonly<Record<string, string>>;
    }[];
    const groupsIn = (prefix: string) =>
      maps
        .filter(({ metadata }) => metadata.name.startsWith(`${prefix}-rulefiles-`))
        .flatMap(({ data = {}, binaryData = {} }) => [
          ...Object.values(data),
          ...Object.values(binaryData).map((text) =>
            gunzipSync(Buffer.from(text, "base64")).toString("utf8"),
          ),
        ])
        .flatMap((text) => (parse(text) as { groups: readonly { name: string }[] }).groups)
        .map(({ name }) => name)
        .sort();
    const objects = (await api.list({
      apiVersion: "monitoring.coreos.com/v1",
      kind: "PrometheusRule",
      namespace: MONITORING,
    })) as unknown as readonly { readonly spec: { readonly groups: readonly { readonly name: string }[] } }[];
    const all = objects.flatMap(({ spec }) => spec.groups.map(({ name }) => name)).sort();
    const [ruled, local] = [groupsIn(RULER), groupsIn("prometheus-prometheus")];
    expect(local).toEqual(["heartbeat.alerts", "prometheus.alerts"]);
    expect(ruled.length).toBeGreaterThan(5);
    expect([...ruled, ...local].sort()).toEqual(all);
  });
});

describe("Prometheus with two shards", () => {
  it("has a StatefulSet for each, whose pods the rulers ask by these names", async () => {
    const ruler = (await argumentsOf("query", "thanos-ruler-main")).join("\n");
    for (const name of shardNames(2)) {
      expect((await argumentsOf("prometheus", name)).length, name).toBeGreaterThan(0);
      expect(ruler).toContain(`${name}-$(REPLICA).prometheus-operated.${MONITORING}.svc:10901`);
    }
  });

  it("scrapes a target by the hash of its address, and what Prometheus' own rules read on each shard", async () => {
    const { prometheus } = await readGenerated(platform.plane.api);
    const { scrape_configs: jobs } = parse(prometheus) as {
      readonly scrape_configs: readonly {
        readonly job_name: string;
        readonly relabel_configs: readonly Readonly<Record<string, unknown>>[];
      }[];
    };
    expect(jobs.length).toBeGreaterThan(10);
    for (const { job_name: name, relabel_configs: rules } of jobs) {
      const isEverywhere = rules.some((rule) => rule["target_label"] === "__tmp_disable_sharding");
      const job = name.split("/")[2] ?? "";
      expect(isEverywhere, name).toBe(READ_BY_PROMETHEUS.some((each) => each === job));
      expect(rules.at(-2), name).toMatchObject({ modulus: 2, action: "hashmod", target_label: "__tmp_hash" });
      expect(rules.at(-1), name).toMatchObject({
        source_labels: ["__tmp_hash", "__tmp_disable_sharding"],
        regex: "$(SHARD);|.+;.+",
        action: "keep",
      });
    }
  });
});
