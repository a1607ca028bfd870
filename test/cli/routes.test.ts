import { describe, expect, it } from "vitest";
import type { RecordedAlert } from "../../cli/artefacts/alerting.ts";
import { receiversInWords, routeComparison, routeRows } from "../../cli/report/routes.ts";
import { routeAlerts } from "../../cli/routing.ts";
import type { AlertmanagerSettings } from "../../components/alertmanager/model.ts";
import type { Environment } from "../../stacks/environment.ts";
import { SETTINGS } from "../components/alertmanager/settings.ts";
import { recordedAlert } from "./recorded-alert.ts";

const PLATFORM = { team: "platform" };

function rows(...alerts: readonly RecordedAlert[]) {
  return routeRows(routeAlerts(alerts, SETTINGS, {}), SETTINGS);
}

describe("the notifications", () => {
  it("are one row for each severity and team, critical first", () => {
    const found = rows(
      recordedAlert("Slow", { ...PLATFORM, severity: "warning" }),
      recordedAlert("Down", { ...PLATFORM, severity: "critical" }),
      recordedAlert("Context", { ...PLATFORM, severity: "info" }),
      recordedAlert("Empty", { team: "shop", severity: "critical" }),
      recordedAlert("Away", { ...PLATFORM, severity: "critical" }),
    );
    expect(found.map(({ severity, team, alerts }) => [severity, team, alerts])).toEqual([
      ["critical", "platform", ["Away", "Down"]],
      ["critical", "shop", ["Empty"]],
      ["warning", "platform", ["Slow"]],
      ["info", "platform", ["Context"]],
    ]);
  });

  it("say in which hours alone a receiver is notified", () => {
    const hours = { days: ["monday" as const], from: "09:00", to: "17:00", timezone: "UTC" };
    const platform = { critical: ["platform-pager"], warning: ["platform-chat"], hours: { warning: hours } };
    const settings = { ...SETTINGS, teams: { ...SETTINGS.teams, platform } };
    const alerts = ["warning", "critical"].map((severity) =>
      recordedAlert("Slow", { ...PLATFORM, severity }),
    );
    const found = routeRows(routeAlerts(alerts, settings, {}), settings);
    expect(found.map(({ receivers }) => receiversInWords(receivers))).toEqual([
      "platform-pager (PagerDuty)",
      "platform-chat (Slack #platform-alerts, only Monday 09:00 to 17:00 UTC)",
    ]);
  });

  it("have a row for the platform's alerts about workloads in a team's namespaces", () => {
    const workloads = { owner: "platform", namespaces: { "shop-jobs": "shop", shop: "shop" }, shared: {} };
    const owned = { ...SETTINGS, workloads };
    const expr = (query: string, severity: string): RecordedAlert => ({
      ...recordedAlert(query.includes("pod") ? "Pod" : "Node", { ...PLATFORM, severity }),
      expr: query,
    });
    const alerts = [
      expr("sum by (namespace, pod) (up) == 0", "warning"),
      expr("sum by (namespace, pod) (up) == 0", "info"),
      expr("sum by (node) (up) == 0", "warning"),
      expr("no PromQL at all", "warning"),
      {
        ...expr("sum by (namespace, pod) (up) == 0", "warning"),
        labels: { team: "shop", severity: "warning" },
      },
    ];
    const found = routeRows(routeAlerts(alerts, owned, {}), owned);
    expect(
      found.map(({ severity, team, namespaces, alerts: names, receivers }) => [
        severity,
        team,
        namespaces.join(),
        names.join(),
        receivers.map(({ name }) => name).join(),
      ]),
    ).toEqual([
      ["warning", "platform", "", "Node,Pod", "platform-chat"],
      ["warning", "shop", "", "Pod", "shop-hook"],
      ["warning", "shop", "shop-jobs,shop", "Pod", "shop-hook"],
      ["info", "platform", "", "Pod", ""],
    ]);
  });

  it("name each receiver with its type, and the group wait, group interval and repeat interval", () => {
    const [row] = rows(recordedAlert("Empty", { team: "shop", severity: "critical" }));
    expect(receiversInWords(row?.receivers ?? [])).toBe(
      "shop-pager (PagerDuty) and shop-hook (webhook) and platform-chat (Slack #platform-alerts)",
    );
    expect(row?.pace).toMatchObject({ groupWait: "15s", groupInterval: "2m", repeatInterval: "4h" });
  });

  it("count an alert of two services twice, and name it once", () => {
    const labels = { team: "shop", severity: "warning" };
    const [row] = rows(
      recordedAlert("Burning", { ...labels, service: "a" }),
      recordedAlert("Burning", { ...labels, service: "b" }),
    );
    expect(row).toMatchObject({ rules: 2, alerts: ["Burning"] });
  });

  it("have rows for the alerts of Grafana, whose contact points Alertmanager's intervals do not apply to", () => {
    const settings = { ...SETTINGS };
    const found = routeRows(
      routeAlerts([recordedAlert("Down", { ...PLATFORM, severity: "critical" })], settings, {}),
      settings,
      [
        {
          name: "PrometheusUnreachable",
          severity: "critical",
          team: "platform",
          receivers: [{ name: "Bellwether critical", kind: "Grafana" }],
        },
      ],
    );
    expect(
      found.map(({ alerts, receivers, pace }) => [alerts, receivers.map(({ name }) => name), pace]),
    ).toEqual(
      expect.arrayContaining([
        [["PrometheusUnreachable"], ["Bellwether critical"], undefined],
        [["Down"], ["platform-pager", "platform-chat"], expect.objectContaining({ groupWait: "15s" })],
      ]),
    );
    expect(found).toHaveLength(2);
  });

  it("have a row for alerts without a notification and one for the heartbeat, which have the same severity", () => {
    const found = rows(
      recordedAlert("InfoInhibitor", { ...PLATFORM, severity: "none" }),
      recordedAlert("Watchdog", { ...PLATFORM, severity: "none" }),
    );
    expect(
      found.map(({ alerts, receivers, pace }) => [alerts, receiversInWords(receivers), pace?.repeatInterval]),
    ).toEqual([
      [["InfoInhibitor"], "no notification", undefined],
      [["Watchdog"], "dead-mans-switch (local webhook)", "1m"],
    ]);
  });
});

