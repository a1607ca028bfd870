const { PolicyPack } = require("@pulumi/policy");
require("tsx/cjs/api").register();
const { policyPack } = require("../../../policies/packs/pack.ts");

const waiver = {
  environment: "prod",
  owner: "platform",
  reason: "The test needs a violation that is waived.",
};

new PolicyPack(
  "waived",
  policyPack("bellwether", [
    { ...waiver, policy: "pinned-image", resource: "blackbox", expires: "2026-12-31" },
    {
      ...waiver,
      policy: "control-plane-logs",
      resource: "*::aws:eks/cluster:Cluster::*",
      expires: "2026-12-31",
    },
    { ...waiver, policy: "log-retention", resource: "logs", environment: "staging", expires: "2026-12-31" },
  ]),
);
