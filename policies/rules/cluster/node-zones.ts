import { subnetsBehind } from "../network/subnets.ts";
import { FROM_STAGING, type StackPolicy } from "../policy.ts";
import { type StackResource, TYPES } from "../resource.ts";
import { NotVisible, NotYetKnown } from "../value.ts";
import { judgeResources } from "../violation.ts";

export const nodeZones: StackPolicy = {
  id: "node-zones",
  area: "cluster",
  pack: "reliability",
  standards: ["NIST CP-2", "AWS Well-Architected REL10-BP01"],
  scope: "stack",
  title: "Nodes are always in two or more availability zones.",
  why: "If all nodes are in one zone, an outage of the zone stops all pods, however they are spread.",
  fix: "give each zone a node group whose scalingConfig.minSize is 1 or more (here: cluster.nodeGroups.<name>.minPerZone)",
  severity: "high",
  levels: FROM_STAGING,
  check: (resources) => {
    const clusters = resources.filter(({ type }) => type === TYPES.eksCluster);
    return judgeResources(clusters, (cluster) => {
      // EKS itself chooses the machines of Auto Mode, in every subnet of the cluster.
      if (cluster.properties.at("computeConfig", "enabled").is(true)) return undefined;
      const groups = resources.filter(
        (resource) => resource.type === TYPES.nodeGroup && belongsTo(resource, cluster, clusters),
      );
      if (groups.length === 0)
        throw new NotVisible("the nodes of the cluster are no node groups of this stack");
      const zones = new Set(
        groups
          .filter((group) => group.properties.at("scalingConfig", "minSize").number() !== 0)
          .flatMap((group) => zonesOf(group, resources)),
      );
      if (zones.size >= 2) return undefined;
      return zones.size === 0
        ? "no zone has a node group with a minimum of 1 or more"
        : "only one zone has a node group with a minimum of 1 or more";
    });
  },
};

/**
 * Whether a node group is this cluster's: its `clusterName` comes from it, or is its name. Throws NotYetKnown where the name is known only
 * later and comes from no cluster of the stack.
 */
function belongsTo(
  group: StackResource,
  cluster: StackResource,
  clusters: readonly StackResource[],
): boolean {
  const from = clusters.filter(({ urn }) => group.sources["clusterName"]?.includes(urn));
  if (from.length > 0) return from.includes(cluster);
  return group.properties.at("clusterName").equals(cluster.properties.at("name"));
}

/** The zones of a group's subnets. */
function zonesOf(group: StackResource, resources: readonly StackResource[]): string[] {
  const subnets = subnetsBehind(group, resources);
  if (subnets.length === 0) throw new NotYetKnown(`the zone of ${group.name}`);
  return subnets.flatMap((subnet) => subnet.properties.at("availabilityZone").text() ?? []);
}
