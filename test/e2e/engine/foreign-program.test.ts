import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FINDINGS } from "../foreign/careless/findings.ts";
import { carelessBookshop } from "../foreign/careless/index.ts";
import { soundBookshop } from "../foreign/sound/index.ts";
import { askPacks, type EngineFinding, foreignStack } from "../pack-results.ts";
import { createProject, type TemporaryProject } from "../project.ts";

// The packs on a program that is not ours and imports nothing of ours, on the real engine: a bookshop on EKS.

const PACKS = ["reliability", "security", "observability"] as const;

const summary = (findings: readonly EngineFinding[]) =>
  findings
    .map(({ policy, urn, message }) => `${policy}: ${urn.split("::").at(-1)}: ${message.split("\n")[0]}`)
    .toSorted();

let project: TemporaryProject;
beforeAll(async () => {
  project = await createProject();
});
afterAll(() => project?.remove());

describe("a careful program", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await foreignStack(project, "sound", async () => soundBookshop());
  });

  // The policy of the shop's role contains the ARN of a bucket, which AWS makes.
  const undecided = ["iam-full-access", "iam-pass-role", "iam-service-wildcards"].map(
    (policy) =>
      `${policy}: shop: [not judged yet] policy is known only after deployment; pulumi up judges it then.`,
  );

  it.each(PACKS)("has nothing that %s finds, before it exists", async (pack) => {
    const { refused, findings } = await askPacks(project, stack, "preview", [pack]);
    expect(summary(findings)).toEqual(pack === "security" ? undecided : []);
    expect(refused).toBe(false);
  });

  it("nor when it is deployed with all three, or afterwards", async () => {
    for (const operation of ["up", "preview"] as const) {
      const { refused, findings } = await askPacks(project, stack, operation, PACKS);
      expect(refused, operation).toBe(false);
      expect(
        summary(findings).filter((line) => !line.includes("[not judged yet]")),
        operation,
      ).toEqual([]);
      if (operation === "preview") expect(summary(findings)).toEqual([]);
    }
  });
});

describe("a careless program", () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await foreignStack(project, "careless", async () => carelessBookshop());
  });

  it("is told all that is wrong, and no more", async () => {
    const { refused, findings } = await askPacks(project, stack, "preview", PACKS, { all: "advisory" });
    expect(refused).toBe(false);
    expect(summary(findings)).toEqual(FINDINGS);
    expect(FINDINGS.filter((line) => !line.includes("[not judged")).length).toBeGreaterThanOrEqual(25);
    expect(JSON.stringify(findings)).not.toContain("bookworm");
  });

  it.each(PACKS)("is refused by %s alone", async (pack) => {
    const { refused, findings } = await askPacks(project, stack, "preview", [pack]);
    expect(refused).toBe(true);
    expect(new Set(findings.map(({ level }) => level))).toContain("mandatory");
  });
});
