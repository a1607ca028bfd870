import { describe, expect, it } from "vitest";
import { histogramStepRate, stepRate } from "../../../components/signals/counted-steps.ts";
import { eventQuery, eventRate } from "../../../components/signals/event-rate.ts";
import { GRPC_CONVENTIONS, GRPC_SERVERS } from "../../../components/signals/grpc.ts";
import { bucketLabel, HISTOGRAM_FORMS, nativeHistogram } from "../../../components/signals/histogram.ts";
import { HTTP_CONVENTIONS, HTTP_SERVERS } from "../../../components/signals/http.ts";
import type { Selector } from "../../../components/signals/promql.ts";
import type { RatioSignal } from "../../../components/signals/ratio.ts";
import {
  availability,
  availabilityExamples,
  isTimed,
  latency,
  latencyExamples,
  type RequestServer,
  type TimedServer,
} from "../../../components/signals/request-server.ts";
import { queryMistake } from "../../../components/signals/windowed-query.ts";
import { OTEL_WORKER } from "../../../components/signals/worker.ts";
import { parseSeries } from "../../expositions/exposition.ts";
import { promtool } from "../slo/promtool.ts";

const TARGET = { job: "checkout", namespace: "shop" };

const SERVERS: readonly (readonly [string, RequestServer])[] = [
  ...HTTP_CONVENTIONS.map((convention) => [`HTTP by ${convention}`, HTTP_SERVERS[convention]] as const),
  ...GRPC_CONVENTIONS.map((convention) => [`gRPC by ${convention}`, GRPC_SERVERS[convention]] as const),
  ["messages by otel", OTEL_WORKER],
];

/** Each of the tests that use it has a histogram. */
function timed(server: RequestServer): TimedServer {
  if (!isTimed(server)) throw new TypeError(`${server.counter} has no histogram`);
  return server;
}

const SIGNALS: readonly (readonly [string, RatioSignal])[] = SERVERS.flatMap(([name, server]) =>
  HISTOGRAM_FORMS.flatMap((form) => [
    [`availability of ${name}, ${form}`, availability(server, TARGET, form)] as const,
    ...(isTimed(server)
      ? [[`latency of ${name}, ${form}`, latency(server, TARGET, form, "250ms")] as const]
      : []),
  ]),
);

describe("what servers count", () => {
  it("is PromQL that Prometheus' own parser reads", async () => {
    const rules = SIGNALS.flatMap(([, { total, errors }], index) =>
      [total, errors].map((count, part) => ({
        record: `signal:${part === 0 ? "total" : "errors"}:irate`,
        expr: eventRate(count, "30s").text,
        labels: { signal: String(index) },
      })),
    );
    const { stdout, stderr } = await promtool([{ name: "signals", interval: "30s", rules }], "30s", []);
    expect(stdout + stderr).not.toMatch(/FAILED|error/i);
    expect(SIGNALS).toHaveLength(
      SERVERS.flatMap(([, server]) => (isTimed(server) ? [1, 2] : [1])).length * HISTOGRAM_FORMS.length,
    );
  });

  it.each(SIGNALS)(
    "can be handed to others as queries with room for a window: %s",
    (_, { total, errors }) => {
      for (const count of [total, errors]) expect(queryMistake(eventQuery(count))).toBeUndefined();
    },
  );

  it("is told of in words by every signal", () => {
    expect(availability(GRPC_SERVERS.otel, TARGET, "classic").description).toBe(
      "Calls that end with Unknown, DeadlineExceeded, Unimplemented, Internal, Unavailable or DataLoss count as errors.",
    );
    expect(latency(timed(HTTP_SERVERS.otel), TARGET, "classic", "250ms").description).toBe(
      "Requests without a server error that take longer than 250ms count as errors.",
    );
    expect(latency(timed(OTEL_WORKER), TARGET, "classic", "1s").description).toBe(
      "Messages without an error that take longer than 1s count as errors.",
    );
    // Its histogram knows no codes, so that its failures cannot be left out.
    expect(latency(timed(GRPC_SERVERS.grpc_prometheus), TARGET, "classic", "250ms").description).toBe(
      "Calls that take longer than 250ms count as errors.",
    );
  });
});

describe("a gRPC server's errors", () => {
  // google.golang.org/grpc/codes: the number, its name in Go, its name in the protocol, and the HTTP status of google.rpc.Code.
  const CODES: readonly (readonly [string, string, string, number])[] = [
    ["0", "OK", "OK", 200],
    ["1", "Canceled", "CANCELLED", 499],
    ["2", "Unknown", "UNKNOWN", 500],
    ["3", "InvalidArgument", "INVALID_ARGUMENT", 400],
    ["4", "DeadlineExceeded", "DEADLINE_EXCEEDED", 504],
    ["5", "NotFound", "NOT_FOUND", 404],
    ["6", "AlreadyExists", "ALREADY_EXISTS", 409],
    ["7", "PermissionDenied", "PERMISSION_DENIED", 403],
    ["8", "ResourceExhausted", "RESOURCE_EXHAUSTED", 429],
    ["9", "FailedPrecondition", "FAILED_PRECONDITION", 400],
    ["10", "Aborted", "ABORTED", 409],
    ["11", "OutOfRange", "OUT_OF_RANGE", 400],
    ["12", "Unimplemented", "UNIMPLEMENTED", 501],
    ["13", "Internal", "INTERNAL", 500],
    ["14", "Unavailable", "UNAVAILABLE", 503],
    ["15", "DataLoss", "DATA_LOSS", 500],
    ["16", "Unauthenticated", "UNAUTHENTICATED", 401],
  ];

  const SPELLING = { grpc_prometheus: 1, otel: 2, "otel-milliseconds": 0, beyla: 0, "grpc-go": 2 } as const;
  const SPELT = Object.keys(SPELLING) as (keyof typeof SPELLING)[];
  it.each(SPELT)("are those that HTTP would answer with 500 or above, by %s", (convention) => {
    const { serverErrors, statuses } = GRPC_SERVERS[convention];
    const pattern = serverErrors === "any" ? /.+/ : serverErrors;
    const isError = (code: string) => new RegExp(`^(?:${pattern.source})$`).test(code);
    for (const code of CODES)
      expect([code[1], isError(code[SPELLING[convention]])]).toEqual([code[1], code[3] >= 500]);
    expect(CODES.map((code) => code[SPELLING[convention]])).toEqual(
      expect.arrayContaining([statuses.good, statuses.bad]),
    );
  });
});

