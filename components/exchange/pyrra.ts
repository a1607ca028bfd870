import type { Problem } from "../core/problems.ts";
import { type Validated, validate } from "../core/validation.ts";
import { type CustomEvents, queriesOf } from "../signals/custom.ts";
import { WINDOW } from "../signals/windowed-query.ts";
import { addObjective, type Drafts, draftOfObject, takeOwner } from "./drafts.ts";
import { Ledger, type Path } from "./ledger.ts";
import type { Loss } from "./losses.ts";
import { PYRRA_VERSION, type PyrraFile, pyrraFile } from "./pyrra-file.ts";
import { isReadable } from "./queries.ts";
import { bareSelector } from "./query-shape.ts";
import { nearestPeriod } from "./time-window.ts";

/** Pyrra hands on the labels with this prefix to its rules and alerts. */
const PREFIX = "pyrra.dev/";

/** The labels that name the service; without one, each objective is a service of its own. */
const SERVICE_LABELS = [`${PREFIX}service`, "service", "app.kubernetes.io/name", "app"];

/** Labels that say which Prometheus takes the objective, and nothing of the objective. */
const SELECTING_LABELS = ["prometheus", "role", "prometheus.io/operator", "release"];

const KINDS = ["ratio", "latency", "latencyNative", "bool_gauge"] as const;

/** Whether a document is Pyrra's, by its version. */
export function isPyrra(document: unknown): boolean {
  return (document as { apiVersion?: unknown } | null)?.apiVersion === PYRRA_VERSION;
}

/** Reads one document of Pyrra into the drafts, and tells what of it was lost. */
export function readPyrra(document: unknown, root: string, drafts: Drafts): Validated<readonly Loss[]> {
  const shape = validate(pyrraFile, document, root);
  if (!shape.ok) return shape;
  const { metadata, spec } = shape.value;
  const problems = indicatorProblems(spec.indicator, `${root}.spec.indicator`);
  if (problems.length > 0) return { ok: false, problems };

  const ledger = new Ledger(root, document);
  ledger.carried(["apiVersion"], ["kind"], ["metadata", "namespace"]);
  // What Pyrra itself writes.
  ledger.covered(["status"]);
  const labels = metadata.labels ?? {};
  const draft = draftOfObject(metadata, SERVICE_LABELS, drafts, ledger);
  if (draft === undefined) return { ok: true, value: ledger.losses() };
  readLabels(labels, draft, ledger);
  ledger.lostEach(["metadata", "annotations"], "annotation");
  readAlerting(spec, ledger);

  const events = readEvents(spec.indicator, ledger);
  if (events === undefined) ledger.covered([]);
  else {
    const { period, isExact } = nearestPeriod(
      spec.window.replace(/^(\d+)y$/, (_, years) => `${Number(years)}Y`),
    );
    if (isExact) ledger.carried(["spec", "window"]);
    else ledger.lost(["spec", "window"], "time-window");
    ledger.carried(["spec", "target"], ["spec", "description"]);
    const description = spec.description?.trim();
    addObjective(
      draft,
      {
        percent: spec.target.replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, ""),
        period,
        ...(description && { description }),
        ...events,
      },
      { text: metadata.name, namePath: ["metadata", "name"], percentPath: ["spec", "target"], whole: [] },
      ledger,
    );
  }
  return { ok: true, value: ledger.losses() };
}

function indicatorProblems(indicator: PyrraFile["spec"]["indicator"], path: string): readonly Problem[] {
  const kinds = KINDS.filter((kind) => indicator[kind] !== undefined);
  if (kinds.length === 1) return [];
  return [
    {
      path,
      found: kinds.length === 0 ? "no indicator" : kinds.join(" and "),
      allowed: `exactly one of ${KINDS.join(", ")}`,
      fix: kinds.length === 0 ? "add ratio with its errors and total" : "keep one of them",
    },
  ];
}

