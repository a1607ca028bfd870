import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it } from "vitest";
import { seconds } from "../../../../components/core/duration.ts";
import type { AlertingArgs } from "../../../../components/grafana/alerting/render.ts";
import { Grafana, type GrafanaArgs } from "../../../../components/grafana/component.ts";
import { registrationsEnded } from "../../../support/pulumi-mocks.ts";
import { AMAZON_MANAGED, CONTENT, EXISTING, IN_CLUSTER } from "../samples.ts";
import { ALERTING, RECEIVERS, ROLE } from "./samples.ts";

// biome-ignore lint/suspicious/noExplicitAny: inputs are whatever the SDK sends
type Inputs = any;

const registered: { readonly type: string; readonly name: string; readonly inputs: Inputs }[] = [];

pulumi.runtime.setMocks({
  newResource: ({ type, name, inputs, id }) => {
    registered.push({ type, name, inputs });
    return { id: id || `${name}-id`, state: { ...inputs, arn: `arn of ${name}` } };
  },
  call: ({ inputs }) => inputs,
});
beforeEach(() => registered.splice(0));

const PAGER_KEY = "a key that nobody may read";
const SECRETS = {
  grafanaAdminPassword: "correct horse",
  grafanaSecretKey: "battery staple",
  grafanaToken: "glsa_token",
  platformPagerdutyKey: PAGER_KEY,
  platformSlackUrl: "https://hooks.example.com/services/secret",
  platformHookUrl: "https://hooks.example.com/secret",
};

async function created(args: Pick<GrafanaArgs, "settings" | "alerting">, secrets: object = SECRETS) {
  const component = new Grafana("grafana", {
    ...CONTENT,
    services: [],
    secrets: secrets as GrafanaArgs["secrets"],
    namespace: "monitoring",
    today: "2026-11-23",
    place: { accountId: "111122223333", region: "eu-central-1", tags: {} },
    protectData: true,
    ...args,
  });
  await component.urn.apply(() => undefined);
  await registrationsEnded();
  return registered;
}

// The mail is left out, because a Grafana on the cluster has no server for it.
const RECEIVED = { ...RECEIVERS, critical: { "platform-pager": RECEIVERS.critical["platform-pager"] } };
const alerting = (changes: Partial<AlertingArgs>): AlertingArgs => ({
  ...ALERTING,
  receivers: RECEIVED as AlertingArgs["receivers"],
  ...changes,
});

const BY_API = alerting({
  settings: { notifications: "policy", cloudWatch: { kind: "assumed-role", roleArn: ROLE } },
});
const BY_FILE = alerting({
  kind: "in-cluster",
  settings: { notifications: "policy", cloudWatch: { kind: "pod-identity" } },
});
const BY_WORKSPACE = alerting({
  kind: "amazon-managed",
  settings: { notifications: "policy", cloudWatch: { kind: "workspace-role" } },
});

const ofType = (type: string) =>
  registered
    .filter((one) => one.type === `grafana:alerting/${type}`)
    .map((one) => ({ ...one, inputs: revealed(one.inputs) }));

/** Pulumi's mark of a secret on the wire. */
const SECRET = "4dabf18193072939515e22adb298388d";

/** Inputs with what is secret in its plain place. */
function revealed(inputs: Inputs): Inputs {
  return JSON.parse(JSON.stringify(inputs), (_, value) =>
    value !== null && typeof value === "object" && SECRET in value ? value.value : value,
  );
}

/** What the API is given, in the terms of the files: the names that differ, and what either leaves to the other. */
function fromApi() {
  return {
    groups: ofType("ruleGroup:RuleGroup").map(({ inputs }) => ({
      name: inputs.name,
      interval: inputs.intervalSeconds,
      rules: inputs.rules.map(({ name, datas, ...rule }: Inputs) => ({
        ...rule,
        title: name,
        data: datas.map(({ model, queryType: _, ...step }: Inputs) => ({
          ...step,
          model: JSON.parse(model),
        })),
      })),
    })),
    contactPoints: ofType("contactPoint:ContactPoint").map(({ inputs }) => ({
      name: inputs.name,
      receivers: Object.entries({
        pagerduty: inputs.pagerduties ?? [],
        slack: inputs.slacks ?? [],
        webhook: inputs.webhooks ?? [],
      }).flatMap(([type, list]) => (list as Inputs[]).map((settings) => ({ type, settings }))),
    })),
    policies: ofType("notificationPolicy:NotificationPolicy").map(({ inputs }) => ({
      receiver: inputs.contactPoint,
      group_by: inputs.groupBies,
      routes: inputs.policies.map(({ contactPoint, matchers }: Inputs) => ({
        receiver: contactPoint,
        object_matchers: matchers.map(({ label, match, value }: Inputs) => [label, match, value]),
      })),
    })),
  };
}

