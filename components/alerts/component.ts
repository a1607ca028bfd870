import * as pulumi from "@pulumi/pulumi";
import type { ClusterTraits } from "../cluster/model.ts";
import type { Duration } from "../core/duration.ts";
import { InvalidInputError } from "../core/problems.ts";
import { createObjects } from "../kubernetes/component.ts";
import type { GrafanaAddress } from "../signals/panels.ts";
import type { Severity } from "../signals/severity.ts";
import { type AlertsSettings, alertsProblems } from "./model.ts";
import { renderAlertRules } from "./render.ts";

export interface PlatformAlertsArgs {
  readonly settings: AlertsSettings;
  /** The team that owns the platform: the label `team` of every alert here. */
  readonly owner: string;
  readonly cluster: ClusterTraits;
  /** How often targets are scraped and rules evaluated; ranges in the queries hold at least four scrapes. */
  readonly scrapeInterval: Duration;
  /** Where the dashboards are. Default: alerts link to none. */
  readonly grafana?: GrafanaAddress;
  /** Namespace of the rules. */
  readonly namespace: string;
  /** The severities of which a receiver keeps an incident open until it is notified of its end. Default: critical. */
  readonly incidentSeverities?: readonly Severity[];
  /** Where the rules are evaluated: by Prometheus, or by the long-term storage. Default: local. */
  readonly rules?: "local" | "store";
}

/** The platform's own alerts, as PrometheusRule resources, one per area. Needs the operator's CRDs. */
export class PlatformAlerts extends pulumi.ComponentResource {
  /** Throws an InvalidInputError that lists every problem of the settings. */
  constructor(name: string, args: PlatformAlertsArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const problems = alertsProblems(args.settings, "settings", args.cluster);
    if (problems.length > 0) throw new InvalidInputError("Platform alerts", problems);
    super("bellwether:alerts:PlatformAlerts", name, {}, opts);

    createObjects(name, renderAlertRules(args), { parent: this });
    this.registerOutputs({});
  }
}
