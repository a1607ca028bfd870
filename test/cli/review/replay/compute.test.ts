import { describe, expect, it } from "vitest";
import { compute } from "../../../../cli/review/replay/compute.ts";
import type { LocalPrometheus } from "../../../../cli/review/replay/local.ts";
import type { Written } from "../../../../cli/review/replay/remote-write.ts";
import type { Connection } from "../../../../cli/verify/connection.ts";

/** A server that gives a series at some evaluations, and what is written to the Prometheus of the replay. */
async function written(given: readonly number[], count: number): Promise<readonly Written[]> {
  const all: Written[] = [];
  const ask = async (_: string, { start = "", end = "" }: Readonly<Record<string, string>> = {}) => {
    const values = given.filter((at) => Number(start) <= at && at <= Number(end)).map((at) => [at, "1"]);
    return { result: values.length === 0 ? [] : [{ metric: { __name__: "other", job: "a" }, values }] };
  };
  const source: Connection = { href: "", authorization: undefined, ask: ask as Connection["ask"] };
  const local: LocalPrometheus = {
    connection: source,
    write: async (series) => void all.push(...series),
    stop: async () => {},
  };
  const rule = {
    kind: "record",
    name: "r",
    expr: "x",
    labels: { of: "errors" },
    group: "g",
    interval: 30,
    hold: 0,
    keep: 0,
  } as const;
  const record = { rule, name: "replay:head:r", expr: "x", lead: 0 };
  await compute(record, source, local, 30, (count - 1) * 30, 0);
  return all;
}

describe("a computed record", () => {
  it("has its own name, the labels of its rule, and an end wherever an evaluation gives nothing", async () => {
    expect(await written([30, 60, 150, 180], 10)).toEqual([
      {
        labels: { __name__: "replay:head:r", job: "a", of: "errors" },
        samples: [
          [30_000, 1],
          [60_000, 1],
          [90_000, "stale"],
          [150_000, 1],
          [180_000, 1],
          [210_000, "stale"],
        ],
      },
    ]);
  });

  it("ends where a part of the evaluations does and the next has nothing of it", async () => {
    const last = 4_999 * 30;
    const series = await written([last], 6_000);
    expect(series.flatMap(({ samples }) => samples)).toEqual([
      [last * 1000, 1],
      [(last + 30) * 1000, "stale"],
    ]);
  });

  it("does not end where the replay does", async () => {
    expect((await written([240, 270], 10)).flatMap(({ samples }) => samples)).toEqual([
      [240_000, 1],
      [270_000, 1],
    ]);
  });
});
