import { describe, expect, it } from "vitest";
import { receiversInWords, routeComparison, routeRows } from "../../cli/report/routes.ts";
import { routeAlerts } from "../../cli/routing.ts";
import type { AlertmanagerSettings } from "../../components/alertmanager/model.ts";
import type { Environment } from "../../stacks/environment.ts";
import { SETTINGS } from "../components/alertmanager/settings.ts";

const alert = (name: string, labels: Readonly<Record<string, string>>) => ({
  rule: "sample",
  name,
  expr: "up == 0",
  for: "5m",
  labels,
  annotations: {},
});

const PLATFORM = { team: "platform" };

function rows(...alerts: readonly ReturnType<typeof alert>[]) {
  return routeRows(routeAlerts(alerts, SETTINGS, {}), SETTINGS);
}

describe("who is told", () => {
  it("is one row for each severity and team, the loudest first", () => {
    const found = rows(
      alert("Slow", { ...PLATFORM, severity: "warning" }),
      alert("Down", { ...PLATFORM, severity: "critical" }),
      alert("Context", { ...PLATFORM, severity: "info" }),
      alert("Empty", { team: "shop", severity: "critical" }),
      alert("Away", { ...PLATFORM, severity: "critical" }),
    );
    expect(found.map(({ severity, team, alerts }) => [severity, team, alerts])).toEqual([
      ["critical", "platform", ["Away", "Down"]],
      ["critical", "shop", ["Empty"]],
      ["warning", "platform", ["Slow"]],
      ["info", "platform", ["Context"]],
    ]);
  });

  it("names each receiver with what it notifies by, and how long it waits", () => {
    const [row] = rows(alert("Empty", { team: "shop", severity: "critical" }));
    expect(receiversInWords(row?.receivers ?? [])).toBe(
      "shop-pager (PagerDuty) and shop-hook (webhook) and platform-chat (Slack #platform-alerts)",
    );
    expect(row?.pace).toMatchObject({ groupWait: "15s", groupInterval: "2m", repeatInterval: "4h" });
  });

  it("counts an alert of two services twice, and names it once", () => {
    const labels = { team: "shop", severity: "warning" };
    const [row] = rows(
      alert("Burning", { ...labels, service: "a" }),
      alert("Burning", { ...labels, service: "b" }),
    );
    expect(row).toMatchObject({ rules: 2, alerts: ["Burning"] });
  });

  it("keeps what reaches nobody apart from the heartbeat, which is as quiet", () => {
    const found = rows(
      alert("InfoInhibitor", { ...PLATFORM, severity: "none" }),
      alert("Watchdog", { ...PLATFORM, severity: "none" }),
    );
    expect(
      found.map(({ alerts, receivers, pace }) => [alerts, receiversInWords(receivers), pace?.repeatInterval]),
    ).toEqual([
      [["InfoInhibitor"], "nobody", undefined],
      [["Watchdog"], "dead-mans-switch (local webhook)", "1m"],
    ]);
  });
});

describe("an alert that only the root would catch", () => {
  it("is a problem, although the safety net notifies somebody", () => {
    const orphaned: AlertmanagerSettings = {
      ...SETTINGS,
      teams: { ...SETTINGS.teams, shop: { critical: [], warning: ["shop-hook"] } },
    };
    const [routed] = routeAlerts([alert("Empty", { team: "shop", severity: "critical" })], orphaned, {});
    expect(routed?.destinations).toMatchObject([{ receiver: "safety-net", depth: 0 }]);
    expect(routed?.problem).toBe(
      "Empty is critical and ends at safety-net, where no route below the root notifies anybody",
    );
  });
});

describe("who is told in every environment", () => {
  const environment = (name: string, alertmanager: AlertmanagerSettings) =>
    ({ name, alertmanager }) as Environment;

  it("has a row for each severity of each team, for the heartbeat and for the safety net", () => {
    const { shop: _, ...alone } = SETTINGS.teams;
    const compared = routeComparison([
      environment("dev", { ...SETTINGS, teams: alone }),
      environment("prod", SETTINGS),
    ]);
    expect(compared.map(({ about, values }) => [about, values.get("dev"), values.get("prod")])).toEqual([
      [
        "platform, critical",
        ...Array(2).fill(
          "platform-pager (PagerDuty) and platform-chat (Slack #platform-alerts), again after 4h",
        ),
      ],
      ["platform, warning", ...Array(2).fill("platform-chat (Slack #platform-alerts), again after 1d")],
      [
        "shop, critical",
        undefined,
        "shop-pager (PagerDuty) and shop-hook (webhook) and platform-chat (Slack #platform-alerts), again after 4h",
      ],
      ["shop, warning", undefined, "shop-hook (webhook), again after 1d"],
      ["info and none", "nobody", "nobody"],
      ["Watchdog", ...Array(2).fill("dead-mans-switch (local webhook), again after 1m")],
      ["safety net", ...Array(2).fill("safety-net (e-mail), again after 1d")],
    ]);
  });
});