/** What Grafana reads of its files: with the values of the secrets that they name. */
function fromFiles() {
  const object = (kind: string, name: string): Inputs =>
    revealed(registered.find((each) => each.inputs.kind === kind && each.name === name)?.inputs);
  const { data } = object("ConfigMap", "grafana-configuration");
  const { stringData } = object("Secret", "grafana-contact-points");
  const read = (file: string) => JSON.parse(data[`alerting-${file}.json`]);
  return {
    groups: read("rules").groups.map(({ name, interval, rules }: Inputs) => ({
      name,
      interval: seconds(interval),
      rules,
    })),
    contactPoints: read("contact-points").contactPoints.map(({ name, receivers }: Inputs) => ({
      name,
      receivers: receivers
        .map(({ type, settings }: Inputs) => ({
          type,
          settings: Object.fromEntries(
            Object.entries(settings as Inputs).map(([key, value]) => [key, interpolated(value, stringData)]),
          ),
        }))
        .sort((a: Inputs, b: Inputs) => (a.type < b.type ? -1 : 1)),
    })),
    policies: read("notification-policy").policies.map(({ orgId: _, ...policy }: Inputs) => policy),
  };
}

/** As Grafana reads a setting of a contact point: `$$` is a dollar sign, and variables of its environment are empty here. */
function interpolated(value: Inputs, secrets: Inputs): Inputs {
  if (typeof value !== "string")
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, interpolated(inner, secrets)]),
    );
  const secret = /^\$__file\{\/etc\/grafana-contact-points\/(\w+)\}$/.exec(value)?.[1];
  if (secret !== undefined) return secrets[secret];
  const parts = value.split("$$").map((part) => part.replaceAll(/\$(\w+|\{[^}]*\}|[^\w{])/g, ""));
  return parts.join("$");
}

describe("Grafana's own alerts", () => {
  it("are the same by API and by the files of a Grafana on the cluster", async () => {
    await created({ settings: EXISTING, alerting: BY_API });
    const byApi = fromApi();
    registered.splice(0);
    await created({ settings: IN_CLUSTER, alerting: BY_FILE });
    expect(byApi.groups.flatMap(({ rules }) => rules)).toHaveLength(10);
    expect(byApi.contactPoints.flatMap(({ receivers }) => receivers)).toHaveLength(3);
    expect(byApi).toEqual(fromFiles());
  });

  it("leave the notification policy of a shared Grafana alone, unless it is asked for", async () => {
    await created({ settings: EXISTING, alerting: alerting({}) });
    expect(ofType("notificationPolicy:NotificationPolicy")).toEqual([]);
    const [group] = ofType("ruleGroup:RuleGroup");
    expect(group?.inputs.rules[0].notificationSettings).toEqual({
      contactPoint: "Bellwether critical (prod)",
      groupBies: ["grafana_folder", "alertname"],
    });
  });

  it("are the same in a workspace of Amazon's, which reads CloudWatch with its own role", async () => {
    await created({ settings: EXISTING, alerting: BY_API });
    const byApi = fromApi();
    registered.splice(0);
    await created({ settings: AMAZON_MANAGED, alerting: BY_WORKSPACE });
    expect(fromApi()).toEqual(byApi);
    const source = registered.find(({ inputs }) => inputs.type === "cloudwatch");
    expect(JSON.parse(source?.inputs.jsonDataEncoded)).toEqual({
      authType: "ec2_iam_role",
      defaultRegion: "eu-central-1",
    });
  });

  it("keep what contact points need secret, in the state and in every file", async () => {
    await created({ settings: IN_CLUSTER, alerting: BY_FILE });
    const marked = registered.find(({ name }) => name === "grafana-contact-points");
    expect(JSON.stringify(marked?.inputs.stringData)).toContain(SECRET);
    const holders = registered.filter(({ inputs }) => JSON.stringify(inputs).includes(PAGER_KEY));
    expect(holders.map(({ inputs, name }) => [inputs.kind, name])).toEqual([
      ["Secret", "grafana-contact-points"],
    ]);
  });

  it("are read by a pod that starts anew when a secret of a contact point changes: its Secret is another one then", async () => {
    await created({ settings: IN_CLUSTER, alerting: BY_FILE });
    const secret = registered.find(({ name }) => name === "grafana-contact-points");
    expect(secret?.inputs.immutable).toBe(true);
    expect(secret?.inputs.metadata).not.toHaveProperty("name");
    const set = registered.find(({ inputs }) => inputs.kind === "StatefulSet");
    const mounted = set?.inputs.spec.template.spec.volumes.find(
      ({ name }: Inputs) => name === "contact-points",
    );
    // The mock's id of it.
    expect(mounted.secret.secretName).toBe("grafana-contact-points-id");
  });

  it("read CloudWatch by a role of their own on the cluster, which may read metrics and nothing else", async () => {
    await created({ settings: IN_CLUSTER, alerting: BY_FILE });
    const association = registered.find(({ type }) => type.endsWith("PodIdentityAssociation"));
    expect(association?.inputs).toMatchObject({
      clusterName: "prod",
      namespace: "monitoring",
      serviceAccount: "grafana",
    });
    const reads = registered.find(({ type }) => type === "aws:iam/rolePolicy:RolePolicy");
    const [statement] = JSON.parse(reads?.inputs.policy).Statement;
    expect(statement.Action.every((action: string) => /^cloudwatch:(?:Get|List|Describe)/.test(action))).toBe(
      true,
    );
  });

  it("are refused without a value for each secret", () => {
    const { platformPagerdutyKey: _, ...others } = SECRETS;
    return expect(created({ settings: EXISTING, alerting: BY_API }, others)).rejects.toThrow(
      /platformPagerdutyKey/,
    );
  });
});
