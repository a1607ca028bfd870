import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { type AdoptedCluster, adoptCluster } from "../../../cli/adopt-cluster/adopt-cluster.ts";
import { howTo } from "../../docs/page.ts";
import type { KubernetesObject } from "../../support/control-plane/api.ts";
import { writes } from "../../support/control-plane/audit.ts";
import type { ChildProgram } from "../../support/control-plane/child-program.ts";
import { type ControlPlane, startControlPlane } from "../../support/control-plane/control-plane.ts";
import { type Applied, applyAll, deploymentOf, type Step } from "../../support/control-plane/deployment.ts";
import { keepLogsOfFailures } from "../../support/control-plane/failure.ts";
import { OTHERS, startOtherRelease } from "../../support/control-plane/other-release.ts";
import { realOperator, untilReconciled } from "../../support/control-plane/platform.ts";
import { table } from "../../support/control-plane/table.ts";
import { contents, destroyObjects, removed } from "../../support/control-plane/teardown.ts";
import { KIND_STORAGE, workloads } from "../../support/control-plane/workloads.ts";
import { mentions } from "../../support/mentions.ts";
import { run } from "../../support/process.ts";
import { TODAY } from "../../support/run-previews.ts";
import { until } from "../../support/servers.ts";

// docs/how-to/try-it-on-your-cluster.md, followed on a real API server: beside a release of somebody else's, whose operator runs, the
// platform is adopted, previewed, applied and taken away again in each tier. Nothing of theirs changes, object by object.

const TIERS = ["development", "staging", "production"] as const;

/** The other release is in the namespace that the platform would have by default. */
const OURS = { monitoring: "bellwether", node: "bellwether-node" } as const;

let plane: ControlPlane;
let theirOperator: ChildProgram;
let folder: string;
let before: ReadonlyMap<string, string>;
const adopted = new Map<string, AdoptedCluster>();

/** Two Secrets that the operators compress their results into. */
async function generated(namespace: string, name: string): Promise<string> {
  const secret = await plane.api.get({
    apiVersion: "v1",
    kind: "Secret",
    namespace,
    name: `prometheus-${name}`,
  });
  const { "prometheus.yaml.gz": text = "" } = (secret?.["data"] ?? {}) as Record<string, string>;
  return gunzipSync(Buffer.from(text, "base64")).toString();
}

