import { type ResourcePolicy, SHARED } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judge } from "../violation.ts";

export const nodePorts: ResourcePolicy = {
  id: "node-ports",
  area: "network",
  pack: "security",
  standards: ["NIST SC-7", "NSA/CISA Network separation and hardening"],
  scope: "resource",
  title: "No Service opens a port on every node or takes addresses of its own choice.",
  why: "A node port answers whoever reaches a node, past every load balancer; externalIPs can take over the traffic of another Service.",
  fix: "set spec.type to ClusterIP or LoadBalancer, and remove spec.externalIPs",
  severity: "medium",
  levels: SHARED,
  types: [TYPES.service],
  check: ({ properties }) => [
    ...judge(() =>
      properties.at("spec", "type").is("NodePort") ? "the Service opens a port on every node" : undefined,
    ),
    ...judge(() =>
      properties.at("spec", "externalIPs").items().length > 0
        ? "the Service takes addresses of its own choice"
        : undefined,
    ),
  ],
};
