import { at } from "../cluster/object.ts";
import { type Finding, note, ok, wrong } from "../doctor/finding.ts";
import type { Found, Inventory } from "./inventory.ts";

/** Labels of every monitor and rule of the platform. */
const OURS: Readonly<Record<string, string>> = { "app.kubernetes.io/part-of": "bellwether" };

const SELECTORS = [
  "serviceMonitorSelector",
  "podMonitorSelector",
  "probeSelector",
  "ruleSelector",
  "scrapeConfigSelector",
] as const;

const EXCEPT_OURS =
  "{ matchExpressions: [{ key: app.kubernetes.io/part-of, operator: NotIn, values: [bellwether] }] }";

/** What is there, and what would clash with the platform. */
export function clashes(inventory: Inventory): readonly Finding[] {
  return [
    ...namespaceFindings(inventory),
    ...operatorFindings(inventory),
    ...inventory.prometheuses.map(prometheusFinding),
    ...exporterFindings(inventory),
    storageFinding(inventory),
    ...(inventory.ingress === undefined
      ? []
      : [ok("ingress", `namespace ${inventory.ingress}: may reach Prometheus, Alertmanager and Grafana`)]),
    ...(inventory.podWebhooks.length === 0
      ? []
      : [
          note(
            "webhooks",
            `${inventory.podWebhooks.join(", ")} may change pods; what they add to the platform's pods stays`,
          ),
        ]),
  ];
}

function namespaceFindings({ namespaces, takenNamespaces, platform }: Inventory): readonly Finding[] {
  if (platform !== undefined)
    return [
      wrong("namespaces", {
        found: `a platform of Bellwether, in ${platform}`,
        allowed: "one platform on a cluster",
        fix: "deploy its stack, or take it away with pulumi destroy",
      }),
    ];
  if (namespaces === undefined)
    return [
      wrong("namespaces", {
        found: `${takenNamespaces.join(" and ")}, which something else made, and the other names that are tried`,
        allowed:
          "two names that are free: the platform sets pod security and network policies there that deny by default",
        fix: "write two free names into environment.namespaces",
      }),
    ];
  const { monitoring, node } = namespaces;
  if (takenNamespaces.length === 0) return [ok("namespaces", `${monitoring} and ${node} are free`)];
  const [is, them] = takenNamespaces.length === 1 ? ["is", "it"] : ["are", "them"];
  return [
    ok(
      "namespaces",
      `${takenNamespaces.join(" and ")} ${is} taken: the platform uses ${monitoring} and ${node} instead and leaves ${them} alone`,
    ),
  ];
}

function operatorFindings({ operators, hasDefinitions }: Inventory): readonly Finding[] {
  if (operators.length === 0)
    return [
      ok("operator", hasDefinitions ? "none, but its CRDs are there" : "none: the platform brings its own"),
    ];
  return operators.map(({ namespace, name, version = "unknown" }) =>
    ok(
      "operator",
      `${namespace}/${name}, version ${version}: the platform's runs beside it, with a controller id, and each leaves the other's alone`,
    ),
  );
}

function prometheusFinding(prometheus: Found): Finding {
  const { namespace, name } = prometheus.metadata;
  const check = "Prometheus";
  const taking = SELECTORS.filter((field) => selects(at(prometheus, "spec", field), OURS));
  if (taking.length === 0)
    return ok(check, `${namespace}/${name} takes none of the platform's monitors and rules`);
  return wrong(check, {
    found: `${namespace}/${name}, whose ${taking.join(", ")} would take the platform's monitors and rules, too`,
    allowed: "selectors that leave out the label app.kubernetes.io/part-of: bellwether",
    fix: `set each of them to ${EXCEPT_OURS}`,
  });
}

interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

/** Whether a label selector may match an object that has at least these labels. A missing selector matches nothing. */
export function selects(selector: unknown, labels: Readonly<Record<string, string>>): boolean {
  if (selector === undefined || selector === null) return false;
  const { matchLabels = {}, matchExpressions = [] } = selector as Selector;
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      if (operator === "Exists") return value !== undefined;
      if (operator === "DoesNotExist") return value === undefined;
      const isListed = value !== undefined && values.includes(value);
      return operator === "In" ? isListed : !isListed;
    })
  );
}

function exporterFindings({ kubeStateMetrics, nodeExporter }: Inventory): readonly Finding[] {
  const of = (check: string, service: Inventory["nodeExporter"]) =>
    ok(
      check,
      service === undefined
        ? "none: the platform brings its own"
        : `${service.namespace}/${service.name}: the platform scrapes it and brings none`,
    );
  return [of("kube-state-metrics", kubeStateMetrics), of("node-exporter", nodeExporter)];
}

function storageFinding({ storageClasses }: Inventory): Finding {
  const [only] = storageClasses;
  const names = storageClasses.map(({ name }) => name).join(", ");
  if (only === undefined)
    return wrong("storage class", {
      found: "none",
      allowed: "a storage class for the volumes of Prometheus, Alertmanager and Grafana",
      fix: "install a driver for volumes, and create a storage class",
    });
  const standard = storageClasses.find(({ isDefault }) => isDefault);
  return standard === undefined && storageClasses.length > 1
    ? note("storage class", `${names}: none is the default; the file has the first`)
    : ok("storage class", `${(standard ?? only).name}, of ${names}`);
}
