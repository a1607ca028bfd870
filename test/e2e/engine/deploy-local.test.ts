import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installedClone } from "../../docs/clone.ts";
import { blocksOf, howTo } from "../../docs/page.ts";
import { type Finished, run } from "../../support/process.ts";
import { createProject, type TemporaryProject, writeKubeconfig } from "../project.ts";
import { everythingIn } from "../providers/simulator.ts";

// docs/how-to/deploy.md, "Deploy on a laptop": its commands in a clone, with the real engine and a simulated cluster. `pulumi up` gets
// --yes, as nobody can be asked. Then the same from other shells: what the page says of KUBECONFIG and PULUMI_K8S_*.

const PASSWORD = "s3cr3t-of-a-laptop-9d1f";

let project: TemporaryProject;
let clone: ReturnType<typeof installedClone>;
let env: NodeJS.ProcessEnv;
let doctor: Finished;

const block =
  blocksOf(howTo("deploy")).find(({ text }) => text.includes("pulumi stack init local"))?.text ?? "";
const lines = block.trimEnd().split("\n");

function shell(script: string, more: NodeJS.ProcessEnv = {}, input = ""): Promise<Finished> {
  return run("bash", ["-euo", "pipefail", "-c", script], {
    cwd: clone.folder,
    env: { ...env, ...more },
    input,
  });
}

const pulumi = (line: string, more: NodeJS.ProcessEnv = {}) =>
  shell(`pulumi ${line} --non-interactive`, more);

beforeAll(async () => {
  project = await createProject();
  clone = installedClone();
  const exported = Object.fromEntries(
    [...block.matchAll(/(PULUMI_\w+)=("[^"]*"|\S+)/g)].map(([, name = "", value = ""]) => [
      name,
      value.replaceAll('"', "").replace("$PWD", clone.folder),
    ]),
  );
  env = { ...process.env, ...project.env, ...exported, NO_COLOR: "1" };
}, 10 * 60_000);
afterAll(async () => {
  clone?.remove();
  await project?.remove();
});

describe("the commands of a deployment on a laptop", () => {
  it("deploy local, and doctor says what is still missing: here the cluster", async () => {
    expect(lines.length).toBeGreaterThanOrEqual(7);
    for (const line of lines) {
      const isDoctor = line.startsWith("npx bellwether doctor");
      const finished = await shell(line.replace("pulumi up ", "pulumi up --yes "), {}, PASSWORD);
      if (isDoctor) doctor = finished;
      else if (finished.code !== 0) throw new Error(`${line}\n${finished.stdout}\n${finished.stderr}`);
    }
    expect((await everythingIn(project.world)).length).toBeGreaterThan(80);
    expect(doctor.code).toBe(1);
    for (const found of [
      /^ok {5}pulumi +3\.250\./m,
      /^ok {5}backend +file:\/\//m,
      /^ok {5}stack +local$/m,
      /^ok {5}secrets +2 of 2 are set$/m,
      /^ok {5}provider plugins +all are installed$/m,
      /^ok {5}kubeconfig +kind-bellwether of /m,
      /^wrong +API server +.*127\.0\.0\.1:1, which does not answer/m,
    ])
      expect(doctor.stdout).toMatch(found);
    expect(doctor.stdout + doctor.stderr).not.toContain(PASSWORD);
  });

  it("leave nothing of the shell in the state: no change from another kubeconfig, and with variables of one run", async () => {
    const other = await writeKubeconfig(join(project.folder, "other"), ["minikube", "kind-bellwether"]);
    const changes = await pulumi("preview --stack local --expect-no-changes", { KUBECONFIG: other });
    expect(changes, changes.stdout + changes.stderr).toMatchObject({ code: 0 });
    const taken = await pulumi("preview --stack local --expect-no-changes", {
      PULUMI_K8S_UPSERT_EXISTING_OBJECTS: "true",
      PULUMI_K8S_ENABLE_PATCH_FORCE: "true",
      PULUMI_K8S_SKIP_UPDATE_UNREACHABLE: "true",
      PULUMI_K8S_ENABLE_SERVER_SIDE_APPLY: "false",
    });
    expect(taken, taken.stdout + taken.stderr).toMatchObject({ code: 0 });
    expect(taken.stdout + taken.stderr).toContain("this run takes over objects that exist already");
    const state = await readFile(
      join(clone.folder, ".cache/pulumi-state/.pulumi/stacks/bellwether/local.json"),
      "utf8",
    );
    expect(state).not.toContain(project.folder);
    expect(state).not.toContain('"kubeconfig"');
  });

  it("are refused with a kubeconfig that has no such context, before anything is asked of the cluster", async () => {
    const other = await writeKubeconfig(join(project.folder, "without"), ["minikube", "prod"]);
    for (const command of ["up --yes --skip-preview", "preview"]) {
      const { code, stdout, stderr } = await pulumi(`${command} --stack local`, { KUBECONFIG: other });
      expect(code).not.toBe(0);
      const said = stdout + stderr;
      expect(said).toContain("Deploying local from here: 1 problem");
      expect(said).toContain(`"kind-bellwether", which is no context of ${other} (KUBECONFIG)`);
      expect(said).toContain("one of its contexts: minikube, prod");
      expect(said).not.toMatch(/^\s+at .*\.ts:\d+/m);
    }
    const driver = await pulumi("preview --stack local", { PULUMI_K8S_HELM_DRIVER: "configmap" });
    expect(driver.code).not.toBe(0);
    expect(driver.stdout + driver.stderr).toContain("unset PULUMI_K8S_HELM_DRIVER");
  });

  it("move the state as the page says, and there is nothing to change then", async () => {
    const move =
      blocksOf(howTo("deploy")).find(({ text }) => text.includes("pulumi stack export"))?.text ?? "";
    const [change = "", ...more] = move.replaceAll("prod", "local").trimEnd().split("\n");
    expect(change).toContain("pulumi stack change-secrets-provider");
    for (const line of more) expect(await shell(line), line).toMatchObject({ code: 0 });
    const changes = await pulumi("preview --stack local --expect-no-changes");
    expect(changes, changes.stdout + changes.stderr).toMatchObject({ code: 0 });
  });
});
