import { replicas } from "../pods.ts";
import { FROM_STAGING, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { settingsOf } from "../settings.ts";
import { judge } from "../violation.ts";

const SETTINGS = {
  members: { type: "number", default: 3, description: "The fewest replicas of an Alertmanager." },
} as const;

export const alertmanagerMembers: ResourcePolicy = {
  id: "alertmanager-members",
  area: "workloads",
  pack: "observability",
  standards: ["NIST CP-2", "SRE Workbook: On-Call"],
  scope: "resource",
  title: "Alertmanager has three or more replicas, each with a persistent volume.",
  why: "With three replicas one can be drained while another is lost. Without a volume a restart loses silences and notifies again.",
  fix: "set spec.replicas to 3 or more (here: alertmanager.replicas in the environment), and spec.storage.volumeClaimTemplate",
  severity: "high",
  levels: FROM_STAGING,
  types: [TYPES.alertmanager],
  settings: SETTINGS,
  check: (resource, context) => [
    ...judge(() => {
      const members = replicas(resource);
      const needed = settingsOf(SETTINGS, context).members;
      return members >= needed ? undefined : `Alertmanager has ${members} replicas and needs ${needed}`;
    }),
    ...judge(() =>
      resource.properties.at("spec", "storage", "volumeClaimTemplate").exists
        ? undefined
        : "it has no persistent volume for its silences",
    ),
  ],
};
