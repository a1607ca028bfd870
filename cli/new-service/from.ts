import { readFileSync } from "node:fs";
import { InvalidInputError } from "../../components/core/problems.ts";
import { type Convention, UNCOUNTED, UNKNOWN } from "../../components/signals/conventions/convention.ts";
import type { JobConvention } from "../../components/signals/conventions/job-convention.ts";
import { printed } from "../../components/signals/job-server.ts";
import { count } from "../report/numbers.ts";
import { whyFailed } from "../server-address.ts";
import { type Detected, detect } from "./detection.ts";
import { type Exposition, readExposition } from "./exposition.ts";

// `new-service --from`: reads what a program exposes, says what it is of, and answers for a definition.

/** What follows from an exposition for a definition. */
export interface FromExposition {
  readonly kind: Detected["kind"];
  /** Fields of the kind, as `metrics=otelhttp`. */
  readonly set: readonly string[];
  /** What was found, for the terminal. */
  readonly text: string;
}

/** More than this is no exposition that a scrape takes in its ten seconds. */
const MOST_BYTES = 50_000_000;
const SECONDS = 10;

/**
 * Reads an exposition from a URL or a file. Throws an InvalidInputError if it cannot be read, is no exposition, or is of no convention
 * that is known.
 */
export async function fromExposition(source: string): Promise<FromExposition> {
  const exposition = expositionIn(await textOf(source), source);
  const detected = detect(exposition);
  if (detected === undefined) throw unknown(source, exposition);
  const path = pathOf(source);
  return {
    kind: detected.kind,
    set: [
      `metrics=${detected.name}`,
      ...(path === undefined || path === "/metrics" ? [] : [`path=${path}`]),
      ...(detected.hasUsualBuckets || detected.thresholds.length === 0
        ? []
        : [`buckets=${detected.thresholds.join(",")}`]),
    ],
    text: said(detected, source),
  };
}

function isUrl(source: string): boolean {
  return /^https?:\/\//.test(source);
}

function pathOf(source: string): string | undefined {
  return isUrl(source) ? new URL(source).pathname : undefined;
}

async function textOf(source: string): Promise<string> {
  try {
    if (!isUrl(source)) return readFileSync(source, "utf8");
    const { url, headers } = withoutCredentials(source);
    const response = await fetch(url, { signal: AbortSignal.timeout(SECONDS * 1000), headers });
    if (!response.ok) throw new Error(`it answers ${response.status}`);
    const text = await response.text();
    if (text.length > MOST_BYTES) throw new Error(`it has ${text.length} bytes, more than ${MOST_BYTES}`);
    return text;
  } catch (error) {
    throw refused(
      shownSource(source),
      whyFailed(error),
      "a file, or a URL that answers within 10 seconds",
      "correct it",
    );
  }
}

/** fetch refuses an address with a password, and repeats it in its message. */
function withoutCredentials(source: string): { readonly url: URL; readonly headers: Record<string, string> } {
  const url = new URL(source);
  const headers = { accept: "text/plain;version=0.0.4" };
  if (url.username === "" && url.password === "") return { url, headers };
  const said = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  url.username = "";
  url.password = "";
  return { url, headers: { ...headers, authorization: `Basic ${Buffer.from(said).toString("base64")}` } };
}

/** A URL may hold a password. */
function shownSource(source: string): string {
  return isUrl(source) ? source.replace(/\/\/[^/@]*@/, "//[hidden]@") : source;
}

function expositionIn(text: string, source: string): Exposition {
  const read = readExposition(text);
  if ("line" in read)
    throw refused(
      shownSource(source),
      `line ${read.line} is no sample: ${read.text}`,
      "Prometheus' text format or OpenMetrics",
      "give the address of the metrics, such as http://localhost:8080/metrics",
    );
  return read;
}

/** Families that count requests, as it seems: they may be a convention that is not known, or have no sample yet. */
function unknown(source: string, { types, samples }: Exposition): InvalidInputError {
  const counting = [...types]
    .filter(([name, type]) => /counter|histogram/.test(type) && /request|response|call|handled/.test(name))
    .map(([name]) => name);
  const empty = counting.filter((name) => ["", "_count", "_total"].every((end) => !samples.has(name + end)));
  const found = `${count(samples.size, "metric")} of no known convention${counting.length === 0 ? "" : `; these may count requests: ${counting.slice(0, 8).join(", ")}`}`;
  return refused(
    shownSource(source),
    found,
    "metrics of a library in docs/conventions.md",
    isOfCloudWatch(types)
      ? "count the requests in the service or in its ingress, or probe it: these are sums of CloudWatch's periods as gauges, and a rate of them means nothing"
      : empty.length === counting.length && empty.length > 0
        ? "send the service a request and try again: these have no sample yet"
        : "write the objectives with their queries under objectives.custom: docs/how-to/move-from-sloth-or-openslo.md",
  );
}

