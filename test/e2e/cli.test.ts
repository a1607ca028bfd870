import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { done, initStack } from "./command-line.ts";
import { environmentOf, policyFlags } from "./environment.ts";
import { createProject, type TemporaryProject } from "./project.ts";
import { everythingIn } from "./providers/simulator.ts";

/** The other tests give the engine the program; here the CLI finds it by itself, through Pulumi.yaml, as it does for people. */
describe("the Pulumi CLI in the project's folder", () => {
  let project: TemporaryProject;

  beforeEach(async () => {
    project = await createProject();
    await project.copyStackFile("local");
  });
  afterEach(() => project?.remove());

  const pulumi = (args: readonly string[]) => done(project, args);

  it("deploys local, from the first command to the last", async () => {
    const environment = await environmentOf("local");
    const { policyPacks, policyPackConfigs } = policyFlags(environment);
    const stack = ["--stack", "local"];
    const policies = [
      ...policyPacks.map((folder) => `--policy-pack=${folder}`),
      ...policyPackConfigs.map((file) => `--policy-pack-config=${file}`),
    ];

    await initStack(project, "local");
    const deployed = await pulumi(["up", "--yes", ...stack, ...policies]);
    // The sign of advisory findings: those about dashboards that are excluded are still reported.
    expect(deployed).toMatch(/⚠️ bellwether@/);
    expect(deployed).not.toContain("[mandatory]");
    expect(await everythingIn(project.world)).not.toEqual([]);

    await pulumi(["preview", "--expect-no-changes", ...stack]);
    const outputs = JSON.parse(await pulumi(["stack", "output", "--json", ...stack])) as object;
    expect(outputs).toMatchObject({ environment: "local", monitoringNamespace: "monitoring" });
    await pulumi(["destroy", "--yes", "--remove", ...stack]);
    expect(await everythingIn(project.world)).toEqual([]);
  });

  it("shows a mistake in the environment's file without a stack trace", async () => {
    await pulumi(["stack", "init", "local", "--secrets-provider", "passphrase"]);
    await pulumi([
      "config",
      "set",
      "--path",
      "bellwether:environment.tier",
      "produktion",
      "--stack",
      "local",
    ]);
    const { code, stdout } = await project.pulumi(["preview", "--stack", "local"]);
    expect(code).not.toBe(0);
    expect(stdout).toContain("environment.tier");
    expect(stdout).toContain("produktion");
    expect(stdout).not.toMatch(/^\s+at /m);
    expect(await everythingIn(project.world)).toEqual([]);
  });
});
