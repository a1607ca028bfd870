import { joinPath, type Problem, shown } from "../core/problems.ts";
import type { Place } from "./definition-places.ts";
import { hasNoMonitor } from "./scrape.ts";
import { exportedBy } from "./scraping.ts";

// What a definition says of scraping must fit together, and must say where the metrics are.

/** Mistakes in where and how the metrics of a service are scraped. */
export function scrapeProblems(place: Place): readonly Problem[] {
  return [...portless(place), ...tlsProblems(place)];
}

const NAMED_PORT = "the name of a port of the Kubernetes Service";

function portless({ service, path, presets, saysScrape }: Place): Problem[] {
  const { scrape } = service;
  const exported = exportedBy(service);
  if (hasNoMonitor(scrape) || scrape?.port !== undefined || exported?.port !== undefined) return [];
  const nothing = { found: "nothing" };
  if (scrape !== undefined)
    return saysScrape || presets.length > 0
      ? [{ ...nothing, path: joinPath(path, ["scrape", "port"]), allowed: NAMED_PORT, fix: "add port" }]
      : [];
  const preset = presets.find((each) => service[each] === exported);
  if (exported === undefined || preset === undefined) return [];
  return [
    {
      ...nothing,
      path: joinPath(path, [preset, "port"]),
      allowed: `${NAMED_PORT}, unless scrape says where the metrics are`,
      fix: 'add port, scrape: "elsewhere" if something else scrapes the metrics, or scrape: "push" if the service pushes them by OTLP',
    },
  ];
}

function tlsProblems({ service: { scrape }, path, saysScrape }: Place): Problem[] {
  if (!saysScrape || scrape === undefined || hasNoMonitor(scrape)) return [];
  const { tlsConfig, scheme, auth } = scrape;
  if (tlsConfig === undefined) return [];
  const problems: Problem[] = [];
  if (scheme !== "https")
    problems.push({
      path: joinPath(path, ["scrape", "tlsConfig"]),
      found: `TLS settings beside scheme: ${scheme}`,
      allowed: "TLS settings with scheme: https only",
      fix: "add scheme: https, or remove tlsConfig",
    });
  if (tlsConfig.insecureSkipVerify && (auth !== undefined || tlsConfig.ca !== undefined))
    problems.push({
      path: joinPath(path, ["scrape", "tlsConfig", "insecureSkipVerify"]),
      found: `${shown(true)} beside ${auth === undefined ? "ca" : "auth"}`,
      allowed: "nothing, because anybody could answer in place of the target and receive the credentials",
      fix: "remove insecureSkipVerify, and set ca to the authority of the certificate",
    });
  return problems;
}
