import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { environmentFrom, isValues } from "../../../cli/kube-prometheus-stack/environment.ts";
import { InvalidInputError } from "../../../components/core/problems.ts";
import { stackNames } from "../../../stacks/names.ts";
import { resolveEnvironment } from "../../../stacks/resolve.ts";
import { services } from "../../../stacks/services/index.ts";
import { TODAY } from "../sample.ts";

const TEXT = readFileSync(join(import.meta.dirname, "values.yaml"), "utf8");
const OPTIONS = { environment: "trial", services, today: TODAY };
const imported = (text: string) => {
  const { text: yaml, losses } = environmentFrom({ name: "values.yaml", text }, OPTIONS);
  const environment = (parse(yaml) as { config: Record<string, unknown> }).config["bellwether:environment"];
  return { yaml, environment, losses };
};

describe("values of kube-prometheus-stack", () => {
  const { yaml, environment, losses } = imported(TEXT);

  it("come to an environment without a mistake, with what both have", () => {
    const context = { stack: "trial", today: TODAY, environments: [...stackNames(), "trial"], services };
    expect(resolveEnvironment(environment, context)).toMatchObject({ ok: true });
    expect(environment).toMatchObject({
      name: "trial",
      cluster: { kind: "existing", context: "trial", storageClass: "fast", zones: 2 },
      prometheus: { replicas: 2, scrapeInterval: "30s", volume: "100Gi" },
      alertmanager: { replicas: 2 },
    });
  });

  it("route each team as before, by team and severity, and the heartbeat", () => {
    expect(environment).toMatchObject({
      alertmanager: {
        receivers: {
          deadman: { type: "webhook", urlSecret: "deadmanUrl" },
          "shop-chat": { type: "slack", webhookUrlSecret: "shopChatUrl", channel: "#shop" },
          "shop-pager": { type: "pagerduty", routingKeySecret: "shopPagerKey" },
        },
        fallback: "shop-chat",
        heartbeat: { receiver: "deadman" },
        teams: {
          platform: { critical: ["shop-chat"], warning: ["shop-chat"] },
          shop: { critical: ["shop-pager"], warning: ["shop-chat"] },
        },
      },
    });
  });

  it("have every other value named as lost, in words for each", () => {
    expect(losses.map(({ path }) => path.replace("values.yaml.", "")).sort()).toEqual([
      "additionalPrometheusRulesMap.shop",
      "alertmanager.alertmanagerSpec.retention",
      "alertmanager.config.global",
      "alertmanager.config.receivers[1].webhook_configs[0].url",
      "alertmanager.config.receivers[2].slack_configs[0].api_url",
      "alertmanager.config.receivers[2].slack_configs[0].title",
      "alertmanager.config.receivers[3].pagerduty_configs[0].routing_key",
      "alertmanager.config.receivers[4]",
      "alertmanager.config.route.group_by",
      "alertmanager.config.route.routes[2]",
      "defaultRules.disabled.KubeCPUOvercommit",
      "fullnameOverride",
      "grafana.adminPassword",
      "grafana.ingress",
      "kubeScheduler.enabled",
      "prometheus.prometheusSpec.additionalScrapeConfigs",
      "prometheus.prometheusSpec.externalLabels.cluster",
      "prometheus.prometheusSpec.resources.requests.memory",
      "prometheus.prometheusSpec.retention",
      "prometheus.prometheusSpec.retentionSize",
    ]);
    for (const { reason, instead } of losses) expect(`${reason} ${instead}`).toMatch(/\w{3} .*\w{3}/);
  });

  it("that the environment refuses are lost, with what it allows", () => {
    const loss = losses.find(({ path }) => path.endsWith("alertmanagerSpec.retention"));
    expect(loss?.reason).toContain("24h to 30d");
    const short = losses.find(({ path }) => path.endsWith("prometheusSpec.retention"));
    expect(short?.reason).toContain("objectives of the services have longer periods");
    const { losses: fewer, environment: longer } = imported(TEXT.replace("retention: 10d", "retention: 45d"));
    expect(fewer).toHaveLength(losses.length - 1);
    expect(longer).toMatchObject({ prometheus: { retention: "45d" } });
  });

  it("show no secret, neither in the file nor among the losses", () => {
    expect(yaml + JSON.stringify(losses)).not.toMatch(/s3cr3t|hunter2/);
  });

  it("are told from a file of SLOs and from an object of Kubernetes", () => {
    expect(isValues(TEXT)).toBe(true);
    expect(isValues("version: prometheus/v1\nservice: a\n")).toBe(false);
    expect(isValues("apiVersion: v1\nkind: ConfigMap\nprometheus: {}\n")).toBe(false);
    expect(isValues("- 1\n")).toBe(false);
  });

  it("need a name of an environment that can be one", () => {
    expect(() =>
      environmentFrom({ name: "values.yaml", text: TEXT }, { ...OPTIONS, environment: "Trial 1" }),
    ).toThrow(InvalidInputError);
  });
});
