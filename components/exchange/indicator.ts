import { type CustomEvents, queriesOf } from "../signals/custom.ts";
import type { RatioSignal } from "../signals/http.ts";
import { WINDOW } from "../signals/windowed-query.ts";
import { type Catalogue, type Entry, readMetadata } from "./catalogue.ts";
import type { Ledger, Path } from "./ledger.ts";
import type { IndicatorSpec, Metric } from "./openslo-file.ts";
import {
  eventsOf,
  eventsOfRatio,
  eventsOfSuccessRatio,
  isGrouped,
  isReadable,
  narrowed,
  type Widened,
  widened,
} from "./queries.ts";
import { bareSelector, complement } from "./query-shape.ts";

/** Where an indicator stands: in its SLO, or as an object of its own. */
interface Place {
  readonly spec: IndicatorSpec;
  readonly ledger: Ledger;
  readonly path: Path;
}

/** What an SLO is measured by; `undefined` where that is lost, and all of its objectives with it. */
export function readIndicator(
  { object, ledger }: Entry<"SLO">,
  catalogue: Catalogue,
): CustomEvents | undefined {
  const { indicator, indicatorRef } = object.spec;
  if (indicator !== undefined) {
    readMetadata(indicator.metadata, ["spec", "indicator", "metadata"], ledger);
    return readSpec({ spec: indicator.spec, ledger, path: ["spec", "indicator", "spec"] }, catalogue);
  }
  const referred = indicatorRef === undefined ? undefined : catalogue.named("SLI", indicatorRef);
  if (referred === undefined) return undefined;
  ledger.carried(["spec", "indicatorRef"]);
  return readSpec({ spec: referred.object.spec, ledger: referred.ledger, path: ["spec"] }, catalogue);
}

function readSpec({ spec, ledger, path }: Place, catalogue: Catalogue): CustomEvents | undefined {
  if (spec.description !== undefined) ledger.lost([...path, "description"], "description");
  if (spec.thresholdMetric !== undefined) {
    ledger.lost([...path, "thresholdMetric"], "threshold-metric", "a threshold on a value");
    return undefined;
  }
  const ratio = spec.ratioMetric;
  if (ratio === undefined) return undefined;
  const at = [...path, "ratioMetric"];
  ledger.carried([...at, "counter"], [...at, "rawType"]);
  const parts = (["good", "bad", "total", "raw"] as const).filter((part) => ratio[part] !== undefined);
  const read = parts.map((part) => {
    const metric = ratio[part] as Metric;
    const query = readMetric(metric, [...at, part], ledger, catalogue);
    return query === undefined ? undefined : { part, query };
  });
  if (read.includes(undefined)) {
    ledger.covered(at);
    return undefined;
  }
  const texts = Object.fromEntries(read.flatMap((each) => (each ? [[each.part, each.query]] : [])));
  return eventsOfParts({ texts, counter: ratio.counter, rawType: ratio.rawType, at }, ledger);
}

/** The text of a metric's query, if Prometheus is who answers it. */
function readMetric(
  { metricSource }: Metric,
  path: Path,
  ledger: Ledger,
  catalogue: Catalogue,
): { readonly text: string; readonly path: Path } | undefined {
  const at = [...path, "metricSource"];
  const { metricSourceRef, spec } = metricSource;
  const referred = metricSourceRef === undefined ? undefined : catalogue.named("DataSource", metricSourceRef);
  const type = metricSource.type ?? referred?.object.spec.type;
  if (type?.toLowerCase() !== "prometheus") {
    ledger.lost(
      at,
      "foreign-source",
      type ?? `no type, and no DataSource ${metricSourceRef ?? ""} among the files`,
    );
    return undefined;
  }
  const field = ["query", "promql"].find((name) => typeof spec[name] === "string");
  ledger.carried([...at, "metricSourceRef"], [...at, "type"]);
  if (field === undefined) {
    ledger.lost([...at, "spec"], "query");
    return undefined;
  }
  const queryPath = [...at, "spec", field];
  ledger.carried(queryPath);
  ledger.lostEach([...at, "spec"], "source-field");
  return { text: String(spec[field]), path: queryPath };
}

