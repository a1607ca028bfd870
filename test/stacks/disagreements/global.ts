import { type Disagreement, one } from "./disagreement.ts";

const at = ["prometheus", "global"];

/** The rules of objectives over several environments, each broken once. */
export const GLOBAL_DISAGREEMENTS: readonly Disagreement[] = [
  one(
    "global-objectives-have-one-store",
    "objectives over several environments without a store of all",
    "local",
    at,
    { environments: ["local", "dev"], services: ["storefront"] },
    "prometheus.store.kind",
  ),
  one(
    "global-objectives-have-one-store",
    "objectives over other environments than this one",
    "sent",
    [...at, "environments"],
    ["dev", "prod"],
  ),
  one(
    "global-objectives-have-one-store",
    "a name of all environments that is one environment's",
    "sent",
    [...at, "name"],
    "prod",
  ),
  one(
    "global-objectives-are-the-same",
    "objectives over several environments of a service that does not exist",
    "sent",
    [...at, "services"],
    ["storefrnt"],
    "prometheus.global.services[0]",
  ),
];
