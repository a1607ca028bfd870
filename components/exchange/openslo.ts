import { joinPath, type Problem, shown } from "../core/problems.ts";
import { type Validated, validate } from "../core/validation.ts";
import { DEFAULT_UNIT, SERVICE_TIERS, type Service, type ServiceTier, slosOf } from "../service/model.ts";
import { DEFAULT_MINIMUM_ERRORS, DEFAULT_PERIOD, type Slo } from "../slo/model.ts";
import type { Period } from "../slo/windows.ts";
import { Catalogue, type Entry, readMetadata } from "./catalogue.ts";
import { addObjective, type Drafts, generatedDescription, type ServiceDraft, takeOwner } from "./drafts.ts";
import { type Exported, exportLedger, loseExamples, placeOfSlo } from "./exports.ts";
import { readIndicator, writeIndicator } from "./indicator.ts";
import { Ledger, type Loss, type Path } from "./losses.ts";
import { type IndicatorSpec, OPENSLO_VERSION, type OpenSloOf, openSloObject } from "./openslo-file.ts";
import { percentFrom, percentFromShare } from "./queries.ts";
import { nearestPeriod } from "./time-window.ts";

/** What OpenSLO has no field for and a definition needs, as annotations of our own. */
const ANNOTATIONS = {
  namespace: "bellwether/namespace",
  tier: "bellwether/tier",
  minimumErrors: "bellwether/minimum-errors",
  unit: "bellwether/unit",
} as const;

/** Whether a document is OpenSLO's, by the field that says so. */
export function isOpenSlo(document: unknown): boolean {
  return (document as { apiVersion?: unknown } | null)?.apiVersion === OPENSLO_VERSION;
}

/** Reads all documents of OpenSLO into the drafts, and tells what of them was lost. */
export function readOpenSlo(
  documents: readonly { readonly document: unknown; readonly root: string }[],
  drafts: Drafts,
): Validated<readonly Loss[]> {
  const shapes = documents.map(({ document, root }) => ({
    document,
    root,
    shape: validate(openSloObject, document, root),
  }));
  const misshapen = shapes.flatMap(({ shape }) => (shape.ok ? [] : shape.problems));
  if (misshapen.length > 0) return { ok: false, problems: misshapen };
  const catalogue = new Catalogue(
    shapes.flatMap(({ document, root, shape }) =>
      shape.ok ? [{ object: shape.value as never, ledger: new Ledger(root, document) }] : [],
    ),
  );
  const problems = catalogue.of("SLO").flatMap((entry) => sloProblems(entry, catalogue));
  if (problems.length > 0) return { ok: false, problems };

  for (const { ledger } of catalogue.entries) ledger.carried(["apiVersion"], ["kind"]);
  for (const entry of catalogue.of("Service")) readService(entry, drafts);
  const used = new Set<string>();
  const read = new Set<string>();
  for (const entry of catalogue.of("SLO")) readSlo(entry, catalogue, drafts, { used, read });
  for (const { object, ledger } of catalogue.of("SLI")) {
    const { name } = object.metadata;
    if (!used.has(name)) ledger.lost([], "unused-indicator", `SLI ${name}`);
    // Only objectives that are lost refer to it: it is lost with them.
    else if (!read.has(name)) ledger.covered(["spec"]);
    readMetadata(object.metadata, ["metadata"], ledger);
  }
  for (const entry of catalogue.of("DataSource")) readDataSource(entry);
  for (const [kind, loss] of [
    ["AlertPolicy", "alert-policy"],
    ["AlertCondition", "alert-condition"],
    ["AlertNotificationTarget", "notification-target"],
  ] as const)
    for (const { object, ledger } of catalogue.of(kind))
      ledger.lost([], loss, `${kind} ${object.metadata.name}`);
  return { ok: true, value: catalogue.entries.flatMap(({ ledger }) => ledger.losses()) };
}

