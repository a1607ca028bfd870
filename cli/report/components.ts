import { type RecordedResource, STACK_TYPE } from "../recording/monitor.ts";
import { textAt } from "../recording/wire.ts";

/** One resource, as a list shows it. */
export interface ListedResource {
  /** Such as `ec2 Subnet` or `Deployment`. */
  readonly kind: string;
  readonly name: string;
  /** Where it lives, where that is known: a namespace and a name in Kubernetes. */
  readonly where: string | undefined;
  readonly protect: boolean;
}

/** The resources below one component of the stack. */
export interface ComponentGroup {
  /** Such as "Network" or "Service checkout". */
  readonly title: string;
  /** What it is for, in a sentence. */
  readonly purpose: string;
  /** The position in the order in which components are created. */
  readonly order: number;
  readonly resources: readonly ListedResource[];
}

// Top to bottom, as infra/platform.ts builds them. A component that is not listed comes after these, under its own name.
const KNOWN: readonly { readonly type: string; readonly title: string; readonly purpose: string }[] = [
  {
    type: "bellwether:network:Network",
    title: "Network",
    purpose: "The VPC, its subnets in every zone, NAT gateways, endpoints and routes.",
  },
  {
    type: "bellwether:network:ExistingNetwork",
    title: "Network",
    purpose: "An existing VPC; this program creates nothing of it.",
  },
  {
    type: "bellwether:cluster:EksCluster",
    title: "Kubernetes cluster",
    purpose: "The EKS cluster with its keys, logs, access, nodes and add-ons.",
  },
  {
    type: "bellwether:cluster:ExistingCluster",
    title: "Kubernetes cluster",
    purpose: "An existing cluster; this program creates nothing of it.",
  },
  {
    type: "bellwether:autoscaler:Karpenter",
    title: "Karpenter",
    purpose: "Karpenter with its rights, its queue of interruptions and its pools of nodes.",
  },
  {
    type: "bellwether:prometheus:Monitoring",
    title: "Prometheus",
    purpose: "The operator, Prometheus, the exporters and the monitors of what is scraped.",
  },
  {
    type: "bellwether:alertmanager:Alertmanager",
    title: "Alertmanager",
    purpose: "Alertmanager with its routes, receivers and heartbeat.",
  },
  {
    type: "bellwether:alerts:PlatformAlerts",
    title: "Platform alerts",
    purpose: "The alert rules for the platform itself.",
  },
  {
    type: "bellwether:amp:MetricsStore",
    title: "Long-term storage",
    purpose: "The workspace of Amazon Managed Service for Prometheus, and the permission to write to it.",
  },
  {
    type: "bellwether:thanos:SampleBucket",
    title: "Object storage",
    purpose: "The bucket for blocks of samples, and the permissions to read and write it.",
  },
  {
    type: "bellwether:grafana:Grafana",
    title: "Grafana",
    purpose:
      "Data sources, folders, dashboards and alert rules, and Grafana itself if it runs in the cluster.",
  },
  {
    type: "bellwether:heartbeat:HeartbeatAlarm",
    title: "Heartbeat alarm",
    purpose: "The alarm in another region on missing heartbeats, and the topic through which it pages.",
  },
  {
    type: "bellwether:ingress:Ingress",
    title: "Ingress",
    purpose: "The load balancer, its certificate, names and rules, and the controller that registers pods.",
  },
  {
    type: "bellwether:usage:DeletionGuard",
    title: "Deletion guard",
    purpose: "What refuses to delete the platform while programs of teams use it.",
  },
];
const SERVICE = "bellwether:service:ServiceMonitoring";

/** What is provisioned, by component, in the order in which the platform is built. Components themselves are not counted. */
export function componentGroups(resources: readonly RecordedResource[]): readonly ComponentGroup[] {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const groups = new Map<
    string,
    { readonly root: RecordedResource; readonly resources: RecordedResource[] }
  >();
  for (const resource of resources) {
    if (!resource.custom) continue;
    const root = rootOf(resource, byUrn);
    const key = root.custom ? "providers" : root.urn;
    const group = groups.get(key) ?? { root, resources: [] };
    group.resources.push(resource);
    groups.set(key, group);
  }
  return [...groups.values()]
    .map(({ root, resources: members }) => ({
      ...heading(root),
      resources: members.map(listed).sort(byKind),
    }))
    .sort((a, b) => a.order - b.order || (a.title < b.title ? -1 : 1));
}

/** Titles of components in the order in which the platform is built, whatever environments have them. */
export function inBuildOrder(groups: readonly ComponentGroup[]): readonly ComponentGroup[] {
  return groups.toSorted((a, b) => a.order - b.order);
}

/** The component directly below the stack, or the resource itself where it has no component. */
function rootOf(resource: RecordedResource, byUrn: ReadonlyMap<string, RecordedResource>): RecordedResource {
  const parent = resource.parent === undefined ? undefined : byUrn.get(resource.parent);
  return parent === undefined || parent.type === STACK_TYPE ? resource : rootOf(parent, byUrn);
}

function heading(root: RecordedResource): {
  readonly order: number;
  readonly title: string;
  readonly purpose: string;
} {
  if (root.custom)
    return {
      order: -1,
      title: "Providers",
      purpose: "The accounts and clusters that the program may change.",
    };
  if (root.type === SERVICE)
    return {
      order: KNOWN.length + 1,
      title: `Service ${root.name}`,
      purpose: "Scraping, objectives and alert rules of the service.",
    };
  const index = KNOWN.findIndex(({ type }) => type === root.type);
  const known = KNOWN[index];
  if (known !== undefined) return { order: index, title: known.title, purpose: known.purpose };
  return { order: KNOWN.length, title: root.name, purpose: `A component of the type ${root.type}.` };
}

function listed({ type, name, inputs, protect }: RecordedResource): ListedResource {
  const kind = textAt(inputs, "kind") ?? shortType(type);
  const object = textAt(inputs, "metadata", "name");
  const namespace = textAt(inputs, "metadata", "namespace");
  const where = object === undefined ? undefined : [namespace, object].filter(Boolean).join("/");
  return { kind, name, where, protect };
}

/** `aws:ec2/subnet:Subnet` is `ec2 Subnet`; `pulumi:providers:aws` is `aws provider`. */
function shortType(type: string): string {
  const [pkg = "", module = "", name = ""] = type.split(":");
  if (pkg === "pulumi" && module === "providers") return `${name} provider`;
  const area = module.split("/")[0] ?? "";
  return pkg === "aws" ? `${area} ${name}` : name;
}

function byKind(a: ListedResource, b: ListedResource): number {
  const [left, right] = [`${a.kind}\u0000${a.name}`, `${b.kind}\u0000${b.name}`];
  return left < right ? -1 : 1;
}
