import { installedClone } from "../docs/clone.ts";
import { type Finished, run } from "../support/process.ts";
import { createProject, type TemporaryProject } from "./project.ts";

/** Somebody who deploys from a clone of the repository, with the real engine, simulated clouds and a shell. */
export interface Deployer {
  readonly project: TemporaryProject;
  /** The clone. */
  readonly folder: string;
  /** Runs a script of bash in the clone. `more` is set for this script alone. */
  readonly shell: (script: string, more?: NodeJS.ProcessEnv, input?: string) => Promise<Finished>;
  /** Throws what a script printed unless it succeeds; resolves with its standard output. */
  readonly done: (script: string, more?: NodeJS.ProcessEnv, input?: string) => Promise<string>;
  readonly remove: () => Promise<void>;
}

/** @param variables what the shell exports, given the folder of the clone. */
export async function startDeployer(
  variables: (folder: string) => Readonly<Record<string, string>>,
): Promise<Deployer> {
  const project = await createProject();
  const clone = installedClone();
  const { folder } = clone;
  const env = { ...process.env, ...project.env, ...variables(folder), NO_COLOR: "1" };
  const shell: Deployer["shell"] = (script, more = {}, input = "") =>
    run("bash", ["-euo", "pipefail", "-c", script], { cwd: folder, env: { ...env, ...more }, input });
  return {
    project,
    folder,
    shell,
    async done(script, more, input) {
      const { code, stdout, stderr } = await shell(script, more, input);
      if (code !== 0) throw new Error(`${script}\nended with ${code}\n${stdout}\n${stderr}`);
      return stdout;
    },
    async remove() {
      clone.remove();
      await project.remove();
    },
  };
}
