// The body of a remote write, version 1: a protobuf message WriteRequest in snappy's block format
// (https://prometheus.io/docs/specs/prw/remote_write_spec/). Written by hand, as it is a screen of code: snappy may hold plain bytes.

/** A series with its samples: moments in Unix milliseconds; {@link STALE} ends a series. */
export interface Written {
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: readonly (readonly [at: number, value: number | typeof STALE])[];
}

/** Prometheus' marker of a series that ends: a NaN of its own, which JavaScript does not keep apart from others. */
export const STALE = "stale";
const STALE_BITS = 0x7ff0000000000002n;

/** A request with some series. */
export function writeRequest(series: readonly Written[]): Buffer {
  const message = Buffer.concat(series.map((each) => field(1, timeSeries(each))));
  return snappy(message);
}

function timeSeries({ labels, samples }: Written): Buffer {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.concat([
    ...sorted.map(([name, value]) =>
      field(1, Buffer.concat([field(1, Buffer.from(name)), field(2, Buffer.from(value))])),
    ),
    samplesOf(samples),
  ]);
}

/** In one buffer, as there are many: field, length, then the value as a double and the moment as a number. */
function samplesOf(samples: Written["samples"]): Buffer {
  const buffer = Buffer.alloc(samples.length * (2 + MOST_OF_SAMPLE));
  let end = 0;
  for (const [at, value] of samples) {
    const start = end;
    buffer[start] = (2 << 3) | 2;
    buffer[start + 2] = (1 << 3) | 1;
    if (value === STALE) buffer.writeBigUInt64LE(STALE_BITS, start + 3);
    else buffer.writeDoubleLE(value, start + 3);
    buffer[start + 11] = 2 << 3;
    end = start + 12;
    let rest = at;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) buffer[end++] = (rest % 0x80) | 0x80;
    buffer[end++] = rest;
    buffer[start + 1] = end - start - 2;
  }
  return buffer.subarray(0, end);
}

/** A double with its field, and a moment with its field: eight bytes hold 56 bits. */
const MOST_OF_SAMPLE = 9 + 9;

function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2]), varint(content.length), content]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}

/** A literal of snappy takes at most so many bytes here: its length is in the two bytes after its tag. */
const LITERAL = 65_536;

function snappy(bytes: Buffer): Buffer {
  const parts = [varint(bytes.length)];
  for (let from = 0; from < bytes.length; from += LITERAL) {
    const part = bytes.subarray(from, from + LITERAL);
    const length = Buffer.alloc(2);
    length.writeUInt16LE(part.length - 1);
    parts.push(Buffer.from([61 << 2]), length, part);
  }
  return Buffer.concat(parts);
}
