import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { secret, startPolicyPack, type TestedPack, unknown } from "../../../cli/team/policy-testing.ts";
import { InvalidInputError } from "../../../components/core/problems.ts";
import { blocksOf, howTo } from "../../docs/page.ts";
import { run } from "../../support/process.ts";

// A pack that is not ours, and ours, with Pulumi's own run-policy-pack.

const SAMPLE = fileURLToPath(new URL("sample-pack", import.meta.url));
const OURS = fileURLToPath(new URL("../../../policies/packs/security", import.meta.url));
const bucket = (name: string, tags?: unknown) => ({ type: "aws:s3/bucket:Bucket", name, inputs: { tags } });

/** Pulumi's server puts the description before what a policy reports. */
const said = (text: string) => `A bucket has an owner.\n${text}`;

describe("a test of a policy pack", () => {
  let pack: TestedPack;
  beforeAll(async () => {
    pack = await startPolicyPack(SAMPLE, { SAMPLE_HINT: "share one" });
  });
  afterAll(() => pack?.stop());

  it("gets what each policy says of each resource", async () => {
    expect(await pack.judge([bucket("logs"), bucket("data", { owner: "shop" })])).toEqual([
      { policy: "bucket-owner", level: "mandatory", resource: "logs", message: said("no tag owner") },
      expect.objectContaining({
        policy: "few-buckets",
        level: "advisory",
        resource: undefined,
        message: expect.stringContaining("2 buckets: share one"),
      }),
    ]);
    expect(await pack.judge([bucket("logs", { owner: "shop" })])).toEqual([]);
  });

  it("gets the defaults of a configuration, and what it sets", async () => {
    const team = [bucket("logs", { team: "shop" })];
    const found = await pack.judge(team);
    expect(found.map(({ message }) => message)).toEqual([said("no tag owner")]);
    expect(await pack.judge(team, { config: { "bucket-owner": { tag: "team" } } })).toEqual([]);
    expect(await pack.judge(team, { config: { "bucket-owner": "disabled" } })).toEqual([]);
    const [softer] = await pack.judge(team, { config: { all: "advisory" } });
    expect(softer?.level).toBe("advisory");
  });

  it("is told, of a value that is known later, that the policy was not decided", async () => {
    const [found] = await pack.judge([bucket("logs", { owner: unknown })]);
    expect(found).toMatchObject({ policy: "bucket-owner", level: "advisory" });
    expect(found?.message).toMatch(/can't be known during preview/);
  });

  it("shows a secret to the policies in plain text", async () => {
    expect(await pack.judge([bucket("logs", secret({ owner: "shop" }))])).toEqual([]);
  });

  it("has parents, providers, dependencies and protection by name", async () => {
    const site = { type: "acme:index:Site", name: "site", inputs: {} };
    const key = { type: "aws:kms/key:Key", name: "key", inputs: {} };
    const logs = {
      ...bucket("logs", { owner: "shop" }),
      parent: "site",
      dependsOn: ["site"],
      sources: { policy: ["key"] },
      protect: true,
    };
    const [found] = await pack.judge([site, key, logs]);
    expect(found?.resource).toBe("logs");
    expect(found?.message).toContain("site+key | key | site | protected");
  });

  it("names every mistake in the resources at once", async () => {
    const wrong = [bucket("logs"), bucket("logs"), { ...bucket("data"), parent: "site", dependsOn: ["key"] }];
    const refused = pack.judge(wrong);
    await expect(refused).rejects.toThrow(InvalidInputError);
    await expect(refused).rejects.toThrow(
      /resources\[1\]\.name[\s\S]*resources\[2\]\.parent[\s\S]*resources\[2\]\.dependsOn\[0\]/,
    );
  });
});

describe("the test that docs/how-to/policies.md shows", () => {
  it("runs, and passes with a pack as it needs", async () => {
    const [shown = ""] = blocksOf(howTo("policies")).flatMap(({ language, text }) =>
      language === "ts" && text.includes("bellwether/policy-testing") ? [text] : [],
    );
    const folder = mkdtempSync(join(tmpdir(), "bellwether-policy-testing-"));
    const module = fileURLToPath(new URL("../../../cli/team/policy-testing.ts", import.meta.url));
    const file = join(folder, "shown.test.mts");
    writeFileSync(file, shown.replace("bellwether/policy-testing", module).replace("./policy-pack", SAMPLE));
    const tsx = createRequire(import.meta.url).resolve("tsx");
    const { code, stdout } = await run(process.execPath, ["--import", tsx, "--test", file]);
    rmSync(folder, { recursive: true });
    expect(code, stdout).toBe(0);
    expect(stdout).toMatch(/pass 1\b/);
  });
});

describe("the start of a policy pack", () => {
  it("works with ours", async () => {
    const pack = await startPolicyPack(OURS, { BELLWETHER_TODAY: "2026-11-23" });
    const role = {
      type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      name: "nodes",
      inputs: { role: "nodes", policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
    };
    const found = await pack.judge([role]);
    await pack.stop();
    expect(found.map(({ policy }) => policy)).toContain("iam-machine-administrators");
  });

  it("is refused for a folder without a pack, with the fix", async () => {
    await expect(startPolicyPack(fileURLToPath(new URL(".", import.meta.url)))).rejects.toThrow(
      /no PulumiPolicy\.yaml[\s\S]*--policy-pack/,
    );
  });
});
