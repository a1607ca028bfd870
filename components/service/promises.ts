import { type Duration, duration } from "../core/duration.ts";
import { joinPath, type Problem, shown } from "../core/problems.ts";
import { jobConvention } from "../signals/conventions/index.ts";
import { type DurationHistogram, inUnitOf } from "../signals/histogram.ts";
import type { Service } from "./definition.ts";
import type { Place } from "./definition-places.ts";
import type { ObjectiveKind } from "./measures.ts";
import { PROBE_TARGETS } from "./presets.ts";
import { scrapeProblems } from "./scrape-problems.ts";
import { queueGauges, servedRequests } from "./served-requests.ts";

/** A service must promise something, and can only promise what is measured. */
export function promiseProblems(places: readonly Place[], path: string): readonly Problem[] {
  const unclear = places.flatMap(twoKinds);
  if (unclear.length > 0) return unclear;
  const problems = places.flatMap((place) => [
    ...scrapeProblems(place),
    ...needlessBuckets(place),
    ...probeTargets(place),
    ...unboundedAge(place),
    ...unboundedQueue(place),
    ...unmeasured(place),
    ...takenNames(place),
    ...thresholdProblems(place),
  ]);
  const isEmpty = places.every(
    ({ service, presets, promised }) =>
      presets.length === 0 &&
      Object.keys(promised.custom).length === 0 &&
      Object.keys(service.alerts).length === 0,
  );
  if (!isEmpty || problems.length > 0) return problems;
  return [
    {
      path: joinPath(path, ["http"]),
      found: "nothing, no objective under custom, and no alert",
      allowed: "a service that something is measured of",
      fix: "add http, grpc, worker, batch or probe, an objective under objectives.custom, or an alert under alerts",
    },
  ];
}

/** What a service can be one of, and be probed beside. */
const EXCLUSIVE = ["http", "grpc", "worker", "batch"] as const;

/** What an objective is measured of: a phrase for messages, and whether the service has it. */
interface Source {
  readonly phrase: string;
  readonly isThere: (service: Service) => boolean;
}

const HTTP: Source = { phrase: "http", isThere: ({ http }) => http !== undefined };
const GRPC: Source = { phrase: "grpc", isThere: ({ grpc }) => grpc !== undefined };
const PROBE: Source = { phrase: "probe", isThere: ({ probe }) => probe !== undefined };

const SOURCES: Readonly<Record<ObjectiveKind, readonly Source[]>> = {
  availability: [HTTP, GRPC],
  latency: [
    {
      phrase: "http, grpc or worker with metrics that have a histogram",
      isThere: (service) => servedRequests(service)?.timed !== undefined,
    },
    PROBE,
  ],
  success: [
    {
      phrase: "worker with metrics that count what ended",
      isThere: (service) =>
        service.worker !== undefined &&
        (typeof service.worker.metrics !== "string" || servedRequests(service) !== undefined),
    },
  ],
  freshness: [
    { phrase: "batch", isThere: ({ batch }) => batch !== undefined },
    {
      phrase: "worker.oldestMessage",
      isThere: (service) => queueGauges(service).oldestMessage !== undefined,
    },
  ],
  backlog: [{ phrase: "worker.backlog", isThere: (service) => queueGauges(service).backlog !== undefined }],
  probes: [PROBE],
};

const KINDS = Object.keys(SOURCES) as readonly ObjectiveKind[];

function twoKinds({ service, path, presets }: Place): Problem[] {
  const kinds = EXCLUSIVE.filter((preset) => service[preset] !== undefined);
  const elsewhere = kinds.filter((preset) => !presets.includes(preset));
  const here = kinds.filter((preset) => presets.includes(preset));
  const first = elsewhere[0] ?? here[0];
  const others = here.filter((preset) => preset !== first);
  return others.map((preset) => ({
    path: joinPath(path, [preset]),
    found: `${preset} beside ${first}`,
    allowed: `one of ${EXCLUSIVE.join(", ")}, because their objectives share names`,
    fix: "keep the one that the service is judged by, and write what else it promises under custom",
  }));
}

function unmeasured({ service, path, promised }: Place): Problem[] {
  return KINDS.filter((kind) => promised[kind] !== undefined)
    .filter((kind) => !SOURCES[kind].some(({ isThere }) => isThere(service)))
    .map((kind) => {
      const sources = SOURCES[kind].map(({ phrase }) => phrase).join(" or ");
      return {
        path: joinPath(path, ["objectives", kind]),
        found: shown(promised[kind]),
        allowed: `nothing, because without ${sources} it is not measured`,
        fix: `add ${sources}, or write the objective under custom with its queries`,
      };
    });
}

