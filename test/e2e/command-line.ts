import { expect } from "vitest";
import { environmentOf, secretValues } from "./environment.ts";
import { createProject, type StateResource, type TemporaryProject } from "./project.ts";

/** Runs a command of the Pulumi CLI that must succeed, and returns its standard output. */
export async function done(
  project: TemporaryProject,
  ...[args, input, variables]: Parameters<TemporaryProject["pulumi"]>
): Promise<string> {
  const { code, stdout, stderr } = await project.pulumi(args, input, variables);
  expect(code, `pulumi ${args.join(" ")}\n${stdout}${stderr}`).toBe(0);
  return stdout;
}

/** Makes a stack of a project and sets a value for each of its secrets, by the commands of docs/how-to/deploy.md. */
export async function initStack(project: TemporaryProject, stack: string): Promise<void> {
  await done(project, ["stack", "init", stack, "--secrets-provider", "passphrase"]);
  for (const [name, value] of secretValues(await environmentOf(stack)))
    await done(project, ["config", "set", "--secret", `bellwether:${name}`, "--stack", stack], value);
}

/** A project with a stack of which nothing is deployed yet. */
export async function projectWith(stack: string): Promise<TemporaryProject> {
  const project = await createProject();
  try {
    await project.copyStackFile(stack);
    await initStack(project, stack);
  } catch (error) {
    await project.remove();
    throw error;
  }
  return project;
}

/** The ServiceMonitor of storefront in the state of local. */
export async function storefrontMonitor(project: TemporaryProject): Promise<StateResource> {
  const { resources } = await project.state("local");
  const found = resources.find(({ urn }) => urn.endsWith("ServiceMonitor::storefront"));
  if (found === undefined) throw new Error("no ServiceMonitor of storefront");
  return found;
}
