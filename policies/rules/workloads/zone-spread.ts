import { fewestReplicas, podLabels, podSpec, REPLICATED_TYPES } from "../pods.ts";
import { FROM_STAGING, type StackPolicy } from "../policy.ts";
import { selects } from "../selector.ts";
import { judgeResources } from "../violation.ts";

const ZONE = "topology.kubernetes.io/zone";

export const zoneSpread: StackPolicy = {
  id: "zone-spread",
  area: "workloads",
  pack: "reliability",
  standards: ["NIST CP-2", "AWS Well-Architected REL10-BP01"],
  scope: "stack",
  title: "Replicas are spread over availability zones.",
  why: "If all replicas are in one zone, an outage of the zone stops monitoring when it is needed.",
  fix: `add a topologySpreadConstraint over ${ZONE} with maxSkew 1 whose labelSelector matches the pods`,
  severity: "high",
  levels: FROM_STAGING,
  check: (resources) =>
    judgeResources(
      resources.filter(({ type }) => REPLICATED_TYPES.includes(type)),
      (resource) => {
        if (fewestReplicas(resource, resources) < 2) return undefined;
        const spec = podSpec(resource);
        const labels = podLabels(resource);
        const spread = spec
          .at("topologySpreadConstraints")
          .items()
          .some(
            (constraint) =>
              constraint.at("topologyKey").is(ZONE) && selects(constraint.at("labelSelector"), labels),
          );
        const apart = spec
          .at("affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
          .items()
          .some((term) => term.at("topologyKey").is(ZONE) && selects(term.at("labelSelector"), labels));
        return spread || apart
          ? undefined
          : "neither a topologySpreadConstraint nor an anti-affinity spreads its replicas over zones";
      },
    ),
};
