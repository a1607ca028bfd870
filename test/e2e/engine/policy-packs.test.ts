import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { done, projectWith } from "../command-line.ts";
import { ROOT, type TemporaryProject } from "../project.ts";

// docs/how-to/policies.md: the packs by subject together, on the real engine, each with its own levels.

const PACKS = ["reliability", "security", "observability"];

const flags = (tier: string) =>
  PACKS.flatMap((name) => {
    const folder = join(ROOT, "policies", "packs", name);
    return ["--policy-pack", folder, "--policy-pack-config", join(folder, "config", `${tier}.json`)];
  });

describe("the packs by subject", () => {
  let project: TemporaryProject;
  beforeAll(async () => {
    project = await projectWith("local");
  });
  afterAll(() => project?.remove());

  it("pass local with its own levels", async () => {
    const said = await done(project, ["preview", "--stack", "local", ...flags("local")]);
    for (const name of PACKS) expect(said).toContain(`${name}@v`);
    expect(said).not.toContain("mandatory");
  });

  it("refuse it with the levels of production, each for what is its subject", async () => {
    const { code, stdout, stderr } = await project.pulumi([
      "preview",
      "--stack",
      "local",
      ...flags("production"),
    ]);
    expect(code).not.toBe(0);
    const said = stdout + stderr;
    const [, observability = ""] = said.split("❌ observability@");
    expect(observability).toMatch(/\[mandatory\] .*alertmanager-members /);
    for (const name of PACKS) expect(said).toContain(`${name}@v`);
  });
});
