import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { parse } from "yaml";
import { blocksOf, howTo } from "../page.ts";

// The linters are not part of CI. What is: that the reasons for their findings are true of what is rendered, and that no other
// object has the finding.

const ENVIRONMENTS = ["dev", "local", "prod", "staging"];
const page = howTo("under-other-linters");

interface Container {
  readonly name: string;
  readonly image: string;
  readonly resources: { readonly limits?: Readonly<Record<string, string>> };
  readonly securityContext: {
    readonly readOnlyRootFilesystem?: boolean;
    readonly capabilities?: { readonly add?: readonly string[] };
  };
}

interface Pod {
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly automountServiceAccountToken?: boolean;
  readonly volumes?: readonly object[];
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly topologySpreadConstraints?: readonly unknown[];
  readonly securityContext?: { readonly runAsUser?: number };
}

interface Manifest {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly replicas?: number;
    readonly strategy?: { readonly type: string };
    readonly template?: { readonly metadata: { readonly labels: object }; readonly spec: Pod };
    readonly selector?: Readonly<Record<string, string>>;
    readonly clusterIP?: string;
  };
}

function manifestsOf(environment: string): readonly Manifest[] {
  const folder = join(inject("previews"), environment, "manifests");
  return readdirSync(folder).map((file) => parse(readFileSync(join(folder, file), "utf8")) as Manifest);
}

const all = ENVIRONMENTS.flatMap(manifestsOf);

/** What runs pods that Bellwether renders itself; those of Prometheus and Alertmanager are the operator's. */
const workloads = all.flatMap(({ kind, metadata, spec }) =>
  spec?.template === undefined ? [] : [{ kind, metadata, spec, pod: spec.template.spec }],
);
const containers = workloads.flatMap(({ pod }) => [...pod.containers, ...(pod.initContainers ?? [])]);
const namesOf = (some: typeof workloads) => [...new Set(some.map(({ metadata }) => metadata.name))].sort();

/** The names in the third cell of a row of the page's table. */
function whereOf(finding: string): readonly string[] {
  const row = page.split("\n").find((line) => line.startsWith(`| ${finding}`)) ?? "";
  return [...(row.split(" | ")[2] ?? "").matchAll(/`([a-z-]+)`/g)].map(([, name = ""]) => name).sort();
}

describe("the manifests of all environments", () => {
  it("are as many as the page says", () => {
    expect(page).toContain(`all ${all.length} manifests of the four environments`);
  });

  it("have a memory limit and no CPU limit", () => {
    expect(containers.length).toBeGreaterThan(15);
    for (const { name, resources } of containers)
      expect(Object.keys(resources.limits ?? {}), name).toEqual(["memory"]);
  });

  it("have images with the tag of a release, and read-only root file systems", () => {
    for (const { image, securityContext } of containers) {
      expect(image).toMatch(/:v?\d+\.\d+\.\d+$/);
      expect(securityContext.readOnlyRootFilesystem, image).toBe(true);
    }
  });

  it("use the host's network, processes, paths and capabilities in node-exporter only", () => {
    const onHost = workloads.filter(
      ({ pod }) =>
        pod.hostNetwork === true ||
        pod.hostPID === true ||
        (pod.volumes ?? []).some((volume) => "hostPath" in volume) ||
        pod.containers.some(({ securityContext }) => securityContext.capabilities?.add !== undefined),
    );
    expect(namesOf(onHost)).toEqual(["node-exporter"]);
    expect(whereOf("host network")).toEqual(["node-exporter"]);
    const levels = all
      .filter(({ kind }) => kind === "Namespace")
      .map(({ metadata }) => [
        metadata.name,
        metadata.labels?.["pod-security.kubernetes.io/enforce"],
        workloads
          .filter((each) => each.metadata.namespace === metadata.name)
          .some(({ metadata: { name } }) => name === "node-exporter"),
      ]);
    expect(new Set(levels.map((level) => level.join(" ")))).toEqual(
      new Set(["monitoring restricted false", "monitoring-node privileged true"]),
    );
  });

  it("mount the token of the service account where the page says", () => {
    const mounting = workloads.filter(({ pod }) => pod.automountServiceAccountToken !== false);
    expect(namesOf(mounting)).toEqual(whereOf("token of the service account"));
  });

  it("have one replica where the page says", () => {
    const single = workloads.filter(({ kind, spec }) => kind !== "DaemonSet" && spec.replicas === 1);
    const small = single.filter(({ metadata }) => ["blackbox-exporter", "grafana"].includes(metadata.name));
    expect(namesOf(single)).toEqual([
      ...new Set([
        ...whereOf("one replica").filter((name) => !ENVIRONMENTS.includes(name)),
        ...namesOf(small),
      ]),
    ]);
  });

  it("recreate kube-state-metrics only", () => {
    const recreated = workloads.filter(({ spec }) => spec.strategy?.type === "Recreate");
    expect(namesOf(recreated)).toEqual(whereOf("update strategy `Recreate`"));
  });

  it("spread the workloads of several replicas", () => {
    const several = workloads.filter(({ spec }) => (spec.replicas ?? 1) > 1);
    expect(namesOf(several)).toEqual(whereOf("no pod anti-affinity"));
    for (const { pod } of several) expect(pod.topologySpreadConstraints?.length).toBe(2);
  });

  it("have Services without a pod for what the operator creates only", () => {
    const selects = ({ spec }: Manifest) =>
      workloads.some((workload) =>
        Object.entries(spec.selector ?? {}).every(
          ([label, value]) =>
            (workload.spec.template?.metadata.labels as Record<string, string> | undefined)?.[label] ===
            value,
        ),
      );
    const dangling = all.filter((each) => each.kind === "Service" && !selects(each));
    expect([...new Set(dangling.map(({ metadata }) => metadata.name))].sort()).toEqual(
      whereOf("Service or NetworkPolicy"),
    );
  });

  it("run Grafana as the user of its image", () => {
    const low = workloads.filter(({ pod }) => (pod.securityContext?.runAsUser ?? 0) < 10_000);
    expect([...new Set(low.map(({ pod }) => pod.securityContext?.runAsUser))]).toEqual([472]);
    expect(namesOf(low)).toEqual(whereOf("low user ID"));
  });
});

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
}

