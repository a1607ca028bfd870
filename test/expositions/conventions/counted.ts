import { type Convention, UNCOUNTED } from "../../../components/signals/conventions/convention.ts";
import type { RequestServer } from "../../../components/signals/request-server.ts";
import { parseSeries } from "../exposition.ts";
import type { Recording } from "./recording.ts";

// What a recording says of a library, for what its convention says of it to be held against.

type Growth = ReadonlyMap<string, number>;

/** The series of a metric that grew, by how much. */
function grownOf(metric: string, growth: Growth): readonly (readonly [string, number])[] {
  return [...growth].filter(([series, by]) => by > 0 && parseSeries(series).metric === metric);
}

/** What each series of a metric grows by with a scrape: the least that it grew by after any kind of request. */
function byScrapes(metric: string, { growth }: Recording): ReadonlyMap<string, number> {
  const kinds = [...growth.values()];
  const series = new Set(kinds.flatMap((grown) => grownOf(metric, grown).map(([name]) => name)));
  return new Map([...series].map((name) => [name, Math.min(...kinds.map((grown) => grown.get(name) ?? 0))]));
}

/** Whether the library counts scrapes as requests. */
export function countsScrapes({ counter }: RequestServer, recording: Recording): boolean {
  return [...byScrapes(counter, recording).values()].some((by) => by > 0);
}

/** The values of the status label that a kind of request was counted under; `not counted` if it was not. */
export function countedAs(
  { counter, statusLabel }: RequestServer,
  recording: Recording,
  kind: string,
): string {
  const scrapes = byScrapes(counter, recording);
  const statuses = grownOf(counter, recording.growth.get(kind) ?? new Map())
    .filter(([series, by]) => by > (scrapes.get(series) ?? 0))
    .map(([series]) => parseSeries(series).labels[statusLabel] ?? "");
  return [...new Set(statuses)].sort().join(", ") || UNCOUNTED;
}

/** How many values a label of the library's metrics got by a kind of request. */
export function newValues({ server, route }: Convention, { growth }: Recording, kind: string): number {
  const label = route?.label ?? "";
  const metrics = [server.counter, `${server.durations?.metric}_count`];
  const valuesIn = (grown: Growth) =>
    [...grown.keys()]
      .map(parseSeries)
      .filter(({ metric }) => metrics.includes(metric))
      .flatMap(({ labels }) => labels[label] ?? []);
  const others = new Set([...growth].flatMap(([name, grown]) => (name === kind ? [] : valuesIn(grown))));
  return new Set(valuesIn(growth.get(kind) ?? new Map()).filter((value) => !others.has(value))).size;
}

/** The upper bounds of the buckets of a histogram, ascending, without +Inf. */
export function boundsOf(metric: string, { text }: Recording): readonly number[] {
  const bounds = text
    .split("\n")
    .filter((line) => line.startsWith(`${metric}_bucket{`))
    .flatMap((line) => /[{,]le="([\d.e+-]+)"/.exec(line)?.[1] ?? []);
  return [...new Set(bounds.map(Number))].sort((a, b) => a - b);
}

/** Until when a request lasts whose client leaves after 0.3 seconds, and whose handler ends after 2. */
export function hangUpLasts(
  { durations }: RequestServer,
  recording: Recording,
): "handler" | "client" | "none" {
  if (durations === undefined) return "none";
  const sums = `${durations.metric}_sum`;
  const scrapes = byScrapes(sums, recording);
  const grown = grownOf(sums, recording.growth.get("hang") ?? new Map())
    .map(([series, by]) => by - (scrapes.get(series) ?? 0))
    .reduce((sum, by) => sum + by, 0);
  const seconds = durations.unit === "seconds" ? grown : grown / 1000;
  return seconds > 1.9 ? "handler" : seconds > 0.25 ? "client" : "none";
}
