import { readdirSync, readFileSync } from "node:fs";

// What record.ts writes: an exposition before any request, and after each kind of request the samples that changed.

const FOLDER = new URL("./", import.meta.url);

/** What a library exposed, request by request. */
export interface Recording {
  /** The file without its ending, which is the script that it was recorded with. */
  readonly name: string;
  /** Name and version of the library, and what it ran with. */
  readonly library: string;
  readonly with: string;
  /** The exposition after all requests, in the text format. */
  readonly text: string;
  /** By kind of request, how much each sample grew; in the order in which they were sent. */
  readonly growth: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** Every recording, by name. */
export function recordings(): readonly Recording[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith(".prom"))
    .map((file) => file.replace(/\.prom$/, ""))
    .sort()
    .map(readRecording);
}

export function readRecording(name: string): Recording {
  const text = readFileSync(new URL(`${name}.prom`, FOLDER), "utf8");
  const [head = "", ...parts] = text.split(/^# (?=before$|after \w+$)/m);
  const values = new Map<string, number>();
  const lines = new Map<string, string>();
  const comments: string[] = [];
  const growth = new Map<string, Map<string, number>>();
  for (const part of parts) {
    const [title = "", ...body] = part.split("\n");
    const grown = new Map<string, number>();
    for (const line of body) {
      if (line.startsWith("#")) comments.push(line);
      const sample = sampleIn(line);
      if (sample === undefined) continue;
      grown.set(sample.series, sample.value - (values.get(sample.series) ?? 0));
      values.set(sample.series, sample.value);
      lines.set(sample.series, line);
    }
    if (title !== "before") growth.set(title.replace(/^after /, ""), grown);
  }
  const said = (key: string) => new RegExp(`^# ${key}: (.*)$`, "m").exec(head)?.[1] ?? "";
  return {
    name,
    library: said("library"),
    with: said("with"),
    text: `${[...comments, ...lines.values()].join("\n")}\n`,
    growth,
  };
}

/** Metrics of the language and the process, which change by themselves. */
export function isOfTheRuntime(line: string): boolean {
  return /^(?:go_|process_|python_|nodejs_|jvm_|system_|logback_|disk_|executor_|application_|tomcat_|promhttp_|scrape_|otel_sdk_)/.test(
    line,
  );
}

export function sampleLines(text: string): readonly string[] {
  return text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
}

/** The lines of samples that are new or have another value. */
export function changesBetween(before: readonly string[], now: readonly string[]): readonly string[] {
  const known = new Set(before);
  return now.filter((line) => !known.has(line));
}

function sampleIn(line: string): { readonly series: string; readonly value: number } | undefined {
  const [, series, value] = /^([a-zA-Z_:][^\s{]*(?:\{.*\})?)\s+(\S+)(?:\s+\d+)?$/.exec(line) ?? [];
  return series === undefined || value === undefined
    ? undefined
    : { series: withoutEmptyLabels(series), value: Number(value.replace("Inf", "Infinity")) };
}

/** An empty label is no label, and some libraries write it from some moment on. */
function withoutEmptyLabels(series: string): string {
  return series
    .replace(/([{,])\w+=""(?:,|(?=\}))/g, "$1")
    .replace(/,\}$/, "}")
    .replace(/\{\}$/, "");
}
