import { beforeAll, describe, expect, it } from "vitest";
import type { Duration } from "../../../components/core/duration.ts";
import { duration } from "../../../components/core/duration.ts";
import { defineService, type ServiceDefinition, slosOf } from "../../../components/service/model.ts";
import { type Convention, UNCOUNTED } from "../../../components/signals/conventions/convention.ts";
import { GRPC_LIBRARIES, HTTP_LIBRARIES } from "../../../components/signals/conventions/index.ts";
import { bucketLabel, inUnitOf } from "../../../components/signals/histogram.ts";
import type { RequestServer } from "../../../components/signals/request-server.ts";
import { failed } from "../../../components/signals/statuses.ts";
import { RECORDS } from "../../../components/slo/conventions.ts";
import { ruleGroup } from "../../../components/slo/rules.ts";
import {
  boundsOf,
  countedAs,
  countsScrapes,
  hangUpLasts,
  newValues,
} from "../../expositions/conventions/counted.ts";
import { played } from "../../expositions/conventions/played.ts";
import { type Recording, readRecording } from "../../expositions/conventions/recording.ts";
import { parseSeries } from "../../expositions/exposition.ts";
import { promtool } from "../slo/promtool.ts";
import { LINKS } from "../slo/samples.ts";
import { type RecordedRates, recordedRates } from "./recorded-rates.ts";

// Each convention against what its library exposed when it was recorded.

interface Recorded {
  readonly name: string;
  readonly kind: "http" | "grpc";
  readonly convention: Convention;
  readonly recording: Recording;
}

const entriesOf = (kind: Recorded["kind"], libraries: Readonly<Record<string, Convention>>) =>
  Object.entries(libraries).map(([name, convention]) => ({ name, kind, convention }));
const CATALOGUE = [...entriesOf("http", HTTP_LIBRARIES), ...entriesOf("grpc", GRPC_LIBRARIES)];
const RECORDED: readonly Recorded[] = CATALOGUE.filter(
  ({ convention }) => convention.source === "recorded",
).map((entry) => ({ ...entry, recording: readRecording(entry.name) }));
const NAMED = RECORDED.map((recorded) => [recorded.name, recorded] as const);

/** Requests that each server was asked for take either next to nothing, or 1.2 seconds. */
const SLOW = 1.2;

function isError(server: RequestServer, status: string): boolean {
  if (status === UNCOUNTED) return false;
  return failed(server).some((matchers) =>
    matchers.some(
      ({ label, operator, value }) =>
        label === server.statusLabel && operator === "=~" && new RegExp(`^(?:${value})$`).test(status),
    ),
  );
}

describe("a recording", () => {
  it.each(NAMED)("is of the version that the convention names: %s", (_, { convention, recording }) => {
    expect(recording.library).toBe(convention.library);
  });
});

describe("what a convention says of its library", () => {
  it.each(NAMED)("is what was counted: %s", (_, { convention, recording }) => {
    const { server, counts } = convention;
    const as = (kind: string, otherwise: string) =>
      recording.growth.has(kind) ? countedAs(server, recording, kind) : otherwise;
    expect({
      raised: as("raise", counts.raised),
      unknownRoute: as("unknown", counts.unknownRoute),
      hangUp: as("hang", counts.hangUp),
      hangUpLasts: recording.growth.has("hang") ? hangUpLasts(server, recording) : counts.hangUpLasts,
      scrapes: countsScrapes(server, recording),
    }).toEqual(counts);
    expect(isError(server, countedAs(server, recording, "ok"))).toBe(false);
  });

  it.each(NAMED)("has the buckets that it has: %s", (_, { convention: { server }, recording }) => {
    const { durations } = server;
    if (durations === undefined) return expect(recording.text).not.toContain("_bucket{");
    // No threshold is shorter than a millisecond.
    const least = durations.unit === "seconds" ? 0.001 : 1;
    const bounds = boundsOf(durations.metric, recording).filter((bound) => bound >= least);
    expect(durations.boundaries).toEqual(bounds);
  });

  it.each(NAMED)("has the values of its route label: %s", (_, { convention, recording }) => {
    const { route } = convention;
    if (route === undefined) return expect(newValues(convention, recording, "orders")).toBe(0);
    const values = newValues(convention, recording, "orders");
    const unknown = newValues(convention, recording, "unknown");
    expect({ values, unknown }).toEqual({
      values: { routes: 1, addresses: 3 }[route.values],
      unknown: { one: 1, each: 2, none: 0 }[route.unknown],
    });
    if (route.values === "addresses" || route.unknown === "each") expect(route.fix).toBeDefined();
  });
});

