import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { renderAlertmanagerConfig } from "../../components/alertmanager/render.ts";
import { renderStoreAlertmanager } from "../../components/alertmanager/store-configuration.ts";
import { AMP_LIMITS } from "../../components/stored-rules/limits.ts";
import { renderStoredFiles } from "../../components/stored-rules/render.ts";
import { originOf, storedRuleGroups } from "../../infra/stored-rules.ts";
import type { Environment } from "../../stacks/environment.ts";
import { resolveEnvironment } from "../../stacks/resolve.ts";
import { services } from "../../stacks/services/index.ts";
import { STACKS, samples } from "../stacks/samples.ts";
import { type Cortex, startCortex } from "./cortex.ts";

const HEARTBEATS = "arn:aws:sns:eu-central-1:111122223333:bellwether-prod-store-heartbeat";

/** Production, with rules in the store and receivers that the store reaches. */
function evaluated(): Environment {
  const sample = { ...samples()["evaluated"], name: "prod" };
  const resolved = resolveEnvironment(sample, {
    stack: "prod",
    today: "2026-11-23",
    environments: STACKS,
    services,
  });
  if (!resolved.ok) throw new Error(JSON.stringify(resolved.problems));
  return resolved.value;
}

const environment = evaluated();
const groups = storedRuleGroups(environment, services);
const files = renderStoredFiles(groups, {
  origin: originOf(environment),
  scrapeInterval: environment.prometheus.scrapeInterval,
  rulesInGroup: AMP_LIMITS.rulesInGroup,
});

let cortex: Cortex;

beforeAll(async () => {
  cortex = await startCortex();
}, 120_000);

afterAll(async () => {
  await cortex?.stop();
});

describe("Cortex with the limits of Amazon Managed Service for Prometheus", () => {
  it("takes every group of prod's rules, and none fails", async () => {
    let rules = 0;
    for (const [namespace, file] of Object.entries(files))
      for (const group of file.groups) {
        rules += group.rules.length;
        expect([group.name, ...(await cortex.load("rules", namespace, group))]).toEqual([
          group.name,
          202,
          expect.anything(),
        ]);
      }
    const count = Object.values(files).flatMap((file) => file.groups).length;
    console.info(`${count} groups, ${rules} rules`);
    expect(rules).toBe(
      Object.values(groups)
        .flat()
        .reduce((sum, group) => sum + group.rules.length, 0),
    );
    await expect
      .poll(() => cortex.health("rules").then((found) => Object.keys(found).length), { timeout: 30_000 })
      .toBe(rules);
    await expect
      .poll(async () => Object.values(await cortex.health("rules")).filter((state) => state !== "ok"), {
        // Each group is evaluated once in its interval.
        timeout: 60_000,
        interval: 1000,
      })
      .toEqual([]);
  });

  it("refuses the groups of the objectives as Prometheus has them, which have too many rules", async () => {
    const tooLong = Object.values(groups)
      .flat()
      .filter((group) => group.rules.length > AMP_LIMITS.rulesInGroup);
    expect(tooLong.length).toBeGreaterThan(5);
    for (const group of tooLong) {
      const [status, why] = await cortex.load("unsplit", "services", group);
      expect(status).toBe(400);
      expect(why).toContain("limit: 20");
    }
  });

  it("takes the routes, receivers and templates of the alert manager", async () => {
    const definition = renderStoreAlertmanager({
      settings: environment.alertmanager,
      environment: "prod",
      heartbeatTopic: HEARTBEATS,
    });
    const [status, why] = await cortex.route("routes", withoutSecretsManager(definition));
    expect(why).toBe("");
    expect(status).toBe(201);
  });

  it("refuses the configuration of the Alertmanager on the cluster, which reads files", async () => {
    const config = renderAlertmanagerConfig(environment.alertmanager, "prod");
    const [status, why] = await cortex.route("files", stringify({ alertmanager_config: config }));
    expect(status).toBe(400);
    expect(why).toMatch(/file|template/i);
  });
});

/** Only AWS's own alert manager reads keys in Secrets Manager: here a key stands in the place of its ARN. */
function withoutSecretsManager(definition: string): string {
  const { alertmanager_config: config, ...rest } = parse(definition) as Readonly<Record<string, string>>;
  const parsed = parse(config ?? "") as {
    readonly receivers: readonly { readonly pagerduty_configs?: readonly { routing_key: unknown }[] }[];
  };
  const pagers = parsed.receivers.flatMap((receiver) => receiver.pagerduty_configs ?? []);
  expect(pagers.length).toBeGreaterThan(1);
  for (const pager of pagers) {
    expect(pager.routing_key).toEqual({
      aws_secrets_manager: {
        secret_arn: expect.stringMatching(/^arn:aws:secretsmanager:/),
        secret_key: "routing_key",
        refresh_interval: "5m",
      },
    });
    pager.routing_key = "0123456789abcdef0123456789abcdef";
  }
  return stringify({ ...rest, alertmanager_config: stringify(parsed) });
}
