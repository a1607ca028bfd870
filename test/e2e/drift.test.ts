import { readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { blocksOf, howTo } from "../docs/page.ts";
import { type Finished, run } from "../support/process.ts";
import { done as mustDo, projectWith, storefrontMonitor } from "./command-line.ts";
import { environmentOf } from "./environment.ts";
import { ROOT, type StateResource, type TemporaryProject } from "./project.ts";
import { patchObject } from "./providers/kubernetes/objects.ts";
import { everythingIn, fileOf } from "./providers/simulator.ts";

// What docs/how-to/find-drift.md says of its commands, on the real engine.

const page = howTo("find-drift");
const [refresh = [], preview = []] = blocksOf(page)
  .filter(({ language }) => language === "sh")
  .map(({ text }) => text.trim().replace("--stack prod", "--stack local").split(" ").slice(1));

const ENDPOINTS = ".spec.endpoints";

describe("the commands of docs/how-to/find-drift.md", () => {
  let project: TemporaryProject;
  let monitor: StateResource;
  let path: string;

  beforeAll(async () => {
    project = await projectWith("local");
    await done(["up", "--yes", "--stack", "local"]);
    monitor = await storefrontMonitor(project);
    path = `kubernetes/${monitor.type}/${monitor.id}`;
    expect(await everythingIn(project.world)).toContain(path);
  });
  afterAll(() => project?.remove());

  const done = (...command: Parameters<TemporaryProject["pulumi"]>) => mustDo(project, ...command);

  /** The lines of the output about resources, without the time that each took. */
  const steps = ({ stdout }: Finished) =>
    stdout.split("\n").filter((line) => /^ +[~+-]+ +(kubernetes|aws|grafana):/.test(line));

  const fileIn = (id: string) => fileOf(project.world, "kubernetes", monitor.type, id);
  /** Somebody sets another interval, past the program. */
  const scrapeEvery = async (interval: string, manager = "kubectl-patch") => {
    const spec = monitor.inputs?.["spec"] as { readonly endpoints: readonly object[] };
    const endpoints = spec.endpoints.map((endpoint) => ({ ...endpoint, interval }));
    await patchObject(fileIn(monitor.id ?? ""), manager, { [ENDPOINTS]: endpoints });
  };

  it("find nothing after a deployment", async () => {
    await done(refresh);
    await done(preview);
  });

  it("find a field that the program sets, name the resource and change neither it nor the state", async () => {
    await scrapeEvery("7m");
    const before = JSON.stringify(await project.state("local"));
    for (const command of [refresh, preview]) {
      const finished = await project.pulumi(command);
      expect(finished.code, finished.stdout).not.toBe(0);
      expect(steps(finished).join("\n")).toMatch(/ServiceMonitor storefront .*update/);
      expect(finished.stdout).toMatch(/^ +~ 1 (to )?update/m);
    }
    expect(JSON.stringify(await project.state("local"))).toBe(before);
  });

  it("find it in the words of a review", async () => {
    const { stdout } = await project.pulumi(["refresh", "--preview-only", "--json", "--stack", "local"]);
    await writeFile(join(project.folder, "drift.json"), stdout);
    const args = ["cli/bellwether.js", "drift", join(project.folder, "drift.json")];
    const out = ["--out", join(project.folder, "review")];
    const shown = await run(process.execPath, [...args, ...out], { cwd: ROOT });
    expect(shown.stdout).toMatch(/ServiceMonitor storefront: spec\.endpoints\[0\]\.interval 30s → 7m/);
    expect(shown.code, shown.stderr).toBe(1);
    const { changes } = JSON.parse(readFileSync(join(project.folder, "review/review.json"), "utf8")) as {
      readonly changes: readonly unknown[];
    };
    expect(changes).toHaveLength(1);
  });

  it("find it only with a refresh", async () => {
    await done(["preview", "--expect-no-changes", "--stack", "local"]);
  });

  it("find nothing more once pulumi up --refresh has put the program's value back", async () => {
    await done(["up", "--yes", "--refresh", "--stack", "local"]);
    await done(refresh);
    const { resources } = await project.state("local");
    const after = resources.find(({ urn }) => urn === monitor.urn);
    expect(after?.inputs).toEqual(monitor.inputs);
  });

  it("find no field that the program does not set", async () => {
    await patchObject(fileIn(monitor.id ?? ""), "PrometheusOperator", {
      ".status.observed": "by the operator",
    });
    await done(refresh);
    await done(preview);
  });

  it("find no object that the program did not create", async () => {
    await writeFile(fileIn("monitoring/created-with-kubectl"), "");
    const other = `kubernetes/${monitor.type}/monitoring/created-with-kubectl`;
    expect(await everythingIn(project.world)).toContain(other);
    await done(refresh);
    await rm(fileIn("monitoring/created-with-kubectl"));
  });

  it("find a deleted resource, which pulumi up --refresh creates again", async () => {
    await rm(fileIn(monitor.id ?? ""));
    expect(await everythingIn(project.world)).not.toContain(path);
    const finished = await project.pulumi(refresh);
    expect(finished.code).not.toBe(0);
    expect(steps(finished).join("\n")).toMatch(/ServiceMonitor storefront .*delete/);
    await done(["up", "--yes", "--refresh", "--stack", "local"]);
    expect(await everythingIn(project.world)).toContain(path);
  });
});

describe("the workflow of docs/how-to/find-drift.md", () => {
  const [block] = blocksOf(page).filter(({ language }) => language === "yaml");
  const workflow = parse(block?.text ?? "") as {
    readonly on: { readonly schedule: readonly { readonly cron: string }[] };
    readonly jobs: {
      readonly drift: {
        readonly strategy: { readonly matrix: { readonly include: readonly Record<string, string>[] } };
        readonly steps: readonly { readonly run?: string; readonly uses?: string }[];
      };
    };
  };
  const { drift } = workflow.jobs;

  it("runs the command of the page for environments that exist, in their accounts", async () => {
    const [command] = drift.steps.flatMap(({ run = "" }) => (run.startsWith("pulumi ") ? [run] : []));
    for (const word of refresh.slice(0, 3)) expect(command?.split(" ")).toContain(word);
    const { include } = drift.strategy.matrix;
    expect(include.map(({ environment }) => environment)).toEqual(["dev", "staging", "prod"]);
    for (const { environment = "", account } of include)
      expect((await environmentOf(environment)).aws?.accountId).toBe(account);
  });

  it("uses the same actions as the workflow that deploys, and excludes it while it runs", () => {
    const other = readFileSync(join(ROOT, "docs/how-to/run-in-ci.md"), "utf8");
    const actions = drift.steps.flatMap(({ uses }) => uses ?? []);
    expect(actions.length).toBeGreaterThan(3);
    for (const action of actions) expect(other).toContain(`uses: ${action} # v`);
    const group = /group: deploy-.*/;
    expect(group.exec(block?.text ?? "")?.[0]).toBe(group.exec(other)?.[0]);
    expect(block?.text).toMatch(group);
  });
});
