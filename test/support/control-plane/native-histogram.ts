// Prometheus scrapes native histograms in its protobuf exposition alone: messages of io.prometheus.client.MetricFamily, each after
// its length. This writes as much of that as a histogram of counters takes.

/** What such an answer says that it is. */
export const PROTOBUF =
  "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";

/** How OpenTelemetry's convention names the durations of calls in a gRPC server. */
export const GRPC_DURATION = "rpc_server_call_duration_seconds";

/** One series: observations by their value, the smallest first. */
export interface Histogram {
  readonly labels: Readonly<Record<string, string>>;
  readonly observations: readonly (readonly [value: number, count: number])[];
}

/** Eight buckets for each power of two. */
const SCHEMA = 3;

/** Field numbers of the messages. */
const FAMILY = { name: 1, type: 3, metric: 4 } as const;
const METRIC = { label: 1, histogram: 7 } as const;
const LABEL = { name: 1, value: 2 } as const;
const HISTOGRAM = {
  count: 1,
  sum: 2,
  schema: 5,
  zeroThreshold: 6,
  zeroCount: 7,
  span: 12,
  delta: 13,
} as const;
const SPAN = { offset: 1, length: 2 } as const;
/** The value of MetricType that says histogram. */
const IS_HISTOGRAM = 4;

/** A family of native histograms, with its length before it. */
export function histogramFamily(name: string, histograms: readonly Histogram[]): Buffer {
  const family = Buffer.concat([
    bytes(FAMILY.name, Buffer.from(name)),
    number(FAMILY.type, IS_HISTOGRAM),
    ...histograms.map((histogram) => bytes(FAMILY.metric, metric(histogram))),
  ]);
  return Buffer.concat([varint(family.length), family]);
}

function metric({ labels, observations }: Histogram): Buffer {
  const pairs = Object.entries(labels).map(([name, value]) =>
    bytes(
      METRIC.label,
      Buffer.concat([bytes(LABEL.name, Buffer.from(name)), bytes(LABEL.value, Buffer.from(value))]),
    ),
  );
  return Buffer.concat([...pairs, bytes(METRIC.histogram, histogram(observations))]);
}

function histogram(observations: Histogram["observations"]): Buffer {
  const count = observations.reduce((all, [, each]) => all + each, 0);
  const sum = observations.reduce((all, [value, each]) => all + value * each, 0);
  const fields = [
    number(HISTOGRAM.count, count),
    double(HISTOGRAM.sum, sum),
    number(HISTOGRAM.schema, zigzag(SCHEMA)),
    double(HISTOGRAM.zeroThreshold, 2 ** -128),
    number(HISTOGRAM.zeroCount, 0),
  ];
  // Buckets are told as runs, each by the gap since the last, and counts as what each differs from the one before.
  let next = 0;
  let before = 0;
  for (const [value, each] of observations) {
    const index = Math.ceil(Math.log2(value) * 2 ** SCHEMA);
    const span = Buffer.concat([number(SPAN.offset, zigzag(index - next)), number(SPAN.length, 1)]);
    fields.push(bytes(HISTOGRAM.span, span), number(HISTOGRAM.delta, zigzag(each - before)));
    next = index + 1;
    before = each;
  }
  return Buffer.concat(fields);
}

/** How a signed number is written as an unsigned one, small where it is near zero. */
function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

function varint(value: number): Buffer {
  const written: number[] = [];
  let rest = value;
  // Division and not shifting: counts may be beyond 32 bits.
  while (rest >= 128) {
    written.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...written, rest]);
}

const WIRE = { varint: 0, double: 1, bytes: 2 } as const;

function number(field: number, value: number): Buffer {
  return Buffer.concat([varint(field * 8 + WIRE.varint), varint(value)]);
}

function double(field: number, value: number): Buffer {
  const written = Buffer.alloc(8);
  written.writeDoubleLE(value);
  return Buffer.concat([varint(field * 8 + WIRE.double), written]);
}

function bytes(field: number, value: Buffer): Buffer {
  return Buffer.concat([varint(field * 8 + WIRE.bytes), varint(value.length), value]);
}
