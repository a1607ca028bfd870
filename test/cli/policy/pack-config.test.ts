import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { judge } from "../../../cli/policy/analyzer.ts";
import type { PackConfig } from "../../../cli/policy/judgement.ts";
import { packConfig, withoutQuestions } from "../../../cli/policy/pack-config.ts";
import { type PackServer, startPack } from "../../../cli/policy/server.ts";
import { STACK, TODAY } from "../../policies/compliant-stack/fixture.ts";
import { compliantStack } from "../../policies/compliant-stack/index.ts";
import { recordingOf } from "../../policies/compliant-stack/recording.ts";

const PACK = fileURLToPath(new URL("../../../policies/packs/bellwether", import.meta.url));
const BUDGET = { freeze: "releases" as const, openedBy: ["platform"], timeoutSeconds: 7 };
let pack: PackServer;
beforeAll(async () => {
  pack = await startPack(PACK, TODAY);
});
afterAll(async () => {
  await pack?.stop();
});

async function said(config: PackConfig): Promise<readonly (string | undefined)[]> {
  const rest = Object.keys(config).map((policy) => [policy, "disabled"] as const);
  const only = { ...Object.fromEntries(rest), "error-budget": config["error-budget"] ?? "disabled" };
  const judged = {
    project: "bellwether",
    stack: STACK,
    recording: recordingOf(compliantStack()),
    config: only,
  };
  const { diagnostics } = await judge(pack, judged);
  return diagnostics.map(({ policy, level, message }) => `${policy} ${level} ${message.split("\n")[0]}`);
}

describe("the configuration of the packs", () => {
  it("has the levels of the tier, and the environment's error-budget policy beside its level", () => {
    const production = packConfig(PACK, { tier: "production" });
    expect(production["error-budget"]).toBe("mandatory");
    const errorBudget = { ...BUDGET, prometheusUrl: "https://prometheus.example.com" };
    const config = packConfig(PACK, { tier: "production", errorBudget });
    expect(config).toEqual({
      ...production,
      "error-budget": {
        enforcementLevel: "mandatory",
        freeze: "releases",
        openedBy: ["platform"],
        url: "https://prometheus.example.com",
        seconds: 7,
      },
    });
  });

  it("makes a preview without the engine say that it asked nobody, and without an error-budget policy nothing", async () => {
    // Nothing listens there: if it were asked, the answer would be that it cannot be reached.
    const errorBudget = { ...BUDGET, prometheusUrl: "http://127.0.0.1:9" };
    const config = withoutQuestions(packConfig(PACK, { tier: "production", errorBudget }));
    expect(await said(config)).toEqual([
      "error-budget advisory [not judged] Whether an error budget is spent was not asked: this run has no URL of a Prometheus.",
    ]);
    expect(await said(withoutQuestions(packConfig(PACK, { tier: "production" })))).toEqual([]);
  });
});
