import type { IPrometheus } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/Prometheus";
import type { IThanosRuler } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ThanosRuler";
import type { IDeployment } from "kubernetes-models/apps/v1/Deployment";
import type { INetworkPolicy } from "kubernetes-models/networking.k8s.io/v1/NetworkPolicy";
import type { IRole } from "kubernetes-models/rbac.authorization.k8s.io/v1/Role";
import type { IService } from "kubernetes-models/v1/Service";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { renderAlertRules, renderAlertTests } from "../../../components/alerts/render.ts";
import { renderNetworkPolicies } from "../../../components/prometheus/network-policies.ts";
import { monitoringObjects, renderMonitoring } from "../../../components/prometheus/render.ts";
import { hasRuler, storedRulesProblems } from "../../../components/prometheus/rule-evaluation.ts";
import { RULER_REPLICA_LABEL } from "../../../components/thanos/model.ts";
import { productionArgs } from "../alerts/samples.ts";
import { strictProblems } from "../kubernetes/strict.ts";
import { isReachable, pod } from "../prometheus/reachability.ts";
import { LOCAL, resolved, WITH_RULER, WITH_THANOS } from "../prometheus/samples.ts";

const objects = monitoringObjects(resolved(WITH_RULER));
const ruler = objects["thanos-ruler"] as IThanosRuler;
const prometheus = objects["prometheus"] as IPrometheus;
const query = objects["thanos-query"] as IDeployment;
const args = query.spec?.template.spec?.containers[0]?.args ?? [];

/** Whether a selector of the operator takes an object with this value of the label, or without the label. */
function takes(selector: IPrometheus["spec"]["ruleSelector"], value: string | undefined): boolean {
  return (selector?.matchExpressions ?? []).every(({ operator, values = [] }) => {
    const isAmong = value !== undefined && values.includes(value);
    return operator === "In" ? isAmong : !isAmong;
  });
}

