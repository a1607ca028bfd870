import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DURATION_PATTERN, type Duration, seconds } from "../components/core/duration.ts";
import { InvalidInputError, type Problem, shown } from "../components/core/problems.ts";
import type { RuleGroup } from "../components/core/rules.ts";
import { RUNBOOKS } from "../components/core/runbooks.ts";
import type { Service } from "../components/service/model.ts";
import { ruleGroupsOf } from "../components/service/rule-groups.ts";
import type { GrafanaAddress } from "../components/signals/panels.ts";
import { ruleFile } from "../components/slo/rule-file.ts";
import type { Outcome } from "./command-line/outcome.ts";
import { type ImportFlags, lossReport, readFiles } from "./exchange.ts";
import { writing } from "./writing.ts";

/** What the command line says of the rules. */
export interface RulesFlags extends ImportFlags {
  /** How often Prometheus scrapes, and evaluates the rules. Default: 30s. */
  readonly "scrape-interval"?: string;
  /** Where runbooks are served, without the slash at the end. Default: those of Bellwether. */
  readonly runbooks?: string;
  /** A folder for one file an objective, named as the platform names it. Default: everything goes to standard output. */
  readonly out?: string;
}

/** What the rules of services are made of beside the services. */
export interface RulesContext {
  /** Undefined: the objectives where the services say nothing else. */
  readonly environment?: string;
  readonly scrapeInterval: Duration;
  readonly runbookBaseUrl: string;
  /** Where the dashboards are. Default: alerts link to none. */
  readonly grafana?: GrafanaAddress;
}

const DEFAULT_SCRAPE_INTERVAL: Duration = "30s";

/** The rules of the objectives in files of Sloth, Pyrra or OpenSLO. Throws an InvalidInputError with every mistake. */
export function rulesOfFiles(paths: readonly string[], flags: RulesFlags): Outcome {
  const { "scrape-interval": interval, runbooks, out, ...options } = flags;
  const problems = [...intervalProblems(interval), ...runbooksProblems(runbooks)];
  if (problems.length > 0) throw new InvalidInputError("rules", problems);
  // Rules say nothing of where a service runs.
  const { services, losses } = readFiles("rules", paths, { namespace: "default", ...options });
  const context = {
    scrapeInterval: (interval ?? DEFAULT_SCRAPE_INTERVAL) as Duration,
    runbookBaseUrl: runbooks ?? RUNBOOKS,
  };
  return { text: writeRules(services, context, out), report: lossReport(losses) };
}

/** The rules of services, as a text, or in files of a folder: then the text is empty. */
export function writeRules(services: readonly Service[], context: RulesContext, out?: string): string {
  if (out === undefined) return ruleFile(groupsOf(services, context));
  writing(out, () => mkdirSync(out, { recursive: true }));
  for (const service of services)
    for (const group of ruleGroupsOf(service, context)) {
      const file = join(out, `${group.name}.yaml`);
      writing(file, () => writeFileSync(file, ruleFile([group])));
    }
  return "";
}

function* groupsOf(services: readonly Service[], context: RulesContext): Iterable<RuleGroup> {
  for (const service of services) yield* ruleGroupsOf(service, context);
}

function intervalProblems(interval: string | undefined): readonly Problem[] {
  if (interval === undefined) return [];
  const length = DURATION_PATTERN.test(interval) ? seconds(interval) : Number.NaN;
  // Shorter, and a few seconds of a scrape would be too much of it; longer, and a window of five minutes has no two steps.
  if (length >= 1 && length <= 120) return [];
  return [
    {
      path: "--scrape-interval",
      found: shown(interval),
      allowed: "a duration from 1s to 2m",
      fix: `write how often Prometheus scrapes, such as ${DEFAULT_SCRAPE_INTERVAL}`,
    },
  ];
}

function runbooksProblems(runbooks: string | undefined): readonly Problem[] {
  if (runbooks === undefined || /^https?:\/\/[^\s?#]*[^\s?#/]$/.test(runbooks)) return [];
  return [
    {
      path: "--runbooks",
      found: shown(runbooks),
      allowed: "a URL without a slash at its end, to which /<Alert>.md is added",
      fix: "write the URL of your runbooks",
    },
  ];
}
