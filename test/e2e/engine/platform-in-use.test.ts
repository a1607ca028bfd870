import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROGRAM_LABEL } from "../../../components/usage/model.ts";
import { done as mustDo, projectWith } from "../command-line.ts";
import type { TemporaryProject } from "../project.ts";
import { everythingIn, fileOf } from "../providers/simulator.ts";

// `pulumi destroy` of a platform that programs of teams use. dev, because its cluster and network are the program's too.

const RULE = "kubernetes:monitoring.coreos.com/v1:PrometheusRule";

describe("pulumi destroy of dev", () => {
  let project: TemporaryProject;
  let rule: string;

  beforeAll(async () => {
    project = await projectWith("dev");
    await done(["up", "--yes", "--skip-preview", "--stack", "dev"]);
    rule = fileOf(project.world, "kubernetes", RULE, "monitoring/service-checkout");
    await mkdir(dirname(rule), { recursive: true });
    await writeFile(rule, JSON.stringify({ fields: { [PROGRAM_LABEL]: "shop.dev" } }));
  });
  afterAll(() => project?.remove());

  const done = (...command: Parameters<TemporaryProject["pulumi"]>) => mustDo(project, ...command);

  it("ends before anything is deleted while a program of a team has rules on it", async () => {
    const before = await everythingIn(project.world);
    const started = Date.now();
    const { code, stdout } = await project.pulumi(["destroy", "--yes", "--stack", "dev"]);
    console.log(`refused after ${Math.round((Date.now() - started) / 1000)} s`);
    expect(code).not.toBe(0);
    expect(stdout).toContain("this platform is in use");
    expect(await everythingIn(project.world)).toEqual(before);
  });

  it("deletes everything that it made once no program has rules on it", async () => {
    await rm(rule);
    await done(["destroy", "--yes", "--stack", "dev"]);
    expect(await everythingIn(project.world)).toEqual([]);
  });
});
