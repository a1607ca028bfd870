import { describe, expect, it } from "vitest";
import { monitoringObjects } from "../../../components/prometheus/render.ts";
import { PRODUCTION, resolved } from "../prometheus/samples.ts";
import { strictProblems } from "./strict.ts";

const objects = monitoringObjects(resolved(PRODUCTION));

/** A copy of one of production's objects in which the last field of the path has another name. */
function misspelt(role: string, path: string, typo: string): unknown {
  const copy = structuredClone(objects[role]) as unknown as Record<string, unknown>;
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  const parent = keys.reduce<Record<string, unknown>>((at, key) => at[key] as Record<string, unknown>, copy);
  expect(parent, `${role} has ${path}`).toHaveProperty([last]);
  parent[typo] = parent[last];
  delete parent[last];
  return copy;
}

describe("the strict validator", () => {
  it.each([
    ["prometheus", "spec.retentionSize", "retentionsize"],
    ["prometheus", "spec.serviceMonitorNamespaceSelector", "serviceMonitorNamespaceSelectors"],
    ["prometheus", "spec.topologySpreadConstraints.0.whenUnsatisfiable", "whenUnsatisfyable"],
    ["prometheus", "spec.storage.volumeClaimTemplate", "volumeClaimTemplates"],
    ["prometheus", "spec.storage.volumeClaimTemplate.spec.storageClassName", "storageClass"],
    ["prometheus", "spec.persistentVolumeClaimRetentionPolicy.whenDeleted", "whenDelete"],
    ["prometheus", "spec.alerting.alertmanagers.0.port", "portName"],
    ["prometheus", "spec.resources.limits.memory", "memry"],
    ["monitor-kubelet", "spec.endpoints.0.honorLabels", "honourLabels"],
    ["monitor-kubelet", "spec.endpoints.0.relabelings.0.targetLabel", "target_label"],
    ["monitor-apiserver", "spec.endpoints.0.tlsConfig.serverName", "servername"],
    ["monitor-cadvisor", "spec.endpoints.0.metricRelabelings.0.sourceLabels", "sourceLabel"],
    ["monitor-coredns", "spec.namespaceSelector.matchNames", "matchName"],
    ["monitor-config-reloader", "spec.podMetricsEndpoints", "endpoints"],
    ["network-policy-prometheus", "spec.podSelector", "podselector"],
    ["network-policy-prometheus", "spec.egress.0.ports", "port"],
    [
      "network-policy-prometheus",
      "spec.ingress.0.from.0.namespaceSelector.matchExpressions",
      "matchExpression",
    ],
    ["node-exporter", "spec.template.spec.hostPID", "hostPid"],
    ["node-exporter", "spec.template.spec.containers.0.volumeMounts.0.readOnly", "readonly"],
    ["node-exporter", "spec.template.spec.volumes.0.hostPath", "hostpath"],
    [
      "kube-state-metrics",
      "spec.template.spec.containers.0.securityContext.readOnlyRootFilesystem",
      "readOnlyRootFileSystem",
    ],
    ["kube-state-metrics", "spec.template.spec.containers.0.readinessProbe.httpGet", "httpget"],
    ["kube-state-metrics", "spec.template.spec.securityContext.runAsNonRoot", "runAsNonroot"],
    ["operator", "spec.template.spec.containers.0.args", "arguments"],
    ["operator", "spec.template.spec.serviceAccountName", "serviceAccountname"],
    ["operator-role", "rules.0.verbs", "verb"],
    ["operator-role-binding", "subjects.0.namespace", "nameSpace"],
    ["server-service", "spec.sessionAffinity", "sessionAffinty"],
    ["server-disruption-budget", "spec.maxUnavailable", "maxUnavailble"],
    ["blackbox-exporter-config", "data", "datas"],
    ["namespace", "metadata.labels", "label"],
    ["priority-class", "preemptionPolicy", "preemtionPolicy"],
  ])("catches in %s the field %s written %s", (role, path, typo) => {
    const problems = strictProblems(misspelt(role, path, typo));
    expect(problems.join("\n")).toContain(typo);
  });

  it("catches a field that no model knows in every object of every manifest, but for true maps", () => {
    const maps = /\/(?:labels|annotations|matchLabels|nodeSelector|selector|externalLabels|data)$/;
    let places = 0;
    for (const [role, object] of Object.entries(objects)) {
      const copy = structuredClone(object) as unknown as Record<string, unknown>;
      for (const [path, node] of innerObjects(copy, "")) {
        if (maps.test(path) && !("matchLabels" in node || "matchExpressions" in node)) continue;
        node["noSuchField"] = "1";
        expect(strictProblems(copy).join("\n"), `${role} at ${path || "the top"}`).toContain("noSuchField");
        delete node["noSuchField"];
        places++;
      }
    }
    expect(places).toBeGreaterThan(500);
  });

  it("says what the models' own validation says of a wrong type and of a missing field", () => {
    const prometheus = { ...objects["prometheus"], spec: { replicas: "two" } };
    expect(strictProblems(prometheus).join("\n")).toMatch(/replicas/);
    const { roleRef: _, ...unbound } = objects["operator-role-binding"] as unknown as Record<string, unknown>;
    expect(strictProblems(unbound).join("\n")).toMatch(/roleRef/);
  });

  it("refuses a kind without a schema instead of waving it through", () => {
    expect(strictProblems({ apiVersion: "v1", kind: "Servise" })).toEqual(["no schema for v1/Servise"]);
    expect(strictProblems(null)).toHaveLength(1);
  });

  it("takes a field that is undefined for none, as the JSON that is sent does", () => {
    const service = { ...objects["server-service"], status: undefined, noSuchField: undefined };
    expect(strictProblems(service)).toEqual([]);
  });
});

function* innerObjects(value: unknown, path: string): Generator<[string, Record<string, unknown>]> {
  if (value === null || typeof value !== "object") return;
  if (!Array.isArray(value)) yield [path, value as Record<string, unknown>];
  for (const [key, inner] of Object.entries(value)) yield* innerObjects(inner, `${path}/${key}`);
}
