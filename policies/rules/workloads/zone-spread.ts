import { podLabels, podSpec, REPLICATED_TYPES, replicas } from "../pods.ts";
import { FROM_STAGING, type ResourcePolicy } from "../policy.ts";
import { selects } from "../selector.ts";
import { judge } from "../violation.ts";

const ZONE = "topology.kubernetes.io/zone";

export const zoneSpread: ResourcePolicy = {
  id: "zone-spread",
  area: "workloads",
  scope: "resource",
  title: "Replicas are spread over availability zones.",
  why: "If all replicas are in one zone, an outage of the zone stops monitoring when it is needed.",
  fix: `add a topologySpreadConstraint over ${ZONE} with maxSkew 1 whose labelSelector matches the pods`,
  severity: "high",
  levels: FROM_STAGING,
  types: REPLICATED_TYPES,
  check: (resource) =>
    judge(() => {
      if (replicas(resource) < 2) return undefined;
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
    }),
};
