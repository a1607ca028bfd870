import { type Duration, duration } from "../../components/core/duration.ts";
import type { Convention } from "../../components/signals/conventions/convention.ts";
import { GRPC_LIBRARIES, HTTP_LIBRARIES, JOB_LIBRARIES } from "../../components/signals/conventions/index.ts";
import type { JobConvention } from "../../components/signals/conventions/job-convention.ts";
import { GRPC_SERVERS } from "../../components/signals/grpc.ts";
import { HTTP_SERVERS } from "../../components/signals/http.ts";
import type { JobServer } from "../../components/signals/job-server.ts";
import type { RequestServer } from "../../components/signals/request-server.ts";
import { OTEL_WORKER } from "../../components/signals/worker.ts";
import type { Exposition } from "./exposition.ts";

// Which convention an exposition is of.

/** What an exposition is of, and what can be measured with it. */
export interface Detected extends Candidate {
  /** Others that fit as well. */
  readonly others: readonly string[];
  /** The thresholds that an objective of latency can have; none without buckets. */
  readonly thresholds: readonly Duration[];
  /** Whether the buckets are those of the convention. */
  readonly hasUsualBuckets: boolean;
  /** Values of the route label that look like the address of one thing, not of a route. */
  readonly singleAddresses: readonly string[];
}

interface Candidate {
  readonly kind: "http" | "grpc" | "worker";
  /** The value of `metrics`. */
  readonly name: string;
  /** None for an exporter that counts nothing that ended. */
  readonly server?: RequestServer | JobServer | undefined;
  /** None for what many programs share. */
  readonly convention?: Convention;
  readonly jobs?: JobConvention;
}

const KINDS = [
  ["http", HTTP_SERVERS, HTTP_LIBRARIES],
  ["grpc", GRPC_SERVERS, GRPC_LIBRARIES],
] as const;

const CANDIDATES: readonly Candidate[] = [
  ...KINDS.flatMap(([kind, servers, libraries]) =>
    Object.entries<RequestServer>(servers).map(([name, server]): Candidate => {
      const convention = (libraries as Readonly<Record<string, Convention>>)[name];
      return { kind, name, server, ...(convention !== undefined && { convention }) };
    }),
  ),
  { kind: "worker", name: "otel", server: OTEL_WORKER },
  ...Object.entries<JobConvention>(JOB_LIBRARIES).map(
    ([name, jobs]): Candidate => ({ kind: "worker", name, server: jobs.server, jobs }),
  ),
];

/** The convention that an exposition is of; undefined if it is of none that is known. */
export function detect(exposition: Exposition): Detected | undefined {
  const ranked = CANDIDATES.map((candidate) => ({ ...candidate, score: scoreOf(candidate, exposition) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
  const [best] = ranked;
  if (best === undefined) return undefined;
  const { score, ...candidate } = best;
  const { durations } = candidate.server ?? {};
  const boundaries = durations === undefined ? [] : boundsIn(exposition, durations.metric);
  return {
    ...candidate,
    others: ranked.filter((other) => other !== best && other.score === score).map(({ name }) => name),
    thresholds: boundaries.flatMap((bound) =>
      lengthOf(durations?.unit === "milliseconds" ? bound / 1000 : bound),
    ),
    hasUsualBuckets: (durations?.boundaries ?? []).every((bound) => boundaries.includes(bound)),
    singleAddresses: singleAddresses(exposition, candidate),
  };
}

/** How much of an exposition is what a library writes: 0 if something is missing. */
function scoreOf({ server, convention, jobs }: Candidate, { samples }: Exposition): number {
  const counted = server !== undefined && "counter" in server ? server : undefined;
  const sets = samples.get(jobs?.marks.metric ?? counted?.counter ?? "") ?? [];
  const { labels = [], others = [] }: Partial<Convention["marks"]> = jobs?.marks ??
    convention?.marks ?? { labels: counted && "form" in counted.known ? [counted.statusLabel] : [] };
  if (!sets.some((set) => labels.every((label) => Object.hasOwn(set, label)))) return 0;
  if (counted && !sets.some((set) => hasKnownStatus(counted, set[counted.statusLabel] ?? ""))) return 0;
  const areThere = others.every(({ metric, labels: wanted = {} }) =>
    (samples.get(metric) ?? []).some((set) =>
      Object.entries(wanted).every(([label, value]) => set[label] === value),
    ),
  );
  if (!areThere) return 0;
  return ((convention ?? jobs) === undefined ? 1 : 2) + labels.length + 2 * others.length;
}

function hasKnownStatus({ known }: RequestServer, status: string): boolean {
  return !("form" in known) || new RegExp(`^(?:${known.form.source})$`).test(status);
}

/** The upper bounds of the buckets, ascending, without +Inf. */
function boundsIn({ samples }: Exposition, histogram: string): readonly number[] {
  const bounds = (samples.get(`${histogram}_bucket`) ?? []).map(({ le }) => Number(le));
  return [...new Set(bounds)].filter(Number.isFinite).sort((a, b) => a - b);
}

/** A bound as a duration, where it is whole milliseconds and no more than a threshold may be. */
function lengthOf(seconds: number): readonly Duration[] {
  const milliseconds = Math.round(seconds * 1e6) / 1e3;
  const isOne = Number.isInteger(milliseconds) && milliseconds >= 1 && milliseconds <= 900_000;
  return isOne ? [duration(milliseconds / 1000)] : [];
}

/** Numbers, UUIDs and long hexadecimal numbers between slashes are things, of which there are many. */
const THING = /(?:^|\/)(?:\d+|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{16,})(?:\/|$)/i;

function singleAddresses({ samples }: Exposition, { server, convention }: Candidate): readonly string[] {
  const label = convention?.route?.label;
  if (label === undefined || server === undefined || !("counter" in server)) return [];
  const sets = [server.counter, `${server.durations?.metric}_count`].flatMap(
    (each) => samples.get(each) ?? [],
  );
  return [...new Set(sets.flatMap((set) => set[label] ?? []))].filter((value) => THING.test(value));
}
