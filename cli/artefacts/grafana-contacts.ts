import type { RecordedResource } from "../recording/monitor.ts";
import { at, itemsOf, textAt, type Wire } from "../recording/wire.ts";
import type { RecordedObject } from "./manifests.ts";

/** Where Grafana sends notifications. */
export interface GrafanaContacts {
  /** What each contact point notifies, such as PagerDuty or Slack #alerts, by its name. */
  readonly kinds: ReadonlyMap<string, string>;
  /** The contact point of the notification policy for a severity; undefined without such a policy. */
  readonly byPolicy: (severity: string) => string | undefined;
}

/** The contact points and the policy of Grafana's API, or of the files that a Grafana in the cluster reads. */
export function grafanaContacts(
  resources: readonly RecordedResource[],
  objects: readonly RecordedObject[],
): GrafanaContacts {
  const inputsOf = (type: string) =>
    resources.filter((resource) => resource.type === type).map(({ inputs }) => inputs);
  const filesNamed = (file: string) =>
    objects
      .filter(({ kind }) => kind === "ConfigMap")
      .flatMap(({ object }) => textAt(object, "data", file) ?? [])
      .map((text) => JSON.parse(text) as Wire);
  const byApi = inputsOf("grafana:alerting/contactPoint:ContactPoint").map(
    (inputs) => [textAt(inputs, "name") ?? "", kindsByApi(inputs)] as const,
  );
  const byFile = filesNamed("alerting-contact-points.json")
    .flatMap((file) => itemsOf(at(file, "contactPoints")))
    .map((point) => [textAt(point, "name") ?? "", kindsByFile(point)] as const);
  const policies = [
    ...inputsOf("grafana:alerting/notificationPolicy:NotificationPolicy").map(policyByApi),
    ...filesNamed("alerting-notification-policy.json")
      .flatMap((file) => itemsOf(at(file, "policies")))
      .map(policyByFile),
  ];
  const [policy] = policies;
  return {
    kinds: new Map([...byApi, ...byFile]),
    byPolicy: (severity) => policy?.bySeverity.get(severity) ?? policy?.otherwise,
  };
}

function kindsByApi(inputs: Wire): string {
  return [
    ...itemsOf(at(inputs, "pagerduties") ?? []).map(() => "PagerDuty"),
    ...itemsOf(at(inputs, "slacks") ?? []).map((slack) => `Slack ${textAt(slack, "recipient") ?? ""}`.trim()),
    ...itemsOf(at(inputs, "emails") ?? []).map(() => "e-mail"),
    ...itemsOf(at(inputs, "webhooks") ?? []).map(() => "webhook"),
  ].join(", ");
}

const TYPES: Readonly<Record<string, string>> = { pagerduty: "PagerDuty", slack: "Slack", email: "e-mail" };

function kindsByFile(point: Wire): string {
  return itemsOf(at(point, "receivers"))
    .map((receiver) => {
      const type = textAt(receiver, "type") ?? "";
      return [TYPES[type] ?? type, textAt(receiver, "settings", "recipient")].filter(Boolean).join(" ");
    })
    .join(", ");
}

interface Policy {
  readonly otherwise: string | undefined;
  readonly bySeverity: ReadonlyMap<string, string>;
}

function policyByApi(inputs: Wire): Policy {
  return policyOf(
    textAt(inputs, "contactPoint"),
    itemsOf(at(inputs, "policies") ?? []).flatMap((route) =>
      itemsOf(at(route, "matchers")).map((matcher) => ({
        label: textAt(matcher, "label"),
        severity: textAt(matcher, "value"),
        contactPoint: textAt(route, "contactPoint"),
      })),
    ),
  );
}

function policyByFile(policy: Wire): Policy {
  return policyOf(
    textAt(policy, "receiver"),
    itemsOf(at(policy, "routes") ?? []).flatMap((route) =>
      itemsOf(at(route, "object_matchers")).map((matcher) => {
        const [label, , severity] = itemsOf(matcher).map(String);
        return { label, severity, contactPoint: textAt(route, "receiver") };
      }),
    ),
  );
}

function policyOf(
  otherwise: string | undefined,
  routes: readonly {
    readonly label: string | undefined;
    readonly severity: string | undefined;
    readonly contactPoint: string | undefined;
  }[],
): Policy {
  const bySeverity = new Map<string, string>();
  for (const { label, severity, contactPoint } of routes)
    if (label === "severity" && severity !== undefined && contactPoint !== undefined)
      bySeverity.set(severity, contactPoint);
  return { otherwise, bySeverity };
}
