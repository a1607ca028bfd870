/** What a program exposes, by metric. */
export interface Exposition {
  /** Names after `# TYPE`, with their types; of histograms without `_bucket`, `_count` and `_sum`. */
  readonly types: ReadonlyMap<string, string>;
  /** The label sets of each metric; labels that are empty are left out, as Prometheus does. */
  readonly samples: ReadonlyMap<string, readonly Readonly<Record<string, string>>[]>;
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+[^\s#]+(?:\s+-?[\d.]+)?(?:\s+#.*)?$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** Reads the text format of Prometheus, and OpenMetrics; undefined if a line is of neither, with the line. */
export function readExposition(text: string): Exposition | { readonly line: number; readonly text: string } {
  const types = new Map<string, string>();
  const samples = new Map<string, Record<string, string>[]>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const [, family, type] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
    if (family !== undefined && type !== undefined) types.set(family, type);
    if (line.trim() === "" || line.startsWith("#")) continue;
    const [, metric, labels = ""] = SAMPLE.exec(line.trim()) ?? [];
    if (metric === undefined) return { line: index + 1, text: line.slice(0, 80) };
    const sets = samples.get(metric);
    if (sets === undefined) samples.set(metric, [labelsIn(labels)]);
    else sets.push(labelsIn(labels));
  }
  return { types, samples };
}

function labelsIn(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(LABEL)].flatMap(([, name = "", value = ""]) => (value === "" ? [] : [[name, value]])),
  );
}
