import { seconds } from "../../components/core/duration.ts";
import type { ServiceMonitoringArgs } from "../../components/service/arguments.ts";
import { type Service, serviceIn, targetLabels } from "../../components/service/model.ts";
import {
  intervalOf as intervalOfService,
  type ScrapedEndpoint,
  scrapedEndpoint,
} from "../../components/service/scraping.ts";
import { type Finding, ok, wrong } from "../doctor/finding.ts";
import type { ActiveTarget } from "./prometheus.ts";

// Whether a service is scraped, as often as its rules assume.

/** What is wrong with the targets of a service; nothing for a service that exports no metrics itself. */
export function scrapingFindings(args: ServiceMonitoringArgs, all: readonly ActiveTarget[]): Finding[] {
  const service = serviceIn(args.service, args.environment);
  const scraped = scrapedEndpoint(service);
  if (scraped === undefined) return [];
  const wanted = Object.entries(targetLabels(service));
  const targets = all.filter(({ labels }) => wanted.every(([label, value]) => labels[label] === value));
  if (targets.length === 0) return [withoutTargets(service, scraped)];
  return [...healthOf(targets), intervalOf(targets, intervalOfService(service, args.scrapeInterval))];
}

function withoutTargets(service: Service, { port, kind, selector, namespace }: ScrapedEndpoint): Finding {
  const labels = Object.entries(selector ?? { "app.kubernetes.io/name": service.name })
    .map(([label, value]) => `${label}: ${value}`)
    .join(", ");
  const what = kind === "pod" ? "pods" : "Kubernetes Service";
  return wrong("targets", {
    found: `no target with ${Object.entries(targetLabels(service))
      .map(([label, value]) => `${label}="${value}"`)
      .join(" and ")}`,
    allowed: "one target for each pod",
    fix: `label the ${what} ${labels} in the namespace ${namespace ?? service.namespace}, and name the port ${port}`,
  });
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
