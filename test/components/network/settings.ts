import type { NetworkSettings } from "../../../components/network/model.ts";

/** A network as production has it, from which each test changes what it is about. */
export const PRODUCTION_NETWORK: NetworkSettings = {
  cidr: "10.40.0.0/16",
  interfaceEndpoints: [],
  podBlocks: [],
  zones: ["eu-central-1a", "eu-central-1b", "eu-central-1c"],
  natGateways: "per-zone",
  flowLogs: true,
  flowLogRetentionDays: 90,
};
