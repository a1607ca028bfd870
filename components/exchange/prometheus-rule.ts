import { type Duration, duration, seconds } from "../core/duration.ts";
import { type Validated, validate } from "../core/validation.ts";
import { isAlertName, isQuery, type OwnAlertDraft } from "../service/model.ts";
import { type Drafts, draftOfObject, type ServiceDraft, takeOwner } from "./drafts.ts";
import { Ledger, type Path } from "./ledger.ts";
import type { Loss } from "./losses.ts";
import { type FileRule, PROMETHEUS_RULE_VERSION, prometheusRuleFile } from "./prometheus-rule-file.ts";

/** The labels that name the service; without one, the object itself does. */
const SERVICE_LABELS = ["service", "app.kubernetes.io/name", "app"];

/** Labels that say which Prometheus takes the rules, and nothing of the rules. */
const SELECTING_LABELS = ["prometheus", "role", "prometheus.io/operator", "release"];

/** Whether a document is a PrometheusRule, by its version and its kind. */
export function isPrometheusRule(document: unknown): boolean {
  const { apiVersion, kind } = (document ?? {}) as { apiVersion?: unknown; kind?: unknown };
  return apiVersion === PROMETHEUS_RULE_VERSION && kind === "PrometheusRule";
}

/** Reads the alerts of one PrometheusRule into the drafts, and tells what of it was lost. */
export function readPrometheusRule(
  document: unknown,
  root: string,
  drafts: Drafts,
): Validated<readonly Loss[]> {
  const shape = validate(prometheusRuleFile, document, root);
  if (!shape.ok) return shape;
  const { metadata, spec } = shape.value;
  const ledger = new Ledger(root, document);
  ledger.carried(["apiVersion"], ["kind"], ["metadata", "namespace"]);
  const labels = metadata.labels ?? {};
  const draft = draftOfObject(metadata, SERVICE_LABELS, drafts, ledger);
  if (draft === undefined) return { ok: true, value: ledger.losses() };
  ledger.carried(["metadata", "name"]);
  takeOwner(draft, labels, ["metadata", "labels"], ledger);
  ledger.carried(...SELECTING_LABELS.map((name) => ["metadata", "labels", name]));
  ledger.lostEach(["metadata", "labels"], "label");
  ledger.lostEach(["metadata", "annotations"], "annotation");
  for (const [index, { interval, labels: ofGroup, rules }] of spec.groups.entries()) {
    const at = ["spec", "groups", index];
    ledger.carried([...at, "name"]);
    if (interval) ledger.lost([...at, "interval"], "rule-interval");
    for (const field of ["limit", "query_offset", "partial_response_strategy"])
      if (spec.groups[index]?.[field] !== undefined) ledger.lost([...at, field], "group-setting");
    // They are entered where the rules that have them are read.
    ledger.covered([...at, "labels"]);
    for (const [number, rule] of (rules ?? []).entries())
      readRule(rule, ofGroup ?? {}, [...at, "rules", number], draft, ledger);
  }
  return { ok: true, value: ledger.losses() };
}

function readRule(
  rule: FileRule,
  ofGroup: Readonly<Record<string, string>>,
  path: Path,
  draft: ServiceDraft,
  ledger: Ledger,
): void {
  const { alert, record } = rule;
  const expr = String(rule.expr).trim();
  if (alert === undefined) {
    ledger.covered(path);
    ledger.lost([...path, "record"], "recording-rule", JSON.stringify(record ?? ""));
    return;
  }
  if (!isQuery(expr)) {
    ledger.covered(path);
    ledger.lost([...path, "expr"], "alert-query");
    return;
  }
  ledger.carried([...path, "expr"], [...path, "alert"], [...path, "for"], [...path, "keep_firing_for"]);
  const labels = { ...ofGroup, ...rule.labels };
  const fixed = Object.entries(labels).filter(([, value]) => !value.includes("{{"));
  takeOwner(draft, Object.fromEntries(fixed), [...path, "labels"], ledger);
  const severity = severityOf(labels, path, ledger);
  const name = nameOf(alert, severity, draft, path, ledger);
  draft.alerts.set(name, {
    expr,
    for: held(rule.for, "for", path, ledger) ?? "0s",
    ...optional("keepFiringFor", held(rule.keep_firing_for, "keep_firing_for", path, ledger)),
    severity,
    ...textsOf(name, rule, path, ledger),
    ...optional("labels", labelsOf(labels, draft, path, ledger)),
  });
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  return (value === undefined ? {} : { [key]: value }) as { [K in Key]?: Value };
}

/** What others call the severities of ours. */
const SEVERITIES: Readonly<Record<string, OwnAlertDraft["severity"]>> = {
  critical: "critical",
  page: "critical",
  warning: "warning",
  ticket: "warning",
  info: "info",
};

