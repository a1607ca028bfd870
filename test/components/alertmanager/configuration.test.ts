import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { renderAlertmanagerConfig } from "../../../components/alertmanager/render.ts";
import { ENVIRONMENT, SETTINGS } from "./settings.ts";

interface RouteYaml {
  readonly matchers?: readonly string[];
  readonly receiver?: string;
  readonly group_by?: readonly string[];
  readonly group_wait?: string;
  readonly group_interval?: string;
  readonly repeat_interval?: string;
  readonly continue?: boolean;
  readonly routes?: readonly RouteYaml[];
}

interface ConfigYaml {
  readonly route: RouteYaml;
  readonly receivers: readonly (Readonly<Record<string, readonly Record<string, unknown>[]>> & {
    name: string;
  })[];
}

const text = renderAlertmanagerConfig(SETTINGS, ENVIRONMENT);
const config = parse(text) as ConfigYaml;
const receiver = (name: string) => config.receivers.find((one) => one.name === name);

describe("the receivers of the configuration", () => {
  it("read what is secret from mounted files", () => {
    const folder = "/etc/alertmanager/secrets/alertmanager-credentials";
    expect(receiver("shop-pager")?.["pagerduty_configs"]?.[0]).toMatchObject({
      routing_key_file: `${folder}/shopPagerdutyKey`,
      send_resolved: true,
    });
    expect(receiver("platform-chat")?.["slack_configs"]?.[0]).toMatchObject({
      api_url_file: `${folder}/platformSlackUrl`,
      channel: "#platform-alerts",
    });
    expect(receiver("shop-hook")?.["webhook_configs"]).toEqual([
      { send_resolved: true, url_file: `${folder}/shopHookUrl` },
    ]);
    expect(receiver("safety-net")?.["email_configs"]?.[0]).toMatchObject({
      to: "oncall@example.com, second@example.com",
      auth_username: "alertmanager",
      auth_password_file: `${folder}/smtpPassword`,
    });
  });

  it("never hold a credential themselves", () => {
    expect(text).not.toMatch(/\b(?:routing_key|service_key|api_url|auth_password|auth_secret|app_token):/);
  });

  it("send the heartbeat, and never that it is over", () => {
    expect(receiver("dead-mans-switch")?.["webhook_configs"]).toEqual([
      { send_resolved: false, url: "http://localhost:9095/heartbeat" },
    ]);
  });

  it("leave out a user name and a password where mail needs none", () => {
    const {
      username: _,
      passwordSecret: __,
      ...open
    } = SETTINGS.receivers["safety-net"] as Record<string, unknown>;
    const settings = { ...SETTINGS, receivers: { ...SETTINGS.receivers, "safety-net": open } } as never;
    expect(renderAlertmanagerConfig(settings, ENVIRONMENT)).not.toContain("auth_");
  });

  it("are rendered alike, in whichever order they were written", () => {
    const reversed = Object.fromEntries(Object.entries(SETTINGS.receivers).reverse());
    const teams = Object.fromEntries(Object.entries(SETTINGS.teams).reverse());
    expect(renderAlertmanagerConfig({ ...SETTINGS, receivers: reversed, teams }, ENVIRONMENT)).toBe(text);
  });
});

describe("the grouping of notifications", () => {
  const shop = config.route.routes?.find(({ matchers }) => matchers?.includes('team="shop"'));
  const bySeverity = (severity: string) =>
    shop?.routes?.filter(({ matchers }) => matchers?.includes(`severity="${severity}"`)) ?? [];

  it("lets a page leave within seconds and gives a ticket time to be inhibited", () => {
    expect(bySeverity("critical")[0]).toMatchObject({ group_wait: "15s", repeat_interval: "4h" });
    expect(bySeverity("warning")[0]).toMatchObject({ group_wait: "2m", repeat_interval: "1d" });
  });

  it("makes the loss of a zone one ticket for each alert, and keeps services apart", () => {
    const key = (labels: Readonly<Record<string, string>>) =>
      (bySeverity("warning")[0]?.group_by ?? []).map((label) => labels[label] ?? "").join("/");
    const pods = Array.from({ length: 200 }, (_, index) => ({
      alertname: index % 2 ? "KubePodNotReady" : "KubeNodeNotReady",
      cluster: "prod",
      namespace: `team-${index % 20}`,
      pod: `pod-${index}`,
    }));
    expect(new Set(pods.map(key)).size).toBe(2);
    const slo = { alertname: "SLOErrorBudgetBurnSlow", cluster: "prod" };
    expect(key({ ...slo, service: "storefront" })).not.toBe(key({ ...slo, service: "checkout" }));
  });

  it("notifies several receivers by letting all but the last go on", () => {
    expect(bySeverity("critical").map((route) => [route.receiver, route.continue])).toEqual([
      ["shop-pager", true],
      ["shop-hook", true],
      ["platform-chat", undefined],
    ]);
  });

  it("beats at least as often as the heartbeat's interval asks, give or take a quarter", () => {
    expect(config.route.routes?.[0]).toMatchObject({
      matchers: ['alertname="Watchdog"'],
      group_wait: "0s",
      group_interval: "15s",
      repeat_interval: "1m",
    });
  });
});
