import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { blocksOf, howTo } from "../../docs/page.ts";
import { done, projectWith } from "../command-line.ts";
import type { StateResource, TemporaryProject } from "../project.ts";
import { interruptionVariable } from "../providers/interruption.ts";
import { everythingIn } from "../providers/simulator.ts";

// docs/how-to/recover.md, "A cluster that is gone": `local` is deployed, and its cluster was made anew, or does not answer.

const page = howTo("recover");
const block = blocksOf(page).find(({ text }) => text.includes("pulumi refresh --stack local"))?.text ?? "";
/** The page's command for a cluster that does not answer: what it sets, and what it runs. */
const [, variable = "", forget = ""] =
  /`(PULUMI_K8S_\w+)=true pulumi (refresh --stack local)`/.exec(page) ?? [];

/** What asks for a confirmation is confirmed. */
const confirmed = (line: string) => [...line.replace(/^pulumi /, "").split(" "), "--yes"];

/** An object on the API server, as opposed to a component and a provider. */
function isObject({ type }: StateResource): boolean {
  return type.startsWith("kubernetes:");
}

/** Without the digits of generated names: an object with one is created anew under another. */
function named(ids: readonly string[]): readonly string[] {
  return [...new Set(ids.map((id) => id.replace(/-[0-9a-f]{8}$/, "")))];
}

describe("a cluster that is gone", () => {
  let project: TemporaryProject;
  let whole: readonly string[];
  const objects = async () => (await project.state("local")).resources.filter(isObject);
  const state = () => join(project.folder, "state");
  const deployed = () => join(project.folder, "deployed");

  beforeAll(async () => {
    project = await projectWith("local");
    await done(project, ["up", "--yes", "--skip-preview", "--stack", "local"]);
    whole = await everythingIn(project.world);
    await cp(state(), deployed(), { recursive: true });
  });
  afterAll(() => project?.remove());

  it("is forgotten while it does not answer with the page's variable, and not without", async () => {
    const away = interruptionVariable({ how: "away", after: 0 });
    const before = await objects();
    expect(before.length).toBeGreaterThan(80);
    expect((await project.pulumi(confirmed(forget), undefined, away)).code).not.toBe(0);
    expect((await objects()).length).toBe(before.length);

    expect(variable).toBe("PULUMI_K8S_DELETE_UNREACHABLE");
    await done(project, confirmed(forget), undefined, { ...away, [variable]: "true" });
    expect(await objects()).toEqual([]);
  });

  it("is deployed to again, if it was made anew behind the same context", async () => {
    await rm(state(), { recursive: true });
    await cp(deployed(), state(), { recursive: true });
    await rm(join(project.world, "kubernetes"), { recursive: true });
    const lines = block.trim().split("\n");
    expect(lines).toEqual(["pulumi refresh --stack local", "pulumi up --stack local"]);
    for (const line of lines) await done(project, confirmed(line));
    expect(named(await everythingIn(project.world))).toEqual(named(whole));
    await done(project, ["preview", "--refresh", "--expect-no-changes", "--stack", "local"]);
  });
});