function readLabels(
  labels: Readonly<Record<string, string>>,
  draft: Parameters<typeof takeOwner>[0],
  ledger: Ledger,
): void {
  const path = ["metadata", "labels"];
  takeOwner(draft, labels, path, ledger);
  const handedOn = ["team", "owner"].filter((name) => labels[PREFIX + name] !== undefined);
  takeOwner(
    draft,
    Object.fromEntries(handedOn.map((name) => [name, labels[PREFIX + name] ?? ""])),
    path,
    // The owner is entered under the label's whole name below.
    new Ledger(ledger.root, {}),
  );
  for (const name of handedOn)
    if (draft.owner === labels[PREFIX + name]) ledger.carried([...path, PREFIX + name]);
    else ledger.lost([...path, PREFIX + name], "second-owner");
  ledger.carried(...SELECTING_LABELS.map((name) => [...path, name]));
  ledger.lostEach(path, "label");
}

function readAlerting({ alerting }: PyrraFile["spec"], ledger: Ledger): void {
  const at = ["spec", "alerting"];
  if (alerting?.disabled === true) ledger.lost([...at, "disabled"], "alert-disabled");
  for (const kind of ["burnrates", "absent"] as const)
    if (alerting?.[kind] === false) ledger.lost([...at, kind], "alert-disabled");
  for (const name of ["name", "absentName"] as const)
    if (alerting?.[name]) ledger.lost([...at, name], "alert-name");
  ledger.carried(...["disabled", "burnrates", "absent", "name", "absentName"].map((name) => [...at, name]));
  ledger.covered(["spec", "partial_response_strategy"]);
}

/** The queries of an objective; without them the whole objective is lost, by the field that is at fault. */
function readEvents(indicator: PyrraFile["spec"]["indicator"], ledger: Ledger): CustomEvents | undefined {
  const at = ["spec", "indicator"];
  const { ratio, latency, latencyNative, bool_gauge: gauge } = indicator;
  if (latencyNative !== undefined) {
    ledger.lost([...at, "latencyNative"], "native-latency");
    return undefined;
  }
  const kind = ratio ? "ratio" : latency ? "latency" : "bool_gauge";
  const grouping = (ratio ?? latency ?? gauge)?.grouping ?? [];
  if (grouping.length > 0) ledger.lost([...at, kind, "grouping"], "grouped-series");
  else ledger.carried([...at, kind, "grouping"]);
  if (ratio) return counted(ratio.errors.metric, ratio.total.metric, "errors", [...at, "ratio"], ledger);
  if (latency)
    return counted(latency.success.metric, latency.total.metric, "success", [...at, "latency"], ledger);
  if (gauge === undefined) return undefined;
  const events = {
    good: `sum(sum_over_time(${gauge.metric.trim()}[${WINDOW}]))`,
    total: `sum(count_over_time(${gauge.metric.trim()}[${WINDOW}]))`,
  };
  return readable(events, [gauge.metric], [[...at, "bool_gauge", "metric"]], ledger);
}

function counted(
  part: string,
  total: string,
  field: "errors" | "success",
  at: Path,
  ledger: Ledger,
): CustomEvents | undefined {
  const rates = [part, total].map((each) => `sum(rate(${each.trim()}[${WINDOW}]))`) as [string, string];
  const events: CustomEvents =
    field === "errors" ? { errors: rates[0], total: rates[1] } : { good: rates[0], total: rates[1] };
  return readable(
    events,
    [part, total],
    [
      [...at, field, "metric"],
      [...at, "total", "metric"],
    ],
    ledger,
  );
}

/** The events, if every metric is a plain selector, as Pyrra asks of it. */
function readable(
  events: CustomEvents,
  metrics: readonly string[],
  paths: readonly Path[],
  ledger: Ledger,
): CustomEvents | undefined {
  const faulty = paths.filter((_, index) => bareSelector(metrics[index] ?? "") !== metrics[index]?.trim());
  for (const path of faulty) ledger.lost(path, "query");
  if (faulty.length === 0 && !isReadable(...queriesOf(events))) ledger.lost(paths[0] ?? [], "query");
  else if (faulty.length === 0) {
    ledger.carried(...paths);
    return events;
  }
  return undefined;
}
