import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { atNight, nightOf } from "../../../../cli/review/replay/night.ts";
import { type ReplayFlags, replaysOf } from "../../../../cli/review/replay/targets.ts";
import { InvalidInputError } from "../../../../components/core/problems.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "bellwether-targets-"));
  mkdirSync(join(folder, "data/01BLOCK"), { recursive: true });
  writeFileSync(join(folder, "data/01BLOCK/meta.json"), '{"maxTime":1780000000000}');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (flags: ReplayFlags, environments = ["dev", "prod"]) => replaysOf(flags, environments, folder);

function problemsOf(flags: ReplayFlags, environments?: string[]): readonly string[] {
  try {
    read(flags, environments);
  } catch (error) {
    if (error instanceof InvalidInputError) return error.problems.map(({ path }) => path);
    throw error;
  }
  return [];
}

const incidents = (text: string) => {
  writeFileSync(join(folder, "incidents.yaml"), text);
  return { prometheus: "prod=http://localhost:9090", incidents: "incidents.yaml" };
};

describe("the flags of a replay", () => {
  it("name the history of each environment, by a URL or a data directory", () => {
    const { targets, since } = read({ prometheus: "prod=http://localhost:9090,dev=data", since: "7d" });
    expect(targets).toEqual([
      { environment: "prod", at: { url: "http://localhost:9090" } },
      { environment: "dev", at: { folder: join(folder, "data") } },
    ]);
    expect(since).toBe(7 * 86_400);
  });

  it("may leave the environment out if one is compared", () => {
    expect(read({ prometheus: "http://localhost:9090" }, ["prod"]).targets[0]?.environment).toBe("prod");
    expect(problemsOf({ prometheus: "http://localhost:9090" })).toEqual(["--prometheus"]);
  });

  it("are refused with every mistake at once, without a password", () => {
    const flags = {
      prometheus: "test=http://me:hunter2@host,prod=ftp://me:hunter2@host",
      since: "1y2",
      until: "today",
    };
    expect(problemsOf({ ...flags, night: "25:00-07:00" })).toEqual([
      "--prometheus",
      "--prometheus",
      "--since",
      "--until",
      "--night",
    ]);
    expect(() => read(flags)).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining("hunter2") }),
    );
    expect(problemsOf({ since: "7d" })).toEqual(["--since"]);
  });

  it("list incidents, and every mistake in them", () => {
    expect(
      read(
        incidents(
          "- {name: outage, start: 2026-11-03T02:10:00Z, end: 2026-11-03T03:10:00+00:00, environment: prod, services: [store]}\n",
        ),
      ).incidents,
    ).toEqual([
      { name: "outage", start: 1_793_671_800, end: 1_793_675_400, environment: "prod", services: ["store"] },
    ]);
    expect(
      problemsOf(incidents("- {name: x, start: yesterday, end: 2026-11-03T03:10:00Z, team: y}\n")),
    ).toEqual(expect.arrayContaining(["incidents[0].start", "incidents[0].environment"]));
    expect(
      problemsOf(
        incidents("- {name: x, start: 2026-11-03T03:10:00Z, end: 2026-11-03T02:10:00Z, environment: prod}\n"),
      ),
    ).toEqual(["incidents[0].end"]);
    expect(problemsOf(incidents("a: [\n"))).toEqual(["--incidents"]);
  });
});

describe("night", () => {
  it("is read with its time zone, summer time included", () => {
    const night = nightOf("22:00-07:00 Europe/Berlin");
    expect(night).toEqual({ start: 1320, end: 420, zone: "Europe/Berlin" });
    const is = atNight(night ?? { start: 0, end: 0, zone: "UTC" });
    const at = (text: string) => is(Date.parse(text) / 1000);
    expect([at("2026-07-01T19:59:00Z"), at("2026-07-01T20:00:00Z")]).toEqual([false, true]);
    expect([at("2026-12-01T05:59:00Z"), at("2026-12-01T06:00:00Z")]).toEqual([true, false]);
  });

  it("may lie within one day", () => {
    const is = atNight({ start: 60, end: 120, zone: "UTC" });
    expect([is(3599), is(3600), is(7199), is(7200)]).toEqual([false, true, true, false]);
  });

  it.each(["night", "22-7", "24:00-07:00", "22:00-07:60", "22:00-07:00 Mars/Base"])("is not %s", (text) =>
    expect(nightOf(text)).toBeUndefined(),
  );
});
