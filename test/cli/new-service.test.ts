import { readFileSync } from "node:fs";
import { Readable, Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { interview, terminalAnswers } from "../../cli/new-service/interview.ts";
import { constantIn, withDefinition, withListed } from "../../cli/new-service/listing.ts";
import { KINDS, kindQuestions } from "../../cli/new-service/questions.ts";
import { InvalidInputError } from "../../components/core/problems.ts";
import { definitionSource } from "../../components/exchange/definition-source.ts";
import { defineService } from "../../components/service/model.ts";

const KNOWN = { teams: ["platform", "shop"], taken: ["storefront"] };

const FLAGS = {
  name: "checkout",
  owner: "shop",
  tier: "critical",
  description: "Takes orders and payments",
  namespace: "shop",
  kind: "http",
  port: "http",
  metrics: "otel",
};

async function refusal(flags: Readonly<Record<string, string | undefined>>): Promise<readonly string[]> {
  const error = await interview({ flags, ask: undefined }, KNOWN).catch((caught: unknown) => caught);
  if (!(error instanceof InvalidInputError)) throw error;
  return error.problems.map(({ path, found, fix }) => `${path}: ${found}: ${fix}`);
}

describe("the interview for a new service", () => {
  it("takes all of it from flags, and what comes of it is a service", async () => {
    const definition = await interview({ flags: FLAGS, ask: undefined }, KNOWN);
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

  it("tells every flag that is wrong or missing at once, where nobody can be asked", async () => {
    expect(await refusal({ ...FLAGS, owner: "shopp", name: "storefront", port: undefined })).toEqual([
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
  const { port, metrics, kind: _, ...rest } = FLAGS;
  return { ...rest, http: { port, metrics } } as Parameters<typeof defineService>[0];
}
