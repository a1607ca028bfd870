import type { RecordedResource } from "../recording/monitor.ts";
import { at, itemsOf, textAt, textsOf, type Wire } from "../recording/wire.ts";
import type { RecordedObject } from "./manifests.ts";

/** A way in which a contact point notifies. */
export interface GrafanaIntegration {
  readonly type: string;
  /** Those that are texts and not secret, such as the templates of its messages. */
  readonly settings: Readonly<Record<string, string>>;
  readonly details: Readonly<Record<string, string>>;
}

/** Where Grafana sends notifications. */
export interface GrafanaContacts {
  /** By the contact point's name. */
  readonly integrations: ReadonlyMap<string, readonly GrafanaIntegration[]>;
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
    (inputs) => [textAt(inputs, "name") ?? "", integrationsByApi(inputs)] as const,
  );
  const byFile = filesNamed("alerting-contact-points.json")
    .flatMap((file) => itemsOf(at(file, "contactPoints")))
    .map((point) => [textAt(point, "name") ?? "", integrationsByFile(point)] as const);
  const integrations = new Map([...byApi, ...byFile]);
  const policies = [
    ...inputsOf("grafana:alerting/notificationPolicy:NotificationPolicy").map(policyByApi),
    ...filesNamed("alerting-notification-policy.json")
      .flatMap((file) => itemsOf(at(file, "policies")))
      .map(policyByFile),
  ];
  const [policy] = policies;
  return {
    integrations,
    kinds: new Map([...integrations].map(([name, list]) => [name, list.map(kindOf).join(", ")])),
    byPolicy: (severity) => policy?.bySeverity.get(severity) ?? policy?.otherwise,
  };
}

/** The fields of a contact point in Grafana's API, and the type of each. */
const TYPES_BY_FIELD = { pagerduties: "pagerduty", slacks: "slack", emails: "email", webhooks: "webhook" };

function integrationsByApi(inputs: Wire): readonly GrafanaIntegration[] {
  return Object.entries(TYPES_BY_FIELD).flatMap(([field, type]) =>
    itemsOf(at(inputs, field) ?? []).map((settings) => ({
      type,
      settings: {
        ...textsOf(settings),
        ...(type === "email" && { addresses: itemsOf(at(settings, "addresses") ?? []).join(", ") }),
      },
      details: textsOf(at(settings, "details")),
    })),
  );
}

function integrationsByFile(point: Wire): readonly GrafanaIntegration[] {
  return itemsOf(at(point, "receivers")).map((receiver) => ({
    type: textAt(receiver, "type") ?? "",
    settings: literal(textsOf(at(receiver, "settings"))),
    details: literal(textsOf(at(receiver, "settings", "details"))),
  }));
}

/** In a file Grafana reads two dollar signs as one. */
function literal(settings: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name, value.replaceAll("$$", "$")]),
  );
}

const KINDS: Readonly<Record<string, string>> = { pagerduty: "PagerDuty", slack: "Slack", email: "e-mail" };

function kindOf({ type, settings }: GrafanaIntegration): string {
  return [KINDS[type] ?? type, type === "slack" ? settings["recipient"] : undefined]
    .filter(Boolean)
    .join(" ");
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
