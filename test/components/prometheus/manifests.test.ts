import type { IDaemonSet } from "kubernetes-models/apps/v1/DaemonSet";
import type { IDeployment } from "kubernetes-models/apps/v1/Deployment";
import type { IClusterRole } from "kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRole";
import type { IClusterRoleBinding } from "kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRoleBinding";
import type { INamespace } from "kubernetes-models/v1/Namespace";
import type { IService } from "kubernetes-models/v1/Service";
import type { IServiceAccount } from "kubernetes-models/v1/ServiceAccount";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { VERSIONS } from "../../../components/core/versions.ts";
import type { KubernetesObject } from "../../../components/kubernetes/model.ts";
import { PROBE_MODULES, proberAddress } from "../../../components/prometheus/blackbox-exporter.ts";
import { WATCHED_RESOURCES } from "../../../components/prometheus/kube-state-metrics.ts";
import { monitoringObjects } from "../../../components/prometheus/render.ts";
import { DEFAULT_NAMESPACES } from "../../../components/workloads/model.ts";
import { strictProblems } from "../kubernetes/strict.ts";
import { LOCAL, PRODUCTION, resolved } from "./samples.ts";

const production = monitoringObjects(resolved(PRODUCTION));
const local = monitoringObjects(resolved(LOCAL));
const everything = [...Object.values(production), ...Object.values(local)];

function ofKind<T>(kind: string, objects: readonly KubernetesObject[] = Object.values(production)): T[] {
  return objects.filter((object) => object.kind === kind) as unknown as T[];
}

const workloads = [...ofKind<IDeployment>("Deployment"), ...ofKind<IDaemonSet>("DaemonSet")];

describe.each(Object.entries({ production, local }))("in %s", (_, objects) => {
  it.each(Object.entries(objects))("%s passes its schema, unknown fields refused", (_role, object) => {
    expect(strictProblems(object)).toEqual([]);
  });

  it("no two objects are the same one", () => {
    const identities = Object.values(objects).map(
      ({ kind, metadata }) => `${kind} ${metadata?.namespace ?? ""}/${metadata?.name}`,
    );
    expect(new Set(identities).size).toBe(identities.length);
  });
});

describe("the namespaces", () => {
  const labels = (name: string) =>
    ofKind<INamespace>("Namespace").find(({ metadata }) => metadata?.name === name)?.metadata?.labels ?? {};

  it.each([
    ["monitoring", "restricted"],
    [DEFAULT_NAMESPACES.node, "privileged"],
  ])("%s enforces, audits and warns at the level %s", (name, level) => {
    for (const mode of ["enforce", "audit", "warn"]) {
      expect(labels(name)[`pod-security.kubernetes.io/${mode}`]).toBe(level);
      expect(labels(name)[`pod-security.kubernetes.io/${mode}-version`]).toBe("latest");
    }
  });
});

