import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as kubernetes from "@pulumi/kubernetes";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { blocksOf, howTo } from "../../docs/page.ts";
import { pack, platformOutputs } from "../../package/project.ts";
import { type Registry, serveRegistry } from "../../package/registry.ts";
import { type Finished, run } from "../../support/process.ts";
import { createProject, ROOT, succeeded, type TemporaryProject } from "../project.ts";
import { everythingIn } from "../providers/simulator.ts";

// docs/how-to/own-repository.md, word for word: every command, in an empty folder, with the packed package from a registry, the real
// engine and a simulated cluster. Only the organisation differs, which a backend in a folder calls "organization", and `pulumi up` gets
// --yes, as nobody can be asked.

/** The platform's stack: its outputs, and what the simulated cluster needs before it takes a monitor. */
async function platformProgram(): Promise<Record<string, unknown>> {
  const provider = new kubernetes.Provider("cluster", { kubeconfig: "{}" });
  const metadata = { name: "monitoring" };
  const namespace = new kubernetes.core.v1.Namespace("monitoring", { metadata }, { provider });
  const chart = "oci://example.com/prometheus-operator-crds";
  new kubernetes.helm.v3.Release(
    "crds",
    { name: "crds", chart, version: "32.0.0", namespace: "monitoring" },
    { provider, dependsOn: [namespace] },
  );
  return { ...platformOutputs("prod") };
}

const page = howTo("own-repository")
  .replaceAll("acme/bellwether", "organization/bellwether")
  .replaceAll("acme.bellwether", "organization.bellwether");

let project: TemporaryProject;
let registry: Registry;
let team: string;
let folder: string;
const ran = new Map<string, Finished>();

beforeAll(async () => {
  project = await createProject();
  await succeeded((await project.createStack("prod", platformProgram)).up({ color: "never" }));
  const packed = await pack(project.folder);
  const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Record<string, unknown>;
  registry = await serveRegistry(packed, manifest);
  // Not inside the project's folder, whose package.json is this repository's.
  team = mkdtempSync(join(tmpdir(), "bellwether-own-repository-"));
  folder = join(team, "shop");
  mkdirSync(folder);
  const env = {
    ...process.env,
    ...project.env,
    npm_config_registry: registry.url,
    // Of its own: npx would take a package of the same version from an earlier run.
    npm_config_cache: join(team, "npm-cache"),
    npm_config_ignore_scripts: "true",
    // npx asks whether it may download the package.
    npm_config_yes: "true",
    NO_COLOR: "1",
  };
  for (const { language, text } of blocksOf(page)) {
    if (language !== "sh") continue;
    const script = text.replaceAll("pulumi up ", "pulumi up --yes ");
    const finished = await run("bash", ["-euo", "pipefail", "-c", script], { cwd: folder, env });
    if (finished.code !== 0)
      throw new Error(`${text}ended with ${finished.code}\n${finished.stdout}\n${finished.stderr}`);
    ran.set(text.split("\n")[0] ?? "", finished);
  }
  ran.set("npm test", await run("npm", ["test"], { cwd: folder, env }));
}, 9 * 60_000);
afterAll(async () => {
  registry?.close();
  if (team !== undefined) rmSync(team, { recursive: true, force: true });
  await project?.remove();
});

describe("the how-to for a repository of a team's own", () => {
  it("writes the program that it shows", () => {
    const [shown = ""] = blocksOf(page).flatMap(({ language, text }) => (language === "ts" ? [text] : []));
    expect(readFileSync(join(folder, "index.ts"), "utf8").replaceAll(/\s+/g, " ")).toBe(
      shown.replaceAll(/\s+/g, " "),
    );
  });

  it("shows the options of Pulumi.yaml and the test that are written", () => {
    const [, test] = blocksOf(page).flatMap(({ language, text }) => (language === "ts" ? [text] : []));
    expect(readFileSync(join(folder, "test.ts"), "utf8")).toBe(test);
    const [yaml = ""] = blocksOf(page).flatMap(({ language, text }) => (language === "yaml" ? [text] : []));
    const written = readFileSync(join(folder, "Pulumi.yaml"), "utf8").replace(/^ +#.*\n/m, "");
    expect(written).toBe(`name: shop\n${yaml}`);
  });

  it("previews the program as its stack, with a receiver for each alert, and tests it", () => {
    expect(existsSync(join(folder, "out/prod/report.md"))).toBe(true);
    expect(ran.get("npm test")).toMatchObject({ code: 0 });
    // Each what of the test is worth something: without a team that is told, it fails.
    const text = readFileSync(join(folder, "test.ts"), "utf8");
    expect(text).toContain("assert.ok(passes");
  });

  it("deploys it: monitor and rules are in the cluster", async () => {
    const ids = await everythingIn(project.world);
    expect(ids.filter((id) => /ServiceMonitor.*service-checkout/.test(id))).toHaveLength(1);
    expect(ids.filter((id) => /PrometheusRule.*service-checkout/.test(id)).length).toBeGreaterThan(0);
  });

  it("deploys its dashboard as the page says for production's Grafana: none without a provider", async () => {
    const ids = await everythingIn(project.world);
    expect(ids.filter((id) => /dashboard/i.test(id))).toEqual([]);
  });

  it("writes the context of the cluster into the stack's file", async () => {
    const [, line = ""] = /`(pulumi config set kubernetes:context <context> --stack prod)`/.exec(page) ?? [];
    const { code, stderr } = await run("bash", ["-c", line.replace("<context>", "acme-prod")], {
      cwd: folder,
      env: { ...process.env, ...project.env },
    });
    expect(code, stderr).toBe(0);
    expect(readFileSync(join(folder, "Pulumi.prod.yaml"), "utf8")).toMatch(
      /^ {2}kubernetes:context: acme-prod$/m,
    );
  });

  it("fails with the words of the page if Pulumi.yaml has no such options", async () => {
    const file = join(folder, "Pulumi.yaml");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, "name: shop\nmain: index.ts\nruntime: nodejs\n");
    const failed = await run("pulumi", ["preview", "--stack", "prod", "--non-interactive"], {
      cwd: folder,
      env: { ...process.env, ...project.env },
    });
    writeFileSync(file, text);
    expect(failed.code).not.toBe(0);
    expect(failed.stdout + failed.stderr).toContain('Unknown file extension ".ts"');
  });
});
