import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judge } from "../violation.ts";

export const metadataService: ResourcePolicy = {
  id: "metadata-service",
  area: "cluster",
  pack: "security",
  standards: ["FSBP EC2.8", "FSBP EC2.170", "NIST AC-6", "CIS EKS 5.2.1"],
  scope: "resource",
  title: "The instance metadata service of nodes requires a token (IMDSv2) and does not answer pods.",
  why: "Through an open metadata service every pod can use the IAM role of its node.",
  fix: "set metadataOptions to httpTokens required and httpPutResponseHopLimit 1; pods get roles through EKS Pod Identity",
  severity: "critical",
  levels: ALWAYS,
  types: [TYPES.launchTemplate],
  check: ({ properties }) => {
    const options = properties.at("metadataOptions");
    return [
      ...judge(() =>
        options.at("httpTokens").is("required") ? undefined : "the metadata service answers without a token",
      ),
      ...judge(() =>
        options.at("httpPutResponseHopLimit").is(1)
          ? undefined
          : "the metadata service answers pods and other containers, because httpPutResponseHopLimit is not 1",
      ),
    ];
  },
};
