import { beforeAll, describe, expect, it } from "vitest";
import { type Duration, duration } from "../../../components/core/duration.ts";
import { defineService, slosOf } from "../../../components/service/model.ts";
import {
  GRPC_LIBRARIES,
  HTTP_LIBRARIES,
  JOB_LIBRARIES,
  type JobLibrary,
} from "../../../components/signals/conventions/index.ts";
import type { JobConvention } from "../../../components/signals/conventions/job-convention.ts";
import { bucketLabel, inUnitOf } from "../../../components/signals/histogram.ts";
import type { Gauge } from "../../../components/signals/job-server.ts";
import { RECORDS } from "../../../components/slo/conventions.ts";
import { boundsOf } from "../../expositions/conventions/counted.ts";
import { played, playedGauges } from "../../expositions/conventions/played.ts";
import { type Recording, readRecording, recordings } from "../../expositions/conventions/recording.ts";
import { parseSeries } from "../../expositions/exposition.ts";
import { type RecordedRates, recordedRates } from "./recorded-rates.ts";

// Each convention of a worker against what its library or exporter exposed when it was recorded.

interface Recorded {
  readonly name: JobLibrary;
  readonly convention: JobConvention;
  readonly recording: Recording;
}

const RECORDED: readonly Recorded[] = Object.entries<JobConvention>(JOB_LIBRARIES)
  .filter(([, { source }]) => source === "recorded")
  .map(([name, convention]) => ({
    name: name as JobLibrary,
    convention,
    recording: readRecording(name),
  }));
const NAMED = RECORDED.map((recorded) => [recorded.name, recorded] as const);

/** Three jobs that take next to nothing, then one of each kind, and five of which one is being worked on. */
const KINDS = ["ok", "slow", "fail", "retry", "limit", "lost"];
/** The kind of job that each count is of. */
const COUNTED = { failed: "fail", retried: "retry", overtime: "limit", lost: "lost" } as const;
/** A slow job takes 1.2 seconds. */
const SLOW = 1.2;
/** Fewer than wait in any queue. */
const MOST_WAITING = 2;

function isOf({ metric, labels = {} }: Gauge, name: string, found: Readonly<Record<string, string>>) {
  return (
    name === metric &&
    Object.entries(labels).every(([label, value]) =>
      value === "*" ? found[label] !== undefined : (found[label] ?? "") === value,
    )
  );
}

/** How much the series of a metric grew with a kind of job. */
function grown(gauge: Gauge | undefined, { growth }: Recording, kind: string): number {
  return [...(growth.get(kind) ?? [])]
    .filter(([series]) => {
      const { metric, labels } = parseSeries(series);
      return gauge !== undefined && isOf(gauge, metric, labels);
    })
    .reduce((sum, [, by]) => sum + by, 0);
}

/** The counters of good and failed jobs; a label that only failed ones have tells them apart where there is one. */
function endedOf({ server }: JobConvention) {
  if (server === undefined || "ended" in server) return server?.ended;
  const { counter: metric, statusLabel } = server;
  return {
    good: { metric, labels: { [statusLabel]: "" } },
    failed: { metric, labels: { [statusLabel]: "*" } },
  };
}

function counted({ convention, recording }: Recorded, kind: string) {
  const { good, failed } = endedOf(convention) ?? {};
  return { good: grown(good, recording, kind), failed: grown(failed, recording, kind) };
}

describe("the recordings", () => {
  it("are those of each convention that is said to be recorded, and no others", () => {
    const libraries = Object.entries<Pick<JobConvention, "source">>({
      ...HTTP_LIBRARIES,
      ...GRPC_LIBRARIES,
      ...JOB_LIBRARIES,
    });
    const recorded = libraries.filter(([, { source }]) => source === "recorded").map(([name]) => name);
    expect(recordings().map(({ name }) => name)).toEqual(recorded.sort());
  });
});

describe("what a convention of a worker says of its library", () => {
  it.each(NAMED)("is of the version that it names: %s", (_, { convention, recording }) => {
    expect(recording.library).toBe(convention.library);
  });

  it.each(NAMED)("is what was counted: %s", (_, recorded) => {
    const { convention, recording } = recorded;
    if (endedOf(convention) === undefined) return expect(convention.counts).toEqual({});
    const counts = Object.entries(COUNTED).filter(([, kind]) => recording.growth.has(kind));
    expect(Object.fromEntries(counts.map(([count, kind]) => [count, counted(recorded, kind)]))).toEqual(
      convention.counts,
    );
    expect(counted(recorded, "ok")).toEqual({ good: 3, failed: 0 });
    expect(counted(recorded, "slow")).toEqual({ good: 1, failed: 0 });
  });

  it.each(NAMED)("has the buckets that it has: %s", (_, { convention: { server }, recording }) => {
    const { durations } = server ?? {};
    if (durations === undefined) return expect(recording.text).not.toContain("_bucket{");
    const bounds = boundsOf(durations.metric, recording).filter((bound) => bound > 0);
    expect(durations.boundaries).toEqual(bounds);
  });

  it.each(NAMED)("knows the gauge of what waits, if there is one: %s", (_, { convention, recording }) => {
    const waiting = grown(convention.backlog, recording, "waiting");
    // One of five is worked on, and a worker of Celery has fetched another.
    if (convention.backlog !== undefined) expect(waiting).toBeGreaterThanOrEqual(3);
    expect(waiting).toBeLessThanOrEqual(5);
  });
});

