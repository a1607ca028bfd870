import * as grafana from "@pulumi/grafana";
import type * as pulumi from "@pulumi/pulumi";
import { seconds } from "../../core/duration.ts";
import type { ContactPoint, Integration } from "./contact-points.ts";
import { type AlertingContent, GROUP_BY, type GrafanaRule } from "./render.ts";

/** Where the alerts go, and what they need there. */
export interface AlertingDelivery {
  readonly content: AlertingContent;
  readonly orgId: string;
  /** The value of a secret that a contact point names, as a secret. */
  readonly secretOf: (name: string) => pulumi.Output<string>;
}

type Child = pulumi.CustomResourceOptions;

/**
 * Gives a Grafana its alerts through its API: the data source, the contact points, the rules in a folder of their own, and the
 * notification policy where it is this environment's to manage.
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
      // A contact point that a rule names cannot be deleted before the rule.
      { ...child, dependsOn: [...contacts, ...sources] },
    );
  if (policy !== undefined)
    new grafana.alerting.NotificationPolicy(
      `${name}-notification-policy`,
      {
        contactPoint: policy.contactPoint,
        groupBies: [...policy.groupBy],
        orgId,
        policies: policy.routes.map(({ severity, contactPoint: told }) => ({
          contactPoint: told,
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
  // The provider gives each integration a uid of its own, and takes none.
  const of = (type: Integration["type"]) => integrations.filter((one) => one.type === type);
  const secretly = ({ settings, secret }: Integration, setting: string): pulumi.Input<string> =>
    secret === undefined ? (settings[setting] ?? "") : secretOf(secret.name);
  const ways = {
    pagerduties: of("pagerduty").map((one) => ({
      ...one.settings,
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
    // Its name is set, or the provider adds a random suffix.
    { name: title, orgId, ...used },
    child,
  );
}

function ruleInput(rule: GrafanaRule) {
  const { title, steps, contactPoint: told, ...own } = rule;
  return {
    ...own,
    name: title,
    datas: steps.map(({ model, ...step }) => ({ ...step, queryType: "", model: JSON.stringify(model) })),
    isPaused: false,
    ...(told !== undefined && { notificationSettings: { contactPoint: told, groupBies: GROUP_BY } }),
  };
}
