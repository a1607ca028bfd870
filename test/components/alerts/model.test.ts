import { describe, expect, it } from "vitest";
import { CATALOGUE, type CataloguedAlert } from "../../../components/alerts/catalogue/index.ts";
import {
  type AlertOverride,
  alertsProblems,
  alertsSettings,
  resolveAlerts,
} from "../../../components/alerts/model.ts";
import { validate } from "../../../components/core/validation.ts";
import { productionArgs, RUNBOOKS } from "./samples.ts";

function problemsOf(
  overrides: Record<string, AlertOverride>,
  distribution: "eks" | "generic" = "eks",
  store: "remote-write" | "thanos" | null = "remote-write",
) {
  const settings = { runbookBaseUrl: RUNBOOKS, overrides };
  return alertsProblems(settings, "environment.alerts", {
    distribution,
    ...(distribution === "eks" && { autoscaler: "karpenter" }),
    ...(store !== null && { store }),
    ...(store === "thanos" && { evaluator: "thanos-ruler" }),
  });
}

function namesOf(...args: Parameters<typeof productionArgs>) {
  return resolveAlerts(productionArgs(...args)).map(({ name }) => name);
}

describe("changes to the catalogue", () => {
  it("are fine within the bounds of the alert", () => {
    expect(
      problemsOf({
        NodeCpuSaturated: { threshold: 0.95, for: "1h", severity: "info" },
        KubeContainerOOMKilled: { threshold: 3, for: "10m" },
        KubeHpaMaxedOut: { enabled: false },
      }),
    ).toEqual([]);
  });

  it.each(["remote-write", "thanos"] as const)("take every alert's own bounds with %s", (store) => {
    const at = (end: "min" | "max") =>
      Object.fromEntries(
        CATALOGUE.filter(
          ({ needs }) =>
            needs === undefined || needs === store || (store === "thanos" && needs === "thanos-ruler"),
        ).flatMap(({ name, threshold }) => (threshold ? [[name, { threshold: threshold[end] }]] : [])),
      );
    expect(problemsOf(at("min"), "eks", store)).toEqual([]);
    expect(problemsOf(at("max"), "eks", store)).toEqual([]);
  });

  it("name the alert that was meant when one is misspelt", () => {
    expect(problemsOf({ KubeNodeNotRedy: { for: "5m" } })).toEqual([
      {
        path: "environment.alerts.overrides.KubeNodeNotRedy",
        found: 'the alert "KubeNodeNotRedy", which is not in the catalogue',
        allowed: "the name of an alert of the catalogue; docs/runbooks/README.md lists them",
        fix: "rename it to KubeNodeNotReady",
      },
    ]);
  });

  it("cannot name an alert that is like none", () => {
    expect(problemsOf({ SomethingElseAltogether: {} })[0]?.fix).toBe("remove it");
  });

  it("are refused outside of the bounds, with the bounds and what they mean", () => {
    expect(problemsOf({ NodeCpuSaturated: { threshold: 90 } })).toEqual([
      {
        path: "environment.alerts.overrides.NodeCpuSaturated.threshold",
        found: "90",
        allowed: "a share from 0.3 to 0.99: share of a node's CPU time in use",
        fix: "change it to what is allowed",
      },
    ]);
  });

  it("count kills in whole numbers", () => {
    expect(problemsOf({ KubeContainerOOMKilled: { threshold: 1.5 } })[0]?.allowed).toMatch(/^a whole number/);
  });

  it("are refused for a limit that the alert does not have", () => {
    expect(problemsOf({ KubeletDown: { threshold: 3 } })).toEqual([
      {
        path: "environment.alerts.overrides.KubeletDown.threshold",
        found: "3",
        allowed: "nothing: KubeletDown has no threshold",
        fix: "remove it",
      },
    ]);
  });

  it("are refused where an alert could never fire again", () => {
    expect(problemsOf({ KubeContainerOOMKilled: { for: "15m" } })).toEqual([
      {
        path: "environment.alerts.overrides.KubeContainerOOMKilled.for",
        found: '"15m"',
        allowed:
          "a duration up to 10m: with a longer one, KubeContainerOOMKilled could never fire, because its query sees an event only for a limited time",
        fix: "shorten it",
      },
    ]);
  });

  it.for(["Watchdog", "InfoInhibitor"])("cannot touch %s", (name) => {
    expect(problemsOf({ [name]: { enabled: false } })).toEqual([
      expect.objectContaining({ path: `environment.alerts.overrides.${name}`, fix: "remove it" }),
    ]);
  });

  it("cannot name an alert whose metrics the cluster does not serve", () => {
    expect(problemsOf({ KubeSchedulerFailing: { for: "5m" } })).toEqual([]);
    expect(problemsOf({ KubeSchedulerFailing: { for: "5m" } }, "generic")).toEqual([
      {
        path: "environment.alerts.overrides.KubeSchedulerFailing",
        found: "KubeSchedulerFailing, which needs metrics of kube-scheduler",
        allowed: "an alert whose metrics are available on a generic cluster",
        fix: "remove it",
      },
    ]);
  });

  it("cannot set anything of an alert that they switch off", () => {
    expect(problemsOf({ NodeCpuSaturated: { enabled: false, for: "1h" } })).toEqual([
      expect.objectContaining({
        path: "environment.alerts.overrides.NodeCpuSaturated.for",
        fix: "remove for, or remove enabled",
      }),
    ]);
  });

  it("are all reported at once", () => {
    expect(problemsOf({ Wrong: {}, Watchdog: {}, KubeletDown: { threshold: 1 } })).toHaveLength(3);
  });

  it("know four fields and no other", () => {
    const result = validate(
      alertsSettings,
      { runbookBaseUrl: RUNBOOKS, overrides: { KubeletDown: { treshold: 1 } } },
      "alerts",
    );
    expect(result).toEqual({
      ok: false,
      problems: [
        expect.objectContaining({
          path: "alerts.overrides.KubeletDown.treshold",
          fix: "rename it to threshold",
        }),
      ],
    });
  });
});

