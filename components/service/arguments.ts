import type { Duration } from "../core/duration.ts";
import type { GrafanaAddress } from "../signals/panels.ts";
import type { Service } from "./model.ts";

// Apart from what renders them, which shows types of Kubernetes that users of the npm package do not have.

/** What a service's objects are rendered from. */
export interface ServiceMonitoringArgs {
  readonly service: Service;
  /** The environment's name, which picks what the service does differently there. */
  readonly environment: string;
  /** Where runbooks are served: the page of an alert is `<base>/<Alert>.md`. */
  readonly runbookBaseUrl: string;
  /** Where the service's dashboard is. Default: alerts link to none. */
  readonly grafana?: GrafanaAddress;
  /** How often the service is scraped and its rules are evaluated. */
  readonly scrapeInterval: Duration;
  /** The namespace of the platform's programs, of which one probes. Default: monitoring. */
  readonly monitoringNamespace?: string;
  /** The namespace of the monitor and the rules. Default: that of the platform's programs. */
  readonly namespace?: string;
  /** The program of a team that the objects are from, as their label says it. Default: the platform's own. */
  readonly program?: string;
  /** Where the rules are evaluated: by Prometheus, or by the long-term storage of the platform. Default: local. */
  readonly rules?: "local" | "store";
}
