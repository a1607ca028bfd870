import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judge } from "../violation.ts";

const EVERYWHERE = ["0.0.0.0/0", "::/0"];

export const closedEndpoint: ResourcePolicy = {
  id: "closed-endpoint",
  area: "cluster",
  scope: "resource",
  title: "The endpoint of the Kubernetes API is not open to every address of the Internet.",
  why: "Open endpoints are scanned within minutes, and one leaked credential gives access.",
  fix: "set cluster.endpoint to access: private, or to access: public with the CIDR blocks that need access in allowedCidrs",
  severity: "critical",
  levels: ALWAYS,
  types: [TYPES.eksCluster],
  check: ({ properties }) => {
    const config = properties.at("vpcConfig");
    return [
      ...judge(() => {
        // AWS opens the endpoint to everybody where nothing is said.
        if (config.at("endpointPublicAccess").is(false)) return undefined;
        const blocks = config.at("publicAccessCidrs").items();
        const open = blocks.length === 0 || blocks.some((block) => EVERYWHERE.some((all) => block.is(all)));
        return open ? "the endpoint is open to every address" : undefined;
      }),
      ...judge(() =>
        config.at("endpointPrivateAccess").is(true)
          ? undefined
          : "nodes reach the endpoint only through the Internet, because endpointPrivateAccess is false",
      ),
    ];
  },
};
