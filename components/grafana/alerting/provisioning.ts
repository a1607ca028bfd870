import { stringify } from "yaml";
import { type AlertingContent, GROUP_BY, type GrafanaRule } from "./render.ts";

// The alerts as the provisioning files that a Grafana in the cluster reads when it starts.

/** Folder in which the secrets of contact points are mounted, one file each. */
export const CONTACT_SECRETS = "/etc/grafana-contact-points";

const ORGANISATION = 1;

/** Files by their path below Grafana's provisioning folder. */
export function provisioningFiles(content: AlertingContent): Readonly<Record<string, string>> {
  const { cloudWatch } = content;
  return {
    "alerting/contact-points.json": contactPointsFile(content),
    ...(content.policy && { "alerting/notification-policy.json": policyFile(content.policy) }),
    "alerting/rules.json": rulesFile(content),
    ...(cloudWatch && {
      "datasources/cloudwatch.yaml": stringify({
        apiVersion: 1,
        datasources: [{ ...cloudWatch, access: "proxy", orgId: ORGANISATION, editable: false }],
      }),
    }),
  };
}

/** The names of the secrets that are mounted below {@link CONTACT_SECRETS}, each once. */
export function secretNames({ contactPoints }: Pick<AlertingContent, "contactPoints">): readonly string[] {
  const names = contactPoints.flatMap(({ integrations }) =>
    integrations.flatMap(({ secret }) => (secret === undefined ? [] : [secret.name])),
  );
  return [...new Set(names)].sort();
}

function contactPointsFile({ contactPoints }: AlertingContent): string {
  return json({
    apiVersion: 1,
    contactPoints: contactPoints.map(({ name, integrations }) => ({
      orgId: ORGANISATION,
      name,
      receivers: integrations.map(({ uid, type, settings, details, secret }) => ({
        uid,
        type,
        settings: {
          ...literally(settings),
          ...(details && { details: literally(details) }),
          ...(secret && { [secret.setting]: `$__file{${CONTACT_SECRETS}/${secret.name}}` }),
        },
        disableResolveMessage: false,
      })),
    })),
  });
}

/** Grafana replaces `$name` in these settings by a variable of its environment, and `$$` by a dollar sign. */
function literally(settings: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name, value.replaceAll("$", "$$$$")]),
  );
}

function policyFile({ contactPoint, groupBy, routes }: NonNullable<AlertingContent["policy"]>): string {
  return json({
    apiVersion: 1,
    policies: [
      {
        orgId: ORGANISATION,
        receiver: contactPoint,
        group_by: groupBy,
        routes: routes.map((route) => ({
          receiver: route.contactPoint,
          object_matchers: [["severity", "=", route.severity]],
        })),
      },
    ],
  });
}

function rulesFile({ folder, groups, absent }: AlertingContent): string {
  return json({
    apiVersion: 1,
    groups: groups.map(({ name, interval, rules }) => ({
      orgId: ORGANISATION,
      name,
      folder: folder.title,
      interval,
      rules: rules.map(ruleEntry),
    })),
    // Grafana keeps rules that are no longer in the file, unless they are listed here.
    ...(absent.length > 0 && { deleteRules: absent.map((uid) => ({ orgId: ORGANISATION, uid })) }),
  });
}

/** Grafana reads JSON as well as YAML below `alerting`. One field per line, for reviewers. */
function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function ruleEntry(rule: GrafanaRule) {
  const { steps, contactPoint, ...own } = rule;
  return {
    ...own,
    data: steps,
    isPaused: false,
    ...(contactPoint !== undefined && {
      notification_settings: { receiver: contactPoint, group_by: GROUP_BY },
    }),
  };
}
