import { seconds } from "../../components/core/duration.ts";
import type { ServiceMonitoringArgs } from "../../components/service/arguments.ts";
import { serviceIn } from "../../components/service/model.ts";
import { isScraped } from "../../components/service/scraping.ts";
import { type Finding, ok, wrong } from "../doctor/finding.ts";
import type { ActiveTarget } from "./prometheus.ts";

// Whether a service is scraped, as often as its rules assume.

/** The targets of a service among all. */
function targetsOf(
  { service: { name, namespace } }: ServiceMonitoringArgs,
  targets: readonly ActiveTarget[],
): readonly ActiveTarget[] {
  return targets.filter(({ labels }) => labels["job"] === name && labels["namespace"] === namespace);
}

/** What is wrong with the targets of a service; nothing for a service that exports no metrics itself. */
export function scrapingFindings(args: ServiceMonitoringArgs, all: readonly ActiveTarget[]): Finding[] {
  const { service, environment, scrapeInterval } = args;
  if (!isScraped(serviceIn(service, environment))) return [];
  const targets = targetsOf(args, all);
  if (targets.length === 0)
    return [
      wrong("targets", {
        found: `no target with job="${service.name}" and namespace="${service.namespace}"`,
        allowed: "one target for each pod",
        fix: `label the Kubernetes Service app.kubernetes.io/name: ${service.name} in the namespace ${service.namespace}, and give its port the name of the definition`,
      }),
    ];
  return [...healthOf(targets), intervalOf(targets, scrapeInterval)];
}

/** Prometheus drops all samples of a scrape that has more than the limit. */
const TOO_MANY = /sample limit exceeded|label_limit|sample_limit/;

function healthOf(targets: readonly ActiveTarget[]): Finding[] {
  const down = targets.filter(({ health }) => health === "down");
  const tooMany = down.filter(({ lastError }) => TOO_MANY.test(lastError));
  const others = down.filter((target) => !tooMany.includes(target));
  return [
    ...tooMany.slice(0, 1).map(({ scrapeUrl, lastError }) =>
      wrong("series limit", {
        found: `${tooMany.length} of ${targets.length} targets are refused: ${scrapeUrl}: ${lastError}`,
        allowed: "a scrape with no more samples than sampleLimit of the ServiceMonitor",
        fix: "find the label with many values, such as an address with ids, and give it one value for each route; docs/conventions.md has the setting of each library",
      }),
    ),
    ...others.slice(0, 1).map(({ scrapeUrl, lastError }) =>
      wrong("targets", {
        found: `${others.length} of ${targets.length} targets are down: ${scrapeUrl}: ${lastError}`,
        allowed: "targets that answer",
        fix: "ask the address from inside the cluster: the port, the path, a network policy or the program itself is wrong",
      }),
    ),
    ...(down.length === 0 ? [ok("targets", `${targets.length} of ${targets.length} are up`)] : []),
  ];
}

function intervalOf(
  targets: readonly ActiveTarget[],
  assumed: ServiceMonitoringArgs["scrapeInterval"],
): Finding {
  const others = [...new Set(targets.map(({ scrapeInterval }) => scrapeInterval))].filter(
    (interval) => seconds(interval) !== seconds(assumed),
  );
  if (others.length === 0) return ok("scrape interval", assumed);
  return wrong("scrape interval", {
    found: others.join(", "),
    allowed: `${assumed}, which the rules of the service are written for`,
    fix: "remove the other monitor that scrapes the service, or set prometheus.scrapeInterval of the environment",
  });
}
