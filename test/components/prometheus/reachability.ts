import type { INetworkPolicy } from "kubernetes-models/networking.k8s.io/v1/NetworkPolicy";

/** One end of a connection as a network plug-in sees it. A host is a node, the API server or what lies outside the cluster. */
export type End =
  | { readonly kind: "pod"; readonly namespace: string; readonly labels: Readonly<Record<string, string>> }
  | { readonly kind: "host"; readonly address?: string };

type Spec = NonNullable<INetworkPolicy["spec"]>;
type Selector = Spec["podSelector"];
type Rule = NonNullable<Spec["egress"]>[number] & NonNullable<Spec["ingress"]>[number];

export function pod(namespace: string, labels: Readonly<Record<string, string>>): End {
  return { kind: "pod", namespace, labels };
}

export const HOST: End = { kind: "host" };

/**
 * Whether a connection is let through, by Kubernetes' rules: a pod that no policy selects for a direction is open in it; one that
 * is selected is open to what any rule of any of those policies allows. Both ends must agree, and hosts always do.
 */
export function isReachable(
  policies: readonly INetworkPolicy[],
  from: End,
  to: End,
  port: number,
  protocol: "TCP" | "UDP" = "TCP",
): boolean {
  return (
    allows(policies, "Egress", from, to, port, protocol) &&
    allows(policies, "Ingress", to, from, port, protocol)
  );
}

function allows(
  policies: readonly INetworkPolicy[],
  direction: "Egress" | "Ingress",
  subject: End,
  other: End,
  port: number,
  protocol: string,
): boolean {
  if (subject.kind === "host") return true;
  const governing = policies.filter(
    ({ metadata, spec }) =>
      metadata?.namespace === subject.namespace &&
      spec?.policyTypes?.includes(direction) &&
      selects(spec.podSelector, subject.labels),
  );
  if (governing.length === 0) return true;
  return governing
    .flatMap(({ spec }) => ((direction === "Egress" ? spec?.egress : spec?.ingress) ?? []) as Rule[])
    .some(
      (rule) => admitsPort(rule, port, protocol) && admitsPeer(rule, direction, other, subject.namespace),
    );
}

function admitsPort({ ports }: Rule, port: number, protocol: string): boolean {
  return (
    ports === undefined || ports.some((open) => open.port === port && (open.protocol ?? "TCP") === protocol)
  );
}

function admitsPeer(rule: Rule, direction: "Egress" | "Ingress", other: End, home: string): boolean {
  const peers = direction === "Egress" ? rule.to : rule.from;
  if (peers === undefined) return true;
  return peers.some(({ namespaceSelector, podSelector, ipBlock }) => {
    if (ipBlock !== undefined)
      return other.kind === "host" && other.address !== undefined && isWithin(other.address, ipBlock.cidr);
    if (other.kind === "host") return false;
    const namespace = { "kubernetes.io/metadata.name": other.namespace };
    const inNamespace =
      namespaceSelector === undefined ? other.namespace === home : selects(namespaceSelector, namespace);
    return inNamespace && (podSelector === undefined || selects(podSelector, other.labels));
  });
}

/** Whether a label selector takes a set of labels; an empty one takes every set. */
export function selects(selector: Selector, labels: Readonly<Record<string, string>>): boolean {
  const exact = Object.entries(selector?.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  return (
    exact &&
    (selector?.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
      const value = labels[key];
      switch (operator) {
        case "In":
          return value !== undefined && values.includes(value);
        case "NotIn":
          return value === undefined || !values.includes(value);
        case "Exists":
          return value !== undefined;
        case "DoesNotExist":
          return value === undefined;
        default:
          throw new Error(`no such operator: ${operator}`);
      }
    })
  );
}

function isWithin(address: string, cidr: string): boolean {
  const [network = "", prefix = "32"] = cidr.split("/");
  const bits = (dotted: string) => dotted.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const size = 2 ** (32 - Number(prefix));
  return Math.floor(bits(address) / size) === Math.floor(bits(network) / size);
}