describe("Thanos Ruler", () => {
  it.each(Object.entries(objects).filter(([role]) => /thanos-ruler|operator-instances/.test(role)))(
    "has %s that passes its schema, unknown fields refused",
    (_role, object) => {
      expect(strictProblems(object)).toEqual([]);
    },
  );

  it("is there with rules of the store alone", () => {
    expect(
      Object.keys(monitoringObjects(resolved(WITH_THANOS))).filter((role) => /ruler/.test(role)),
    ).toEqual([]);
    expect(hasRuler({ rules: "store", store: { kind: "none" } })).toBe(false);
  });

  it("takes every rule that Prometheus leaves, and leaves every rule that Prometheus takes", () => {
    for (const value of [undefined, "store", "prometheus", "something-else"])
      expect(
        [ruler.spec.ruleSelector, prometheus.spec.ruleSelector].filter((selector) => takes(selector, value)),
        String(value),
      ).toHaveLength(1);
    expect(takes(prometheus.spec.ruleSelector, "prometheus")).toBe(true);
    expect([ruler.spec.ruleNamespaceSelector, prometheus.spec.ruleNamespaceSelector]).toEqual([{}, {}]);
  });

  it("keeps to the objects of the platform where Prometheus does", () => {
    const own = monitoringObjects(
      resolved({ ...WITH_RULER, settings: { ...WITH_RULER.settings, monitors: "own" } }),
    );
    const { matchLabels } = (own["thanos-ruler"] as IThanosRuler).spec.ruleSelector ?? {};
    expect(matchLabels).toEqual({ "app.kubernetes.io/part-of": "bellwether" });
    expect((own["prometheus"] as IPrometheus).spec.ruleSelector?.matchLabels).toEqual(matchLabels);
  });

  it("has the labels of Prometheus and its interval, and is counted once by Thanos Query", () => {
    expect(ruler.spec.labels).toEqual(prometheus.spec.externalLabels);
    expect(ruler.spec.evaluationInterval).toBe(prometheus.spec.evaluationInterval);
    expect(ruler.spec.ruleQueryOffset).toBe("5s");
    expect(args.filter((arg) => arg.startsWith("--query.replica-label"))).toEqual([
      "--query.replica-label=prometheus_replica",
      `--query.replica-label=${RULER_REPLICA_LABEL}`,
    ]);
  });

  it("is asked by Thanos Query, at a headless Service that selects its pods", () => {
    const config = args.find((arg) => arg.startsWith("--endpoint.sd-config=")) ?? "";
    const { endpoints } = parse(config.slice(config.indexOf("=") + 1)) as {
      readonly endpoints: readonly { readonly address: string }[];
    };
    const service = objects["thanos-ruler-service"] as IService;
    expect(endpoints.map(({ address }) => address)).toContain(
      `dnssrv+_grpc._tcp.${service.metadata?.name}.monitoring.svc`,
    );
    expect(service.spec?.clusterIP).toBe("None");
    expect(ruler.spec.serviceName).toBe(service.metadata?.name);
    // The labels that the operator sets on the pods of this resource.
    expect(service.spec?.selector).toEqual({
      "app.kubernetes.io/name": "thanos-ruler",
      "app.kubernetes.io/instance": ruler.metadata?.name,
    });
  });

  it("asks one replica of Prometheus and itself, always, and removes the labels of replicas", () => {
    const container = ruler.spec.containers?.find(({ name }) => name === "query");
    const own = container?.args ?? [];
    const config = own.find((arg) => arg.startsWith("--endpoint.sd-config=")) ?? "";
    expect(parse(config.slice(config.indexOf("=") + 1))).toEqual({
      endpoints: [
        {
          address: "prometheus-prometheus-$(REPLICA).prometheus-operated.monitoring.svc:10901",
          strict: true,
        },
        { address: "127.0.0.1:10901", strict: true },
      ],
    });
    expect(container?.env).toEqual([
      {
        name: "REPLICA",
        valueFrom: { fieldRef: { fieldPath: "metadata.labels['apps.kubernetes.io/pod-index']" } },
      },
    ]);
    expect(own).toEqual(
      expect.arrayContaining([
        "--no-query.partial-response",
        ...args.filter((arg) => /replica-label/.test(arg)),
      ]),
    );
    const port = own
      .find((arg) => arg.startsWith("--http-address="))
      ?.split(":")
      .at(-1);
    expect(ruler.spec.queryEndpoints).toEqual([`http://127.0.0.1:${port}`]);
  });

  it("keeps what it recorded for as long as Prometheus keeps samples, and uploads it as the sidecar does", () => {
    expect(ruler.spec.retention).toBe("30d");
    expect(ruler.spec.objectStorageConfig).toEqual(prometheus.spec.thanos?.objectStorageConfig);
  });

  it("runs twice, in two zones, where one Prometheus may be lost, and once elsewhere", () => {
    expect(ruler.spec.replicas).toBe(2);
    expect(ruler.spec.topologySpreadConstraints).toMatchObject([
      { topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "DoNotSchedule" },
    ]);
    expect(objects).toHaveProperty("thanos-ruler-disruption-budget");
    const bucket = {
      kind: "secret",
      configSecret: "objectStorage",
      endpoint: "https://storage.googleapis.com",
    } as const;
    const small = monitoringObjects(
      resolved({
        ...LOCAL,
        settings: { ...LOCAL.settings, store: { kind: "thanos", bucket }, rules: "store" },
      }),
    );
    expect((small["thanos-ruler"] as IThanosRuler).spec.replicas).toBe(1);
    expect(small).not.toHaveProperty("thanos-ruler-disruption-budget");
  });

  it("may be read by the operator, which starts anew to find that out", () => {
    const role = objects["operator-instances"] as IRole;
    const resources = (role.rules ?? []).flatMap((rule) => rule.resources ?? []);
    expect(resources).toEqual(
      expect.arrayContaining(["thanosrulers", "thanosrulers/status", "thanosrulers/finalizers"]),
    );
    const without = monitoringObjects(resolved(WITH_THANOS));
    expect(objects["operator"]).not.toEqual(without["operator"]);
    const before = ((without["operator-instances"] as IRole).rules ?? []).flatMap(
      (rule) => rule.resources ?? [],
    );
    expect(before.filter((resource) => /thanos/.test(resource))).toEqual([]);
  });
});

