import { isWorld } from "../network/address-block.ts";
import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judge } from "../violation.ts";

export const closedEndpoint: ResourcePolicy = {
  id: "closed-endpoint",
  area: "cluster",
  pack: "security",
  standards: ["CIS EKS 5.4.1", "CIS EKS 5.4.2", "FSBP EKS.1", "NIST SC-7"],
  scope: "resource",
  title: "The endpoint of the Kubernetes API is not open to every address of the Internet.",
  why: "Open endpoints are scanned within minutes, and one leaked credential gives access.",
  fix: "set vpcConfig.endpointPublicAccess to false, or publicAccessCidrs to the blocks that need access (here: cluster.endpoint in the environment)",
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
        const open = blocks.length === 0 || blocks.some((block) => isWorld(block.text() ?? ""));
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
