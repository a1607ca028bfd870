import * as grafana from "@pulumi/grafana";
import type * as pulumi from "@pulumi/pulumi";
import { seconds } from "../../core/duration.ts";
import type { ContactPoint, Integration } from "./contact-points.ts";
import { type AlertingContent, GROUP_BY, type GrafanaRule } from "./render.ts";

/** The alerts, and what is needed to create them. */
export interface AlertingDelivery {
  readonly content: AlertingContent;
  readonly orgId: string;
  /** Returns the value of a secret by its name, as a secret output. */
  readonly secretOf: (name: string) => pulumi.Output<string>;
}

type Child = pulumi.CustomResourceOptions;

/**
 * Creates the alerts through Grafana's API: the data source, the contact points, the rules in their own folder, and the notification
 * policy if this environment manages it.
 */
export function deliverAlerting(
  name: string,
  { content, orgId, secretOf }: AlertingDelivery,
  child: Child,
): void {
  const { folder, cloudWatch, policy } = content;
  const sources =
    cloudWatch === undefined
      ? []
      : [
          new grafana.oss.DataSource(
            `${name}-data-source-cloudwatch`,
            {
              uid: cloudWatch.uid,
              name: cloudWatch.name,
              type: cloudWatch.type,
              accessMode: "proxy",
              isDefault: false,
              orgId,
              jsonDataEncoded: JSON.stringify(cloudWatch.jsonData),
            },
            child,
          ),
        ];
  const contacts = content.contactPoints.map((point) =>
    contactPoint(name, point, { orgId, secretOf }, child),
  );
  const home = new grafana.oss.Folder(
    `${name}-folder-alerts`,
    { uid: folder.uid, title: folder.title, orgId, preventDestroyIfNotEmpty: true },
    child,
  );
  for (const group of content.groups)
    new grafana.alerting.RuleGroup(
      `${name}-rules-${group.name}`,
      {
        name: group.name,
        folderUid: home.uid,
        intervalSeconds: seconds(group.interval),
        orgId,
        rules: group.rules.map(ruleInput),
      },
      // Grafana rejects the deletion of a contact point that a rule uses, so rules are deleted first.
      { ...child, dependsOn: [...contacts, ...sources] },
    );
  if (policy !== undefined)
    new grafana.alerting.NotificationPolicy(
      `${name}-notification-policy`,
      {
        contactPoint: policy.contactPoint,
        groupBies: [...policy.groupBy],
        orgId,
        policies: policy.routes.map(({ severity, contactPoint: point }) => ({
          contactPoint: point,
          matchers: [{ label: "severity", match: "=", value: severity }],
        })),
      },
      { ...child, dependsOn: contacts },
    );
}

function contactPoint(
  name: string,
  { name: title, severity, integrations }: ContactPoint,
  { orgId, secretOf }: Pick<AlertingDelivery, "orgId" | "secretOf">,
  child: Child,
): grafana.alerting.ContactPoint {
  // The provider sets the uid of each integration; it is not an argument.
  const of = (type: Integration["type"]) => integrations.filter((one) => one.type === type);
  const secretly = ({ settings, secret }: Integration, setting: string): pulumi.Input<string> =>
    secret === undefined ? (settings[setting] ?? "") : secretOf(secret.name);
  const ways = {
    pagerduties: of("pagerduty").map((one) => ({
      ...one.settings,
      ...(one.details && { details: one.details }),
      integrationKey: secretly(one, "integrationKey"),
    })),
    slacks: of("slack").map((one) => ({ ...one.settings, url: secretly(one, "url") })),
    webhooks: of("webhook").map((one) => ({ ...one.settings, url: secretly(one, "url") })),
    emails: of("email").map(({ settings: { addresses = "", ...settings } }) => ({
      ...settings,
      addresses: addresses.split(";"),
    })),
  };
  const used = Object.fromEntries(Object.entries(ways).filter(([, list]) => list.length > 0));
  return new grafana.alerting.ContactPoint(
    `${name}-contact-point-${severity}`,
    // Without a name the provider adds a random suffix.
    { name: title, orgId, ...used },
    child,
  );
}

function ruleInput(rule: GrafanaRule) {
  const { title, steps, contactPoint: point, ...own } = rule;
  return {
    ...own,
    name: title,
    datas: steps.map(({ model, ...step }) => ({ ...step, queryType: "", model: JSON.stringify(model) })),
    isPaused: false,
    ...(point !== undefined && { notificationSettings: { contactPoint: point, groupBies: GROUP_BY } }),
  };
}