async function rulesOf(namespace: string): Promise<string> {
  const maps = await plane.api.list<KubernetesObject>({ apiVersion: "v1", kind: "ConfigMap" });
  return JSON.stringify(
    maps.filter(({ metadata }) => metadata.namespace === namespace && /-rulefiles-/.test(metadata.name)),
  );
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bellwether-beside-"));
  plane = await startControlPlane();
  for (const object of [KIND_STORAGE, ...workloads(1)])
    if (object.kind !== "APIService") await plane.api.apply(object, "cluster");
  theirOperator = await startOtherRelease(plane);
  before = await contents(plane.api);
  const { contexts } = parse(await readFile(plane.kubeconfig, "utf8")) as { contexts: { name: string }[] };
  for (const tier of TIERS) {
    const cluster = await adoptCluster(
      {
        name: tier,
        context: contexts[0]?.name ?? "",
        kubeconfig: plane.kubeconfig,
        tier,
        owner: "platform",
        teams: ["shop"],
      },
      {},
    );
    adopted.set(tier, cluster);
    await writeFile(join(folder, `Pulumi.${tier}.yaml`), cluster.text);
  }
});
keepLogsOfFailures(() => plane);
afterAll(async () => {
  await theirOperator?.kill();
  await plane?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe("adopt-cluster, beside another release", () => {
  it("finds nothing that clashes, and writes what is there into the environment", () => {
    for (const [tier, { findings, text }] of adopted) {
      expect(findings.filter(({ state }) => state === "wrong")).toEqual([]);
      const { config } = parse(text) as { config: Record<string, unknown> };
      expect(config["bellwether:environment"]).toMatchObject({
        tier,
        namespaces: OURS,
        cluster: { kind: "existing", storageClass: "standard", zones: 3 },
        prometheus: {
          crds: "external",
          operator: { kind: "beside" },
          monitors: "own",
          kubeStateMetrics: { kind: "existing", namespace: OTHERS, port: "http" },
          nodeExporter: { kind: "existing", namespace: OTHERS, port: "http-metrics" },
          ingress: { kind: "namespace", namespace: OTHERS },
        },
      });
    }
  });

  it("changes nothing", async () => {
    expect(changes(before, await contents(plane.api))).toEqual([]);
  });

  it("writes environments whose previews are ready, without a violation of a policy or a name that is taken", async () => {
    const args = ["cli/bellwether.js", "preview", "--stacks", folder, "--today", TODAY];
    const { code, stdout, stderr } = await run(process.execPath, [...args, "--out", join(folder, "out")]);
    expect(code, stdout + stderr).toBe(0);
    for (const tier of TIERS) {
      const file = await readFile(join(folder, "out", tier, "policies.json"), "utf8");
      const violations = JSON.parse(file) as readonly { readonly level: string; readonly waived?: boolean }[];
      expect(violations.filter(({ level, waived }) => level === "mandatory" && waived !== true)).toEqual([]);
      const graph = JSON.parse(await readFile(join(folder, "out", tier, "graph.json"), "utf8")) as {
        readonly resources: readonly { readonly inputs: unknown }[];
      };
      const theirs = graph.resources.flatMap(({ inputs }) => mentions(inputs));
      // What scrapes their exporters, and whom their ingress controller may reach: the environment names their namespace for both.
      expect(new Set(theirs.map((each) => each.replaceAll(/\[\d+\]/g, "[]")))).toEqual(
        new Set([
          "spec.namespaceSelector.matchNames[]: monitoring",
          "spec.ingress[].from[].namespaceSelector.matchExpressions[].values[]: monitoring",
        ]),
      );
    }
  });
});

describe.each(TIERS)("%s, on a cluster with another release", (tier) => {
  let steps: readonly Step[];
  let applied: readonly Applied[];
  let operator: Awaited<ReturnType<typeof realOperator>>;

  beforeAll(async () => {
    const preview = join(folder, "out", tier);
    const routing = await readFile(join(preview, "alertmanager", "alertmanager.yaml"), "utf8");
    steps = await deploymentOf(preview, (secret, key) =>
      key === "alertmanager.yaml" ? routing : `stand-in for ${secret} ${key}`,
    );
    applied = await applyAll(plane.api, steps);
    operator = await realOperator(plane, OURS.monitoring);
    await operator.start();
    await untilReconciled(plane.api, OURS.monitoring);
  });
  afterAll(() => operator?.kill());

  it("is taken whole by the API server, and brings neither CRDs nor exporters that are there", () => {
    expect(applied.flatMap(({ refused }) => refused ?? [])).toEqual([]);
    expect(applied.flatMap(({ object, lost }) => lost.map((field) => `${object}${field}`))).toEqual([]);
    expect(applied.flatMap(({ warnings }) => warnings)).toEqual([]);
    const made = applied.map(({ object }) => object);
    expect(made.length).toBeGreaterThan(50);
    expect(
      made.filter((object) => /CustomResourceDefinition|DaemonSet|Deployment.*kube-state/.test(object)),
    ).toEqual([]);
  });

  it("changes no object that was there, and no operator writes what is the other's", async () => {
    const now = await contents(plane.api);
    const kept = [...now].filter(([object]) => before.has(object));
    console.log(
      table(
        ["tier", "objects before", "of them changed", "made"],
        [[tier, String(before.size), String(changes(before, now).length), String(now.size - kept.length)]],
      ),
    );
    expect(changes(before, now)).toEqual([]);
    const written = await writes(plane.auditLog);
    const ours = written.filter(({ account }) => account === `${OURS.monitoring}:prometheus-operator`);
    const theirs = written.filter(({ account }) => account.startsWith(`${OTHERS}:`));
    expect(ours.length).toBeGreaterThan(5);
    expect(theirs.length).toBeGreaterThan(5);
    expect(ours.filter(({ path }) => path.includes(`/namespaces/${OTHERS}/`) || /kps/.test(path))).toEqual(
      [],
    );
    expect(theirs.filter(({ path }) => path.includes(`/namespaces/${OURS.monitoring}/`))).toEqual([]);
    expect(theirs.filter(({ path }) => path.includes("bellwether"))).toEqual([]);
  });

  it("scrapes and evaluates what is its own alone, and the other Prometheus what is its own", async () => {
    const [our, their] = [await generated(OURS.monitoring, "prometheus"), await generated(OTHERS, "kps")];
    expect(our).toContain("serviceMonitor/bellwether/kube-state-metrics/0");
    expect(our).not.toContain("serviceMonitor/monitoring");
    expect(their).toContain("serviceMonitor/monitoring/kps-kubelet/0");
    expect(their).not.toContain("serviceMonitor/bellwether");
    const [ourRules, theirRules] = [await rulesOf(OURS.monitoring), await rulesOf(OTHERS)];
    expect(ourRules).toContain("Watchdog");
    expect(ourRules).not.toContain("TheirWatchdog");
    expect(theirRules).toContain("TheirWatchdog");
    expect(theirRules).not.toContain("ServiceHasNoAvailablePods");
  });

  it("is taken away again, and the cluster is as before", async () => {
    await destroyObjects(plane.api, steps, { "prometheus-operator": operator });
    const left = async () => [...(await contents(plane.api)).keys()].filter((object) => !before.has(object));
    // The volumes that the simulated driver keeps are deleted as the page says.
    for (const volume of (await left()).filter((object) =>
      object.startsWith("v1 PersistentVolume pv-bellwether-"),
    ))
      await removed(plane.api, {
        apiVersion: "v1",
        kind: "PersistentVolume",
        name: volume.split(" ")[2] ?? "",
      });
    await until(async () => (await left()).length === 0, 90).catch(() => undefined);
    expect(await left()).toEqual([]);
    expect(changes(before, await contents(plane.api))).toEqual([]);
  });
});

describe("a cluster that clashes", () => {
  const options = { name: "trial", tier: "development", owner: "platform", teams: [] } as const;

  it("is told so: a Prometheus that takes every monitor, and no free name for the namespaces", async () => {
    const { api, kubeconfig } = plane;
    const { contexts } = parse(await readFile(kubeconfig, "utf8")) as { contexts: { name: string }[] };
    for (const name of ["bellwether", "bellwether-monitoring-node"])
      await api.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name } }, "others");
    await api.apply(
      {
        apiVersion: "monitoring.coreos.com/v1",
        kind: "Prometheus",
        metadata: {
          name: "greedy",
          namespace: OTHERS,
          annotations: { "operator.prometheus.io/controller-id": "none" },
        },
        spec: { ruleSelector: {}, serviceMonitorSelector: {} },
      },
      "others",
    );
    const { findings } = await adoptCluster({ ...options, context: contexts[0]?.name ?? "", kubeconfig }, {});
    expect(findings.filter(({ state }) => state === "wrong")).toMatchObject([
      { check: "namespaces", found: expect.stringContaining("monitoring") },
      {
        check: "Prometheus",
        found: expect.stringMatching(/greedy, whose serviceMonitorSelector, ruleSelector/),
      },
    ]);
  });
});

describe("the page", () => {
  it("has the environment as adopt-cluster writes it", () => {
    const [, block = ""] = /```yaml\n([\s\S]*?)```/.exec(howTo("try-it-on-your-cluster")) ?? [];
    const { config } = parse(adopted.get("development")?.text ?? "") as { config: Record<string, object> };
    const { namespaces, prometheus } = config["bellwether:environment"] as Record<string, object>;
    expect(parse(block)).toEqual(parse(stringify({ namespaces, prometheus })));
  });
});

/** Objects that are gone or differ. */
function changes(was: ReadonlyMap<string, string>, is: ReadonlyMap<string, string>): readonly string[] {
  return [...was].flatMap(([object, content]) => {
    const now = is.get(object);
    return now === content ? [] : [`${object}: ${now === undefined ? "gone" : `${content} → ${now}`}`];
  });
}