/** The largest bound that a slow request is beyond. */
function thresholdOf({ convention: { server } }: Recorded): Duration | undefined {
  if (server.durations === undefined) return undefined;
  const { unit, boundaries } = server.durations;
  const bound = boundaries.findLast((boundary) => (unit === "seconds" ? boundary : boundary / 1000) < SLOW);
  return bound === undefined ? undefined : duration(unit === "seconds" ? bound : bound / 1000);
}

function serviceOf(recorded: Recorded) {
  const threshold = thresholdOf(recorded);
  return defineService({
    name: recorded.name,
    owner: "shop",
    tier: "standard",
    description: `What ${recorded.convention.library} exposes`,
    namespace: "shop",
    ...({ [recorded.kind]: { port: "http", metrics: recorded.name } } as Pick<ServiceDefinition, "http">),
    ...(threshold !== undefined && { objectives: { latency: { threshold } } }),
  });
}

/** What the objectives of a service read, and the bucket of the threshold only. */
function seriesOf(recorded: Recorded) {
  const { name, convention, recording } = recorded;
  const { counter, durations } = convention.server;
  const threshold = thresholdOf(recorded);
  const bucket =
    threshold === undefined || durations === undefined
      ? undefined
      : bucketLabel(inUnitOf(durations, threshold));
  return played(
    recording,
    (metric, { le }) =>
      metric === counter ||
      metric === `${durations?.metric}_count` ||
      (metric === `${durations?.metric}_bucket` && le === bucket),
    { job: name, namespace: "shop" },
  );
}

let rates: RecordedRates;

const STEPS: readonly string[] = [RECORDS.totalStep, RECORDS.errorsStep, RECORDS.unclassifiedStep];
const KINDS = ["ok", "slow", "bad", "fail", "raise", "unknown", "hang"];

beforeAll(async () => {
  const all = RECORDED.map((recorded) => ({
    ...recorded,
    slos: slosOf(serviceOf(recorded)),
    series: seriesOf(recorded),
  }));
  rates = await recordedRates(all, { kinds: KINDS, records: STEPS });
}, 300_000);

function rate(name: string, kind: string, slo: string, record: string): number {
  return rates(name, kind, slo, record) ?? (record === RECORDS.unclassifiedStep ? 0 : Number.NaN);
}

describe("the objectives of a service with a convention, in Prometheus", () => {
  it.each(NAMED)("count what failed, and nothing else: %s", (name, { convention: { server }, recording }) => {
    for (const kind of KINDS.filter((each) => recording.growth.has(each))) {
      const status = countedAs(server, recording, kind);
      const errors = rate(name, kind, "availability", RECORDS.errorsStep);
      const requests = isError(server, status) ? (kind === "unknown" ? 2 : 1) : 0;
      expect([kind, errors]).toEqual([kind, expect.closeTo(requests / 30, 5)]);
      if (status !== UNCOUNTED)
        expect(rate(name, kind, "availability", RECORDS.totalStep)).toBeGreaterThanOrEqual(1 / 30 - 1e-6);
      // No request of a real library is of an unknown outcome.
      expect([kind, rate(name, kind, "availability", RECORDS.unclassifiedStep)]).toEqual([kind, 0]);
    }
  });

  const TIMED = NAMED.filter(([, { convention }]) => convention.server.durations !== undefined);
  it.each(TIMED)("count what took too long: %s", (name, { convention }) => {
    expect(rate(name, "ok", "latency", RECORDS.errorsStep)).toBe(0);
    expect(rate(name, "slow", "latency", RECORDS.errorsStep)).toBeCloseTo(1 / 30, 5);
    // What hangs is too slow if it is observed when its handler ends, and takes what its client had patience for if not.
    const { hangUpLasts: lasts } = convention.counts;
    const seen = rate(name, "hang", "latency", RECORDS.errorsStep);
    if (lasts !== "client") expect(seen).toBeCloseTo(lasts === "handler" ? 1 / 30 : 0, 5);
  });
});

