import { joinPath, shown } from "../core/problems.ts";

/** Something that stands in what was read and has no place in what was made of it. */
export interface Loss {
  readonly kind: LossKind;
  /** Dotted path from the file's name, such as `shop.yaml.slos[0].alerting.name`. */
  readonly path: string;
  /** What stands there, fit for print: cut at 80 characters, and never what may be a secret. */
  readonly value: string;
  /** Why it cannot be carried over, as a sentence without its full stop. */
  readonly reason: string;
  /** What to do instead, as an imperative sentence without its full stop. */
  readonly instead: string;
}

/**
 * Everything that is ever lost, with why and what to do. The tables of docs/how-to/move-from-sloth-or-openslo.md are made of
 * this; a test holds them in step.
 */
export const LOSSES = {
  "unknown-field": {
    what: "a field that the format does not know",
    reason: "the format has no such field, so nobody can say what it means",
    instead: "correct its name, or remove it",
  },
  label: {
    what: "a label other than `team` or `owner`",
    reason: "every record and alert carries service, slo and team, and no label more",
    instead: "leave it out; what tells clusters and environments apart are Prometheus' external labels",
  },
  annotation: {
    what: "an annotation of an object",
    reason: "a definition has no annotations",
    instead: "keep it where the service itself is described",
  },
  "display-name": {
    what: "a display name",
    reason: "services and objectives go by one name everywhere",
    instead: "put it into the description",
  },
  description: {
    what: "a description that finds no place",
    reason: "a service is described in one line of 5 to 200 characters, and an indicator by its objective",
    instead: "shorten it in the definition",
  },
  "name-changed": {
    what: "a name that is no DNS label, or is taken",
    reason: "names are 1 to 40 lower-case letters, digits and hyphens, and unique within a service",
    instead: "use the changed name from now on, in silences and dashboards too",
  },
  "second-owner": {
    what: "a second owner of one service",
    reason: "a service has one owner, and the first that was read is taken",
    instead: "split the service in two, or settle on one owner",
  },
  "alert-name": {
    what: "the name of an alert",
    reason: "the alerts are SLOErrorBudgetBurnFast and SLOErrorBudgetBurnSlow for every objective",
    instead: "tell objectives apart by the labels service and slo, in silences and dashboards too",
  },
  "alert-label": {
    what: "a label of an alert",
    reason: "alerts carry severity, service, slo and team, which is what routes go by",
    instead: "route by team and severity in alertmanager.teams of the environment",
  },
  "alert-annotation": {
    what: "an annotation of an alert",
    reason: "summary, description and runbook_url are made from the objective",
    instead: "move what people need to know to the runbook",
  },
  "alert-disabled": {
    what: "an alert that is switched off",
    reason: "every objective has its page and its ticket",
    instead: "route this severity of the team to where it disturbs nobody",
  },
  "rule-interval": {
    what: "an evaluation interval of rules",
    reason: "rules are evaluated as often as the environment scrapes",
    instead: "set prometheus.scrapeInterval of the environment",
  },
  plugin: {
    what: "an objective whose indicator is made by a plugin",
    reason: "what a plugin does is in its code and not in the file",
    instead: "write out the queries that it generates as sli.events, and import again",
  },
  query: {
    what: "an objective whose query cannot be read over a window",
    reason:
      "rules read a query over several windows; this one leaves no room for a window, is no PromQL, or counts in another way than its counterpart",
    instead:
      "write {{.window}} as the range of every selector that counts events, count all by rate or all by increase, and import again",
  },
  "grouped-series": {
    what: "a query whose series are kept apart (`sum by (…)`, or no aggregation at all)",
    reason:
      "an objective is one budget: should there be several series, counts are added up and shares are averaged",
    instead: "write one objective for each group that needs a budget of its own",
  },
  "fixed-range": {
    what: "a range of fixed length in a query",
    reason: "rules read several windows, so the range became that of the window",
    instead: "check that the query means the same over 5 minutes and over an hour",
  },
  objective: {
    what: "an objective of 100%, with over four decimals, or too low for its period",
    reason: "its budget would be nothing, or so large that no alert could ever fire",
    instead: "choose an objective from 93.06 to 99.9999 for 30 days, and import again",
  },
  "time-window": {
    what: "a rolling period other than 7, 28, 30 or 90 days",
    reason: "budgets are kept for 7d, 28d, 30d and 90d, and the nearest was taken",
    instead: "check that the objective is still what was promised over the new period",
  },
  "calendar-window": {
    what: "a period of the calendar other than a month in UTC",
    reason: "of the calendar there are months in UTC alone, so the nearest rolling period was taken",
    instead: "report by the calendar from slo:sli_errors and slo:sli_total",
  },
  "budgeting-method": {
    what: "a budget of time slices",
    reason: "budgets are counted in events, and a share of slices is no share of events",
    instead: "decide what share of events must go well, and set that as the objective",
  },
  "threshold-metric": {
    what: "an objective for a value (`thresholdMetric`)",
    reason: "a value above a threshold is no count of events",
    instead: "count the events within the threshold, such as a histogram's bucket, and import a ratioMetric",
  },
  composite: {
    what: "an objective made of several indicators",
    reason: "an objective is measured by one signal",
    instead: "write one objective for each indicator",
  },
  "foreign-source": {
    what: "an objective or a data source that is not Prometheus'",
    reason: "every rule is evaluated by Prometheus",
    instead: "export the metric to Prometheus and write the query in PromQL",
  },
  "source-field": {
    what: "a field of a source beside its query",
    reason: "the environment's own Prometheus is the only source, and it takes a query and nothing else",
    instead: "leave it out",
  },
  connection: {
    what: "how a data source is reached",
    reason: "rules run in the environment's own Prometheus, so nothing connects to a data source",
    instead: "leave it out, and revoke the credentials if nothing else uses them",
  },
  "alert-policy": {
    what: "an alert policy",
    reason:
      "each objective has its two burn-rate alerts and one for missing data, with windows that follow its period",
    instead: "compare its condition with the windows in docs/how-to/add-a-service.md",
  },
  "alert-condition": {
    what: "an alert condition",
    reason: "the alerts' windows and factors follow from the objective and its period",
    instead: "compare it with the windows in docs/how-to/add-a-service.md",
  },
  "notification-target": {
    what: "a notification target",
    reason: "who is notified is the environment's data and not the service's",
    instead: "give the team its receivers in alertmanager.teams of the environment",
  },
  "unused-indicator": {
    what: "an indicator that no objective refers to",
    reason: "only objectives become rules",
    instead: "remove it, or give the file of the SLO that uses it as well",
  },
  scraping: {
    what: "`http`, `grpc`, `worker`, `batch` and `probe`: how the service is scraped or probed",
    reason: "the format holds objectives and no scraping; the queries are written out",
    instead: "keep the monitor of the service apart",
  },
  environments: {
    what: "what differs in an environment",
    reason: "a file of the format holds for one environment",
    instead: "export once for each environment, with --environment",
  },
  placement: {
    what: "`namespace` and `tier`",
    reason: "the format has no field for where a service runs and how much it matters",
    instead: "give --namespace and --tier when it is imported again",
  },
  "service-description": {
    what: "the description of the service",
    reason: "the format describes objectives and not the service",
    instead: "keep it where the service itself is described",
  },
  "error-floor": {
    what: "`minimumErrors`: errors below which nobody is told",
    reason: "the format's alerts have no floor: at low traffic a single error may page",
    instead: "expect more alerts of services with little traffic",
  },
  examples: {
    what: "`examples`: the series that prove the alerts",
    reason: "the format has no tests",
    instead: "keep the definition, or the cases in out/<environment>/prometheus/tests",
  },
  unit: {
    what: "`unit`: what is counted",
    reason: "the format does not say what is counted",
    instead: "say it in the description of the objective",
  },
  period: {
    what: "`period` other than 30d",
    reason: "the period is an option of sloth generate and not part of its file",
    instead: "give sloth generate --default-slo-period",
  },
} as const satisfies Readonly<Record<string, { what: string; reason: string; instead: string }>>;

