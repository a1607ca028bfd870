import { replicas } from "../pods.ts";
import { FROM_STAGING, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judge } from "../violation.ts";

export const alertmanagerMembers: ResourcePolicy = {
  id: "alertmanager-members",
  area: "workloads",
  scope: "resource",
  title: "Alertmanager has three or more replicas, each with a persistent volume.",
  why: "With three replicas one can be drained while another is lost. Without a volume a restart loses silences and notifies again.",
  fix: "set alertmanager.replicas to 3 or more in the environment, and spec.storage.volumeClaimTemplate",
  severity: "high",
  levels: FROM_STAGING,
  types: [TYPES.alertmanager],
  check: (resource) => [
    ...judge(() => {
      const members = replicas(resource);
      return members >= 3 ? undefined : `Alertmanager has ${members} replicas and needs 3`;
    }),
    ...judge(() =>
      resource.properties.at("spec", "storage", "volumeClaimTemplate").exists
        ? undefined
        : "it has no persistent volume for its silences",
    ),
  ],
};
