/** What Prometheus would store of one scrape, by metric. */
export interface Exposition {
  /** Such as counter; a series of a histogram has the histogram's. */
  readonly typeOf: (metric: string) => string | undefined;
  /** The label sets of a metric; labels that are empty are left out, as Prometheus does. */
  readonly samples: ReadonlyMap<string, readonly Readonly<Record<string, string>>[]>;
  /** The values of a metric, in the order of its label sets. */
  readonly valuesOf: (metric: string) => readonly number[];
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+\d+)?$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;
const SUFFIX = /_(bucket|count|sum)$/;

/** Reads the text format 0.0.4. Throws an Error for a line that is neither a comment nor a sample. */
export function parseExposition(text: string): Exposition {
  const types = new Map<string, string>();
  const samples = new Map<string, Record<string, string>[]>();
  const values = new Map<string, number[]>();
  for (const line of text.split("\n")) {
    const [, family, type] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
    if (family !== undefined && type !== undefined) types.set(family, type);
    if (line.trim() === "" || line.startsWith("#")) continue;
    const [, metric, labels = "", value = ""] = SAMPLE.exec(line) ?? [];
    if (metric === undefined) throw new Error(`no sample: ${line}`);
    samples.set(metric, [...(samples.get(metric) ?? []), labelsIn(labels)]);
    values.set(metric, [...(values.get(metric) ?? []), Number(value.replace("Inf", "Infinity"))]);
  }
  return {
    samples,
    valuesOf: (metric) => values.get(metric) ?? [],
    typeOf: (metric) => types.get(metric) ?? types.get(metric.replace(SUFFIX, "")),
  };
}

function labelsIn(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(LABEL)].flatMap(([, name = "", value = ""]) => (value === "" ? [] : [[name, value]])),
  );
}

/** A series as promtool's tests write it: the metric, and its labels without those that are empty. */
export function parseSeries(series: string): {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
} {
  const brace = series.indexOf("{");
  return brace === -1
    ? { metric: series, labels: {} }
    : { metric: series.slice(0, brace), labels: labelsIn(series.slice(brace)) };
}
