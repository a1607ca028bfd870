import { parseAllDocuments } from "yaml";
import type { Format, Loss } from "../../../components/exchange/model.ts";

// What a file says of its objectives, read apart from the importer and reduced to what two files may be compared by. What was
// lost is taken out first.

/** One objective; what is lost of it is absent. */
export interface Objective {
  readonly service?: string;
  readonly name?: string;
  readonly percent?: number;
  readonly description?: string;
  readonly days?: number;
  /** Bad over all, without blanks and brackets. */
  readonly ratio?: string;
}

/** Kinds of loss that take their whole objective with them. */
export const WHOLE: ReadonlySet<string> = new Set([
  "plugin",
  "query",
  "objective",
  "composite",
  "foreign-source",
  "threshold-metric",
]);

type Json = Record<string, unknown>;

export function normalisedFile(format: Format, text: string, losses: readonly Loss[]): readonly Objective[] {
  const documents = parseAllDocuments(text).map((document): Json => document.toJS());
  const root = (index: number) => (documents.length === 1 ? "file" : `file[${index}]`);
  const lost = (path: string) => losses.some((loss) => loss.path === path);
  const isWhole = (path: string) =>
    losses.some((loss) => loss.path.startsWith(path) && (WHOLE.has(loss.kind) || isTimeslices(loss)));
  return documents.flatMap((document, index) =>
    format === "sloth"
      ? ofSloth(document, root(index), lost, isWhole)
      : ofOpenSlo(document, documents, root(index), lost, isWhole),
  );
}

function isTimeslices({ kind, value }: Loss): boolean {
  return kind === "budgeting-method" && value === '"Timeslices"';
}

type Test = (path: string) => boolean;

function ofSloth(document: Json, root: string, lost: Test, isWhole: Test): readonly Objective[] {
  const slos = document["slos"] as readonly Json[];
  return slos.flatMap((slo, index) => {
    const path = `${root}.slos[${index}]`;
    if (isWhole(`${path}.`)) return [];
    const { raw, events } = slo["sli"] as Record<string, Record<string, string> | undefined>;
    const ratio = raw ? raw["error_ratio_query"] : `${events?.["error_query"]} / ${events?.["total_query"]}`;
    return [
      present({
        service: lost(`${root}.service`) ? undefined : (document["service"] as string),
        name: lost(`${path}.name`) ? undefined : (slo["name"] as string),
        percent: slo["objective"] as number,
        description: (slo["description"] as string | undefined)?.trim(),
        ratio: flat(ratio ?? ""),
      }),
    ];
  });
}

function ofOpenSlo(
  document: Json,
  all: readonly Json[],
  root: string,
  lost: Test,
  isWhole: Test,
): readonly Objective[] {
  if (document["kind"] !== "SLO") return [];
  const spec = document["spec"] as Json;
  const metadata = document["metadata"] as Json;
  const inline = spec["indicator"] as Json | undefined;
  const sli = inline ?? all.find((each) => (each["metadata"] as Json)["name"] === spec["indicatorRef"]);
  const [window] = (spec["timeWindow"] ?? []) as readonly Json[];
  const objectives = spec["objectives"] as readonly Record<string, number>[];
  return objectives.flatMap(({ target = 0, targetPercent }, index) => {
    if (isWhole(`${root}.spec.`) || isWhole(`${root}.spec.objectives[${index}]`)) return [];
    const isPeriodLost = lost(`${root}.spec.timeWindow[0]`) || lost(`${root}.spec.timeWindow[0].duration`);
    const at = `${root}.spec.indicator.spec.ratioMetric`;
    const isQueryLost = ["good", "bad"].some((part) => lost(`${at}.${part}.metricSource.spec.query`));
    return [
      present({
        service: spec["service"] as string,
        name: lost(`${root}.metadata.name`) ? undefined : (metadata["name"] as string),
        percent: Number((targetPercent ?? target * 100).toPrecision(12)),
        description: spec["description"] as string | undefined,
        days: isPeriodLost ? undefined : days((window?.["duration"] as string | undefined) ?? "30d"),
        ratio: isQueryLost
          ? undefined
          : ratioOf((sli as Record<string, Json>)["spec"]?.["ratioMetric"] as Json),
      }),
    ];
  });
}

function ratioOf(metric: Json): string {
  const query = (part: string) => {
    const source = (metric[part] as Record<string, Json> | undefined)?.["metricSource"]?.["spec"] as
      | Json
      | undefined;
    const text = source && String(source["query"] ?? source["promql"]);
    return text?.replace(/^sum\((\w+(?:\{[^}]*\})?)\)$/, "$1");
  };
  const raw = query("raw");
  if (raw !== undefined) return flat(metric["rawType"] === "success" ? `1 - ${raw}` : raw);
  const good = query("good");
  return flat(good === undefined ? `${query("bad")} / ${query("total")}` : `1 - ${good} / ${query("total")}`);
}

function days(duration: string): number {
  return (
    Number.parseInt(duration, 10) * { d: 1, w: 7, M: 30, Q: 90 }[duration.slice(-1) as "d" | "w" | "M" | "Q"]
  );
}

/** Without blanks and brackets; successes that were written as errors are successes again. */
function flat(query: string): string {
  // A counter, its sum and its rate over the window are asked for by the same rules.
  const counters = query.replaceAll(/sum\(rate\(([\w:]+(?:\{[^}]*\})?)\[\{\{\.window\}\}\]\)\)/g, "$1");
  const text = counters.replaceAll(/[\s()]/g, "");
  const [, total, good] = /^(.+)-(.+)or\1\*0\/\1$/s.exec(text) ?? [];
  return good === undefined ? text : `1-${good}/${total}`;
}

function present(objective: { readonly [Name in keyof Objective]: Objective[Name] | undefined }): Objective {
  return Object.fromEntries(Object.entries(objective).filter(([, value]) => value !== undefined));
}
