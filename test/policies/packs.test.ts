import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { judge } from "../../cli/policy/analyzer.ts";
import { judgeByOwnPack } from "../../cli/policy/own-pack.ts";
import { type PackServer, startPack } from "../../cli/policy/server.ts";
import { PACK_DESCRIPTIONS, PACKS, type PackName } from "../../policies/packs/packs.ts";
import { TIERS } from "../../policies/rules/policy.ts";
import { NO_WAIVERS } from "../../policies/rules/waivers-file.ts";
import { BREAKS } from "./breaks/index.ts";
import { type FixtureStack, PROJECT, STACK, TODAY } from "./compliant-stack/fixture.ts";
import { compliantStack } from "./compliant-stack/index.ts";
import { recordingOf } from "./compliant-stack/recording.ts";

// The packs in Pulumi's own server, each in a process of its own: together the three by subject say what the one with all policies says.

const PARTS = PACKS.filter((name) => name !== "bellwether");
const folderOf = (name: PackName) => fileURLToPath(new URL(`../../policies/packs/${name}`, import.meta.url));

/** A policy of each subject: what a pod may do, how many pods there are, and where alerts end. */
const SUBJECTS = [
  ["security", "restricted-pods"],
  ["reliability", "replicas"],
  ["observability", "alert-routes"],
] as const;

describe("the packs by subject", () => {
  const servers = new Map<PackName, PackServer>();
  beforeAll(async () => {
    for (const name of PACKS) servers.set(name, await startPack(folderOf(name), TODAY));
  });
  afterAll(async () => {
    for (const server of servers.values()) await server.stop();
  });

  async function ask(name: PackName, stack: FixtureStack) {
    const server = servers.get(name);
    if (server === undefined) throw new Error(`no pack ${name}`);
    const judged = { project: PROJECT, stack: STACK, recording: recordingOf(stack), config: {} };
    const { asked, diagnostics } = await judge(server, judged);
    const own = await judgeByOwnPack({ name, waivers: NO_WAIVERS, today: TODAY }, judged);
    expect(own).toEqual({ asked, diagnostics });
    const found = diagnostics.filter(({ message }) => !/ does not hold in \d+ places? on /.test(message));
    return { asked, found: found.map(({ pack, policy }) => `${pack}: ${policy}`) };
  }

  it("have each at least twenty policies, together those of the pack with all, and nothing to say of a sound stack", async () => {
    const answers = await Promise.all(PACKS.map((name) => ask(name, compliantStack())));
    expect(answers.flatMap(({ found }) => found)).toEqual([]);
    const [all = 0, ...parts] = answers.map(({ asked }) => asked);
    expect(parts).toHaveLength(3);
    for (const part of parts) expect(part).toBeGreaterThanOrEqual(20);
    expect(parts.reduce((sum, part) => sum + part, 0)).toBe(all);
    expect(all).toBeGreaterThanOrEqual(90);
  });

  it.each(SUBJECTS)("find, in the pack %s alone, a violation of %s", async (pack, policy) => {
    const broken = BREAKS.find((one) => one.policy === policy);
    if (broken === undefined) throw new Error(`no break of ${policy}`);
    const found: string[] = [];
    for (const name of PARTS) found.push(...(await ask(name, broken.stack)).found);
    expect(found).toEqual([`${pack}: ${policy}`]);
    expect((await ask("bellwether", broken.stack)).found).toEqual([`bellwether: ${policy}`]);
  });
});

describe.each(PACKS)("the folder of the pack %s", (name) => {
  const text = (file: string) => readFileSync(`${folderOf(name)}/${file}`, "utf8");

  it("has what Pulumi reads, with the same description", () => {
    const { description, version } = JSON.parse(text("package.json")) as Record<string, string>;
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(description).toBe(PACK_DESCRIPTIONS[name]);
    expect(text("PulumiPolicy.yaml")).toContain(JSON.stringify(description));
    for (const tier of TIERS) expect(existsSync(`${folderOf(name)}/config/${tier}.json`)).toBe(true);
  });
});