/** What the specification demands and no shape can say. */
function sloProblems({ object, ledger }: Entry<"SLO">, catalogue: Catalogue): readonly Problem[] {
  const spec = joinPath(ledger.root, ["spec"]);
  const { indicator, indicatorRef, objectives } = object.spec;
  const isComposite = objectives.some((each) => each.indicator ?? each.indicatorRef);
  const given = [indicator, indicatorRef].filter((each) => each !== undefined).length;
  const sli = catalogue.of("SLI").map(({ object: { metadata } }) => metadata.name);
  return [
    ...(given === 1 || (given === 0 && isComposite)
      ? []
      : [
          {
            path: spec,
            found: given === 0 ? "no indicator" : "both indicator and indicatorRef",
            allowed: "either indicator or indicatorRef",
            fix: given === 0 ? "add one of them" : "keep one of them",
          },
        ]),
    ...(indicatorRef === undefined || sli.includes(indicatorRef)
      ? []
      : [
          {
            path: joinPath(spec, ["indicatorRef"]),
            found: shown(indicatorRef),
            allowed: sli.length > 0 ? `one of the SLIs ${sli.join(", ")}` : "an SLI; none is given",
            fix: "correct the name, or give the file of the SLI as well",
          },
        ]),
    ...objectives.flatMap(({ target, targetPercent }, index) =>
      (target === undefined) === (targetPercent === undefined)
        ? [
            {
              path: joinPath(spec, ["objectives", index]),
              found:
                target === undefined ? "neither target nor targetPercent" : "both target and targetPercent",
              allowed: "either target or targetPercent",
              fix: target === undefined ? "add one of them" : "keep one of them",
            },
          ]
        : [],
    ),
    ...indicatorProblems(indicator?.spec, joinPath(spec, ["indicator", "spec"])),
    ...catalogue
      .of("SLI")
      .filter((entry) => entry.object.metadata.name === indicatorRef)
      .flatMap((entry) => indicatorProblems(entry.object.spec, joinPath(entry.ledger.root, ["spec"]))),
  ];
}

function indicatorProblems(spec: IndicatorSpec | undefined, path: string): readonly Problem[] {
  if (spec === undefined) return [];
  const { ratioMetric, thresholdMetric } = spec;
  const wrong = (at: string, found: string, allowed: string): readonly Problem[] => [
    { path: at, found, allowed, fix: "change it to what is allowed" },
  ];
  if ((ratioMetric === undefined) === (thresholdMetric === undefined))
    return wrong(
      path,
      ratioMetric === undefined
        ? "neither ratioMetric nor thresholdMetric"
        : "both ratioMetric and thresholdMetric",
      "either ratioMetric or thresholdMetric",
    );
  if (ratioMetric === undefined) return [];
  const parts = (["good", "bad", "total", "raw"] as const).filter((part) => ratioMetric[part] !== undefined);
  if (["good total", "bad total"].includes(parts.join(" "))) return [];
  const at = joinPath(path, ["ratioMetric"]);
  if (parts.join(" ") === "raw")
    return ratioMetric.rawType === undefined
      ? wrong(joinPath(at, ["rawType"]), "nothing", "one of success, failure")
      : [];
  return wrong(at, parts.join(", ") || "no metric", "good and total, or bad and total, or raw");
}

function readService({ object, ledger }: Entry<"Service">, drafts: Drafts): void {
  const { metadata, spec } = object;
  const draft = drafts.service(metadata.name, ["metadata", "name"], ledger);
  if (draft === undefined) {
    ledger.covered([]);
    return;
  }
  takeOwner(draft, single(metadata.labels), ["metadata", "labels"], ledger);
  takePlacement(draft, metadata.annotations, ledger);
  readMetadata(metadata, ["metadata"], ledger);
  const description = spec?.description?.trim().replaceAll(/\s+/g, " ");
  if (description === undefined) return;
  if (/^\S.{4,199}$/.test(description)) {
    draft.description = description;
    ledger.carried(["spec", "description"]);
  } else ledger.lost(["spec", "description"], "description");
}

/** What an exported service says of itself beside what OpenSLO asks for. */
function takePlacement(
  draft: ServiceDraft,
  annotations: Readonly<Record<string, string>> | null | undefined,
  ledger: Ledger,
): void {
  const at = (name: string) => ["metadata", "annotations", name];
  const namespace = annotations?.[ANNOTATIONS.namespace];
  if (namespace !== undefined) {
    draft.namespace = namespace;
    ledger.carried(at(ANNOTATIONS.namespace));
  }
  const tier = SERVICE_TIERS.find((each) => each === annotations?.[ANNOTATIONS.tier]);
  if (tier !== undefined) {
    draft.tier = tier satisfies ServiceTier;
    ledger.carried(at(ANNOTATIONS.tier));
  }
}

