import type { INetworkPolicy } from "kubernetes-models/networking.k8s.io/v1/NetworkPolicy";
import {
  labelsOf,
  metadataOf,
  type Namespaces,
  placed,
  WORKLOADS,
  type Workload,
} from "../workloads/model.ts";
import type { Flow, FlowPort, Peer } from "./flow.ts";

type Spec = NonNullable<INetworkPolicy["spec"]>;
type EgressRule = NonNullable<Spec["egress"]>[number];
type IngressRule = NonNullable<Spec["ingress"]>[number];
type PolicyPeer = NonNullable<EgressRule["to"]>[number];
type PolicyPort = NonNullable<EgressRule["ports"]>[number];

/**
 * Both namespaces shut, and for each workload one policy that opens exactly its flows. A workload without a flow stays shut.
 * Needs a network plug-in that enforces policies; on EKS the cluster's add-on is told to.
 */
export function renderNetworkPolicies(
  flows: readonly Flow[],
  namespaces: Namespaces,
): Record<string, INetworkPolicy> {
  const open = Object.values(WORKLOADS).flatMap((workload) => {
    const policy = renderWorkloadPolicy(workload, flows, namespaces);
    return policy === undefined ? [] : [[`network-policy-${workload.name}`, policy] as const];
  });
  return {
    "network-policy-default": renderDefaultDeny(namespaces.monitoring),
    "network-policy-node-default": renderDefaultDeny(namespaces.node),
    ...Object.fromEntries(open),
  };
}

function renderDefaultDeny(namespace: string): INetworkPolicy {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "default-deny", namespace, labels: labelsOf(WORKLOADS.prometheus) },
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
  };
}

function renderWorkloadPolicy(
  workload: Workload,
  flows: readonly Flow[],
  namespaces: Namespaces,
): INetworkPolicy | undefined {
  const egress = flows
    .filter(({ from }) => isWorkload(from, workload))
    .map((flow) => egressRule(flow, namespaces));
  const ingress = flows
    .filter(({ to }) => isWorkload(to, workload))
    .map((flow) => ingressRule(flow, namespaces));
  if (egress.length + ingress.length === 0) return undefined;
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: metadataOf(placed(workload, namespaces)),
    spec: {
      podSelector: podsOf(workload),
      policyTypes: ["Ingress", "Egress"],
      ingress,
      egress,
    },
  };
}

function isWorkload(peer: Peer, workload: Workload): boolean {
  return peer.kind === "workload" && peer.workload.name === workload.name;
}

// A rule without peers means everybody, so a peer that a policy cannot name is left out and not written as 0.0.0.0/0: some
// plug-ins take that block for the world outside the cluster and shut out nodes and the API server.
function egressRule({ to, ports }: Flow, namespaces: Namespaces): EgressRule {
  const peers = policyPeers(to, namespaces);
  return { ...(peers === undefined ? {} : { to: peers }), ...portsOf(ports) };
}

function ingressRule({ from, ports }: Flow, namespaces: Namespaces): IngressRule {
  const peers = policyPeers(from, namespaces);
  return { ...(peers === undefined ? {} : { from: peers }), ...portsOf(ports) };
}

function portsOf(ports: readonly FlowPort[]): { ports?: PolicyPort[] } {
  if (ports.includes("any")) return {};
  return { ports: ports.filter((port) => port !== "any").map(({ port, protocol }) => ({ port, protocol })) };
}

function policyPeers(peer: Peer, names: Namespaces): PolicyPeer[] | undefined {
  switch (peer.kind) {
    case "workload":
      return [
        {
          namespaceSelector: inNamespaces("In", names[peer.workload.home]),
          podSelector: podsOf(peer.workload),
        },
      ];
    case "other-pods":
      return [{ namespaceSelector: inNamespaces("NotIn", names.monitoring, names.node) }];
    case "dns":
      return [
        {
          namespaceSelector: inNamespaces("In", "kube-system"),
          podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
        },
      ];
    case "namespace":
      return [{ namespaceSelector: inNamespaces("In", peer.namespace) }];
    case "blocks":
      return peer.blocks.map((cidr) => ({ ipBlock: { cidr } }));
    case "hosts":
    case "internet":
      return undefined;
  }
}

function podsOf({ name }: Workload) {
  return { matchLabels: { "app.kubernetes.io/name": name } };
}

// Kubernetes itself sets this label on every namespace, and nobody can change it.
function inNamespaces(operator: "In" | "NotIn", ...values: string[]) {
  return { matchExpressions: [{ key: "kubernetes.io/metadata.name", operator, values }] };
}
