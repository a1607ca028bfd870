import { describe, expect, it } from "vitest";
import { CATALOGUE } from "../../../components/alerts/catalogue/index.ts";
import type { AlertParameters } from "../../../components/alerts/definition.ts";
import { FIRST_STEPS } from "../../../components/alerts/first-steps.ts";
import { seconds } from "../../../components/core/duration.ts";
import { syntaxErrors } from "../../../components/promql/tree.ts";
import { isCounter } from "../../../components/signals/counter-names.ts";
import { JOBS } from "../../../components/signals/jobs.ts";
import { PLATFORM_SIGNALS } from "../../../components/signals/platform.ts";
import { counterCalls } from "../grafana/promql.ts";

const NAMES = CATALOGUE.map(({ name }) => name);

function parametersOf(
  alert: (typeof CATALOGUE)[number],
  scrapeInterval: "30s" | "2m" = "30s",
): AlertParameters {
  return {
    threshold: alert.threshold?.default ?? 0,
    for: alert.for,
    severity: alert.severity,
    scrapeInterval,
  };
}

describe("the catalogue", () => {
  it("has what a Kubernetes platform must not be without", () => {
    expect(NAMES).toEqual(
      expect.arrayContaining([
        "Watchdog",
        "InfoInhibitor",
        "TargetDown",
        "KubePodCrashLooping",
        "KubePodNotReady",
        "KubeDeploymentReplicasMismatch",
        "KubeDeploymentRolloutStuck",
        "KubeStatefulSetReplicasMismatch",
        "KubeDaemonSetRolloutStuck",
        "KubeContainerWaiting",
        "KubeContainerOOMKilled",
        "KubeJobFailed",
        "KubeHpaMaxedOut",
        "KubePdbNotEnoughHealthyPods",
        "KubePersistentVolumeFillingUp",
        "KubeNodeNotReady",
        "KubeletDown",
        "KubeAPIErrorBudgetBurn",
        "KubeAPIDown",
        "CPUThrottlingHigh",
        "KubeQuotaExceeded",
        "NodeFilesystemSpaceFillingUp",
        "PrometheusRuleFailures",
        "PrometheusNotConnectedToAlertmanagers",
        "AlertmanagerClusterFailedToSendAlerts",
        "KubeStateMetricsListErrors",
        "KubeNodePressure",
        "CoreDNSErrorsHigh",
        "KubePersistentVolumeAlmostFull",
        "KubeCniAddressesLow",
        "KubeCniAddressesExhausted",
        "KubeClientCertificateExpiring",
        "KubeletCertificateExpiring",
        "ProbedCertificateExpiring",
        "PrometheusScrapesRejected",
        "PrometheusMissingRuleEvaluations",
        "PrometheusRuleGroupSlow",
      ]),
    );
  });

  it("says what to do first, wherever it wakes somebody", () => {
    const paging = CATALOGUE.filter(({ severity }) => severity === "critical").map(({ name }) => name);
    expect(Object.keys(FIRST_STEPS).sort()).toEqual(paging.sort());
    for (const step of Object.values(FIRST_STEPS)) expect(step).toMatch(/^[a-z].*\.$/);
  });

  it("gives each alert a name of its own", () => {
    expect(new Set(NAMES).size).toBe(NAMES.length);
  });

  it("has no alert for a scheduler or controller manager that is down, which EKS does not expose", () => {
    expect(NAMES).not.toContain("KubeSchedulerDown");
    expect(NAMES).not.toContain("KubeControllerManagerDown");
  });
});

describe.for(CATALOGUE)("$name", (alert) => {
  const { threshold, signal } = alert;

  it("has a case in which it fires and one in which it does not", () => {
    const kinds = alert.cases.map(({ build }) => build(parametersOf(alert)).alerts.length > 0);
    expect(kinds).toContain(true);
    // Watchdog always fires: a service outside the cluster notices when it stops.
    if (alert.name !== "Watchdog") expect(kinds).toContain(false);
  });

  it("gives each of its cases a sentence of its own", () => {
    const titles = alert.cases.map(({ title }) => title);
    expect(new Set(titles).size).toBe(titles.length);
    for (const title of titles) expect(title).toMatch(/^(fires|does not fire) when [a-z].*[^.]$/);
  });

  it("has a default within its own bounds", () => {
    if (threshold === undefined) return;
    expect(threshold.min).toBeGreaterThan(0);
    expect(threshold.default).toBeGreaterThanOrEqual(threshold.min);
    expect(threshold.default).toBeLessThanOrEqual(threshold.max);
    if (threshold.unit === "share") expect(threshold.max).toBeLessThanOrEqual(1);
    expect(seconds(alert.for)).toBeLessThanOrEqual(seconds(alert.longestFor ?? "2d"));
  });

  it("moves with its limit, and says the limit to whoever is woken", () => {
    if (threshold === undefined) return;
    const at = (value: number) => ({ ...parametersOf(alert), threshold: value });
    expect(alert.expr(at(threshold.min))).not.toBe(alert.expr(at(threshold.max)));
    if (threshold.unit !== "count")
      expect(alert.description(at(threshold.min))).not.toBe(alert.description(at(threshold.max)));
  });

  it("is written in full sentences", () => {
    expect(alert.summary).toMatch(/^[A-Z{k].*[^.]$/);
    expect(alert.description(parametersOf(alert))).toMatch(/\.$/);
    expect(alert.impact).toMatch(/^[A-Z].*\.$/);
    expect(alert.impact).not.toContain("{{");
  });

  it("asks Prometheus something that it understands", () => {
    expect(syntaxErrors(alert.expr(parametersOf(alert)))).toEqual([]);
  });

  it("looks back over at least four scrapes wherever it takes a rate, of counters only", () => {
    for (const scrapeInterval of ["30s", "2m"] as const) {
      for (const { range, metrics } of counterCalls(alert.expr(parametersOf(alert, scrapeInterval)))) {
        expect(range).toBeGreaterThanOrEqual(4 * seconds(scrapeInterval));
        for (const metric of metrics) expect(isCounter(metric), metric).toBe(true);
      }
    }
  });

  it("names the job of everything that it asks for", () => {
    const jobs = [...alert.expr(parametersOf(alert)).matchAll(/job=~?"([^"]+)"/g)]
      .flatMap(([, names = ""]) => names.split("|"))
      .sort();
    for (const job of jobs) expect(Object.values(JOBS)).toContain(job);
    expect([...new Set(jobs)]).toEqual([...alert.jobs].sort());
  });

  it("links to a panel that a dashboard draws", () => {
    if (signal === undefined) expect(["Watchdog", "InfoInhibitor"]).toContain(alert.name);
    else expect(PLATFORM_SIGNALS).toContain(signal);
  });

  it("is muted only by alerts that exist", () => {
    for (const { alert: cause } of alert.mutedBy ?? []) {
      expect(NAMES).toContain(cause);
      expect(cause).not.toBe(alert.name);
    }
  });

  it("is muted by alerts that carry the labels which must be equal, as it does itself", () => {
    for (const { alert: cause, equal } of alert.mutedBy ?? []) {
      for (const label of equal) {
        expect(labelsOf(alert.name)).toContain(label);
        expect(labelsOf(cause)).toContain(label);
      }
    }
  });
});

/** The labels that an alert carries by its own firing cases, which promtool compares exactly. */
function labelsOf(name: string): string[] {
  const alert = CATALOGUE.find((candidate) => candidate.name === name);
  if (alert === undefined) return [];
  const [first] = alert.cases.flatMap(({ build }) => build(parametersOf(alert)).alerts);
  return Object.keys(first?.labels ?? {});
}