describe("an alert that only the root matches", () => {
  it("is a problem, although the fallback receiver sends notifications", () => {
    const orphaned: AlertmanagerSettings = {
      ...SETTINGS,
      teams: { ...SETTINGS.teams, shop: { critical: [], warning: ["shop-hook"] } },
    };
    const [routed] = routeAlerts(
      [recordedAlert("Empty", { team: "shop", severity: "critical" })],
      orphaned,
      {},
    );
    expect(routed?.destinations).toMatchObject([{ receiver: "safety-net", depth: 0 }]);
    expect(routed?.problem).toBe(
      "Empty is critical and ends at safety-net, which no route below the root leads to",
    );
  });
});

describe("the receivers in every environment", () => {
  const environment = (name: string, alertmanager: AlertmanagerSettings) =>
    ({ name, alertmanager }) as Environment;

  it("have a row for each severity of each team, for the heartbeat and for the fallback receiver", () => {
    const { shop: _, ...alone } = SETTINGS.teams;
    const compared = routeComparison([
      environment("dev", { ...SETTINGS, teams: alone }),
      environment("prod", SETTINGS),
    ]);
    expect(compared.map(({ about, values }) => [about, values.get("dev"), values.get("prod")])).toEqual([
      [
        "platform, critical",
        ...Array(2).fill(
          "platform-pager (PagerDuty) and platform-chat (Slack #platform-alerts), repeated after 4h",
        ),
      ],
      ["platform, warning", ...Array(2).fill("platform-chat (Slack #platform-alerts), repeated after 1d")],
      [
        "shop, critical",
        undefined,
        "shop-pager (PagerDuty) and shop-hook (webhook) and platform-chat (Slack #platform-alerts), repeated after 4h",
      ],
      ["shop, warning", undefined, "shop-hook (webhook), repeated after 1d"],
      ["info and none", "no notification", "no notification"],
      ["Watchdog (heartbeat)", ...Array(2).fill("dead-mans-switch (local webhook), repeated after 1m")],
      ["fallback receiver", ...Array(2).fill("safety-net (e-mail), repeated after 1d")],
    ]);
  });
});