describe("the network of Thanos Ruler", () => {
  const policies = Object.values(renderMonitoring(resolved(WITH_RULER)).networkPolicies) as INetworkPolicy[];
  const of = (name: string, instance = name) =>
    pod("monitoring", { "app.kubernetes.io/name": name, "app.kubernetes.io/instance": instance });
  const rulerPod = of("thanos-ruler", "main");

  it.each([
    ["the ruler asks the servers", rulerPod, of("prometheus"), 10_901, true],
    ["the ruler does not ask Thanos Query", rulerPod, of("thanos-query"), 10_902, false],
    ["the ruler sends alerts", rulerPod, of("alertmanager", "main"), 9093, true],
    ["Thanos Query reads records", of("thanos-query"), rulerPod, 10_901, true],
    ["Prometheus scrapes the ruler", of("prometheus"), rulerPod, 10_902, true],
    ["Prometheus scrapes its reloader", of("prometheus"), rulerPod, 8080, true],
    ["the ruler does not reach the API of Prometheus", rulerPod, of("prometheus"), 9090, false],
    ["Grafana does not reach the ruler", of("grafana"), rulerPod, 10_902, false],
  ])("is as open as it must be: %s", (_, from, to, port, isOpen) => {
    expect(isReachable(policies, from, to, port, "TCP")).toBe(isOpen);
  });

  it("is not there without a ruler", () => {
    const names = Object.keys(renderMonitoring(resolved(WITH_THANOS)).networkPolicies);
    expect(names.filter((name) => /ruler/.test(name))).toEqual([]);
    expect(renderNetworkPolicies([], { monitoring: "a", node: "b" })).not.toHaveProperty(
      "network-policy-thanos-ruler",
    );
  });
});

describe("the platform's rules with Thanos Ruler", () => {
  const alerts = productionArgs(
    {},
    { cluster: { distribution: "eks", store: "thanos", evaluator: "thanos-ruler" }, rules: "store" },
  );
  const rendered = renderAlertRules(alerts);
  const alertsOf = (value: string) =>
    Object.values(rendered)
      .filter(({ metadata }) => metadata?.labels?.["bellwether.dev/evaluated-by"] === value)
      .flatMap(({ spec }) =>
        (spec.groups ?? []).flatMap(({ rules = [] }) => rules.map(({ alert }) => alert)),
      );

  it("are each evaluated once, the Watchdog and what is about the monitoring by Prometheus", () => {
    const [local, stored] = [alertsOf("prometheus"), alertsOf("store")];
    expect(local).toContain("Watchdog");
    expect(local).toContain("ThanosRulerNotEvaluating");
    expect(local).toContain("PrometheusRuleFailures");
    expect(stored).toContain("KubeNodeNotReady");
    const all = [...local, ...stored];
    expect(new Set(all).size).toBe(all.length);
    const everything = renderAlertRules({ ...alerts, rules: "local" });
    expect(all.length).toBe(
      Object.values(everything).flatMap(({ spec }) => (spec.groups ?? []).flatMap(({ rules = [] }) => rules))
        .length,
    );
  });

  it("are proven from every file that has them", () => {
    const files = renderAlertTests(alerts)["platform-general"]?.rule_files;
    expect(files).toEqual(["../rules/platform-general.yaml", "../rules/platform-heartbeat.yaml"]);
  });
});

describe("rules in a store of kind thanos", () => {
  it("are taken with whatever is pushed to one of two replicas, which Thanos Query finds", () => {
    const { store } = WITH_RULER.settings;
    expect(
      storedRulesProblems({ rules: "store", store: store as never, otlp: {}, replicas: 2 }, "prometheus"),
    ).toEqual([]);
  });
});
