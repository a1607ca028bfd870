import { z } from "zod";
import { choice, cidrBlock, integer, list, text, toggle } from "../core/schema.ts";

const zone = () => text(/^[a-z]{2}(?:-[a-z]+)+-\d[a-z]$/, "an availability zone such as eu-central-1a");

/** The VPC of one environment. */
export const networkSettings = z.strictObject({
  cidr: cidrBlock().meta({
    description: "The VPC's block. At least a /20, so that every pod of every zone finds an address.",
  }),
  zones: list(zone(), 2, 4).meta({
    description: "Availability zones, each with a private and a public subnet.",
  }),
  natGateways: choice(["per-zone", "single"]).meta({
    description: "One NAT gateway per zone survives the loss of a zone; a single one costs a third.",
  }),
  flowLogs: toggle().meta({ description: "Whether VPC flow logs of rejected traffic go to CloudWatch." }),
  flowLogRetentionDays: integer(1, 3653).meta({ description: "Days that flow logs are kept." }),
  subnets: z
    .strictObject({
      private: list(cidrBlock(), 2, 4).meta({ description: "One block per zone, in the order of zones." }),
      public: list(cidrBlock(), 2, 4).meta({ description: "One block per zone, in the order of zones." }),
    })
    .optional()
    .meta({ description: "Blocks of one's own. Left out, they are computed from cidr." }),
});

export type NetworkSettings = z.output<typeof networkSettings>;
