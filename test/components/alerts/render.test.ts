import { describe, expect, it } from "vitest";
import { rendered } from "../../../components/alerts/annotations.ts";
import { alertsOf, renderAlertRules, renderAlertTests } from "../../../components/alerts/render.ts";
import { panelUrl } from "../../../components/signals/panels.ts";
import { strictProblems } from "../kubernetes/strict.ts";
import { GRAFANA, productionArgs, RUNBOOKS } from "./samples.ts";

function rulesOf(...args: Parameters<typeof productionArgs>) {
  return Object.values(renderAlertRules(productionArgs(...args))).flatMap(({ spec }) =>
    (spec.groups ?? []).flatMap(({ rules = [] }) => rules),
  );
}

function rule(name: string, ...args: Parameters<typeof productionArgs>) {
  const found = rulesOf(...args).find(({ alert }) => alert === name);
  if (found === undefined) throw new Error(`no rule ${name}`);
  return found;
}

describe("the rendered rules", () => {
  it("are one valid PrometheusRule for each area, called after it", () => {
    const objects = renderAlertRules(productionArgs());
    for (const [area, object] of Object.entries(objects)) {
      expect(strictProblems(object)).toEqual([]);
      expect(object.metadata?.name).toBe(`platform-${area}`);
      expect(object.metadata?.namespace).toBe("monitoring");
      expect(object.spec.groups?.map(({ name }) => name)).toEqual([`${area}.alerts`]);
    }
    expect(Object.keys(objects)).toEqual([
      "general",
      "nodes",
      "workloads",
      "storage",
      "control-plane",
      "prometheus",
      "alertmanager",
      "exporters",
    ]);
  });

  it("route each alert by severity and owner, and by nothing else", () => {
    for (const { labels } of rulesOf()) {
      expect(Object.keys(labels ?? {})).toEqual(["severity", "team"]);
      expect(labels?.["team"]).toBe("platform");
    }
  });

  it("take the severity, the limit and the duration from the environment", () => {
    const changed = rule("NodeMemorySaturated", {
      NodeMemorySaturated: { threshold: 0.8, for: "45m", severity: "critical" },
    });
    expect(changed.labels?.["severity"]).toBe("critical");
    expect(changed.for).toBe("45m");
    expect(changed.expr).toMatch(/ > 0\.8$/);
    expect(changed.annotations?.["description"]).toContain(
      "The limit of 80% has been exceeded for at least 45m",
    );
  });

  it("tell whoever is woken what is wrong, what it means, where to look, what to do and whose it is", () => {
    const { annotations } = rule("KubeNodeNotReady");
    expect(annotations).toEqual({
      summary: "Node {{ $labels.node }} is not ready",
      description:
        "Node {{ $labels.node }} has not been ready for at least 15m, and it is not cordoned. Kubernetes moves its pods to other nodes if there is room, and starts no new pods on it.",
      runbook_url: `${RUNBOOKS}/KubeNodeNotReady.md`,
      dashboard_url: panelUrl(GRAFANA, { dashboard: "nodes", panel: "node-readiness" }),
      owner: "platform",
    });
  });

  it("link to no dashboard where there is no Grafana that people reach", () => {
    for (const { annotations } of rulesOf({}, { grafana: undefined }))
      expect(Object.keys(annotations ?? {})).toEqual(["summary", "description", "runbook_url", "owner"]);
  });

  it("leave a duration of nothing out", () => {
    expect(rule("KubeAPIErrorBudgetBurn")).not.toHaveProperty("for");
    expect(rule("KubeNodeNotReady", { KubeNodeNotReady: { for: "0s" } })).not.toHaveProperty("for");
  });

  it("hold together a page that flaps", () => {
    expect(rule("KubeAPIErrorBudgetBurn").keep_firing_for).toBe("5m");
  });

  it("leave out an area whose alerts are all switched off", () => {
    const storage = Object.fromEntries(
      alertsOf(productionArgs())
        .filter(({ group }) => group === "storage")
        .map(({ name }) => [name, { enabled: false }]),
    );
    expect(Object.keys(renderAlertRules(productionArgs(storage)))).not.toContain("storage");
    expect(Object.keys(renderAlertTests(productionArgs(storage)))).not.toContain("platform-storage");
  });

  it("are the same each time", () => {
    expect(JSON.stringify(renderAlertRules(productionArgs()))).toBe(
      JSON.stringify(renderAlertRules(productionArgs())),
    );
  });
});

describe("the rendered tests", () => {
  const tests = renderAlertTests(productionArgs());

  it("name the rule file that they prove, beside them", () => {
    for (const [name, file] of Object.entries(tests))
      expect(file.rule_files).toEqual([`../rules/${name}.yaml`]);
    expect(Object.keys(tests)).toEqual(
      Object.values(renderAlertRules(productionArgs())).map(({ metadata }) => metadata?.name),
    );
  });

  it("have a case that fires and one that does not for every alert but the heartbeat", () => {
    const looks = Object.values(tests).flatMap((file) =>
      file.tests.flatMap((test) => test.alert_rule_test ?? []),
    );
    for (const { name } of alertsOf(productionArgs())) {
      const own = looks.filter(({ alertname }) => alertname === name);
      expect(own.some(({ exp_alerts }) => exp_alerts.length > 0)).toBe(true);
      if (name !== "Watchdog") expect(own.at(-1)?.exp_alerts).toEqual([]);
    }
  });

  it("look one evaluation before an alert is due and find it pending, and until it is resolved", () => {
    const [first] = (tests["platform-nodes"]?.tests ?? []).filter(({ name }) =>
      name.startsWith("KubeNodeNotReady fires"),
    );
    expect(
      first?.alert_rule_test?.map(({ eval_time, exp_alerts }) => [eval_time, exp_alerts.length]),
    ).toEqual([
      ["14m30s", 0],
      ["15m", 1],
      // Without scrapes: five minutes of lookback, and five for which it keeps firing.
      ["24m30s", 1],
      ["25m", 0],
    ]);
  });

  it("expect texts in which no template and no gap is left", () => {
    const texts = Object.values(tests)
      .flatMap((file) => file.tests.flatMap((test) => test.alert_rule_test ?? []))
      .flatMap(({ exp_alerts }) =>
        exp_alerts.flatMap(({ exp_annotations }) => Object.values(exp_annotations)),
      );
    expect(texts.length).toBeGreaterThan(200);
    for (const text of texts) expect(text).not.toMatch(/\{\{|undefined|NaN| {2}|\(\)| \.$/);
  });
});

describe("a rendered annotation", () => {
  it("shows labels and value", () => {
    expect(
      rendered("{{ $labels.node }} at {{ $value | humanizePercentage }}", {
        labels: { node: "a" },
        value: "91%",
      }),
    ).toBe("a at 91%");
  });

  it("is refused where the query does not keep the label", () => {
    expect(() => rendered("on {{ $labels.pod }}", { labels: { node: "a" } })).toThrow(
      /the expected alert has no value for/,
    );
  });
});

describe("the list of alerts", () => {
  it("says of each what a report shows", () => {
    const [node] = alertsOf(productionArgs()).filter(({ name }) => name === "KubeNodeNotReady");
    expect(node).toEqual({
      name: "KubeNodeNotReady",
      severity: "warning",
      team: "platform",
      for: "15m",
      summary: "Node {{ $labels.node }} is not ready",
      runbookUrl: `${RUNBOOKS}/KubeNodeNotReady.md`,
      panel: { dashboard: "nodes", panel: "node-readiness" },
      expr: rule("KubeNodeNotReady").expr,
      group: "nodes",
    });
  });
});