export type LossKind = keyof typeof LOSSES;

export type Path = readonly (string | number)[];

/**
 * The book of one document: what of it was carried over and what was lost. Whatever nobody entered is lost too, so nothing
 * is ever dropped without being named.
 */
export class Ledger {
  readonly root: string;
  private readonly document: unknown;
  private readonly entered = new Set<string>();
  private readonly found = new Map<string, { readonly at: Path; readonly loss: Loss }>();

  constructor(root: string, document: unknown) {
    this.root = root;
    this.document = document;
  }

  /** What stands at these paths, and all below, has its place in the result. */
  carried(...paths: readonly Path[]): void {
    for (const path of paths) this.entered.add(keyOf(path));
  }

  /** What stands at these paths, and all below, goes with something that is named as lost already. */
  covered(...paths: readonly Path[]): void {
    this.carried(...paths);
  }

  /** What stands at a path, and all below, has no place in the result. A `value` stands in for one not to be shown. */
  lost(path: Path, kind: LossKind, value = shown(at(this.document, path))): void {
    this.entered.add(keyOf(path));
    const loss = { kind, path: joinPath(this.root, path), value, ...told(kind) };
    // Two objectives may refer to one indicator: what is lost of it is lost once.
    const key = `${kind} ${loss.path}`;
    if (!this.found.has(key)) this.found.set(key, { at: path, loss });
  }