interface Parts {
  readonly texts: Readonly<Record<string, { readonly text: string; readonly path: Path }>>;
  readonly counter: boolean | undefined;
  readonly rawType: "success" | "failure" | undefined;
  readonly at: Path;
}

function eventsOfParts({ texts, counter, rawType, at }: Parts, ledger: Ledger): CustomEvents | undefined {
  const { good, bad, total, raw } = texts;
  if (raw !== undefined) {
    const wide = widenedRatio(raw.text);
    const events =
      wide && (rawType === "success" ? eventsOfSuccessRatio(wide.query) : eventsOfRatio(wide.query));
    return settled(events, [{ ...raw, wide }], at, ledger);
  }
  const numerator = good ?? bad;
  if (numerator === undefined || total === undefined) return undefined;
  const [top, bottom] = [widened(numerator.text, counter), widened(total.text, counter)];
  const events = top && bottom && { [good ? "good" : "errors"]: top.query, total: bottom.query };
  return settled(
    events as CustomEvents | undefined,
    [
      { ...numerator, wide: top },
      { ...total, wide: bottom },
    ],
    at,
    ledger,
  );
}

/** A stored ratio is read as its mean over the window. */
function widenedRatio(text: string): Widened | undefined {
  const selector = text.includes("{{") ? undefined : bareSelector(text.trim());
  if (selector !== undefined) return { query: `avg_over_time(${selector}[${WINDOW}])` };
  return widened(text, false);
}

interface Reading {
  readonly path: Path;
  readonly wide: Widened | undefined;
}

function settled(
  events: CustomEvents | undefined,
  readings: readonly Reading[],
  at: Path,
  ledger: Ledger,
): CustomEvents | undefined {
  if (events === undefined || !isReadable(...queriesOf(events))) {
    const faulty = readings.filter(({ wide }) => wide === undefined || !isReadable(wide.query));
    for (const { path } of faulty.length > 0 ? faulty : readings) ledger.lost(path, "query");
    ledger.covered(at);
    return undefined;
  }
  for (const { path, wide } of readings) {
    if (wide?.range !== undefined) ledger.lost(path, "fixed-range", `[${wide.range}], now [${WINDOW}]`);
    if (wide !== undefined && isGrouped(wide.query)) ledger.lost(path, "grouped-series");
  }
  return events;
}

const MEAN = /^avg_over_time\((.*)\[\{\{\.window\}\}\]\)$/s;

/** A signal as an indicator. Rates of a plain counter are told as OpenSLO tells them: by the counter alone. */
export function writeIndicator(signal: RatioSignal): IndicatorSpec {
  const events = eventsOf(signal);
  if ("errorRatio" in events) {
    const success = complement(events.errorRatio);
    const stored = MEAN.exec(success ?? events.errorRatio)?.[1];
    const isStored = stored !== undefined && bareSelector(stored) === stored;
    return {
      ratioMetric: {
        rawType: isStored && success !== undefined ? "success" : "failure",
        raw: prometheus(isStored ? stored : events.errorRatio),
      },
    };
  }
  const [name, query] = "good" in events ? ["good", events.good] : ["bad", events.errors];
  const [top, bottom] = [narrowed(query), narrowed(events.total)];
  const plain = top !== undefined && bottom !== undefined && top.counter === bottom.counter;
  return {
    ratioMetric: {
      counter: plain && top.counter,
      [name]: prometheus(plain ? top.query : query),
      total: prometheus(plain ? bottom.query : events.total),
    },
  };
}

function prometheus(query: string): Metric {
  return { metricSource: { type: "Prometheus", spec: { query } } };
}
