import { z } from "zod";
import { dnsLabel, list } from "../core/schema.ts";

/** Objectives over several environments that send to one store. */
export const globalSettings = z.strictObject({
  name: dnsLabel().default("global").meta({
    description:
      "Value of the labels cluster and environment of what is recorded and raised for all of them. The name of no environment.",
  }),
  environments: list(dnsLabel(), 2, 50).meta({
    description:
      "The environments, this one among them. All send to the same URL and tenant, each with another name of the cluster.",
  }),
  services: list(dnsLabel(), 1, 50).meta({
    description:
      "Services whose objectives are also judged over all of these environments that they run in. There they open tickets (page: false), and the objective over all of them pages.",
  }),
});
