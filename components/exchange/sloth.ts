import type { Problem } from "../core/problems.ts";
import { type Validated, validate } from "../core/validation.ts";
import { DEFAULT_UNIT, type Service, slosOf } from "../service/model.ts";
import { type CustomEvents, queriesOf } from "../signals/custom.ts";
import { DEFAULT_PERIOD, type Slo } from "../slo/model.ts";
import { addObjective, type Drafts, generatedDescription, takeOwner } from "./drafts.ts";
import { type Exported, exportLedger, loseExamples, losePaging, placeOfSlo } from "./exports.ts";
import { Ledger, type Path } from "./ledger.ts";
import type { Loss } from "./losses.ts";
import {
  errorsQuery,
  eventsOf,
  eventsOfCounts,
  eventsOfRatio,
  isGrouped,
  isReadable,
  percentFrom,
} from "./queries.ts";
import { SLOTH_VERSION, type SlothSlo, slothFile } from "./sloth-file.ts";

/** The severities that our alerts have anyway: a file that asks for them loses nothing. */
const OWN_SEVERITY = { page_alert: "critical", ticket_alert: "warning" } as const;

/** What an exported file calls its alerts. Imported again it is no loss. */
const ALERT_NAME = "SLOErrorBudgetBurn";

/** Whether a document is Sloth's, by the field that says so. */
export function isSloth(document: unknown): boolean {
  return (document as { version?: unknown } | null)?.version === SLOTH_VERSION;
}

/** Reads one document of Sloth into the drafts, and tells what of it was lost. */
export function readSloth(document: unknown, root: string, drafts: Drafts): Validated<readonly Loss[]> {
  const shape = validate(slothFile, document, root);
  if (!shape.ok) return shape;
  const file = shape.value;
  const problems = file.slos.flatMap((slo, index) => indicatorProblems(slo, `${root}.slos[${index}].sli`));
  if (problems.length > 0) return { ok: false, problems };

  const ledger = new Ledger(root, document);
  ledger.carried(["version"]);
  const draft = drafts.service(file.service, ["service"], ledger);
  if (draft === undefined) ledger.covered([]);
  else {
    takeOwner(draft, file.labels, ["labels"], ledger);
    ledger.lostEach(["labels"], "label");
    if (file["slo_plugins"] !== undefined) ledger.lost(["slo_plugins"], "slo-plugin");
    for (const [index, slo] of file.slos.entries()) {
      const path = ["slos", index];
      takeOwner(draft, slo.labels, [...path, "labels"], ledger);
      readAlerting(slo, draft.owner, path, ledger);
      ledger.lostEach([...path, "labels"], "label");
      ledger.lostEach([...path, "infoLabels"], "label");
      ledger.lostEach([...path, "interval"], "rule-interval");
      if (slo["plugins"] !== undefined) ledger.lost([...path, "plugins"], "slo-plugin");
      const events = readEvents(slo, path, ledger);
      if (events === undefined) continue;
      const percent = percentFrom(slo.objective);
      const percentPath = [...path, "objective"];
      if (percent === undefined) {
        ledger.lost(percentPath, "objective");
        ledger.covered(path);
        continue;
      }
      ledger.carried(percentPath, [...path, "description"]);
      const description = slo.description?.trim();
      addObjective(
        draft,
        { percent, ...(description && { description }), ...events },
        { text: slo.name, namePath: [...path, "name"], percentPath, whole: path },
        ledger,
      );
    }
  }
  return { ok: true, value: ledger.losses() };
}

/** Sloth takes exactly one kind of indicator. */
function indicatorProblems({ sli }: SlothSlo, path: string): readonly Problem[] {
  const kinds = (["events", "raw", "plugin"] as const).filter((kind) => sli[kind] !== undefined);
  if (kinds.length === 1) return [];
  return [
    {
      path,
      found: kinds.length === 0 ? "no indicator" : kinds.join(" and "),
      allowed: "exactly one of events, raw, plugin",
      fix: kinds.length === 0 ? "add events with its queries" : "keep one of them",
    },
  ];
}

