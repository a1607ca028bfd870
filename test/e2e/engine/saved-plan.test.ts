import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commandsOf } from "../../docs/commands.ts";
import { projectWith } from "../command-line.ts";
import { environmentOf, secretValues } from "../environment.ts";
import { ROOT, type TemporaryProject } from "../project.ts";

// What docs/how-to/run-in-ci.md says of saved plans, on the real engine: the commands of its deploy.yml.

/** A command of the workflow, for local: its arguments, without what the project adds. */
function argumentsOf(start: string): string[] {
  const found = commandsOf("run-in-ci").find(({ isBlock, bare }) => isBlock && bare.includes(start));
  if (found === undefined) throw new Error(`no ${start}`);
  const [, text = ""] = / ?pulumi (.*?)(?: >|$)/.exec(found.bare) ?? [];
  return text
    .replaceAll('"', "")
    .replace("$STACK", "local")
    .replace("$TIER", "local")
    .replaceAll(/policies\/\S+/g, (path) => join(ROOT, path))
    .split(" ")
    .filter((word) => word !== "--non-interactive");
}

describe("a saved plan", () => {
  let project: TemporaryProject;
  let plan: string;
  beforeAll(async () => {
    project = await projectWith("local");
    plan = join(project.folder, "update.json");
  });
  afterAll(() => project?.remove());

  const withPlan = (start: string) =>
    argumentsOf(start).map((word) => word.replace("plan/update.json", plan));

  it("has no secret in plain text", async () => {
    const planned = await project.pulumi(withPlan("--save-plan"));
    expect(planned.code, planned.stdout + planned.stderr).toBe(0);
    const secrets = [...secretValues(await environmentOf("local"))].map(([, value]) => value);
    expect(secrets.length).toBeGreaterThan(0);
    const written = readFileSync(plan, "utf8") + planned.stdout;
    expect(secrets.filter((value) => written.includes(value))).toEqual([]);
  });

  it("is carried out as it is, with the names that the provider made up for it", async () => {
    const { code, stdout, stderr } = await project.pulumi(withPlan("--skip-preview --plan"));
    expect(code, stdout + stderr).toBe(0);
    const names = (await project.state("local")).resources
      .filter(({ type }) => type === "kubernetes:core/v1:Secret")
      .map(({ inputs = {} }) => (inputs["metadata"] as { readonly name: string }).name);
    const planned = readFileSync(plan, "utf8");
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect(planned).toContain(name);
  });

  it("refuses what it does not have, and leaves the resource as it is", async () => {
    const file = join(project.folder, "stacks/Pulumi.local.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replace("owner: platform", "owner: shop"));
    const before = await project.state("local");
    const { code, stdout } = await project.pulumi(withPlan("--skip-preview --plan"));
    expect(code).not.toBe(0);
    expect(stdout).toMatch(/\S+ violates plan: /);
    const urns = ({ resources }: typeof before) => resources.map(({ urn }) => urn).sort();
    expect(urns(await project.state("local"))).toEqual(urns(before));
  });
});
