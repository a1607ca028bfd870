import { readFileSync } from "node:fs";
import { Readable, Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { fieldsOf, KINDS, OBJECTIVES } from "../../cli/new-service/fields.ts";
import { interview, terminalAnswers } from "../../cli/new-service/interview.ts";
import { constantIn, withDefinition, withListed } from "../../cli/new-service/listing.ts";
import { kindQuestions } from "../../cli/new-service/questions.ts";
import { InvalidInputError } from "../../components/core/problems.ts";
import { definitionSource } from "../../components/exchange/definition-source.ts";
import { checkedService, defineService } from "../../components/service/model.ts";

const KNOWN = { teams: ["platform", "shop"], taken: ["storefront"] };

const FLAGS = {
  name: "checkout",
  owner: "shop",
  tier: "critical",
  description: "Takes orders and payments",
  namespace: "shop",
  kind: "http",
};
const SET = ["port=http", "metrics=otel"];

async function refusal(
  flags: Readonly<Record<string, string | undefined>>,
  set: readonly string[] = SET,
): Promise<readonly string[]> {
  const error = await interview({ flags, set, ask: undefined }, KNOWN).catch((caught: unknown) => caught);
  if (!(error instanceof InvalidInputError)) throw error;
  return error.problems.map(({ path, found, fix }) => `${path}: ${found}: ${fix}`);
}

describe("the interview for a new service", () => {
  it("takes all of it from flags, and what comes of it is a service", async () => {
    const definition = await interview({ flags: FLAGS, set: SET, ask: undefined }, KNOWN);
    expect(definition).toEqual({
      name: "checkout",
      owner: "shop",
      tier: "critical",
      description: "Takes orders and payments",
      namespace: "shop",
      http: { port: "http", metrics: "otel" },
    });
    expect(defineService(definition).name).toBe("checkout");
  });

  it("knows the kinds that a definition has, and asks of each what has no default", () => {
    expect(KINDS).toContain("http");
    for (const kind of KINDS) expect(kindQuestions(kind).map(({ field }) => field)).not.toContain("path");
    expect(kindQuestions("http").map(({ field, choices }) => [field, choices?.includes("otel")])).toEqual([
      ["port", undefined],
      ["metrics", true],
    ]);
  });

  const defined = async (kind: string, set: readonly string[]) => {
    const definition = await interview({ flags: { ...FLAGS, kind }, set, ask: undefined }, KNOWN);
    return { ...definition, ...defineService(definition) };
  };

  it("writes every kind that docs/how-to/add-a-service.md has, with flags alone", async () => {
    expect(await defined("grpc", ["port=metrics", "metrics=otel", "histogram=native"])).toMatchObject({
      grpc: { port: "metrics", metrics: "otel", histogram: "native" },
    });
    expect(
      await defined("worker", [
        "port=metrics",
        "metrics.total=invoices_processed_total",
        "metrics.failed=invoices_failed_total",
        "backlog=invoices_waiting",
        "objectives.success=99.9",
        "objectives.backlog.max=5000",
      ]),
    ).toMatchObject({
      worker: {
        metrics: { total: "invoices_processed_total", failed: "invoices_failed_total" },
        backlog: "invoices_waiting",
      },
      objectives: { success: "99.9", backlog: { max: 5000 } },
    });
    expect(await defined("batch", ["cronJob=report", "objectives.freshness.maxAge=26h"])).toMatchObject({
      batch: { cronJob: "report" },
      objectives: { freshness: { maxAge: "26h" } },
    });
    expect(
      await defined("batch", ["port=http", "lastSuccess=backup_seconds", "objectives.freshness.maxAge=26h"]),
    ).toMatchObject({ batch: { port: "http", lastSuccess: "backup_seconds" } });
    expect(
      await defined("probe", [
        "targets=https://help.example.com/",
        "targets=https://help.example.com/a,https://help.example.com/b",
        "objectives.latency.threshold=2s",
      ]),
    ).toMatchObject({
      probe: {
        targets: ["https://help.example.com/", "https://help.example.com/a", "https://help.example.com/b"],
      },
      objectives: { latency: { threshold: "2s" } },
    });
    expect(await defined("http", ["port=http", "metrics=otel", "buckets=100ms,1s"])).toMatchObject({
      http: { buckets: ["100ms", "1s"] },
    });
  });

  it("asks for what is missing of each kind, and of the alternative that is set", () => {
    const asked = (kind: string, ...set: readonly string[]) =>
      kindQuestions(kind, new Set(set)).map(({ field }) => field);
    expect(asked("worker")).toEqual(["port", "metrics"]);
    expect(asked("worker", "metrics.total")).toEqual(["port", "metrics.failed"]);
    expect(asked("batch")).toEqual(["cronJob", "objectives.freshness.maxAge"]);
    expect(asked("batch", "port")).toEqual(["lastSuccess", "objectives.freshness.maxAge"]);
    expect(asked("probe")).toEqual(["targets"]);
    expect(asked("http", "port", "metrics", "objectives.latency.percent")).toEqual([
      "objectives.latency.threshold",
    ]);
  });

  it("refuses what --set cannot set, and lists what it can", async () => {
    expect(await refusal(FLAGS, [...SET, "backlog=orders", "foo=1", "prt=http", "path"])).toEqual([
      "--set backlog: an unknown field of http: remove it",
      "--set foo: an unknown field of http: remove it",
      "--set prt: an unknown field of http: write --set port=<value>",
      "--set path: no value: write --set path=<value>",
    ]);
    expect(await refusal(FLAGS, ["port=http", "port=web", "metrics=otl", "owner=me"])).toEqual([
      "--set owner: an unknown field of http: remove it",
      '--set port: "http" and "web": give the field once',
      '--set metrics: "otl": write otel',
    ]);
    expect(
      await refusal(FLAGS, [...SET, "objectives.availability=99", "objectives.availability.period=7d"]),
    ).toEqual(['--set objectives.availability: "99": remove one of the two']);
    const error = await interview({ flags: FLAGS, set: ["foo=1"], ask: undefined }, KNOWN).catch(String);
    expect(error).toMatch(/allowed {2}port, path, metrics, histogram, buckets, objectives\.availability, /);
  });

  it("offers for each kind the objectives that a definition of it may have, and no others", async () => {
    const required: Readonly<Record<string, readonly string[]>> = {
      http: SET,
      grpc: ["port=http", "metrics=otel"],
      worker: ["port=http", "metrics=otel", "oldestMessage=age", "backlog=waiting"],
      batch: ["cronJob=report", "objectives.freshness.maxAge=1d"],
      probe: ["targets=https://help.example.com/"],
    };
    const objectives: Readonly<Record<string, object>> = {
      availability: { percent: "99.5" },
      success: { percent: "99.5" },
      probes: { percent: "99.5" },
      latency: { threshold: "1s" },
      freshness: { maxAge: "1d" },
      backlog: { max: 5 },
    };
    for (const kind of KINDS) {
      const definition = await interview(
        { flags: { ...FLAGS, kind }, set: required[kind] ?? [], ask: undefined },
        KNOWN,
      );
      const allowed = Object.entries(objectives).filter(([name, settings]) => {
        const given = { freshness: definition.objectives?.freshness, [name]: settings };
        return checkedService({ ...definition, objectives: given }).ok;
      });
      expect([...(OBJECTIVES[kind] ?? [])].sort(), kind).toEqual(allowed.map(([name]) => name).sort());
      const offered = fieldsOf(kind).flatMap(({ path }) => /^objectives\.(\w+)/.exec(path)?.[1] ?? []);
      expect([...new Set(offered)], kind).toEqual(OBJECTIVES[kind]);
    }
  });

  it("tells every flag that is wrong or missing at once, where nobody can be asked", async () => {
    expect(await refusal({ ...FLAGS, owner: "shopp", name: "storefront" }, ["metrics=otel"])).toEqual([
      '<name>: "storefront": correct it',
      '--owner <owner>: "shopp": write shop',
      "--set port=<value>: nothing: add --set port=<value>",
    ]);
  });

  it("asks a person for what no flag says, and again where the answer is none", async () => {
    const said: string[] = [];
    const output = new Writable({
      write(chunk: Buffer, _, done) {
        said.push(chunk.toString());
        done();
      },
    });
    const input = new Readable({ read() {} });
    const { ask, close } = terminalAnswers(input, output);
    const asked: string[] = [];
    const definition = await interview(
      {
        flags: { ...FLAGS, owner: undefined, tier: undefined },
        set: SET,
        ask: (question) => {
          asked.push(question.field);
          const typed = question.field === "owner" ? ["nobody\n", "shop\n"] : ["\n"];
          // A line at a time, as a person types.
          for (const [index, line] of typed.entries()) setTimeout(() => input.push(line), 20 * (index + 1));
          return ask(question);
        },
      },
      KNOWN,
    );
    close();
    expect(asked).toEqual(["owner", "tier"]);
    expect(definition).toMatchObject({ owner: "shop", tier: "standard" });
    expect(said.join("")).toContain('"nobody" is not allowed: one of the teams platform, shop');
  });
});

describe("the files of a new service", () => {
  const source = definitionSource([definition()]);

  it("are the team's own, with one definition more", () => {
    const first = withDefinition(undefined, source);
    expect(first).toMatch(/^import \{ defineService \}/);
    const both = withDefinition(first, definitionSource([{ ...definition(), name: "basket" }]));
    expect(both.match(/^import /gm)).toHaveLength(1);
    expect(both.match(/^export const (\w+)/gm)).toEqual(["export const checkout", "export const basket"]);
    expect(constantIn(source)).toBe("checkout");
  });

  it("are listed as the listing of this repository is written", () => {
    const listing = readFileSync(new URL("../../stacks/services/index.ts", import.meta.url), "utf8");
    const more = withListed(listing, "checkout", "shop");
    expect(more).toMatch(/import \{ checkout, .*storefront.* \} from ".\/shop.ts";/);
    expect(more).toMatch(/= \[[^\]]*storefront[^\]]*checkout\];/);
    // A new team comes with an import of its own, and twice is once.
    const other = withListed(more ?? "", "billing", "payments");
    expect(other).toContain('import { billing } from "./payments.ts";');
    expect(withListed(other ?? "", "billing", "payments")).toBe(other);
  });

  it("leave a listing alone that has another form", () => {
    expect(withListed("export const services = load();\n", "checkout", "shop")).toBeUndefined();
  });
});

function definition() {
  const { kind: _, ...rest } = FLAGS;
  return { ...rest, http: { port: "http", metrics: "otel" } } as Parameters<typeof defineService>[0];
}
