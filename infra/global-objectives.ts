import { runsIn, type Service, slosOf } from "../components/service/model.ts";
import { globalRuleGroup } from "../components/slo/global.ts";
import { AMP_LIMITS } from "../components/stored-rules/limits.ts";
import { type LocalGroup, renderStoredFiles } from "../components/stored-rules/render.ts";
import type { Environment } from "../stacks/environment.ts";
import { grafanaAddress } from "./args.ts";

/**
 * The rule file of the objectives that this environment judges over several, for the store that all of them send to; undefined where it
 * judges none. Groups have at most 20 rules, which is Mimir's default as it is AMP's quota.
 */
export function globalRuleFile(environment: Environment, services: readonly Service[]): string | undefined {
  const { alerts, prometheus } = environment;
  const { global, scrapeInterval } = prometheus;
  if (global === undefined) return undefined;
  const { name } = global;
  const links = { runbookBaseUrl: alerts.runbookBaseUrl, ...grafanaAddress(environment) };
  const groups = services
    .filter((service) => global.services.includes(service.name))
    .flatMap((service) => {
      const environments = global.environments.filter((each) => runsIn(service, each));
      return slosOf(service, environments[0]).map((slo) =>
        globalRuleGroup(slo, { name, environments }, scrapeInterval, links),
      );
    });
  const origin = { cluster: name, environment: name };
  const { rulesInGroup } = AMP_LIMITS;
  const files = renderStoredFiles(
    { [name]: groups as readonly LocalGroup[] },
    { origin, scrapeInterval, rulesInGroup },
  );
  return files[name]?.text;
}