function thresholdOf({ server }: JobConvention): Duration | undefined {
  const { unit, boundaries = [] } = server?.durations ?? {};
  const bound = boundaries.findLast((each) => (unit === "milliseconds" ? each / 1000 : each) < SLOW);
  return bound === undefined ? undefined : duration(unit === "milliseconds" ? bound / 1000 : bound);
}

function serviceOf({ name, convention }: Recorded) {
  const threshold = thresholdOf(convention);
  return defineService({
    name,
    owner: "shop",
    tier: "standard",
    description: `What ${convention.library} exposes`,
    namespace: "shop",
    worker: { port: "metrics", metrics: name },
    objectives: {
      ...(threshold !== undefined && { latency: { threshold } }),
      ...(convention.backlog !== undefined && { backlog: { max: MOST_WAITING } }),
    },
  });
}

/** What the objectives of a service read. */
function seriesOf({ name, convention, recording }: Recorded) {
  const target = { job: name, namespace: "shop" };
  const { durations } = convention.server ?? {};
  const threshold = thresholdOf(convention);
  const bound =
    durations && threshold !== undefined ? bucketLabel(inUnitOf(durations, threshold)) : undefined;
  const { good, failed } = endedOf(convention) ?? {};
  const { backlog } = convention;
  return [
    ...played(
      recording,
      (metric, labels) =>
        [good?.metric, failed?.metric, `${durations?.metric}_count`].includes(metric) ||
        (metric === `${durations?.metric}_bucket` && labels["le"] === bound),
      target,
    ),
    ...playedGauges(recording, (metric) => metric === backlog?.metric, target),
  ];
}

let rates: RecordedRates;
const STEPS: readonly string[] = [RECORDS.totalStep, RECORDS.errorsStep];

beforeAll(async () => {
  const all = RECORDED.map((recorded) => ({
    ...recorded,
    slos: slosOf(serviceOf(recorded)),
    series: seriesOf(recorded),
  }));
  rates = await recordedRates(all, { kinds: [...KINDS, "waiting"], records: STEPS });
}, 300_000);

function rate(name: string, kind: string, slo: string, record: string): number {
  return rates(name, kind, slo, record) ?? Number.NaN;
}

describe("the objectives of a worker with a convention, in Prometheus", () => {
  it.each(NAMED.filter(([, { convention }]) => endedOf(convention) !== undefined))(
    "count each job that ended, and those that failed: %s",
    (name, recorded) => {
      for (const kind of KINDS.filter((each) => recorded.recording.growth.has(each))) {
        const { good, failed } = counted(recorded, kind);
        expect(good + failed).toBeGreaterThan(0);
        expect([kind, rate(name, kind, "success", RECORDS.totalStep) * 30]).toEqual([
          kind,
          expect.closeTo(good + failed, 5),
        ]);
        expect([kind, rate(name, kind, "success", RECORDS.errorsStep) * 30]).toEqual([
          kind,
          expect.closeTo(failed, 5),
        ]);
      }
    },
  );

  it.each(NAMED.filter(([, { convention }]) => thresholdOf(convention) !== undefined))(
    "count the jobs that succeeded and took too long: %s",
    (name, { recording }) => {
      expect(rate(name, "ok", "latency", RECORDS.errorsStep)).toBe(0);
      expect(rate(name, "slow", "latency", RECORDS.errorsStep)).toBeCloseTo(1 / 30, 5);
      for (const kind of ["fail", "limit", "lost"].filter((each) => recording.growth.has(each)))
        expect([kind, rate(name, kind, "latency", RECORDS.totalStep)]).toEqual([kind, 0]);
    },
  );

  it.each(NAMED.filter(([, { convention }]) => convention.backlog !== undefined))(
    "find the queue too long while jobs wait, and at no other time: %s",
    (name) => {
      expect(rate(name, "waiting", "backlog", RECORDS.errorsStep)).toBeCloseTo(1 / 30, 5);
      expect(rate(name, "ok", "backlog", RECORDS.totalStep)).toBeCloseTo(1 / 30, 5);
      expect(rate(name, "ok", "backlog", RECORDS.errorsStep) || 0).toBe(0);
    },
  );
});