/** The queries of an objective; without them the whole objective is lost, by the field that is at fault. */
function readEvents({ sli }: SlothSlo, path: Path, ledger: Ledger): CustomEvents | undefined {
  const at = [...path, "sli"];
  if (sli.plugin !== undefined) {
    ledger.lost([...at, "plugin"], "plugin");
    ledger.covered(path);
    return undefined;
  }
  const events = sli.raw
    ? eventsOfRatio(sli.raw.error_ratio_query)
    : eventsOfCounts(sli.events?.error_query ?? "", sli.events?.total_query ?? "");
  const kind = sli.raw ? "raw" : "events";
  const fields = sli.raw ? ["error_ratio_query"] : ["total_query", "error_query"];
  if (!isReadable(...queriesOf(events))) {
    const faulty = fields.filter((_, index) => !isReadable(queriesOf(events)[index] ?? ""));
    for (const field of faulty.length > 0 ? faulty : fields) ledger.lost([...at, kind, field], "query");
    ledger.covered(path);
    return undefined;
  }
  for (const [index, field] of fields.entries()) {
    const queries = sli.raw ? queriesOf(events) : [queriesOf(events)[index] ?? ""];
    if (queries.some(isGrouped)) ledger.lost([...at, kind, field], "grouped-series");
    else ledger.carried([...at, kind, field]);
  }
  return events;
}

function readAlerting({ alerting }: SlothSlo, owner: string | undefined, path: Path, ledger: Ledger): void {
  const at = [...path, "alerting"];
  if (alerting?.name === ALERT_NAME || alerting?.name === "") ledger.carried([...at, "name"]);
  else if (alerting?.name !== undefined) ledger.lost([...at, "name"], "alert-name");
  ledger.lostEach([...at, "annotations"], "alert-annotation");
  carryOwner(alerting?.labels, owner, [...at, "labels"], ledger);
  for (const kind of ["page_alert", "ticket_alert"] as const) {
    const alert = alerting?.[kind];
    const here = [...at, kind];
    if (alert?.["for"] !== undefined) ledger.lost([...here, "for"], "alert-duration");
    if (alert?.disable === true) ledger.lost([...here, "disable"], "alert-disabled");
    else ledger.carried([...here, "disable"]);
    if (alert?.labels?.["severity"] === OWN_SEVERITY[kind]) ledger.carried([...here, "labels", "severity"]);
    carryOwner(alert?.labels, owner, [...here, "labels"], ledger);
    ledger.lostEach([...here, "annotations"], "alert-annotation");
  }
}

/** A label that says what every alert says anyway is carried, and the others are lost. */
function carryOwner(
  labels: Readonly<Record<string, string>> | null | undefined,
  owner: string | undefined,
  path: Path,
  ledger: Ledger,
): void {
  if (owner !== undefined && labels?.["team"] === owner) ledger.carried([...path, "team"]);
  ledger.lostEach(path, "alert-label");
}

/** A service as a file of Sloth, as it is in an environment or where it says nothing else. */
export function writeSloth(service: Service, environment?: string): Exported {
  const ledger = exportLedger(service, environment);
  ledger.lost(["namespace"], "placement");
  ledger.lost(["tier"], "placement");
  if (service.description === generatedDescription(service.name, "Sloth")) ledger.carried(["description"]);
  else ledger.lost(["description"], "service-description");
  const slos = slosOf(service, environment);
  for (const slo of slos) {
    const place = placeOfSlo(service, slo.name, environment);
    loseExamples(service, place, environment, ledger);
    losePaging(place, slo, service, ledger);
    if (slo.minimumErrors > 0)
      ledger.lost([...place, "minimumErrors"], "error-floor", String(slo.minimumErrors));
    if (slo.signal.unit !== DEFAULT_UNIT && place.includes("custom")) ledger.lost([...place, "unit"], "unit");
    if (slo.period !== DEFAULT_PERIOD) ledger.lost([...place, "period"], "period");
  }
  const document = {
    version: SLOTH_VERSION,
    service: service.name,
    labels: { team: service.owner },
    slos: slos.map(sloForSloth),
  };
  return { documents: [document], losses: ledger.losses() };
}

function sloForSloth({ name, objective, signal }: Slo) {
  const events = eventsOf(signal);
  return {
    name,
    objective: Number(objective),
    ...(signal.description && { description: signal.description }),
    sli:
      "errorRatio" in events
        ? { raw: { error_ratio_query: events.errorRatio } }
        : { events: { error_query: errorsQuery(events), total_query: events.total } },
    alerting: {
      name: ALERT_NAME,
      page_alert: { labels: { severity: OWN_SEVERITY.page_alert } },
      ticket_alert: { labels: { severity: OWN_SEVERITY.ticket_alert } },
    },
  };
}