describe("the alerts of an environment", () => {
  const OF_KARPENTER = CATALOGUE.map(({ name }) => name).filter((name) => name.startsWith("Karpenter"));
  const needing = (what: CataloguedAlert["needs"]) =>
    CATALOGUE.filter(({ needs }) => needs === what).map(({ name }) => name);
  const ofThanos = [...needing("thanos"), ...needing("thanos-ruler"), ...needing("shards")];
  const without = (names: readonly string[]) =>
    CATALOGUE.map(({ name }) => name).filter((name) => !names.includes(name));

  it("are the whole catalogue on EKS, but for those of another store", () => {
    expect(namesOf()).toEqual(without(ofThanos));
    const withThanos = namesOf(
      {},
      { cluster: { distribution: "eks", store: "thanos", autoscaler: "karpenter" } },
    );
    expect(withThanos).toEqual(
      without([...needing("remote-write"), ...needing("thanos-ruler"), ...needing("shards")]),
    );
    const withRuler = namesOf(
      {},
      {
        cluster: { distribution: "eks", store: "thanos", autoscaler: "karpenter", evaluator: "thanos-ruler" },
      },
    );
    expect(withRuler).toEqual(without([...needing("remote-write"), ...needing("shards")]));
    expect(needing("shards")).toEqual(["PrometheusShardDown"]);
    expect(needing("thanos")).toEqual([
      "ThanosUploadFailing",
      "ThanosCompactorHalted",
      "ThanosStoreFailing",
      "ThanosQueryFailing",
    ]);
    expect(needing("thanos-ruler")).toHaveLength(6);
  });

  it("leave out Thanos Ruler where Prometheus evaluates the rules, and say so to whoever tunes it", () => {
    const settings = {
      runbookBaseUrl: RUNBOOKS,
      overrides: { ThanosRulerRuleFailures: { for: "20m" } },
    } as const;
    const said = alertsProblems(settings, "environment.alerts", { distribution: "eks", store: "thanos" });
    expect(said).toMatchObject([
      {
        found: "ThanosRulerRuleFailures, which needs Thanos Ruler, which prometheus.rules: store starts",
        allowed: expect.stringContaining("Prometheus evaluates the rules"),
      },
    ]);
  });

  it("leave out, elsewhere, what rests on EKS's own metrics", () => {
    const elsewhere = namesOf({}, { cluster: { distribution: "generic", store: "remote-write" } });
    expect(without([...ofThanos, ...elsewhere])).toEqual([
      "KubeCniAddressesLow",
      "KubeCniAddressesExhausted",
      ...OF_KARPENTER,
      "KubeSchedulerFailing",
    ]);
  });

  it("leave out Karpenter where it starts no nodes", () => {
    const here = namesOf({}, { cluster: { distribution: "eks", store: "remote-write" } });
    expect(without([...ofThanos, ...here])).toEqual(OF_KARPENTER);
  });

  it("leave out the way to a store of samples where nothing is sent on, and say so to whoever tunes it", () => {
    const here = namesOf({}, { cluster: { distribution: "eks", autoscaler: "karpenter" } });
    const left = without([...ofThanos, ...here]);
    expect(left).toEqual(["PrometheusRemoteWriteBehind", "PrometheusRemoteWriteFailing"]);
    expect(problemsOf({ PrometheusRemoteWriteBehind: { for: "5m" } }, "eks", null)).toEqual([
      {
        path: "environment.alerts.overrides.PrometheusRemoteWriteBehind",
        found: "PrometheusRemoteWriteBehind, which needs remote write",
        allowed: "an alert that does not need remote write: prometheus.store is none",
        fix: "remove it",
      },
    ]);
  });

  it("leave out what the environment switched off", () => {
    expect(namesOf({ KubeHpaMaxedOut: { enabled: false } })).not.toContain("KubeHpaMaxedOut");
  });

  it("take the environment's numbers, and the catalogue's where it has none", () => {
    const [changed] = resolveAlerts(productionArgs({ NodeCpuSaturated: { threshold: 0.5 } })).filter(
      ({ name }) => name === "NodeCpuSaturated",
    );
    expect(changed?.parameters).toEqual({
      threshold: 0.5,
      for: "30m",
      severity: "warning",
      scrapeInterval: "30s",
    });
  });
});