/** Names as both exporters of CloudWatch write them: the namespace, the metric and the statistic. */
function isOfCloudWatch(types: Exposition["types"]): boolean {
  return [...types].some(
    ([name, type]) => type === "gauge" && /^aws_\w+_(?:sum|average|maximum|minimum|sample_count)$/.test(name),
  );
}

function refused(path: string, found: string, allowed: string, fix: string): InvalidInputError {
  return new InvalidInputError("new-service", [{ path: `--from ${path}`, found, allowed, fix }]);
}

function said(detected: Detected, source: string): string {
  const { name, kind, convention, jobs, others } = detected;
  const { library, source: page } = convention ?? jobs ?? {};
  const known = page === "recorded" ? "was recorded" : "by its documentation";
  const notes = [
    ...(others.length === 0 ? [] : [`${others.join(", ")} fit as well`]),
    ...(convention === undefined ? [] : notesOf(convention)),
    ...addressNotes(detected),
    ...(jobs === undefined ? [] : jobNotes(jobs)),
  ];
  const rows = [
    ...successOf(detected),
    ["latency", latencyOf(detected)],
    ...(jobs?.backlog === undefined ? [] : [["backlog", `measured by ${printed(jobs.backlog)}`]]),
    ...(jobs?.oldestMessage === undefined
      ? []
      : [["freshness", `measured by ${printed(jobs.oldestMessage)}`]]),
    ...notes.map((note) => ["note", note]),
  ];
  return [
    `${shownSource(source)}: ${kind}.metrics is ${name}${library === undefined ? "" : ` (${library} ${known})`}\n`,
    ...rows.map(([head = "", text]) => `  ${head.padEnd(13)} ${text}\n`),
  ].join("");
}

function successOf({ kind, server }: Detected): readonly (readonly string[])[] {
  if (server === undefined) return [];
  return [
    [
      kind === "worker" ? "success" : "availability",
      "ended" in server
        ? `measured by ${printed(server.ended.good)} and ${printed(server.ended.failed)}`
        : `measured by ${server.counter}, the status in ${server.statusLabel}`,
    ],
  ];
}

function latencyOf({ kind, server, thresholds }: Detected): string {
  if (thresholds.length > 0) return `threshold of ${thresholds.join(", ")}`;
  if (server?.durations !== undefined)
    return `not measured: there is no ${server.durations.metric}_bucket. Let the service expose that histogram`;
  return `not measured: it has no histogram of durations${kind === "worker" ? "" : ". Add a probe"}`;
}

/** What counts otherwise than a person would: a job as several, or a job that succeeds in the end as a failed one. */
function jobNotes({ counts: { retried, overtime } }: JobConvention): readonly string[] {
  return [
    ...(retried !== undefined && retried.failed > 0
      ? ["each try that fails counts as a failed job, also if the job succeeds when it is tried again"]
      : []),
    ...(overtime !== undefined && overtime.failed > 1
      ? [`a job that takes longer than its time limit counts as ${overtime.failed} failed jobs`]
      : []),
  ];
}

function notesOf({ counts }: Convention): readonly string[] {
  return [
    ...(counts.raised === UNCOUNTED || counts.raised.startsWith("2")
      ? [
          `a handler that panics is ${counts.raised === UNCOUNTED ? "not counted" : `counted as ${counts.raised}`}: recover from panics and answer 500`,
        ]
      : []),
    ...(counts.hangUpLasts === "handler"
      ? []
      : counts.hangUpLasts === UNKNOWN
        ? []
        : ["a request that its client gave up is not seen by a latency objective: add a probe"]),
    ...(counts.scrapes ? ["scrapes count as requests"] : []),
  ];
}

function addressNotes({ convention, singleAddresses: addresses }: Detected): readonly string[] {
  const { route } = convention ?? {};
  if (route === undefined || addresses.length === 0) return [];
  return [
    `the label ${route.label} has a value for each address, such as ${addresses.slice(0, 3).join(", ")}: each is a series of its own, and a scrape of more than 10000 is refused${route.fix === undefined ? "" : `. Set ${route.fix}`}`,
  ];
}