function takenNames({ service, path, promised }: Place): Problem[] {
  return KINDS.filter((kind) => Object.hasOwn(promised.custom, kind)).flatMap((kind) => {
    const source = SOURCES[kind].find(({ isThere }) => isThere(service));
    if (source === undefined) return [];
    return [
      {
        path: joinPath(path, ["objectives", "custom", kind]),
        found: `a second objective of the name ${kind}`,
        allowed: `any other name, because ${source.phrase} brings an objective of this one`,
        fix: "rename it",
      },
    ];
  });
}

/** Only its team knows how often a job should succeed. */
function unboundedAge({ path, presets, promised }: Place): Problem[] {
  if (!presets.includes("batch") || promised.freshness !== undefined) return [];
  return [
    {
      path: joinPath(path, ["objectives", "freshness"]),
      found: "nothing",
      allowed: "how long ago the last success may be, which is all that a batch job is judged by",
      fix: 'add freshness: { maxAge: "26h" } for a job that runs daily and takes up to two hours',
    },
  ];
}

/** Of some exporters nothing is known but how much waits, and only its team knows how much may. */
function unboundedQueue({ service, path, presets, promised }: Place): Problem[] {
  const { metrics } = service.worker ?? {};
  const isOfQueue = jobConvention(metrics) !== undefined && servedRequests(service) === undefined;
  if (!presets.includes("worker") || !isOfQueue || promised.backlog !== undefined) return [];
  return [
    {
      path: joinPath(path, ["objectives", "backlog"]),
      found: "nothing",
      allowed: `how many messages may wait, which is all that a worker with metrics: ${metrics} is judged by`,
      fix: "add backlog: { max: 1000 } if a thousand may",
    },
  ];
}

function probeTargets({ service: { probe }, path, presets }: Place): Problem[] {
  if (probe === undefined || !presets.includes("probe")) return [];
  const { pattern, form } = PROBE_TARGETS[probe.module];
  return probe.targets.flatMap((target, index) =>
    pattern.test(target)
      ? []
      : [
          {
            path: joinPath(path, ["probe", "targets", index]),
            found: target.includes("@")
              ? "a value that is not shown, because it may hold a password"
              : shown(target),
            allowed: `${form}, as the module ${probe.module} asks for`,
            fix: "correct the target, or choose another module",
          },
        ],
  );
}

function needlessBuckets({ service, path, presets }: Place): Problem[] {
  return (["http", "grpc", "worker"] as const).flatMap((preset) => {
    const { histogram, buckets } = service[preset] ?? {};
    if (!presets.includes(preset) || histogram !== "native" || buckets === undefined) return [];
    return [
      {
        path: joinPath(path, [preset, "buckets"]),
        found: shown(buckets),
        allowed: "nothing, because a native histogram chooses its buckets itself",
        fix: "remove it, or write histogram: classic",
      },
    ];
  });
}

/** A classic histogram knows how many requests were quicker than the end of each of its buckets, and nothing in between. */
function thresholdProblems({ service, path, promised }: Place): Problem[] {
  const served = servedRequests(service);
  const threshold = promised.latency?.threshold;
  if (served?.timed === undefined || served.boundaries === undefined || threshold === undefined) return [];
  const { durations } = served.timed;
  const limit = inUnitOf(durations, threshold);
  if (served.boundaries.includes(limit)) return [];
  const below = served.boundaries.findLast((boundary) => boundary < limit);
  const above = served.boundaries.find((boundary) => boundary > limit);
  const near = [below, above].flatMap((boundary) =>
    boundary === undefined ? [] : [lengthOf(boundary, durations)],
  );
  const { preset } = served;
  return [
    {
      path: joinPath(path, ["objectives", "latency", "threshold"]),
      found: shown(threshold),
      allowed: `the end of a bucket of ${durations.metric}: ${served.boundaries.map((boundary) => lengthOf(boundary, durations)).join(", ")}`,
      fix: `write ${near.join(" or ")}, list the buckets that it really has in ${preset}.buckets, or expose it as a native histogram and write ${preset}.histogram: native`,
    },
  ];
}

function lengthOf(boundary: number, { unit }: Pick<DurationHistogram, "unit">): Duration {
  return duration(unit === "seconds" ? boundary : boundary / 1000);
}
