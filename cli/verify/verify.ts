import type { ServiceMonitoringArgs } from "../../components/service/arguments.ts";
import { slosOf } from "../../components/service/model.ts";
import { ruleGroupsOf } from "../../components/service/rule-groups.ts";
import { DEFAULT_NAMESPACES } from "../../components/workloads/model.ts";
import type { Finding } from "../doctor/finding.ts";
import type { Prometheus } from "./prometheus.ts";
import { ruleFindings, storedRuleFindings } from "./rules.ts";
import { scrapingFindings } from "./scraping.ts";
import { dataFindings, dataUnchecked, signalFindings } from "./signals.ts";

/** What was found of a service. */
export interface Verified {
  readonly service: string;
  readonly findings: readonly Finding[];
}

/** Holds each service against what a running Prometheus scrapes, stores and evaluates. Changes nothing. */
export async function verify(
  services: readonly ServiceMonitoringArgs[],
  prometheus: Prometheus,
): Promise<readonly Verified[]> {
  const [targets, groups] = await Promise.all([prometheus.targets(), prometheus.groups()]);
  const verified: Verified[] = [];
  for (const args of services) {
    const { service, environment, namespace = DEFAULT_NAMESPACES.monitoring } = args;
    const scraping = scrapingFindings(args, targets);
    const isDown = scraping.some(({ check, state }) => state === "wrong" && check !== "scrape interval");
    // What cannot be scraped has no series, which is said already.
    const signals = isDown ? [] : await signalFindings(args, prometheus);
    const rendered = ruleGroupsOf(service, args);
    const inStore = args.rules === "store";
    const rules = inStore
      ? storedRuleFindings(rendered, groups)
      : await ruleFindings(rendered, groups, prometheus, namespace);
    const findings = [...scraping, ...signals, ...rules];
    const isWrong = findings.some(({ state }) => state === "wrong");
    const names = slosOf(service, environment).map(({ name }) => name);
    const data =
      isWrong || inStore
        ? dataUnchecked(isWrong ? "something before it is wrong" : "the long-term storage has the records")
        : await dataFindings(names, service.name, prometheus);
    verified.push({ service: service.name, findings: [...findings, ...data] });
  }
  return verified;
}
