import { type Duration, duration } from "../core/duration.ts";
import { joinPath, type Problem, shown } from "../core/problems.ts";
import { inUnitOf } from "../signals/histogram.ts";
import type { Service } from "./definition.ts";
import { MEASURED_OF, type ObjectiveKind, type ServedRequests, servedRequests } from "./measures.ts";
import type { Objectives } from "./objectives.ts";

/** A place of a definition that says objectives: for everywhere, or for an environment. */
export interface Place {
  readonly path: string;
  readonly promised: Objectives;
}

/** A service must promise something, and can only promise what is measured. */
export function promiseProblems(
  service: Service,
  path: string,
  places: readonly Place[],
): readonly Problem[] {
  const unclear = twoServers(service, path);
  if (unclear.length > 0) return unclear;
  const problems = [
    ...needlessBuckets(service, path),
    ...places.flatMap((place) => [
      ...unmeasured(service, place),
      ...takenNames(service, place),
      ...thresholdProblems(service, place),
    ]),
  ];
  const isEmpty =
    presetsOf(service).length === 0 &&
    places.every(({ promised }) => Object.keys(promised.custom).length === 0);
  if (!isEmpty || problems.length > 0) return problems;
  return [
    {
      path: joinPath(path, ["http"]),
      found: "nothing, and no objective under custom",
      allowed: "a service that something is measured of",
      fix: "add http, or an objective under objectives.custom",
    },
  ];
}

const KINDS = Object.keys(MEASURED_OF) as readonly ObjectiveKind[];
type Preset = (typeof MEASURED_OF)[ObjectiveKind][number];

function presetsOf(service: Service): readonly Preset[] {
  const presets = new Set(KINDS.flatMap((kind): readonly Preset[] => MEASURED_OF[kind]));
  return [...presets].filter((preset) => service[preset] !== undefined);
}

function twoServers({ http, grpc }: Service, path: string): Problem[] {
  if (http === undefined || grpc === undefined) return [];
  return [
    {
      path: joinPath(path, ["grpc"]),
      found: "grpc beside http",
      allowed: "one of them, because each brings objectives of the names availability and latency",
      fix: "keep the one that the service is judged by, and write what else it promises under custom",
    },
  ];
}

function unmeasured(service: Service, { path, promised }: Place): Problem[] {
  return KINDS.filter((kind) => promised[kind] !== undefined)
    .filter((kind) => MEASURED_OF[kind].every((preset) => service[preset] === undefined))
    .map((kind) => ({
      path: joinPath(path, ["objectives", kind]),
      found: shown(promised[kind]),
      allowed: `nothing, because without ${MEASURED_OF[kind].join(" or ")} it is not measured`,
      fix: `add ${MEASURED_OF[kind].join(" or ")}, or write the objective under custom with its queries`,
    }));
}

function takenNames(service: Service, { path, promised }: Place): Problem[] {
  return KINDS.filter((kind) => Object.hasOwn(promised.custom, kind)).flatMap((kind) => {
    const preset = MEASURED_OF[kind].find((each) => service[each] !== undefined);
    if (preset === undefined) return [];
    return [
      {
        path: joinPath(path, ["objectives", "custom", kind]),
        found: `a second objective of the name ${kind}`,
        allowed: `any other name, because ${preset} brings an objective of this one`,
        fix: `rename it, or remove ${preset}`,
      },
    ];
  });
}

function needlessBuckets(service: Service, path: string): Problem[] {
  return (["http", "grpc"] as const).flatMap((preset) => {
    const { histogram, buckets } = service[preset] ?? {};
    if (histogram !== "native" || buckets === undefined) return [];
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
function thresholdProblems(service: Service, { path, promised }: Place): Problem[] {
  const served = servedRequests(service);
  const threshold = promised.latency?.threshold;
  if (served?.boundaries === undefined || threshold === undefined) return [];
  const limit = inUnitOf(served.server.durations, threshold);
  if (served.boundaries.includes(limit)) return [];
  const below = served.boundaries.findLast((boundary) => boundary < limit);
  const above = served.boundaries.find((boundary) => boundary > limit);
  const near = [below, above].flatMap((boundary) =>
    boundary === undefined ? [] : [lengthOf(boundary, served)],
  );
  const { preset, server } = served;
  return [
    {
      path: joinPath(path, ["objectives", "latency", "threshold"]),
      found: shown(threshold),
      allowed: `the end of a bucket of ${server.durations.metric}: ${served.boundaries.map((boundary) => lengthOf(boundary, served)).join(", ")}`,
      fix: `write ${near.join(" or ")}, list the buckets that it really has in ${preset}.buckets, or expose it as a native histogram and write ${preset}.histogram: native`,
    },
  ];
}

function lengthOf(boundary: number, { server }: ServedRequests): Duration {
  return duration(server.durations.unit === "seconds" ? boundary : boundary / 1000);
}
