import { PRODUCTION, type StackPolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judgeResources } from "../violation.ts";

const FLOW_LOG = "aws:ec2/flowLog:FlowLog";

export const flowLogs: StackPolicy = {
  id: "flow-logs",
  area: "network",
  pack: "security",
  standards: ["FSBP EC2.6", "NIST AU-12", "NIST SI-4", "NSA/CISA Audit logging and threat detection"],
  scope: "stack",
  title: "Every VPC has a flow log, at least of rejected traffic.",
  why: "After an intrusion they are the only record of connections, and they begin on the day they are enabled.",
  fix: "create an aws.ec2.FlowLog with the vpcId and trafficType REJECT or ALL (here: network.flowLogRetentionDays in the environment)",
  severity: "medium",
  levels: PRODUCTION,
  check: (resources) => {
    const logs = resources.filter(({ type }) => type === FLOW_LOG);
    return judgeResources(
      resources.filter(({ type }) => type === TYPES.vpc),
      (vpc) => {
        const own = logs.filter(({ sources }) => sources["vpcId"]?.includes(vpc.urn));
        if (own.length === 0) return "the VPC has no flow log";
        return own.every((log) => log.properties.at("trafficType").is("ACCEPT"))
          ? "the flow log of the VPC leaves rejected traffic out"
          : undefined;
      },
    );
  },
};
