import type { EnvironmentModel, ModelAlert, ModelResource } from "../../../cli/review/model.ts";

/** An alert that pages a team. */
export function alert(changed: Partial<ModelAlert> = {}): ModelAlert {
  return {
    name: "DiskFull",
    severity: "critical",
    team: "shop",
    service: undefined,
    slo: undefined,
    by: "Prometheus",
    for: "5m",
    keepFiringFor: undefined,
    summary: "A disk is full",
    description: "A disk is full.",
    receivers: [{ name: "pager", kind: "PagerDuty" }],
    byNamespace: [],
    runbookUrl: undefined,
    dashboardUrl: undefined,
    expr: "disk_used > 0.9",
    problem: undefined,
    ...changed,
  };
}

/** A resource below the stack. */
export function resource(type: string, name: string, changed: Partial<ModelResource> = {}): ModelResource {
  return {
    urn: `urn:pulumi:prod::bellwether::${type}::${name}`,
    type,
    name,
    parent: null,
    protect: false,
    inputs: {},
    ...changed,
  };
}

/** An environment in which nothing is but what a test is about. */
export function model(changed: Partial<EnvironmentModel> = {}): EnvironmentModel {
  return {
    format: 1,
    environment: "prod",
    tier: "production",
    scrapeInterval: "30s",
    versions: {},
    settings: {},
    services: {},
    alerts: [],
    objectives: [],
    resources: [],
    outputs: {},
    dashboards: {},
    policies: [],
    alertmanager: undefined,
    ...changed,
  };
}
