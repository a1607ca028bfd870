import * as pulumi from "@pulumi/pulumi";
import { renderAlertRules } from "../components/alerts/render.ts";
import { EVALUATED_BY } from "../components/core/labels.ts";
import { StoreHeartbeatAlarm } from "../components/heartbeat/component.ts";
import { awsHeartbeat } from "../components/heartbeat/model.ts";
import type { Service } from "../components/service/model.ts";
import { renderService } from "../components/service/render.ts";
import { StoredRules } from "../components/stored-rules/component.ts";
import type { LocalGroup } from "../components/stored-rules/render.ts";
import type { Environment } from "../stacks/environment.ts";
import { environmentTraits } from "../stacks/rules.ts";
import type { Account } from "./account.ts";
import { alertArgs, serviceArgs } from "./args.ts";

/** The store that evaluates the rules. */
interface Store {
  readonly workspaceId: pulumi.Output<string>;
}

/** The rules that the store evaluates, its routes and the alarm on its heartbeats; nothing where Prometheus evaluates them. */
export function createStoredRules(
  environment: Environment,
  services: readonly Service[],
  secrets: Readonly<Record<string, pulumi.Output<string>>>,
  account: Account | undefined,
  store: Store | undefined,
): StoredRules | undefined {
  const { name, alertmanager, prometheus } = environment;
  const heartbeat = awsHeartbeat(alertmanager);
  // stacks/rules refuses rules of the store without any of these.
  if (prometheus.rules === "local" || store === undefined || account === undefined || heartbeat === undefined)
    return undefined;
  const { accountId, region, tags, provider } = account;
  const { pagerUrlSecret } = heartbeat;
  const alarm = new StoreHeartbeatAlarm(
    "store-heartbeat",
    {
      settings: heartbeat,
      environment: name,
      interval: alertmanager.heartbeat.interval,
      ...(pagerUrlSecret && { pagerUrl: pulumi.secret(secrets[pagerUrlSecret] ?? "") }),
      keys: account.keys,
      protectData: environment.tier === "production",
      tags,
      accountId,
      region,
    },
    { provider },
  );
  return new StoredRules(
    "stored-rules",
    {
      environment: name,
      workspaceId: store.workspaceId,
      groups: storedRuleGroups(environment, services),
      origin: originOf(environment),
      scrapeInterval: prometheus.scrapeInterval,
      settings: alertmanager,
      heartbeatTopic: alarm.topicArn,
      tags,
    },
    { provider, dependsOn: alarm.ready },
  );
}

/** The labels that Prometheus gives to every sample that it sends, but for that of the replica. */
export function originOf(environment: Environment): {
  readonly cluster: string;
  readonly environment: string;
} {
  return { cluster: environmentTraits(environment).name, environment: environment.name };
}

/** The groups that the store evaluates, by the namespace that they are in: the platform's, and those of each team's services. */
export function storedRuleGroups(
  environment: Environment,
  services: readonly Service[],
): Readonly<Record<string, readonly LocalGroup[]>> {
  const owned = Object.values(serviceArgs(environment, services)).map((args) => ({
    namespace: `services-${args.service.owner}`,
    rules: renderService(args).rules,
  }));
  const platform = Object.values(renderAlertRules(alertArgs(environment))).map((rules) => ({
    namespace: "platform",
    rules,
  }));
  const groups: Record<string, LocalGroup[]> = {};
  for (const { namespace, rules } of [...platform, ...owned])
    if (rules.metadata?.labels?.[EVALUATED_BY] === "store")
      groups[namespace] = [...(groups[namespace] ?? []), ...((rules.spec.groups ?? []) as LocalGroup[])];
  return groups;
}