describe("the workloads", () => {
  it("are the operator and the exporters", () => {
    expect(workloads.map(({ metadata }) => metadata?.name).sort()).toEqual([
      "blackbox-exporter",
      "kube-state-metrics",
      "node-exporter",
      "prometheus-operator",
    ]);
  });

  it.each(workloads.map((workload) => [workload.metadata?.name, workload] as const))(
    "%s is restricted, or stands in the privileged namespace",
    (_, { metadata, spec }) => {
      const pod = spec?.template.spec;
      expect(pod?.securityContext).toMatchObject({
        runAsNonRoot: true,
        seccompProfile: { type: "RuntimeDefault" },
      });
      for (const { securityContext } of pod?.containers ?? []) {
        expect(securityContext).toMatchObject({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        });
        if (metadata?.namespace !== DEFAULT_NAMESPACES.node)
          expect(securityContext?.capabilities?.add).toBeUndefined();
      }
      const hostPaths = (pod?.volumes ?? []).filter(({ hostPath }) => hostPath !== undefined);
      if (metadata?.namespace === DEFAULT_NAMESPACES.node) expect(hostPaths.length).toBeGreaterThan(0);
      else {
        expect(hostPaths).toEqual([]);
        expect(pod?.hostNetwork ?? pod?.hostPID).toBeUndefined();
      }
    },
  );

  it.each(workloads.map((workload) => [workload.metadata?.name, workload] as const))(
    "%s requests CPU and memory, limits memory to the request and CPU not at all, and is probed",
    (_, { spec }) => {
      for (const { resources, readinessProbe, livenessProbe } of spec?.template.spec?.containers ?? []) {
        expect(resources?.requests).toHaveProperty("cpu");
        expect(resources?.limits).toEqual({ memory: resources?.requests?.["memory"] });
        expect(readinessProbe).toBeDefined();
        expect(livenessProbe).toBeDefined();
      }
    },
  );

  it("run images of exactly the versions in versions.ts", () => {
    const images = workloads.flatMap(({ spec }) => spec?.template.spec?.containers.map(({ image }) => image));
    expect(images.sort()).toEqual([
      `quay.io/prometheus-operator/prometheus-operator:v${VERSIONS.prometheusOperator}`,
      `quay.io/prometheus/blackbox-exporter:v${VERSIONS.blackboxExporter}`,
      `quay.io/prometheus/node-exporter:v${VERSIONS.nodeExporter}`,
      `registry.k8s.io/kube-state-metrics/kube-state-metrics:v${VERSIONS.kubeStateMetrics}`,
    ]);
  });

  it("may evict pods in their own namespace only, which the operator does for a rollout that is stuck", () => {
    const evicting = Object.values(production).filter((object) =>
      JSON.stringify(object).includes("pods/eviction"),
    );
    expect(evicting.map(({ kind, metadata }) => [kind, metadata?.name, metadata?.namespace])).toEqual([
      ["Role", "prometheus-operator", "monitoring"],
    ]);
    const operator = workloads.find(({ metadata }) => metadata?.name === "prometheus-operator");
    expect(operator?.spec?.template.spec?.containers[0]?.args).toContain(
      "--repair-policy-for-statefulsets=evict",
    );
  });

  it("are selected by labels that their pods carry, and use ports and accounts that exist", () => {
    const accounts = ofKind<IServiceAccount>("ServiceAccount");
    for (const { metadata, spec } of workloads) {
      expect(spec?.template.metadata?.labels).toMatchObject(spec?.selector.matchLabels ?? {});
      expect(
        accounts.some(
          (account) =>
            account.metadata?.name === spec?.template.spec?.serviceAccountName &&
            account.metadata?.namespace === metadata?.namespace,
        ),
      ).toBe(true);
      for (const container of spec?.template.spec?.containers ?? []) {
        const ports = container.ports?.map(({ name }) => name);
        for (const probe of [container.readinessProbe, container.livenessProbe])
          expect(ports).toContain(probe?.httpGet?.port);
      }
    }
  });

  it("let node-exporter onto every node, with the node's file systems read-only", () => {
    const [daemonSet] = ofKind<IDaemonSet>("DaemonSet");
    const pod = daemonSet?.spec?.template.spec;
    expect(pod?.tolerations).toEqual([{ operator: "Exists" }]);
    expect(pod?.containers[0]?.volumeMounts?.every(({ readOnly }) => readOnly === true)).toBe(true);
    expect(pod?.automountServiceAccountToken).toBe(false);
    expect(pod?.containers[0]?.ports?.[0]?.containerPort).toBe(9100);
  });

  it("probe from two places where one Prometheus may be lost, and from one on a laptop", () => {
    const prober = (objects: typeof production) =>
      (objects["blackbox-exporter"] as unknown as IDeployment).spec;
    expect(prober(production)?.replicas).toBe(2);
    expect(prober(production)?.template.spec?.topologySpreadConstraints).toHaveLength(2);
    expect(production["blackbox-exporter-disruption-budget"]).toMatchObject({ spec: { maxUnavailable: 1 } });
    expect(prober(local)?.replicas).toBe(1);
    expect(local).not.toHaveProperty(["blackbox-exporter-disruption-budget"]);
  });

  it("start blackbox-exporter anew when its modules change, and give the modules to every Probe", () => {
    const config = production["blackbox-exporter-config"] as unknown as { data: Record<string, string> };
    expect(parse(config.data["blackbox.yml"] ?? "")).toEqual({ modules: structuredClone(PROBE_MODULES) });
    const deployment = production["blackbox-exporter"] as unknown as IDeployment;
    expect(deployment.spec?.template.metadata?.annotations).toMatchObject({
      "bellwether.dev/config-hash": expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(proberAddress(DEFAULT_NAMESPACES)).toBe("blackbox-exporter.monitoring.svc:9115");
  });
});

describe("the Services", () => {
  const pods = new Map(workloads.map(({ metadata, spec }) => [metadata?.name, spec?.template]));

  const selecting = ofKind<IService>("Service").filter(({ spec }) => spec?.selector !== undefined);

  it("select pods, but for that of the kubelets, whose addresses the operator writes down", () => {
    const others = ofKind<IService>("Service").filter((service) => !selecting.includes(service));
    expect(others.map(({ metadata }) => metadata?.name)).toEqual(["kubelet"]);
  });

  it.each(selecting.map((service) => [service.metadata?.name, service] as const))(
    "%s selects pods that exist and leads to a port that they open under the same number",
    (name, { metadata, spec }) => {
      // The operator makes Prometheus' pods: these are the labels and the port that it gives them.
      const template = pods.get(name) ?? {
        metadata: {
          labels: { "app.kubernetes.io/name": "prometheus", "app.kubernetes.io/instance": "prometheus" },
        },
        spec: { containers: [{ name: "prometheus", ports: [{ name: "web", containerPort: 9090 }] }] },
      };
      expect(pods.has(name) || name === "prometheus").toBe(true);
      expect(template.metadata?.labels).toMatchObject(spec?.selector ?? { missing: "selector" });
      const opened = template.spec?.containers.flatMap(({ ports }) => ports ?? []) ?? [];
      for (const port of spec?.ports ?? [])
        expect(opened).toContainEqual({ name: port.targetPort, containerPort: port.port });
      expect(metadata?.labels?.["app.kubernetes.io/name"]).toBe(name);
    },
  );
});

describe("the access rights", () => {
  const roles = everything.filter(({ kind }) => kind === "Role" || kind === "ClusterRole") as IClusterRole[];

  it("hold no wildcard anywhere", () => {
    expect(roles.length).toBeGreaterThan(4);
    for (const { rules } of roles)
      for (const rule of rules ?? [])
        for (const words of [rule.verbs, rule.apiGroups, rule.resources, rule.nonResourceURLs])
          expect(words ?? []).not.toContainEqual(expect.stringContaining("*"));
  });

  it("let nobody read Secrets or write anything across the cluster, but events", () => {
    for (const { kind, metadata, rules } of roles.filter((role) => role.kind === "ClusterRole"))
      for (const rule of rules ?? []) {
        expect(rule.resources ?? [], `${kind} ${metadata?.name}`).not.toContain("secrets");
        if (rule.resources?.[0] === "events") continue;
        expect(["get", "list", "watch"]).toEqual(expect.arrayContaining(rule.verbs));
      }
  });

  it("are bound to the account of the program that they are for", () => {
    const bindings = everything.filter(({ kind }) => kind.endsWith("Binding")) as IClusterRoleBinding[];
    for (const { roleRef, subjects } of bindings) {
      expect(
        roles.some(({ kind, metadata }) => kind === roleRef.kind && metadata?.name === roleRef.name),
      ).toBe(true);
      expect(subjects).toHaveLength(1);
      expect(roleRef.name.replace(/^bellwether-/, "")).toBe(subjects?.[0]?.name);
    }
  });

  it("give kube-state-metrics exactly the resources that it is told to watch", () => {
    const role = production["kube-state-metrics-role"] as unknown as IClusterRole;
    const deployment = production["kube-state-metrics"] as unknown as IDeployment;
    const told = deployment.spec?.template.spec?.containers[0]?.args?.find((arg) =>
      arg.startsWith("--resources="),
    );
    const allowed = role.rules?.flatMap(({ resources }) => resources ?? []).sort();
    expect(told).toBe(`--resources=${allowed?.join(",")}`);
    expect(Object.values(WATCHED_RESOURCES).flat()).not.toContain("secrets");
  });

  it("include EKS's scheduler and controller manager on EKS alone", () => {
    const groups = (objects: Readonly<Record<string, KubernetesObject>>) =>
      (objects["server-role"] as unknown as IClusterRole).rules?.flatMap(({ apiGroups }) => apiGroups ?? []);
    expect(groups(production)).toContain("metrics.eks.amazonaws.com");
    expect(groups(local)).not.toContain("metrics.eks.amazonaws.com");
  });
});
