import { DEFAULT_NAMESPACES, type Namespaces } from "../../components/workloads/model.ts";
import { at } from "../cluster/object.ts";
import { versionIn } from "../doctor/programs.ts";

/** An object of a cluster, as far as it is looked at. */
export interface Found {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** A Service of another release, as prometheus.kubeStateMetrics of an environment has it. */
export interface FoundService {
  readonly namespace: string;
  readonly name: string;
  readonly matchLabels: Readonly<Record<string, string>>;
  /** Names of its ports, the one with the metrics first. */
  readonly ports: readonly [string, ...string[]];
}

/** An operator of Prometheus, by its Deployment. */
interface FoundOperator {
  readonly namespace: string;
  readonly name: string;
  readonly version: string | undefined;
}

/** What is on a cluster, as far as the platform meets it. */
export interface Inventory {
  readonly zones: number;
  readonly isEks: boolean;
  readonly storageClasses: readonly { readonly name: string; readonly isDefault: boolean }[];
  readonly hasDefinitions: boolean;
  readonly operators: readonly FoundOperator[];
  readonly prometheuses: readonly Found[];
  readonly kubeStateMetrics: FoundService | undefined;
  readonly nodeExporter: FoundService | undefined;
  /** Namespace of an ingress controller. */
  readonly ingress: string | undefined;
  /** Names for the platform's namespaces that nothing else has; undefined: all that are thought of are taken. */
  readonly namespaces: Namespaces | undefined;
  /** The usual names that something else has. */
  readonly takenNamespaces: readonly string[];
  /** The namespace of a platform of Bellwether that is there. */
  readonly platform: string | undefined;
  /** Webhooks that change pods. */
  readonly podWebhooks: readonly string[];
}

const NAME = "app.kubernetes.io/name";
const PART_OF = "app.kubernetes.io/part-of";
/** Names of the platform's namespaces, the usual ones first. */
const NAMES: readonly Namespaces[] = [
  DEFAULT_NAMESPACES,
  { monitoring: "bellwether", node: "bellwether-node" },
  { monitoring: "bellwether-monitoring", node: "bellwether-monitoring-node" },
];
const INGRESS_CONTROLLERS = ["ingress-nginx", "traefik", "haproxy-ingress", "kubernetes-ingress", "contour"];

/** Sorts out what is there. The order of the objects does not matter. */
export function inventoryOf(objects: readonly Found[]): Inventory {
  const of = (...kinds: readonly string[]) =>
    objects
      .filter(({ kind }) => kinds.includes(kind))
      .sort((a, b) => nameOf(a).localeCompare(nameOf(b), "en"));
  const nodes = of("Node");
  const zones = new Set(nodes.map(({ metadata }) => metadata.labels?.["topology.kubernetes.io/zone"] ?? ""));
  const services = of("Service").filter((object) => !isOurs(object));
  const namespaces = of("Namespace");
  const taken = new Set(namespaces.map(({ metadata }) => metadata.name));
  return {
    zones: Math.max(1, zones.size),
    isEks: nodes.length > 0 && nodes.every((node) => /^aws:/.test(String(at(node, "spec", "providerID")))),
    storageClasses: of("StorageClass").map(({ metadata: { name, annotations } }) => ({
      name,
      isDefault: annotations?.["storageclass.kubernetes.io/is-default-class"] === "true",
    })),
    hasDefinitions: of("CustomResourceDefinition").some(
      ({ metadata }) => metadata.name === "prometheuses.monitoring.coreos.com",
    ),
    operators: of("Deployment").flatMap((object) => (isOurs(object) ? [] : operatorIn(object))),
    prometheuses: of("Prometheus").filter((object) => !isOurs(object)),
    kubeStateMetrics: exporterIn(services, ["kube-state-metrics"]),
    nodeExporter: exporterIn(services, ["prometheus-node-exporter", "node-exporter"]),
    ingress: services.find(({ metadata }) => INGRESS_CONTROLLERS.includes(metadata.labels?.[NAME] ?? ""))
      ?.metadata.namespace,
    namespaces: NAMES.find(({ monitoring, node }) => !taken.has(monitoring) && !taken.has(node)),
    takenNamespaces: Object.values(DEFAULT_NAMESPACES).filter((name) => taken.has(name)),
    platform: namespaces.find(isOurs)?.metadata.name,
    podWebhooks: of("MutatingWebhookConfiguration")
      .filter(changesPods)
      .map(({ metadata }) => metadata.name),
  };
}

function isOurs({ metadata }: Found): boolean {
  return metadata.labels?.[PART_OF] === "bellwether";
}

function nameOf({ metadata: { namespace = "", name } }: Found): string {
  return `${namespace}/${name}`;
}

function operatorIn(deployment: Found): readonly FoundOperator[] {
  const containers = (at(deployment, "spec", "template", "spec", "containers") ?? []) as readonly Found[];
  const image = containers
    .map((container) => String(container["image"] ?? ""))
    .find((each) => /\/prometheus-operator(?::|@|$)/.test(each));
  if (image === undefined) return [];
  const { name, namespace = "" } = deployment.metadata;
  return [{ name, namespace, version: versionIn(image.split(":").at(-1) ?? "")?.join(".") }];
}

function exporterIn(services: readonly Found[], names: readonly string[]): FoundService | undefined {
  for (const object of services) {
    const { name, namespace = "", labels = {} } = object.metadata;
    const label = names.find((each) => labels[NAME] === each);
    const ports = (at(object, "spec", "ports") ?? []) as readonly { readonly name?: string }[];
    const [first, ...more] = ports.flatMap((port) => port.name ?? []);
    if (label === undefined || first === undefined) continue;
    const instance = labels["app.kubernetes.io/instance"];
    return {
      namespace,
      name,
      matchLabels: {
        [NAME]: label,
        ...(instance !== undefined && { "app.kubernetes.io/instance": instance }),
      },
      ports: [first, ...more],
    };
  }
  return undefined;
}

function changesPods(configuration: Found): boolean {
  const webhooks = (configuration["webhooks"] ?? []) as readonly {
    readonly rules?: readonly { readonly resources?: readonly string[] }[];
  }[];
  return webhooks.some(({ rules = [] }) =>
    rules.some(({ resources = [] }) => resources.some((each) => each === "pods" || each === "*")),
  );
}
