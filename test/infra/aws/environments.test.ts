import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { judge } from "../../../cli/policy/analyzer.ts";
import { judgeByOwnPack } from "../../../cli/policy/own-pack.ts";
import { packConfig } from "../../../cli/policy/pack-config.ts";
import { type PackServer, startPack } from "../../../cli/policy/server.ts";
import type { RecordedResource } from "../../../cli/recording/monitor.ts";
import { NO_WAIVERS } from "../../../policies/rules/waivers-file.ts";
import { identities } from "../../generated/golden-files.ts";
import { TODAY } from "../../support/run-previews.ts";
import { AwsCheck } from "./check.ts";
import { inWords } from "./fault.ts";
import { type GraphResource, graphOf } from "./graph.ts";
import { VARIANTS } from "./variants.ts";

const PACK = fileURLToPath(new URL("../../../policies/packs/bellwether", import.meta.url));
const OTHER_STACKS = fileURLToPath(new URL("../../e2e/stacks", import.meta.url));

let check: AwsCheck;
let pack: PackServer;

beforeAll(async () => {
  [check, pack] = await Promise.all([AwsCheck.load(), startPack(PACK, TODAY)]);
});
afterAll(() => pack?.stop());

async function faultsOf(graph: readonly GraphResource[]): Promise<readonly string[]> {
  return (await check.faults(graph)).map(inWords);
}

/** The mandatory violations of a variant of production. */
async function violationsOf(resources: readonly RecordedResource[]): Promise<readonly string[]> {
  const judged = {
    project: "bellwether",
    stack: "prod",
    recording: { resources, outputs: {} },
    config: packConfig(PACK, { tier: "production" }),
  };
  const { asked, diagnostics } = await judge(pack, judged);
  // What a preview says in its own process is what Pulumi's server says.
  const own = await judgeByOwnPack({ name: "bellwether", waivers: NO_WAIVERS, today: TODAY }, judged);
  expect(own).toEqual({ asked, diagnostics });
  return diagnostics
    .filter(({ level }) => level === "mandatory")
    .map(({ policy, urn, message }) => `${policy} ${urn?.split("::").at(-1)}: ${message.split("\n")[0]}`);
}

/** What a variant has beside production (`+`), and what it has not (`-`). */
function difference(before: readonly RecordedResource[], after: readonly RecordedResource[]): string {
  const [had, has] = [before, after].map((resources) => {
    const all = resources.map((resource) => ({ ...resource, parent: resource.parent ?? null }));
    return new Set(identities(all).trim().split("\n"));
  });
  const lines = [
    ...[...(had ?? [])].filter((line) => !has?.has(line)).map((line) => `-\t${line}`),
    ...[...(has ?? [])].filter((line) => !had?.has(line)).map((line) => `+\t${line}`),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

describe("what AWS is asked for", () => {
  it.each(["dev", "staging", "prod"])("is nothing that it refuses, in %s", async (stack) => {
    expect(await faultsOf(await graphOf(stack))).toEqual([]);
  });

  it("is nothing that it refuses, with a workspace of Amazon Managed Grafana and Identity Center", async () => {
    expect(await faultsOf(await graphOf("workspace", {}, OTHER_STACKS))).toEqual([]);
  });
});

describe("production in another form", () => {
  let production: readonly RecordedResource[];
  beforeAll(async () => {
    production = await graphOf("prod");
  });

  // What a variant gives up on purpose, and the policies refuse.
  const refused: Readonly<Record<string, readonly string[]>> = {
    "one NAT gateway and a public endpoint": [
      "nat-per-zone network-nat-eu-central-1a: no NAT gateway is in eu-central-1b, eu-central-1c, where private subnets are.",
    ],
  };

  it.each(Object.entries(VARIANTS))(
    "asks AWS for nothing that it refuses, satisfies the policies and has the resources of its list, with %s",
    async (name, changes) => {
      const resources = await graphOf("prod", changes);
      expect(await faultsOf(resources)).toEqual([]);
      expect(await violationsOf(resources)).toEqual(refused[name] ?? []);
      const file = `${name.toLowerCase().replaceAll(/\W+/g, "-")}.tsv`;
      await expect(difference(production, resources)).toMatchFileSnapshot(
        `../../golden/prod/variants/${file}`,
      );
    },
  );
});
