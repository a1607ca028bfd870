import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { InvalidInputError } from "../../components/core/problems.ts";
import { policies } from "../../policies/rules/index.ts";
import { judgedDay } from "../../policies/rules/today.ts";
import { lineOfEntry, NO_WAIVERS, readWaivers, waiversOf } from "../../policies/rules/waivers-file.ts";
import { waiversJsonSchema } from "../../policies/rules/waivers-schema.ts";

const folder = mkdtempSync(join(tmpdir(), "bellwether-waivers-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const CONTEXT = { policyIds: policies.map(({ id }) => id), today: "2026-12-31" };
const OWN = new URL("../../stacks/waivers.yaml", import.meta.url);

const TEXT = `# A comment.
waivers:
  - policy: pinned-image
    resource: legacy-exporter
    environments: [prod, staging]
    owner: platform
    reason: The vendor publishes no tags; asked for them.
    expires: 2027-02-20
  - policy: replicas
    resource: "*::legacy-*"
    environments: [prod]
    owner: shop
    reason: It keeps its state in memory; the next release does not.
    expires: 2027-01-31
snoozes:
  - check: rate-window
    rule: LegacyBatchStalled
    owner: platform
    reason: Its exporter answers every two minutes.
    expires: 2027-02-20
exclusions:
  - check: panel-units
    dashboard: orders
    owner: shop
    reason: The unit of the imported panel is not known.
    expires: 2027-02-20
`;

let files = 0;
function fileOf(text: string): string {
  const path = join(folder, `${++files}.yaml`);
  writeFileSync(path, text);
  return path;
}

function mistakeIn(text: string): InvalidInputError {
  try {
    readWaivers(fileOf(text), CONTEXT);
  } catch (error) {
    if (error instanceof InvalidInputError) return error;
    throw error;
  }
  throw new Error("there is no mistake");
}

describe("a file of waivers", () => {
  it("has waivers of policies, snoozes of the rule linter and exclusions of dashboards", () => {
    const { waivers, snoozes, exclusions } = readWaivers(fileOf(TEXT), CONTEXT);
    expect(waivers.map(({ policy, expires }) => [policy, expires])).toEqual([
      ["pinned-image", "2027-02-20"],
      ["replicas", "2027-01-31"],
    ]);
    expect(snoozes).toMatchObject([{ rule: "LegacyBatchStalled" }]);
    expect(exclusions).toMatchObject([{ dashboard: "orders" }]);
  });

  it("may lack each of them", () => {
    expect(readWaivers(fileOf("waivers: []\n"), CONTEXT)).toEqual(NO_WAIVERS);
  });

  it("names every mistake at once, each with its line", () => {
    const text = TEXT.replace("policy: replicas", "policy: replica")
      .replace("owner: shop\n    reason: It keeps", "reason: It keeps")
      .replace("rule: LegacyBatchStalled", "rule: two words");
    const { message } = mistakeIn(text);
    expect(message).toContain("3 problems");
    expect(message).toMatch(/waivers\[1\]\.owner\n {4}found {4}nothing, in line 9\n/);
    expect(message).toMatch(/snoozes\[0\]\.rule\n {4}found {4}"two words", in line 16\n/);
    expect(message).toMatch(/waivers\[1\]\.policy\n {4}found {4}"replica"/);
  });

  it.each([
    ["expires: 2027-01-31", "expires: 2027-04-01", "waivers[1].expires"],
    ["rule: LegacyBatchStalled", "rule: A\n    check: rate-window", ":18:"],
    ["snoozes:", "snooze:", "snooze"],
    ["exclusions:", "exclusions: 5\nx:", "exclusions"],
    [
      /reason: Its exporter[^.]*\.\n {4}expires: 2027-02-20/,
      "reason: Its exporter answers every two minutes.\n    expires: 2027-04-01",
      "snoozes[0].expires",
    ],
    [
      /reason: The unit[^.]*\.\n {4}expires: 2027-02-20/,
      "reason: The unit of the imported panel is not known.\n    expires: 2027-04-01",
      "exclusions[0].expires",
    ],
  ])("is refused with %s as %j", (from, to, path) => {
    expect(TEXT).toMatch(from);
    expect(
      mistakeIn(TEXT.replace(from, to))
        .problems.map((problem) => problem.path)
        .join(),
    ).toContain(path);
  });

  it.each(["", "- a\n", "waivers: [\n", "a: b\n---\nc: d\n", "waivers: text\n"])(
    "is refused as a whole, without a stack trace: %j",
    (text) => {
      const { message, problems } = mistakeIn(text);
      expect(problems.length).toBeGreaterThan(0);
      expect(message).not.toMatch(/\n\s+at /);
    },
  );

  it("knows the line of each entry", () => {
    const line = (owner: string, expires: string) =>
      lineOfEntry(TEXT, "waivers.yaml", (entry) => entry.owner === owner && entry.expires === expires);
    expect(line("shop", "2027-01-31")).toBe(9);
    expect(line("shop", "2027-02-20")).toBe(22);
    expect(line("nobody", "2027-02-20")).toBeUndefined();
  });
});

describe("the file that a policy pack is told of", () => {
  it("is that of the variable, by an absolute path, or none", () => {
    const path = fileOf(TEXT);
    expect(waiversOf({ BELLWETHER_WAIVERS: path }, CONTEXT).waivers).toHaveLength(2);
    expect(waiversOf({ BELLWETHER_WAIVERS: "" }, CONTEXT)).toEqual(NO_WAIVERS);
    expect(waiversOf({}, CONTEXT)).toEqual(NO_WAIVERS);
    expect(() => waiversOf({ BELLWETHER_WAIVERS: "stacks/waivers.yaml" }, CONTEXT)).toThrow(
      /BELLWETHER_WAIVERS[\s\S]*an absolute path/,
    );
  });

  it("must be there", () => {
    expect(() => waiversOf({ BELLWETHER_WAIVERS: join(folder, "none.yaml") }, CONTEXT)).toThrow(
      /no file that can be read \(ENOENT\)/,
    );
  });
});

describe("the JSON Schema of a file of waivers", () => {
  const accepts = new Ajv2020({ strict: false, validateFormats: false }).compile(
    waiversJsonSchema(CONTEXT.policyIds),
  );

  it("accepts what the reader accepts", () => {
    expect(accepts(parse(TEXT)), JSON.stringify(accepts.errors)).toBe(true);
    expect(accepts(parse(readFileSync(OWN, "utf8")))).toBe(true);
  });

  it.each([
    ["policy: replicas", "policy: replica"],
    ["environments: [prod]", "environment: prod"],
    ["environments: [prod]", "environments: []"],
    ["check: rate-window", "check: rate-windows"],
    ["expires: 2027-01-31", "expires: soon"],
    ["snoozes:", "snooze:"],
  ])("refuses %s as %s", (from, to) => {
    expect(accepts(parse(TEXT.replace(from, to)))).toBe(false);
  });
});

describe("the waivers of the repository", () => {
  it("have no mistake", () => {
    const today = judgedDay({}, new Date());
    expect(readWaivers(OWN.pathname, { ...CONTEXT, today })).toEqual(NO_WAIVERS);
  });
});