describe("SLOSignalUnclassified of a service with a convention", () => {
  /** The counter of a library with its status under another label, in another form, or in no label. */
  const ODD = {
    "under another label": "result",
    "in another form": undefined,
    "in no label": "method",
  } as const;
  const odd = (name: string, { counter, statusLabel }: RequestServer, label: string | undefined) => ({
    series: `${counter}{job="${name}",namespace="shop",${label ?? statusLabel}="failure"}`,
    values: "0+30x40",
  });
  let firing: ReadonlySet<string>;

  beforeAll(async () => {
    const cases = Object.values(ODD).map((label) => ({
      name: String(label),
      interval: "30s" as Duration,
      input_series: RECORDED.map(({ name, convention: { server } }) => odd(name, server, label)),
    }));
    const real = {
      name: "recordings",
      interval: "30s" as Duration,
      input_series: RECORDED.flatMap(({ name, convention: { server }, recording }) =>
        allOf(name, server, recording),
      ),
    };
    const groups = RECORDED.map((recorded) => {
      const [availability] = slosOf(serviceOf(recorded));
      const group = ruleGroup(availability as NonNullable<typeof availability>, "30s", LINKS);
      const needed = /^slo:sli_(?:total|unclassified):|^slo:objective|^SLOSignalUnclassified$/;
      return {
        ...group,
        rules: group.rules.filter((rule) => needed.test("record" in rule ? rule.record : rule.alert)),
      };
    });
    const asked = {
      expr: 'count by (service) (ALERTS{alertname="SLOSignalUnclassified",alertstate="firing"})',
      eval_time: "18m" as Duration,
      exp_samples: [{ labels: "{}", value: -1 }],
    };
    const { stdout, stderr } = await promtool(
      groups,
      "30s",
      [...cases, real].map((each) => ({ ...each, promql_expr_test: [asked] })),
    );
    const got = (stdout + stderr).split("got:").slice(1);
    expect(got).toHaveLength(cases.length + 1);
    firing = new Set(
      got.flatMap((answer, index) =>
        [...answer.matchAll(/service="([\w-]+)"/g)].map(
          ([, service = ""]) => `${service} ${Object.keys(ODD)[index] ?? "recorded"}`,
        ),
      ),
    );
  }, 300_000);

  it.each(NAMED)("stays silent for what the library exposes: %s", (name) => {
    expect(firing).not.toContain(`${name} recorded`);
  });

  it.each(NAMED)("fires for a status that is not where it should be: %s", (name) => {
    for (const way of Object.keys(ODD)) expect(firing).toContain(`${name} ${way}`);
  });
});

/** Everything that the counter of a recording has counted, again in each scrape. */
function allOf(name: string, { counter }: RequestServer, { growth }: Recording) {
  const sums = new Map<string, number>();
  for (const grown of growth.values())
    for (const [series, by] of grown) sums.set(series, (sums.get(series) ?? 0) + by);
  return [...sums]
    .filter(([series]) => parseSeries(series).metric === counter)
    .map(([series, by]) => ({
      series: series.replace(/\{(.*)\}$/, `{job="${name}",namespace="shop",$1}`),
      values: `0+${by}x40`,
    }));
}
