import { stringify } from "yaml";
import { type AlertingContent, GROUP_BY, type GrafanaRule } from "./render.ts";

// The same content as the files that a Grafana on the cluster reads when it starts.

/** Where the values of contact points' secrets are mounted, one file each. */
export const CONTACT_SECRETS = "/etc/grafana-contact-points";

const ORGANISATION = 1;

/** Files by their path below Grafana's folder of provisioning. */
export function provisioningFiles(content: AlertingContent): Readonly<Record<string, string>> {
  const { cloudWatch } = content;
  return {
    "alerting/contact-points.yaml": contactPointsYaml(content),
    ...(content.policy && { "alerting/notification-policy.yaml": policyYaml(content.policy) }),
    "alerting/rules.yaml": rulesYaml(content),
    ...(cloudWatch && {
      "datasources/cloudwatch.yaml": stringify({
        apiVersion: 1,
        datasources: [{ ...cloudWatch, access: "proxy", orgId: ORGANISATION, editable: false }],
      }),
    }),
  };
}

function contactPointsYaml({ contactPoints }: AlertingContent): string {
  return stringify({
    apiVersion: 1,
    contactPoints: contactPoints.map(({ name, integrations }) => ({
      orgId: ORGANISATION,
      name,
      receivers: integrations.map(({ uid, type, settings, secret }) => ({
        uid,
        type,
        settings: {
          ...settings,
          ...(secret && { [secret.setting]: `$__file{${CONTACT_SECRETS}/${secret.name}}` }),
        },
        disableResolveMessage: false,
      })),
    })),
  });
}

function policyYaml({ contactPoint, groupBy, routes }: NonNullable<AlertingContent["policy"]>): string {
  return stringify({
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

function rulesYaml({ folder, groups, absent }: AlertingContent): string {
  return stringify(
    {
      apiVersion: 1,
      groups: groups.map(({ name, interval, rules }) => ({
        orgId: ORGANISATION,
        name,
        folder: folder.title,
        interval,
        rules: rules.map(ruleEntry),
      })),
      // What a file no longer lists, Grafana keeps.
      ...(absent.length > 0 && { deleteRules: absent.map((uid) => ({ orgId: ORGANISATION, uid })) }),
    },
    { aliasDuplicateObjects: false },
  );
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