/** A selector as text, read back. */
function selectorOf(text: string): Selector {
  const [, name = "", labels = ""] = /^(\w+)\{(.*)\}$/.exec(text) ?? [];
  const matchers = [...labels.matchAll(/(\w+)(=|!~)"([^"]*)"/g)].map(
    ([, label = "", operator, value = ""]) => ({
      label,
      operator: operator as "=" | "!~",
      value,
    }),
  );
  return { metric: name, matchers };
}

describe("a latency's counts", () => {
  const text = (server: RequestServer, form: "classic" | "native") => {
    const { total, errors } = latency(timed(server), TARGET, form, "250ms");
    return [eventRate(total, "30s").text, eventRate(errors, "30s").text];
  };

  it("take what is in time from what is judged", () => {
    const judged = 'job="checkout",namespace="shop",http_response_status_code!~"5.."';
    const known =
      'sum(http_server_request_duration_seconds_bucket{job="checkout",namespace="shop",le="0.25"})';
    const [total = "", errors = ""] = text(HTTP_SERVERS.otel, "classic");
    const stepOf = (counter: string) =>
      stepRate({ counter: selectorOf(counter), family: selectorOf(counter) }, "30s").text;
    const all = stepOf(`http_server_request_duration_seconds_count{${judged}}`);
    const inTime = stepOf(
      'http_server_request_duration_seconds_bucket{job="checkout",namespace="shop",le="0.25",http_response_status_code!~"5.."}',
    );
    expect(total).toBe(`${all}\nand ${known}\nor 0 * ${known}`);
    expect(errors).toBe(`clamp_min(${all} - ${inTime}, 0)`);
  });

  it("of a native histogram are no fraction of nothing", () => {
    const [total = "", errors = ""] = text(GRPC_SERVERS["otel-milliseconds"], "native");
    const histogram = selectorOf(
      'rpc_server_duration_milliseconds{job="checkout",namespace="shop",rpc_grpc_status_code!~"2|4|12|13|14|15"}',
    );
    const rate = histogramStepRate({ counter: histogram, family: histogram }, "30s").text;
    expect(total).toBe(
      `histogram_count(${rate})\nor 0 * histogram_count(sum(rpc_server_duration_milliseconds{job="checkout",namespace="shop"}))`,
    );
    expect(errors).toBe(
      `(histogram_count(${rate}) > 0) * clamp_max(clamp_min(1 - histogram_fraction(0, 250, ${rate}), 0), 1)`,
    );
  });

  it("leave streams out, which last for as long as their client likes", () => {
    for (const form of HISTOGRAM_FORMS)
      for (const query of text(GRPC_SERVERS.grpc_prometheus, form))
        expect(query).toContain('grpc_type=~"unary|UNARY"');
  });
});

describe("the label of a bucket", () => {
  it("is written as Prometheus 3 stores it", () => {
    expect([0.005, 0.3, 1, 2.5, 10, 250, 900_000].map((boundary) => bucketLabel(boundary))).toEqual([
      "0.005",
      "0.3",
      "1.0",
      "2.5",
      "10.0",
      "250.0",
      "900000.0",
    ]);
    for (const boundary of [0.000_01, 1_000_000]) expect(() => bucketLabel(boundary)).toThrow(RangeError);
  });
});

describe("the examples of a server", () => {
  it.each(SERVERS)("have a status each, and neighbours that are not meant: %s", (_, server) => {
    for (const form of HISTOGRAM_FORMS) {
      const { good, bad, others } = availabilityExamples(server, TARGET, form);
      expect(good).not.toEqual(bad);
      const labels = (others ?? []).map((series) => parseSeries(series).labels);
      const targets = new Set(labels.map(({ job, namespace }) => `${namespace}/${job}`));
      expect([...targets]).toEqual(["shop/another-checkout", "another-shop/checkout"]);
      // A failure by each label that may have the status, and an event of an unknown outcome.
      expect(others).toHaveLength(2 * (2 + (server.otherStatusLabels ?? []).length));
    }
  });

  it("of a classic latency have the bucket from the start, and of a native one no bucket at all", () => {
    const classic = latencyExamples(timed(HTTP_SERVERS.otel), TARGET, "classic", "250ms");
    expect(classic.always).toEqual([expect.stringContaining('le="0.25"')]);
    const native = latencyExamples(timed(HTTP_SERVERS.otel), TARGET, "native", "250ms");
    expect([native.good, native.native]).toEqual([native.bad, { good: 0.2, bad: 0.3125 }]);
  });
});

it("a native histogram is written with its buckets in a row", () => {
  // 2^(-16/8) is 0.25, which its bucket ends at and includes; 0.5 ends eight buckets further up.
  expect(
    nativeHistogram([
      [0.25, 3],
      [0.5, 1],
    ]),
  ).toBe("{{schema:3 count:4 sum:1.25 offset:-16 buckets:[3 0 0 0 0 0 0 0 1]}}");
});