function severityOf(
  { severity = "" }: Readonly<Record<string, string>>,
  path: Path,
  ledger: Ledger,
): OwnAlertDraft["severity"] {
  const at = [...path, "labels", "severity"];
  const known = Object.hasOwn(SEVERITIES, severity) ? SEVERITIES[severity] : undefined;
  if (known === severity) ledger.carried(at);
  else ledger.lost(at, "alert-severity", `${JSON.stringify(severity)}, now ${known ?? "warning"}`);
  return known ?? "warning";
}

/** The name where it may be one; with the severity behind it where it is taken, with the service in front where the platform has it. */
function nameOf(alert: string, severity: string, draft: ServiceDraft, path: Path, ledger: Ledger): string {
  const words = (text: string) =>
    text
      .split(/[^A-Za-z0-9]+/)
      .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
      .join("");
  const plain = words(alert).replace(/^[^A-Z]+/, "");
  const own = isAlertName(plain) ? plain : `${words(draft.name)}${plain}`;
  const candidates = [own, `${own}${words(severity)}`];
  for (let number = 2; number < 100; number++) candidates.push(`${own}${number}`);
  const name = candidates.find((candidate) => !draft.alerts.has(candidate)) ?? own;
  if (name !== alert)
    ledger.lost([...path, "alert"], "own-alert-name", `${JSON.stringify(alert)}, now ${name}`);
  return name;
}

const LONGEST = "2d";

function held(
  text: string | null | undefined,
  field: "for" | "keep_firing_for",
  path: Path,
  ledger: Ledger,
): Duration | undefined {
  if (!text || !/[1-9]/.test(text)) return undefined;
  if (seconds(text) <= seconds(LONGEST)) return duration(seconds(text));
  ledger.lost([...path, field], "alert-held", `${JSON.stringify(text)}, now ${LONGEST}`);
  return LONGEST;
}

const SUMMARY = 200;
const DESCRIPTION = 1000;

function textsOf(
  name: string,
  { annotations }: FileRule,
  path: Path,
  ledger: Ledger,
): Pick<OwnAlertDraft, "summary" | "description" | "runbook"> {
  const at = (field: string) => [...path, "annotations", field];
  const texts = annotations ?? {};
  const first = ["summary", "description", "message"].find((field) => oneLine(texts[field]) !== "");
  const second = ["description", "message"].find((field) => field !== first && oneLine(texts[field]) !== "");
  const cut = (field: string, most: number) => {
    const line = oneLine(texts[field]);
    ledger.carried(at(field));
    if (line.length <= most) return line;
    ledger.lost(at(field), "alert-text");
    return `${line.slice(0, most - 1).trimEnd()}…`;
  };
  const said = first === undefined ? "" : cut(first, SUMMARY - 2 - name.length);
  const summary = said.length >= 10 ? said : `${name}: ${said || "the condition is true"}`;
  const described = second === undefined ? "" : cut(second, DESCRIPTION);
  const { runbook_url: runbook } = texts;
  const hasRunbook =
    runbook !== undefined && /^https:\/\/[^\s/@?#{}]+(?:\/[^\s?#{}]*[^\s/?#{}])?$/.test(runbook);
  if (hasRunbook) ledger.carried(at("runbook_url"));
  ledger.lostEach([...path, "annotations"], "own-alert-annotation");
  return {
    summary,
    ...(described.length >= 10 ? { description: described } : {}),
    ...(hasRunbook ? { runbook } : {}),
  };
}

function oneLine(text: string | undefined): string {
  return (text ?? "").replaceAll(/\s+/g, " ").trim();
}

/** What the definition sets, and what names the owner. */
const SET = ["severity", "service", "team", "owner"];
const RESERVED = ["alertname", "slo"];

function labelsOf(
  labels: Readonly<Record<string, string>>,
  draft: ServiceDraft,
  path: Path,
  ledger: Ledger,
): Readonly<Record<string, string>> | undefined {
  const kept: Record<string, string> = {};
  for (const [label, value] of Object.entries(labels)) {
    const at = [...path, "labels", label];
    if (value.includes("{{")) ledger.lost(at, "own-alert-label");
    else if (label === "service" && value !== draft.name) ledger.lost(at, "own-alert-label");
    else if (SET.includes(label)) ledger.carried(at);
    else if (RESERVED.includes(label) || !/^[^\n{}]{1,200}$/.test(value)) ledger.lost(at, "own-alert-label");
    else {
      ledger.carried(at);
      kept[label] = value;
    }
  }
  return Object.keys(kept).length > 0 ? kept : undefined;
}
