import type { Finding } from "../aws/fault.ts";
import type { Relations } from "../aws/relations.ts";

// What is left of an autoscaler when a zone is gone.

const CLUSTER = "aws:eks/cluster:Cluster";
const SUBNET = "aws:ec2/subnet:Subnet";
/** By which variable Karpenter's controller is known. */
const QUEUE = "INTERRUPTION_QUEUE";

// biome-ignore lint/suspicious/noExplicitAny: specs of Kubernetes, of which a few fields are read
type Spec = any;

/** Whether EKS starts the nodes: a pod then finds room in every zone that is left. */
export function startsNodesItself(graph: Relations): boolean {
  return graph.ofType(CLUSTER).some(({ inputs }) => inputs.computeConfig?.enabled === true);
}

/** The zones of a cluster whose nodes EKS starts: those of its subnets. */
export function zonesOfCluster(graph: Relations): readonly string[] {
  return [
    ...new Set(
      graph
        .ofType(CLUSTER)
        .flatMap((cluster) => graph.behind(cluster, "vpcConfig", SUBNET))
        .map(({ inputs }) => String(inputs.availabilityZone)),
    ),
  ];
}

/** An autoscaler on the cluster has a second replica, and none on a node that it has started: with that zone's nodes it would end itself. */
export function autoscalerStands(graph: Relations): Finding[] {
  return graph
    .ofType("kubernetes:apps/v1:Deployment")
    .map(({ inputs }) => inputs.spec)
    .filter(({ template }: Spec) => template.spec.containers[0].env?.some(({ name }: Spec) => name === QUEUE))
    .flatMap(({ replicas, template }: Spec) => {
      const terms: Spec[] =
        template.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
          ?.nodeSelectorTerms ?? [];
      const isApart = terms.some(({ matchExpressions }) =>
        matchExpressions.some(
          ({ key, operator }: Spec) => key === "karpenter.sh/nodepool" && operator === "DoesNotExist",
        ),
      );
      return [
        ...(replicas >= 2
          ? []
          : [{ at: "the autoscaler", found: `${replicas} pod`, allowed: "two or more" }]),
        ...(isApart
          ? []
          : [
              {
                at: "the autoscaler",
                found: "a place on nodes that it starts itself",
                allowed: "nodes of a node group alone",
              },
            ]),
      ];
    });
}

/** An autoscaler starts nodes in the zones that are left. */
export function nodesElsewhere(graph: Relations, lost: string): Finding[] {
  return graph
    .ofType("kubernetes:karpenter.k8s.aws/v1:EC2NodeClass")
    .map((nodeClass) => ({
      name: nodeClass.name,
      zones: graph.behind(nodeClass, "spec", SUBNET).map(({ inputs }) => String(inputs.availabilityZone)),
    }))
    .filter(({ zones }) => zones.length > 0 && zones.every((zone) => zone === lost))
    .map(({ name }) => ({
      at: `${name} without ${lost}`,
      found: "no subnet to start nodes in",
      allowed: "one in another zone",
    }));
}
