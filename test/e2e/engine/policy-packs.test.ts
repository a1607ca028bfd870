import { readFile, writeFile } from "node:fs/promises";
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

  it("let through what the file that BELLWETHER_WAIVERS names waives, and nothing else", async () => {
    const waivers = join(project.folder, "waivers.yaml");
    const ofOne = ["--policy-pack", join(ROOT, "policies/packs/observability"), "--policy-pack-config"];
    const levels = join(project.folder, "levels.json");
    await writeFile(levels, JSON.stringify({ all: "disabled", "alertmanager-members": "mandatory" }));
    const preview = (file: string) =>
      project.pulumi(["preview", "--stack", "local", ...ofOne, levels], undefined, {
        BELLWETHER_WAIVERS: file,
      });
    const refused = await preview("");
    expect(refused.code).not.toBe(0);
    const found = /\[mandatory\] .*alertmanager-members .*\((\S+): (\S+)\)/.exec(refused.stdout);
    const resource = found?.[2] ?? "";
    expect(resource).not.toBe("");
    await writeFile(
      waivers,
      `waivers:
  - policy: alertmanager-members
    resource: ${resource}
    environments: [local]
    owner: platform
    reason: One member is enough for a laptop.
    expires: 2026-12-31
`,
    );
    const waived = await preview(waivers);
    expect(waived.stdout).toContain(
      "[waived until 2026-12-31 by platform: One member is enough for a laptop.]",
    );
    expect(waived.code).toBe(0);
    await writeFile(
      waivers,
      (await readFile(waivers, "utf8")).replace(`resource: ${resource}`, "resource: other"),
    );
    expect((await preview(waivers)).code).not.toBe(0);
  });
});