function readSlo(
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
  takeOwner(draft, single(metadata.labels), ["metadata", "labels"], ledger);
  const extras = takeExtras(metadata.annotations, ledger);

  const period = readTimeWindow(spec.timeWindow?.[0], ledger);
  const isCounted = readBudgetingMethod(spec.budgetingMethod, ledger);
  const indicator = isCounted ? readIndicator({ object, ledger }, catalogue) : undefined;
  if (!isCounted) ledger.covered(["spec", "indicator"], ["spec", "indicatorRef"]);
  else if (spec.indicatorRef !== undefined) read.add(spec.indicatorRef);
  for (const [index, objective] of spec.objectives.entries()) {
    const path: Path = ["spec", "objectives", index];
    if (objective.indicator ?? objective.indicatorRef) {
      if (objective.indicatorRef !== undefined) {
        used.add(objective.indicatorRef);
      }
      ledger.lost(path, "composite");
      continue;
    }
    if (indicator === undefined) {
      ledger.covered(path);
      continue;
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
      continue;
    }
    ledger.carried([...path, field]);
    const description = spec.description?.trim();
    addObjective(
      draft,
      { percent, ...(period && { period }), ...extras, ...(description && { description }), ...indicator },
      {
        text: spec.objectives.length === 1 ? metadata.name : `${metadata.name}-${index + 1}`,
        namePath: ["metadata", "name"],
        percentPath: [...path, field],
        whole: path,
      },
      ledger,
    );
  }
  if (spec.objectives.length > 1 && indicator !== undefined)
    ledger.lost(
      ["metadata", "name"],
      "name-changed",
      `${shown(metadata.name)}, now with a number for each objective`,
    );
  ledger.carried(["spec", "description"]);
  readMetadata(metadata, ["metadata"], ledger);
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

function readDataSource({ object, ledger }: Entry<"DataSource">): void {
  const { name } = object.metadata;
  if (object.spec.type.toLowerCase() !== "prometheus") {
    // Its details are not shown: they may be credentials.
    ledger.lost([], "foreign-source", `DataSource ${name} of type ${object.spec.type}`);
    return;
  }
  ledger.carried(["spec", "type"]);
  if ("connectionDetails" in object.spec)
    ledger.lost(
      ["spec", "connectionDetails"],
      "connection",
      "details that are not shown, because they may be secret",
    );
  if (object.spec.description !== undefined) ledger.lost(["spec", "description"], "description");
  readMetadata(object.metadata, ["metadata"], ledger);
}

function single(
  labels: Readonly<Record<string, string | readonly string[]>> | null | undefined,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(labels ?? {}).flatMap(([name, value]) => {
      const [only, ...more] = typeof value === "string" ? [value] : value;
      return only === undefined || more.length > 0 ? [] : [[name, only]];
    }),
  );
}

/** A service as objects of OpenSLO, as it is in an environment or where it says nothing else. */
export function writeOpenSlo(service: Service, environment?: string): Exported {
  const ledger = exportLedger(service, environment);
  ledger.carried(["namespace"], ["tier"], ["description"]);
  const object = {
    apiVersion: OPENSLO_VERSION,
    kind: "Service",
    metadata: {
      name: service.name,
      labels: { team: service.owner },
      annotations: { [ANNOTATIONS.namespace]: service.namespace, [ANNOTATIONS.tier]: service.tier },
    },
    spec:
      service.description === generatedDescription(service.name, "OpenSLO")
        ? {}
        : { description: service.description },
  };
  const slos = slosOf(service, environment).map((slo) => {
    const place = placeOfSlo(service, slo.name, environment);
    loseExamples(service, place, environment, ledger);
    return sloForOpenSlo(slo, place.includes("custom"));
  });
  return { documents: [object, ...slos], losses: ledger.losses() };
}

/** Of the first of what month does not matter: every month begins on one. */
function timeWindowOf(period: Period) {
  return period === "month"
    ? { duration: "1M", isRolling: false, calendar: { startTime: "2026-01-01 00:00:00", timeZone: "UTC" } }
    : { duration: period, isRolling: true };
}

function sloForOpenSlo({ service, name, objective, period, minimumErrors, signal }: Slo, isCustom: boolean) {
  const annotations = {
    ...(minimumErrors !== DEFAULT_MINIMUM_ERRORS && { [ANNOTATIONS.minimumErrors]: String(minimumErrors) }),
    ...((signal.unit !== DEFAULT_UNIT || !isCustom) && { [ANNOTATIONS.unit]: signal.unit }),
  };
  return {
    apiVersion: OPENSLO_VERSION,
    kind: "SLO",
    metadata: { name, ...(Object.keys(annotations).length > 0 && { annotations }) },
    spec: {
      ...(signal.description && { description: signal.description }),
      service,
      indicator: { metadata: { name }, spec: writeIndicator(signal) },
      timeWindow: [timeWindowOf(period)],
      budgetingMethod: "Occurrences",
      objectives: [{ targetPercent: Number(objective) }],
    },
  };
}
