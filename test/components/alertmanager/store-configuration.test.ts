import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { renderAlertmanagerConfig } from "../../../components/alertmanager/render.ts";
import type { AlertmanagerSettings } from "../../../components/alertmanager/settings.ts";
import {
  countRoutes,
  longestRepeat,
  renderStoreAlertmanager,
} from "../../../components/alertmanager/store-configuration.ts";
import { run } from "../../support/process.ts";
import { tool } from "../../support/tools.ts";
import { SETTINGS } from "./settings.ts";

const TOPIC = "arn:aws:sns:eu-central-1:111122223333:shop-alerts";
const KEY = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:pager-AbCdEf";
const HEARTBEATS = "arn:aws:sns:eu-central-1:111122223333:bellwether-prod-store-heartbeat";

/** The same teams and names, with receivers that the store reaches. */
const settings: AlertmanagerSettings = {
  ...SETTINGS,
  receivers: Object.fromEntries(
    Object.keys(SETTINGS.receivers).map((name, index) => [
      name,
      name === SETTINGS.heartbeat.receiver
        ? { type: "aws-heartbeat", region: "eu-west-1", emails: ["oncall@example.com"] }
        : index % 2 === 0
          ? { type: "sns", topicArn: TOPIC }
          : { type: "pagerduty", routingKeySecret: "key", routingKeyArn: KEY },
    ]),
  ),
};

interface Config {
  readonly templates: readonly string[];
  readonly route: RouteNode;
  readonly inhibit_rules: readonly unknown[];
  readonly receivers: readonly { readonly name: string; readonly [integration: string]: unknown }[];
}
interface RouteNode {
  readonly repeat_interval?: string;
  readonly routes?: readonly RouteNode[];
}

const definition = parse(
  renderStoreAlertmanager({ settings, environment: "prod", heartbeatTopic: HEARTBEATS }),
) as { readonly template_files: Readonly<Record<string, string>>; readonly alertmanager_config: string };
const config = parse(definition.alertmanager_config) as Config;
const nodes = (route: RouteNode): readonly RouteNode[] => [route, ...(route.routes ?? []).flatMap(nodes)];

describe("the alert manager of a store", () => {
  it("has the routes and the inhibitions of the Alertmanager on the cluster", () => {
    const onCluster = parse(renderAlertmanagerConfig(settings, "prod")) as Config;
    expect(config.route).toEqual(onCluster.route);
    expect(config.inhibit_rules).toEqual(onCluster.inhibit_rules);
    expect(config.receivers.map(({ name }) => name)).toEqual(onCluster.receivers.map(({ name }) => name));
  });

  it("names no file and no path, and no key", () => {
    expect(definition.alertmanager_config).not.toMatch(/_file|\/etc\//);
    expect(config.templates).toEqual(Object.keys(definition.template_files));
    expect(definition.alertmanager_config).toContain(`secret_arn: ${KEY}`);
  });

  it("sends its heartbeat to its own topic, and never says that it ended", () => {
    const beats = config.receivers.find(({ name }) => name === settings.heartbeat.receiver);
    expect(beats?.["sns_configs"]).toMatchObject([
      { topic_arn: HEARTBEATS, send_resolved: false, sigv4: { region: "eu-central-1" } },
    ]);
  });

  it("has as many routes, and repeats as late, as is counted for the quotas", () => {
    expect(countRoutes(settings)).toBe(nodes(config.route).length);
    const hours = nodes(config.route).flatMap(({ repeat_interval: text }) =>
      text === undefined
        ? []
        : [Number.parseInt(text, 10) * ({ m: 1 / 60, h: 1, d: 24 }[text.at(-1) ?? ""] ?? Number.NaN)],
    );
    expect(longestRepeat(settings)).toBe(3600 * Math.max(...hours));
  });
});

describe("a notification of a store", () => {
  let amtool: string;
  let folder: string;
  beforeAll(async () => {
    amtool = await tool("amtool");
    folder = await mkdtemp(join(tmpdir(), "bellwether-store-"));
    await writeFile(join(folder, "store.tmpl"), definition.template_files["bellwether"] ?? "");
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function sent(template: string, status: string, alertname: string): Promise<string> {
    const alert = {
      status,
      labels: { alertname, service: "storefront", severity: "critical", team: "shop" },
      annotations: { summary: "storefront fails", runbook_url: "https://example.com/runbook.md" },
      startsAt: "2026-03-01T04:05:06Z",
    };
    const data = {
      status,
      receiver: "shop-pager",
      externalURL: "",
      groupLabels: {},
      commonLabels: alert.labels,
      commonAnnotations: alert.annotations,
      alerts: [alert],
    };
    await writeFile(join(folder, "data.json"), JSON.stringify(data));
    const { code, stdout, stderr } = await run(amtool, [
      "template",
      "render",
      `--template.glob=${join(folder, "store.tmpl")}`,
      `--template.text={{ template "bellwether.${template}" . }}`,
      `--template.data=${join(folder, "data.json")}`,
    ]);
    expect([code, stderr]).toEqual([0, ""]);
    return stdout;
  }

  it("has a subject that SNS takes, whatever the alert is called", async () => {
    expect(await sent("sns.subject", "firing", "SLOErrorBudgetBurnFast")).toBe(
      "[prod] CRITICAL SLOErrorBudgetBurnFast storefront",
    );
    const long = await sent("sns.subject", "resolved", "A".repeat(200));
    expect(long.length).toBeLessThanOrEqual(100);
    expect(long).toMatch(/^\[prod\] RESOLVED A+ storefront$/);
  });

  it("says what is wrong, where the runbook is and what the labels are", async () => {
    const text = await sent("text", "firing", "SLOErrorBudgetBurnFast");
    expect(text).toContain("storefront fails");
    expect(text).toContain("Runbook: https://example.com/runbook.md");
    expect(text).toContain("alertname=SLOErrorBudgetBurnFast");
    expect(text).toContain("1 firing, 0 resolved");
  });

  it("has a severity that PagerDuty knows", async () => {
    expect(await sent("pagerduty.severity", "firing", "Any")).toBe("critical");
  });
});
