import { shown } from "../core/problems.ts";
import { DEFAULT_PERIOD } from "../slo/model.ts";
import type { Period } from "../slo/windows.ts";
import { type Catalogue, type Entry, readMetadata } from "./catalogue.ts";
import { addObjective, type Drafts, type ServiceDraft, takeOwner } from "./drafts.ts";
import { readIndicator } from "./indicator.ts";
import type { Ledger, Path } from "./ledger.ts";
import { ANNOTATIONS } from "./openslo-annotations.ts";
import type { OpenSloOf } from "./openslo-file.ts";
import { percentFrom, percentFromShare } from "./queries.ts";
import { nearestPeriod } from "./time-window.ts";

/** Adds the objectives of an SLO to the draft of its service. `used` and `read` collect the names of SLIs. */
export function readSlo(
  { object, ledger }: Entry<"SLO">,
  catalogue: Catalogue,
  drafts: Drafts,
  { used, read }: { readonly used: Set<string>; readonly read: Set<string> },
): void {
  const { metadata, spec } = object;
  for (const index of (spec.alertPolicies ?? []).keys())
    ledger.lost(["spec", "alertPolicies", index], "alert-policy");
  if (spec.indicatorRef !== undefined) used.add(spec.indicatorRef);
  const draft = drafts.service(spec.service, ["spec", "service"], ledger);
  if (draft === undefined) {
    ledger.covered([]);
    return;
  }
  takeOwner(draft, singleLabels(metadata.labels), ["metadata", "labels"], ledger);
  const takenExtras = takeExtras(metadata.annotations, ledger);

  const period = readTimeWindow(spec.timeWindow?.[0], ledger);
  const isCounted = readBudgetingMethod(spec.budgetingMethod, ledger);
  const indicator = isCounted ? readIndicator({ object, ledger }, catalogue) : undefined;
  if (!isCounted) ledger.covered(["spec", "indicator"], ["spec", "indicatorRef"]);
  else if (spec.indicatorRef !== undefined) read.add(spec.indicatorRef);
  for (const [index, objective] of spec.objectives.entries())
    readObjective(objective, ["spec", "objectives", index], {
      object,
      ledger,
      draft,
      used,
      indicator,
      name: spec.objectives.length === 1 ? metadata.name : `${metadata.name}-${index + 1}`,
      settings: { ...(period && { period }), ...takenExtras },
    });
  if (spec.objectives.length > 1 && indicator !== undefined)
    ledger.lost(
      ["metadata", "name"],
      "name-changed",
      `${shown(metadata.name)}, now with a number for each objective`,
    );
  ledger.carried(["spec", "description"]);
  readMetadata(metadata, ["metadata"], ledger);
}

interface ReadObjective {
  readonly object: OpenSloOf<"SLO">;
  readonly ledger: Ledger;
  readonly draft: ServiceDraft;
  /** Names of the SLIs that an objective refers to. */
  readonly used: Set<string>;
  /** Undefined where the indicator is lost. */
  readonly indicator: ReturnType<typeof readIndicator>;
  readonly name: string;
  /** What the SLO says for all of its objectives. */
  readonly settings: { readonly period?: Period; readonly minimumErrors?: number; readonly unit?: string };
}

function readObjective(
  objective: OpenSloOf<"SLO">["spec"]["objectives"][number],
  path: Path,
  { object: { spec }, ledger, draft, used, indicator, name, settings }: ReadObjective,
): void {
  if (objective.indicator ?? objective.indicatorRef) {
    if (objective.indicatorRef !== undefined) used.add(objective.indicatorRef);
    ledger.lost(path, "composite");
    return;
  }
  if (indicator === undefined) {
    ledger.covered(path);
    return;
  }
  if (objective.displayName !== undefined) ledger.lost([...path, "displayName"], "display-name");
  // Of a count of events there is nothing to compare, and nothing to slice.
  if (spec.budgetingMethod === "RatioTimeslices")
    ledger.covered([...path, "timeSliceWindow"], [...path, "timeSliceTarget"]);
  const field = objective.target === undefined ? "targetPercent" : "target";
  const percent =
    objective.target === undefined
      ? percentFrom(objective.targetPercent ?? 0)
      : percentFromShare(objective.target);
  if (percent === undefined) {
    ledger.lost([...path, field], "objective");
    ledger.covered(path);
    return;
  }
  ledger.carried([...path, field]);
  const description = spec.description?.trim();
  addObjective(
    draft,
    { percent, ...settings, ...(description && { description }), ...indicator },
    { text: name, namePath: ["metadata", "name"], percentPath: [...path, field], whole: path },
    ledger,
  );
}

/** What an exported objective says beside what OpenSLO asks for. */
function takeExtras(
  annotations: Readonly<Record<string, string>> | null | undefined,
  ledger: Ledger,
): { minimumErrors?: number; unit?: string } {
  const minimumErrors = annotations?.[ANNOTATIONS.minimumErrors];
  const unit = annotations?.[ANNOTATIONS.unit];
  const path = (name: string) => ["metadata", "annotations", name];
  if (minimumErrors !== undefined) ledger.carried(path(ANNOTATIONS.minimumErrors));
  if (unit !== undefined) ledger.carried(path(ANNOTATIONS.unit));
  return {
    ...(minimumErrors !== undefined && { minimumErrors: Number(minimumErrors) }),
    ...(unit !== undefined && { unit }),
  };
}

/** Whether a window is the calendar's month in UTC: one month long, and counted from the first of one. */
function isMonthOfUtc({ duration: length, calendar }: TimeWindow): boolean {
  const { startTime, timeZone } = calendar ?? {};
  return (
    length === "1M" &&
    /^(?:UTC|Etc\/UTC|Z)$/i.test(String(timeZone)) &&
    /^\d{4}-\d{2}-01[ T]00:00(?::00)?/.test(String(startTime))
  );
}

type TimeWindow = NonNullable<OpenSloOf<"SLO">["spec"]["timeWindow"]>[number];

function readTimeWindow(window: TimeWindow | undefined, ledger: Ledger) {
  if (window === undefined) return undefined;
  const path = ["spec", "timeWindow", 0];
  const { period, isExact } = nearestPeriod(window.duration);
  const isRolling = window.isRolling ?? window.calendar === undefined;
  if (!isRolling && isMonthOfUtc(window)) {
    ledger.carried(path);
    return "month";
  }
  if (!isRolling || window.calendar !== undefined)
    ledger.lost(path, "calendar-window", `${window.duration} of the calendar, now ${period} rolling`);
  else if (isExact) ledger.carried([...path, "duration"], [...path, "isRolling"]);
  else {
    ledger.lost([...path, "duration"], "time-window", `${shown(window.duration)}, now ${period}`);
    ledger.carried([...path, "isRolling"]);
  }
  return period === DEFAULT_PERIOD ? undefined : period;
}

/** Whether the objective can be one of events: slices that are good or bad cannot, the mean of their shares nearly is. */
function readBudgetingMethod(method: string, ledger: Ledger): boolean {
  const path = ["spec", "budgetingMethod"];
  if (method === "Occurrences") ledger.carried(path);
  else ledger.lost(path, "budgeting-method");
  return method !== "Timeslices";
}

/** The labels that have one value. */
export function singleLabels(
  labels: Readonly<Record<string, string | readonly string[]>> | null | undefined,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(labels ?? {}).flatMap(([name, value]) => {
      const [only, ...more] = typeof value === "string" ? [value] : value;
      return only === undefined || more.length > 0 ? [] : [[name, only]];
    }),
  );
}