  /** Enters each value of a map as lost, except for those that were entered before. */
  lostEach(path: Path, kind: LossKind): void {
    const map = at(this.document, path);
    if (map === null || typeof map !== "object") return;
    for (const name of Object.keys(map)) {
      const entry = [...path, name];
      if (!this.entered.has(keyOf(entry))) this.lost(entry, kind);
    }
  }

  /** Every loss in the order of the document, with what nobody entered as a field that is not known. */
  losses(): readonly Loss[] {
    const all = leaves(this.document, []);
    for (const path of all) if (!this.isEntered(path)) this.lost(path, "unknown-field");
    const places = new Map<string, number>();
    for (const [index, path] of all.entries())
      for (const key of keysAlong(path)) if (!places.has(key)) places.set(key, index);
    // A default stands nowhere in the document: what is lost of it comes last.
    const place = (lost: Path) => places.get(keyOf(lost)) ?? all.length;
    return [...this.found.values()]
      .map(({ at: path, loss }) => ({ loss, place: place(path) }))
      .sort((a, b) => a.place - b.place)
      .map(({ loss }) => loss);
  }

  /** Whether what stands at a path is named, by itself or with what it is a part of. */
  isEntered(path: Path): boolean {
    return keysAlong(path).some((key) => this.entered.has(key));
  }
}

function told(kind: LossKind): Pick<Loss, "reason" | "instead"> {
  const { reason, instead } = LOSSES[kind];
  return { reason, instead };
}

/** A path as one text. No name in a document holds the character that separates them. */
function keyOf(path: Path): string {
  return path.reduce<string>((key, segment) => `${key}\0${segment}`, "");
}

/** The keys of a path and of all that it is a part of, the whole document first. */
function keysAlong(path: Path): readonly string[] {
  const keys = [""];
  for (const segment of path) keys.push(`${keys.at(-1)}\0${segment}`);
  return keys;
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, segment) =>
      inner !== null && typeof inner === "object"
        ? (inner as Record<string | number, unknown>)[segment]
        : undefined,
    value,
  );
}

/** The paths of all values that hold no others. An empty map or list holds nothing that could be lost. */
function leaves(value: unknown, path: Path): Path[] {
  if (value === null || value === undefined) return [];
  if (typeof value !== "object") return [path];
  return Object.entries(value).flatMap(([key, inner]) =>
    leaves(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}
