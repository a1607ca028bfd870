import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { judge } from "../../cli/policy/analyzer.ts";
import type { Diagnostic, PackConfig } from "../../cli/policy/judgement.ts";
import { judgeByOwnPack, type OwnPack } from "../../cli/policy/own-pack.ts";
import { type PackServer, startPack } from "../../cli/policy/server.ts";
import { waiversIn } from "../../cli/policy/waivers.ts";
import { policyPack } from "../../policies/packs/pack.ts";
import { levelsOf } from "../../policies/packs/packs.ts";
import { policies } from "../../policies/rules/index.ts";
import { UNKNOWN } from "../../policies/rules/value.ts";
import { NO_WAIVERS } from "../../policies/rules/waivers-file.ts";
import { BREAKS } from "./breaks/index.ts";
import {
  type FixtureStack,
  PROJECT,
  STACK,
  TODAY,
  urnOf,
  without,
  withProperty,
} from "./compliant-stack/fixture.ts";
import { compliantStack } from "./compliant-stack/index.ts";
import { recordingOf } from "./compliant-stack/recording.ts";

// The pack in Pulumi's own server, in a process of its own, asked as the engine asks it. A preview judges in its own process, and says the same
// of every stack here.

const PACK = fileURLToPath(new URL("../../policies/packs/bellwether", import.meta.url));
const WAIVED = fileURLToPath(new URL("waived.yaml", import.meta.url));
const SECRET_SIGNATURE = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

// One break of each policy: every one costs the server a whole stack, and rules.test.ts has them all.
const FIRST_BREAKS = BREAKS.filter(
  ({ policy }, index) => BREAKS.findIndex((other) => other.policy === policy) === index,
);

async function ask(
  server: PackServer,
  stack: FixtureStack,
  config: PackConfig = {},
  { waivers, today }: Pick<OwnPack, "waivers" | "today"> = { waivers: NO_WAIVERS, today: TODAY },
): Promise<readonly Diagnostic[]> {
  const judged = { project: PROJECT, stack: STACK, recording: recordingOf(stack), config };
  const { asked, diagnostics } = await judge(server, judged);
  expect(await judgeByOwnPack({ name: "bellwether", waivers, today }, judged)).toEqual({
    asked,
    diagnostics,
  });
  return diagnostics.filter((diagnostic) => !isExcluded(diagnostic));
}

/** What the platform's exclusions cover on the fixture's dashboards. */
function isExcluded({ policy, message }: Diagnostic): boolean {
  return policy === "dashboard-lint" && / does not hold in \d+ places? on /.test(message);
}

const moving = withProperty(
  compliantStack(),
  "blackbox",
  ["spec", "template", "spec", "containers", 0, "image"],
  "blackbox:latest",
);

/** The same on any day: a token is right on the days of its turn alone. */
const movingAlways = without(moving, "token", "next-token");

