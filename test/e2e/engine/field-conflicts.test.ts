import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { howTo } from "../../docs/page.ts";
import { done as mustDo, projectWith, storefrontMonitor } from "../command-line.ts";
import type { StateResource, TemporaryProject } from "../project.ts";
import { ownersOf, patchObject } from "../providers/kubernetes/objects.ts";
import { fileOf } from "../providers/simulator.ts";

// What docs/how-to/find-drift.md says of fields that others own. The stand-in for the provider keeps owners as the real one does:
// providers/kubernetes/ownership.ts.

const FORCE = { PULUMI_K8S_ENABLE_PATCH_FORCE: "true" };
const INTERVAL = ".spec.endpoints";
const ADDED = ".spec.scrapeClass";

const page = howTo("find-drift");

describe("a field that somebody else set, in an object that was updated before", () => {
  let project: TemporaryProject;
  let monitor: StateResource;
  let file: string;

  beforeAll(async () => {
    project = await projectWith("local");
    await done(["up", "--yes", "--skip-preview", "--stack", "local"]);
    monitor = await storefrontMonitor(project);
    file = fileOf(project.world, "kubernetes", monitor.type, monitor.id ?? "");
    // The first update: until then the provider's preview forces, and meets no conflict.
    await scrapeEvery("7m", "kubectl-patch");
    await done(["up", "--yes", "--refresh", "--stack", "local"]);
    expect(await ownersOf(file, INTERVAL)).toEqual([
      expect.stringMatching(/^pulumi-kubernetes-[0-9a-f]{8}$/),
    ]);
  });
  afterAll(() => project?.remove());

  const done = (...command: Parameters<TemporaryProject["pulumi"]>) => mustDo(project, ...command);

  async function scrapeEvery(interval: string, manager: string): Promise<void> {
    const spec = monitor.inputs?.["spec"] as { readonly endpoints: readonly object[] };
    const endpoints = spec.endpoints.map((endpoint) => ({ ...endpoint, interval }));
    await patchObject(file, manager, { [INTERVAL]: endpoints });
  }

  it("ends a preview and an update with a refresh in a conflict that names the field and its owner", async () => {
    await scrapeEvery("8m", "kubectl-patch");
    for (const command of [["preview"], ["up", "--yes"]]) {
      const { code, stdout } = await project.pulumi([...command, "--refresh", "--stack", "local"]);
      expect(code).not.toBe(0);
      expect(stdout).toContain("server-side apply field conflict detected");
      expect(stdout).toContain(`conflict with "kubectl-patch": ${INTERVAL}`);
    }
    expect(await ownersOf(file, INTERVAL)).toEqual(["kubectl-patch"]);
  });

  it("is mended by the command of the page, which shows a preview", async () => {
    expect(page).toContain("`PULUMI_K8S_ENABLE_PATCH_FORCE=true pulumi up --refresh --stack prod`");
    await done(["preview", "--refresh", "--stack", "local"], undefined, FORCE);
    await done(["up", "--yes", "--refresh", "--stack", "local"], undefined, FORCE);
    await done(["preview", "--refresh", "--expect-no-changes", "--stack", "local"]);
    expect(await ownersOf(file, INTERVAL)).not.toContain("kubectl-patch");
  });

  it("is mended without a preview if kubectl set it, and a field that was added goes with it", async () => {
    expect(page).toContain("`pulumi up --refresh --skip-preview`");
    await scrapeEvery("9m", "kubectl-edit");
    await patchObject(file, "kubectl-patch", { [ADDED]: "by hand" });
    await done(["up", "--yes", "--refresh", "--skip-preview", "--stack", "local"]);
    await done(["preview", "--refresh", "--expect-no-changes", "--stack", "local"]);
    expect(await ownersOf(file, ADDED)).toEqual([]);
  });

  it("stays a conflict without a preview if anybody else set it, until the variable is set", async () => {
    await scrapeEvery("10m", "argocd-controller");
    await patchObject(file, "shop", { [ADDED]: "by hand" });
    const refused = await project.pulumi(["up", "--yes", "--refresh", "--skip-preview", "--stack", "local"]);
    expect(refused.code).not.toBe(0);
    expect(refused.stdout).toContain(`conflict with "argocd-controller": ${INTERVAL}`);
    await done(["up", "--yes", "--refresh", "--skip-preview", "--stack", "local"], undefined, FORCE);
    // A field of another name is nobody's but its owner's.
    expect(await ownersOf(file, ADDED)).toEqual(["shop"]);
  });
});
