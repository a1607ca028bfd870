import { seconds } from "../core/duration.ts";
import type { AlertParameters } from "./definition.ts";
import { apiServer } from "./exporters.ts";
import { counting, staged } from "./situations.ts";

// Series of an API server for the cases of the alerts: how many requests it answers, how many fail, and how long they take.

/** Requests for one pod each, answered by the API server itself. */
const PODS = { component: "apiserver", resource: "pods", scope: "resource", version: "v1" };

/** The counter of requests with a verb and a status code. */
export function requests(verb: string, code: string): string {
  return apiServer("apiserver_request_total", { ...PODS, verb, code });
}

/** Shares of failed requests one after the other, each for some seconds; the last until the end of the case. */
type Failing = readonly [
  { readonly seconds: number; readonly share: number },
  ...{ readonly seconds: number; readonly share: number }[],
];

/** A hundred requests a second, of which a share fails. Failed WATCH requests are normal and must not count. */
export function apiTraffic([first, ...later]: Failing, parameters: AlertParameters) {
  const at = (pace: (share: number) => number) => {
    const stage = (each: Failing[0]) => ({ seconds: each.seconds, perSecond: pace(each.share) });
    return [stage(first), ...later.map(stage)] as const;
  };
  return [
    staged(
      requests("GET", "200"),
      at((share) => 100 * (1 - share)),
      parameters,
    ),
    staged(
      requests("GET", "503"),
      at((share) => 100 * share),
      parameters,
    ),
    counting(requests("WATCH", "500"), 50, parameters),
  ];
}

/** The duration of a stage: at least so many seconds, rounded up to whole scrapes. */
export function lasting(least: number, { scrapeInterval }: AlertParameters): number {
  const step = seconds(scrapeInterval);
  return Math.ceil(least / step) * step;
}

/** A rate of requests, of which 99% take up to `latency` seconds and none more than twice that. */
export interface Pace {
  readonly perSecond: number;
  readonly latency: number;
}

/** The duration histogram of a verb's requests: at one pace for some seconds, and then at another if there is one. */
export function timings(
  labels: Readonly<Record<string, string>>,
  paces: readonly [Pace, ...(Pace & { readonly after: number })[]],
  parameters: AlertParameters,
) {
  const bounds = [...new Set(paces.flatMap(({ latency }) => [latency, 2 * latency]))].sort((a, b) => a - b);
  const [first, next] = paces;
  const growing = (metric: string, own: Readonly<Record<string, string>>, of: (pace: Pace) => number) =>
    staged(
      apiServer(`apiserver_request_duration_seconds_${metric}`, { ...PODS, ...labels, ...own }),
      [
        { seconds: next?.after ?? 0, perSecond: of(first) },
        ...(next === undefined ? [] : [{ seconds: 0, perSecond: of(next) }]),
      ],
      parameters,
    );
  const within = (bound: number) => (pace: Pace) =>
    pace.perSecond * (bound >= 2 * pace.latency ? 1 : bound >= pace.latency ? 0.99 : 0);
  return [
    ...bounds.map((bound) => growing("bucket", { le: String(bound) }, within(bound))),
    growing("bucket", { le: "+Inf" }, ({ perSecond }) => perSecond),
    growing("count", {}, ({ perSecond }) => perSecond),
  ];
}
