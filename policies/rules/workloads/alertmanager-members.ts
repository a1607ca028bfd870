import { replicas } from "../pods.ts";
import { FROM_STAGING, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judge } from "../violation.ts";

export const alertmanagerMembers: ResourcePolicy = {
  id: "alertmanager-members",
  area: "workloads",
  scope: "resource",
  title: "Alertmanager has three members or more, and each keeps its silences on a volume.",
  why: "Three let one be drained while another is lost; without a volume a restart forgets silences and pages again.",
  fix: "set alertmanager.replicas to 3 or more in the environment, and spec.storage.volumeClaimTemplate",
  severity: "high",
  levels: FROM_STAGING,
  types: [TYPES.alertmanager],
  check: (resource) => [
    ...judge(() => {
      const members = replicas(resource);
      return members >= 3 ? undefined : `Alertmanager has ${members} of the 3 members it needs`;
    }),
    ...judge(() =>
      resource.properties.at("spec", "storage", "volumeClaimTemplate").exists
        ? undefined
        : "its silences are on no persistent volume",
    ),
  ],
};
