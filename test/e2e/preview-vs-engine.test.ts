import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import program from "../../infra/index.ts";
import { run } from "../support/process.ts";
import { environmentOf, secretValues } from "./environment.ts";
import { createProject, ROOT, succeeded, type TemporaryProject, TODAY } from "./project.ts";

process.env["BELLWETHER_TODAY"] = TODAY;

const STACKS = ["local", "prod"];

/** What both previews say of a resource. */
interface Registered {
  readonly urn: string;
  readonly type: string;
  readonly parent: string | undefined;
  readonly protect: boolean;
}

describe("the in-process preview", () => {
  let out: string;
  let project: TemporaryProject;

  beforeAll(async () => {
    out = await mkdtemp(join(tmpdir(), "bellwether-preview-"));
    project = await createProject();
    const { code, stderr } = await run(
      process.execPath,
      ["cli/bellwether.js", "preview", ...STACKS, "--today", TODAY, "--out", out],
      { cwd: ROOT },
    );
    // 1 is a policy that fails: the graph is written all the same, and is what is compared here.
    expect([0, 1], stderr).toContain(code);
  });
  afterAll(async () => {
    await project?.remove();
    await rm(out, { recursive: true, force: true });
  });

  it.each(STACKS)("records for %s the very resources that the engine registers", async (name) => {
    const stack = await project.createStack(name, program);
    for (const [secret, value] of secretValues(await environmentOf(name)))
      await stack.setConfig(`bellwether:${secret}`, { value, secret: true });
    const registered = new Map<string, Registered>();
    const onEvent = ({ resourcePreEvent }: EngineEvent) => {
      const created = resourcePreEvent?.metadata.new;
      if (created === undefined) return;
      const { urn, type, parent, protect } = created;
      registered.set(urn, { urn, type, parent: parent || undefined, protect: protect === true });
    };
    await succeeded(stack.preview({ onEvent }));

    const recorded = await recordedIn(join(out, name, "graph.json"));
    expect(recorded.length).toBeGreaterThan(50);
    expect(recorded).toEqual([...registered.values()].sort(byUrn));
  });

  it.each(STACKS)(
    "records for %s so few paths of dependencies that the engine can walk them",
    async (name) => {
      const { resources } = JSON.parse(await readFile(join(out, name, "graph.json"), "utf8")) as {
        readonly resources: { readonly urn: string; readonly dependsOn: string[] }[];
      };
      // The guard depends on everything. Nothing depends on it, and the engine walks from it only when its deletion is refused.
      const others = resources.filter(({ urn }) => !urn.endsWith("ConfigMap::deletion-guard"));
      expect(others).toHaveLength(resources.length - 1);
      expect(mostPaths(others)).toBeLessThan(100_000);
    },
  );
});

/**
 * How many ways lead from a resource down to one that rests on nothing, at most. To know what a protected resource keeps, the
 * engine (3.250) walks every one of them, and they multiply with each layer that depends on all of the layer below: with
 * millions of them `pulumi destroy` does not end.
 */
function mostPaths(
  resources: readonly { readonly urn: string; readonly dependsOn: readonly string[] }[],
): number {
  const dependencies = new Map(resources.map(({ urn, dependsOn }) => [urn, dependsOn]));
  const counted = new Map<string, number>();
  const count = (urn: string): number => {
    const known = counted.get(urn);
    if (known !== undefined) return known;
    const paths = (dependencies.get(urn) ?? []).reduce((sum, below) => sum + count(below), 1);
    counted.set(urn, paths);
    return paths;
  };
  return Math.max(...resources.map(({ urn }) => count(urn)));
}

async function recordedIn(file: string): Promise<Registered[]> {
  const { resources } = JSON.parse(await readFile(file, "utf8")) as { readonly resources: Registered[] };
  const picked = resources.map(({ urn, type, parent, protect }) => ({
    urn,
    type,
    parent: parent ?? undefined,
    protect,
  }));
  return picked.sort(byUrn);
}

function byUrn(a: Registered, b: Registered): number {
  return a.urn < b.urn ? -1 : 1;
}
