import type { Duration } from "../../core/duration.ts";
import type { AlertingRule, RecordingRule, RuleGroup } from "../../core/rules.ts";
import { dashboardUid } from "../../signals/panels.ts";
import type { RunbookLinks } from "../../slo/annotations.ts";
import type { Service } from "../definition.ts";
import { ruleFileGroupName } from "../names.ts";
import { UNPROVEN } from "../own-alerts/rules.ts";
import type { RuleFileContent, TeamRule } from "./definition.ts";

/** The rule files of a service that were read. */
function ruleFilesOf({ rules }: Pick<Service, "rules">): readonly RuleFileContent[] {
  return rules.flatMap((file) => (typeof file === "string" ? [] : [file]));
}

/**
 * The groups of a team's rule files. Rules are as they were written; an alert has the labels of its routes, the links that it lacks and,
 * because nothing tests it, the mark of unproven alerts.
 */
export function ruleFileGroups(
  service: Service,
  scrapeInterval: Duration,
  links: RunbookLinks,
): readonly RuleGroup[] {
  return ruleFilesOf(service).flatMap(({ file, groups }) =>
    groups.map(({ name, interval = scrapeInterval, limit, query_offset, labels = {}, rules }) => ({
      name: ruleFileGroupName(service, file, name),
      interval,
      ...(limit === undefined ? {} : { limit }),
      ...(query_offset === undefined ? {} : { query_offset }),
      rules: rules.map((rule) => ruleIn(service, { ...rule, labels: { ...labels, ...rule.labels } }, links)),
    })),
  );
}

function ruleIn(
  service: Service,
  rule: TeamRule & { readonly labels: Readonly<Record<string, string>> },
  links: RunbookLinks,
): AlertingRule | RecordingRule {
  const { alert, record = "", expr, labels, for: held = "0s", keep_firing_for: kept = "0s" } = rule;
  if (alert === undefined) return { record, expr, labels };
  return {
    alert,
    expr,
    // A duration of nothing is left out: Prometheus would drop it from what it reports, too.
    ...(/[1-9]/.test(held) ? { for: held } : {}),
    ...(/[1-9]/.test(kept) ? { keep_firing_for: kept } : {}),
    labels: { ...labels, service: service.name, team: service.owner },
    annotations: annotationsOf(service, alert, rule, links),
  };
}

function annotationsOf(
  { name }: Service,
  alert: string,
  { annotations = {} }: TeamRule,
  { runbookBaseUrl, grafana }: RunbookLinks,
): Readonly<Record<string, string>> {
  const { summary = summaryOf(annotations) ?? "", description } = annotations;
  return {
    runbook_url: `${runbookBaseUrl}/${alert}.md`,
    ...(grafana
      ? { dashboard_url: `${grafana.url}/d/${dashboardUid({ service: name }, grafana.environment)}` }
      : {}),
    ...annotations,
    summary: `${summary}${UNPROVEN.mark}`,
    description: `${description ?? `${summary.replace(/\.$/, "")}.`}${UNPROVEN.sentence}`,
    ...UNPROVEN.annotation,
  };
}

/** What says in one line what is wrong: kubernetes-mixin and others have only a description or a message. */
export function summaryOf({
  summary,
  description,
  message,
}: Readonly<Record<string, string>> = {}): string | undefined {
  return [summary, description, message].find((text) => text !== undefined && text.trim() !== "");
}
