import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judge } from "../violation.ts";

export const prometheusAdminApi: ResourcePolicy = {
  id: "prometheus-admin-api",
  area: "alerting",
  pack: "security",
  standards: ["NIST AC-3", "NIST CM-7", "NIST AU-9"],
  scope: "resource",
  title: "The administration API of Prometheus is off.",
  why: "With it every client of the server can delete series, and with them the record of an incident.",
  fix: "remove spec.enableAdminAPI, or set it to false",
  severity: "high",
  levels: ALWAYS,
  types: [TYPES.prometheus],
  check: ({ properties }) =>
    judge(() =>
      properties.at("spec", "enableAdminAPI").is(true) ? "every client can delete series" : undefined,
    ),
};
