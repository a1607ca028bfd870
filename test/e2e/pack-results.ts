import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type EngineEvent,
  LocalWorkspace,
  PulumiCommand,
  type PulumiFn,
  type Stack,
} from "@pulumi/pulumi/automation/index.js";
import type { PackConfig } from "../../cli/policy/judgement.ts";
import type { PackName } from "../../policies/packs/packs.ts";
import { ROOT, type TemporaryProject } from "./project.ts";

/** What the real engine passes on of a policy. */
export interface EngineFinding {
  readonly policy: string;
  readonly level: string;
  readonly urn: string;
  readonly message: string;
}

/** Makes a stack of a program that is not ours, with the engine and the simulated clouds of a project. */
export async function foreignStack(
  project: TemporaryProject,
  stackName: string,
  program: PulumiFn,
): Promise<Stack> {
  return await LocalWorkspace.createStack(
    { stackName, projectName: "bookshop", program },
    {
      pulumiCommand: await PulumiCommand.get({ root: project.folder }),
      envVars: project.env,
    },
  );
}

/**
 * Asks packs about a stack, in a preview or a deployment, with the levels of production and what `config` says beside them. `refused` says
 * whether the engine refused it. Throws what went wrong where it was not for a policy.
 */
export async function askPacks(
  project: TemporaryProject,
  stack: Stack,
  operation: "preview" | "up",
  packs: readonly PackName[],
  config: PackConfig = {},
): Promise<{ readonly refused: boolean; readonly findings: readonly EngineFinding[] }> {
  const file = join(project.folder, `policy-config-${stack.name}.json`);
  await writeFile(file, JSON.stringify(config));
  const findings: EngineFinding[] = [];
  const onEvent = ({ policyEvent }: EngineEvent) => {
    if (policyEvent === undefined) return;
    const { policyName, enforcementLevel, resourceUrn, message } = policyEvent;
    findings.push({
      policy: policyName,
      level: enforcementLevel,
      urn: resourceUrn ?? "",
      message: stripped(message),
    });
  };
  const options = {
    policyPacks: packs.map((name) => join(ROOT, "policies", "packs", name)),
    policyPackConfigs: packs.map(() => file),
    color: "never",
    onEvent,
  } as const;
  try {
    await stack[operation](options);
    return { refused: false, findings };
  } catch (error) {
    if (!findings.some(({ level }) => level === "mandatory")) throw error;
    return { refused: true, findings };
  }
}

/** The message without the engine's marks for colours, such as `<{%reset%}>`. */
function stripped(message: string): string {
  return message.replaceAll(/<\{%[^%]*%\}>/g, "");
}