describe("the rules of prod", () => {
  const folder = join(inject("previews"), "prod/prometheus/rules");
  const rules = readdirSync(folder).flatMap((file) => {
    const { groups } = parse(readFileSync(join(folder, file), "utf8")) as {
      readonly groups: readonly { readonly rules: readonly Rule[] }[];
    };
    return groups.flatMap((group) => group.rules);
  });

  it("have each alert that pint's configuration names", () => {
    const [config] = blocksOf(page).filter(({ language }) => language === "hcl");
    const named = [...(config?.text ?? "").matchAll(/name = "([^"]+)"/g)].flatMap(([, names = ""]) =>
      names.split("|"),
    );
    expect(named.length).toBe(4);
    const alerts = rules.map(({ alert }) => alert);
    for (const name of named) expect(alerts).toContain(name);
  });

  it("have no wait in the alerts that pint calls fragile", () => {
    for (const name of ["KubeAPIErrorBudgetBurn", "KubeContainerOOMKilled"])
      for (const rule of rules.filter(({ alert }) => alert === name)) expect(rule.for ?? "0s").toBe("0s");
  });

  it("select records by service and objective, whatever pint's rule/dependency says", () => {
    const readers = rules.filter(({ expr, labels }) => "slo" in labels && expr.includes("slo:"));
    expect(readers.length).toBeGreaterThan(100);
    for (const { expr, labels } of readers)
      for (const [selector] of expr.matchAll(/slo:[a-z_:0-9]+\{[^}]*\}?/g)) {
        expect(selector).toContain(`service="${labels["service"]}"`);
        expect(selector).toContain(`slo="${labels["slo"]}"`);
      }
  });
});

describe("the dashboards of all environments", () => {
  it("have no variable for job or instance", () => {
    for (const environment of ENVIRONMENTS) {
      const folder = join(inject("previews"), environment, "dashboards");
      for (const file of readdirSync(folder)) {
        const { templating } = JSON.parse(readFileSync(join(folder, file), "utf8")) as {
          readonly templating: { readonly list: readonly { readonly name: string }[] };
        };
        const names = templating.list.map(({ name }) => name);
        expect(names, file).toContain("datasource");
        expect(
          names.filter((name) => ["job", "instance"].includes(name)),
          file,
        ).toEqual([]);
      }
    }
  });
});
