import { describe, expect, it } from "vitest";
import { strictProblems } from "../components/kubernetes/strict.ts";
import { ENVIRONMENTS, manifests } from "./previews.ts";

/** Twenty slips of the pen, each in a field that its object really has: file of prod, path, what it is renamed to. */
const TYPOS: readonly (readonly [file: string, path: readonly (string | number)[], slip: string])[] = [
  ["prometheus-monitoring-prometheus.yaml", ["spec", "retentionSize"], "retentionsize"],
  ["prometheus-monitoring-prometheus.yaml", ["spec", "externalLabels"], "externalLabel"],
  ["prometheus-monitoring-prometheus.yaml", ["spec", "ruleNamespaceSelector"], "rulesNamespaceSelector"],
  ["prometheus-monitoring-prometheus.yaml", ["spec", "storage"], "storageSpec"],
  ["prometheus-monitoring-prometheus.yaml", ["spec", "securityContext", "fsGroup"], "fsgroup"],
  ["prometheus-monitoring-prometheus.yaml", ["spec", "topologySpreadConstraints", 0, "maxSkew"], "maxskew"],
  ["alertmanager-monitoring-main.yaml", ["spec", "configSecret"], "configsecret"],
  ["alertmanager-monitoring-main.yaml", ["spec", "resources", "limits"], "limit"],
  ["servicemonitor-monitoring-kubelet.yaml", ["spec", "endpoints", 0, "relabelings"], "relabellings"],
  ["servicemonitor-monitoring-kubelet.yaml", ["spec", "selector", "matchLabels"], "matchLabel"],
  [
    "prometheusrule-monitoring-platform-nodes.yaml",
    ["spec", "groups", 0, "rules", 0, "annotations"],
    "annotation",
  ],
  ["prometheusrule-monitoring-platform-nodes.yaml", ["spec", "groups", 0, "rules", 0, "expr"], "expression"],
  [
    "deployment-monitoring-kube-state-metrics.yaml",
    ["spec", "template", "spec", "containers", 0, "livenessProbe"],
    "livenesProbe",
  ],
  [
    "deployment-monitoring-kube-state-metrics.yaml",
    ["spec", "template", "spec", "serviceAccountName"],
    "serviceAccoutName",
  ],
  ["daemonset-monitoring-node-node-exporter.yaml", ["spec", "template", "spec", "tolerations"], "toleration"],
  [
    "daemonset-monitoring-node-node-exporter.yaml",
    ["spec", "template", "spec", "containers", 0, "volumeMounts", 0, "readOnly"],
    "readonly",
  ],
  ["service-monitoring-prometheus.yaml", ["spec", "ports", 0, "targetPort"], "targetport"],
  ["networkpolicy-monitoring-prometheus.yaml", ["spec", "policyTypes"], "policyType"],
  ["poddisruptionbudget-monitoring-prometheus.yaml", ["spec", "selector"], "selectors"],
  ["clusterrole-bellwether-prometheus.yaml", ["rules", 0, "apiGroups"], "apiGroup"],
];

type Node = Record<string | number, unknown>;

/** A copy of the object in which the field at the path has another name. */
function withTypo(object: unknown, path: readonly (string | number)[], slip: string): unknown {
  const copy = structuredClone(object);
  const parent = path.slice(0, -1).reduce<Node>((at, key) => at[key] as Node, copy as Node);
  const key = path.at(-1) as string;
  if (!(key in parent)) throw new Error(`there is no ${path.join(".")} to misspell`);
  parent[slip] = parent[key];
  delete parent[key];
  return copy;
}

describe.each(ENVIRONMENTS)("the manifests of %s", (environment) => {
  it("fit their schemas, with no field that a schema does not know", () => {
    const problems = Object.entries(manifests(environment)).flatMap(([file, object]) =>
      strictProblems(object).map((problem) => `${file}: ${problem}`),
    );
    expect(problems).toEqual([]);
    expect(Object.keys(manifests(environment)).length).toBeGreaterThan(50);
  });
});

describe("a typo in a manifest", () => {
  it.each(TYPOS)("in %s at %j, as %s, is caught", (file, path, slip) => {
    const object = manifests("prod")[file];
    expect(strictProblems(object)).toEqual([]);
    expect(strictProblems(withTypo(object, path, slip)).join("\n")).toContain(slip);
  });
});
