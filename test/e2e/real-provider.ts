import { readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { type ControlPlane, startControlPlane } from "../support/control-plane/control-plane.ts";
import { KIND_STORAGE } from "../support/control-plane/workloads.ts";
import { findProgram, withInstalled } from "../support/installed.ts";
import { createProject, type TemporaryProject, TODAY } from "./project.ts";

// The Kubernetes provider and the language host of Pulumi are no part of what the tests build: they are used where they are installed.

const PROVIDER = "pulumi-resource-kubernetes";
const LANGUAGE_HOST = "pulumi-language-nodejs";

/** The Kubernetes context that `local` deploys to. */
const CONTEXT = "kind-bellwether";

/** Where `pulumi plugin install resource kubernetes` puts the provider of the SDK's version. */
function pluginFolder(): string {
  const { version } = createRequire(import.meta.url)("@pulumi/kubernetes/package.json") as {
    version: string;
  };
  const home = process.env["PULUMI_HOME"] ?? join(homedir(), ".pulumi");
  return join(home, "plugins", `resource-kubernetes-v${version.replace(/^v/, "")}`);
}

const provider = findProgram(PROVIDER, [pluginFolder()]);

/** What a test with the real provider has. */
export interface Stage {
  /** A real API server with the real controllers; the pods' nodes are simulated. */
  readonly plane: ControlPlane;
  /** A project in which the real provider stands for the simulated one, and the language host where there is one. */
  readonly project: TemporaryProject;
}

/** Declares a test; its function gets the stage. */
export type RealTest = (name: string, test: (stage: Stage) => Promise<void>) => void;

/**
 * Declares tests that run with the real Kubernetes provider against a control plane; where the provider is not installed, they are
 * skipped and counted.
 */
export function withRealProvider(title: string, declare: (test: RealTest) => void): void {
  const missing = provider === undefined ? [PROVIDER] : [];
  withInstalled({ title, what: "the real Kubernetes provider", missing }, (test, isInstalled) => {
    let stage: Stage | undefined;
    beforeAll(async () => {
      if (isInstalled) stage = await startStage();
    });
    afterAll(async () => {
      await stage?.project.remove();
      await stage?.plane.stop();
    });
    declare((name, run) =>
      test(name, async () => {
        if (stage === undefined) throw new Error("the control plane did not start");
        await run(stage);
      }),
    );
  });
}

async function startStage(): Promise<Stage> {
  process.env["BELLWETHER_TODAY"] = TODAY;
  const plane = await startControlPlane();
  await plane.api.apply(KIND_STORAGE, "cluster");
  const kubeconfig = join(plane.folder, "local.kubeconfig");
  const text = await readFile(plane.kubeconfig, "utf8");
  await writeFile(kubeconfig, text.replaceAll('"bellwether"', JSON.stringify(CONTEXT)));
  const project = await createProject({ kubeconfig });
  await replace(project, PROVIDER, provider);
  await replace(project, LANGUAGE_HOST, findProgram(LANGUAGE_HOST));
  return { plane, project };
}

/** Puts a real program in the place of the one that stands for it. */
async function replace(
  { folder }: TemporaryProject,
  name: string,
  program: string | undefined,
): Promise<void> {
  if (program === undefined) return;
  const place = join(folder, "bin", name);
  await rm(place);
  await symlink(program, place);
}