describe("the pack in Pulumi's server", () => {
  let server: PackServer;
  beforeAll(async () => {
    server = await startPack(PACK, TODAY);
  });
  afterAll(() => server.stop());

  it("has nothing to say of the compliant stack", async () => {
    expect(await ask(server, compliantStack())).toEqual([]);
  });

  it.each(FIRST_BREAKS.map((broken) => [broken.policy, broken.when, broken] as const))(
    "reports it with the level of production: %s: %s",
    async (_policy, _when, { policy, stack, at, says }) => {
      const [found, ...others] = await ask(server, stack);
      expect(others).toEqual([]);
      const broken = policies.find(({ id }) => id === policy);
      if (broken === undefined) throw new Error(`no policy ${policy}`);
      const { fix, severity, levels } = broken;
      const { type } = stack[at] ?? { type: "none" };
      expect(found).toMatchObject({
        pack: "bellwether",
        policy,
        level: levels.production,
        severity,
        urn: urnOf(type, at),
      });
      expect(found?.message).toContain(says);
      expect(found?.message).toContain(
        `\nFix: ${fix}.\nSee: https://github.com/bellwether-platform/bellwether/blob/main/docs/reference/policies/${policy}.md`,
      );
    },
  );

  it.each(["staging", "development", "local"] as const)("holds %s to its own levels", async (tier) => {
    const levels = levelsOf("bellwether", tier);
    for (const broken of FIRST_BREAKS) {
      const level = levels[broken.policy];
      const found = await ask(server, broken.stack, levels);
      expect(found.map((diagnostic) => [diagnostic.policy, diagnostic.level])).toEqual(
        level === "disabled" ? [] : [[broken.policy, level]],
      );
    }
  });

  it("says what it could not judge, without failing, and goes on", async () => {
    const path = ["spec", "template", "spec", "containers"];
    const blackbox = compliantStack()["blackbox"]?.properties as {
      spec: { template: { spec: { containers: object[] } } };
    };
    const [container] = blackbox.spec.template.spec.containers;
    const found = await ask(
      server,
      withProperty(compliantStack(), "blackbox", path, [
        { ...container, image: UNKNOWN },
        { ...container, name: "sidecar", image: "sidecar" },
      ]),
    );
    expect(found.map(({ policy, level }) => [policy, level]).sort()).toEqual([
      ["pinned-image", "advisory"],
      ["pinned-image", "mandatory"],
    ]);
    const undecided = found.find(({ level }) => level === "advisory");
    expect(undecided?.message).toMatch(
      /^\[not judged yet\] spec\.template\.spec\.containers\[0\]\.image is known only/,
    );
  });

  it("sees through secrets, and never repeats one", async () => {
    const stack = withProperty(
      compliantStack(),
      "blackbox",
      ["spec", "template", "spec", "containers", 0, "env", 0],
      { name: "API_TOKEN", value: { ...SECRET_SIGNATURE, value: "s3cr3t-of-the-test" } },
    );
    const found = await ask(server, stack);
    expect(found.map(({ policy }) => policy)).toEqual(["no-plain-secrets"]);
    expect(JSON.stringify(found)).not.toContain("s3cr3t");
  });
});

describe("a waiver", () => {
  const judgedOn = async (day: string, stack: FixtureStack) => {
    const server = await startPack(PACK, day, WAIVED);
    try {
      return await ask(server, stack, {}, { waivers: await waiversIn(WAIVED, day), today: day });
    } finally {
      await server.stop();
    }
  };

  it("makes a violation advisory through its last day, and says who answers for it", async () => {
    const [found] = await judgedOn("2026-12-31", movingAlways);
    expect(found).toMatchObject({ policy: "pinned-image", level: "advisory" });
    expect(found?.message).toMatch(
      /^\[waived until 2026-12-31, its last day, by platform: The test needs a violation that is waived\.\] container blackbox-exporter has/,
    );
  });

  it("is void from the next day, and the violation says so", async () => {
    const [found] = await judgedOn("2027-01-01", movingAlways);
    expect(found).toMatchObject({ policy: "pinned-image", level: "mandatory" });
    expect(found?.message).toMatch(
      /^\[the waiver by platform expired on 2026-12-31 and is not valid\] container/,
    );
  });

  it("covers what its pattern matches, and nothing in another environment", async () => {
    const both = withProperty(
      withProperty(compliantStack(), "cluster", ["enabledClusterLogTypes"], []),
      "logs",
      ["retentionInDays"],
      7,
    );
    const found = await judgedOn(TODAY, both);
    expect(found.map(({ policy, level }) => [policy, level])).toEqual([
      ["control-plane-logs", "advisory"],
      ["log-retention", "mandatory"],
    ]);
  });
});

describe("a pack that cannot be loaded", () => {
  it("names the file of waivers that is not there, and a mistake in the waivers it is given", async () => {
    const missing = fileURLToPath(new URL("none.yaml", import.meta.url));
    await expect(startPack(PACK, TODAY, missing)).rejects.toThrow(
      /none\.yaml[\s\S]*no file that can be read/,
    );
    expect(() => policyPack("security", { waivers: [{ policy: "no-such" }] })).toThrow(
      /the waivers of the policy pack: 6 problems[\s\S]*waivers\[0\]\.policy/,
    );
  });

  it("names the day that does not exist", async () => {
    await expect(startPack(PACK, "2026-02-30")).rejects.toThrow(/BELLWETHER_TODAY[\s\S]*"2026-02-30"/);
  });
});
