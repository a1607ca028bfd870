import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { EngineEvent, Stack } from "@pulumi/pulumi/automation/index.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import program from "../../infra/index.ts";
import type { Environment } from "../../stacks/environment.ts";
import { keptByProtection } from "./closure.ts";
import { environmentOf, policyFlags, secretValues } from "./environment.ts";
import {
  createProject,
  failureOf,
  type StateResource,
  succeeded,
  type TemporaryProject,
  TODAY,
} from "./project.ts";
import { everythingIn } from "./providers/simulator.ts";

// With the CLI alone the engine runs inline programs only: this process is the program's.
process.env["BELLWETHER_TODAY"] = TODAY;

describe.each(["local", "prod"])("the program as %s, on the real engine", (name) => {
  let project: TemporaryProject;
  let environment: Environment;
  let secrets: ReadonlyMap<string, string>;
  let stack: Stack;
  /** Whatever the engine printed or reported. */
  const said: string[] = [];
  const listen = {
    color: "never",
    suppressProgress: true,
    onOutput: (text: string) => said.push(text),
    onError: (text: string) => said.push(text),
    onEvent: (event: EngineEvent) => isDebugging(event) || said.push(JSON.stringify(event)),
  } as const;

  beforeAll(async () => {
    environment = await environmentOf(name);
    secrets = secretValues(environment);
    project = await createProject();
    stack = await project.createStack(name, program);
  });
  afterAll(() => project?.remove());

  it("stops before it creates anything while secrets are not set, and says how to set each", async () => {
    const reason = await failureOf(stack.up(listen));
    expect(secrets.size).toBeGreaterThan(0);
    for (const secret of secrets.keys())
      expect(reason).toContain(`pulumi config set --secret bellwether:${secret} --stack ${name}`);
    // The reason, not the place in the program.
    expect(reason).not.toMatch(/^\s+at .*\.ts:\d+/m);
    expect(await everythingIn(project.world)).toEqual([]);
  });

  it("takes the secrets from the very commands that it named", async () => {
    const reason = await failureOf(stack.preview(listen));
    const commands = [...reason.matchAll(/pulumi (config set --secret bellwether:(\S+) --stack \S+)/g)];
    const asked = new Map(commands.map(([, args = "", secret = ""]) => [secret, args]));
    expect([...asked.keys()].sort()).toEqual([...secrets.keys()].sort());
    for (const [secret, args] of asked) {
      const { code, stderr } = await project.pulumi(args.split(" "), secrets.get(secret));
      expect(stderr).toBe("");
      expect(code).toBe(0);
    }
  });

  it("previews and goes up, held to the policies", async () => {
    const flags = policyFlags(environment);
    const { changeSummary } = await succeeded(stack.preview({ ...listen, ...flags }));
    expect(await everythingIn(project.world)).toEqual([]);

    await succeeded(stack.up({ ...listen, ...flags }));
    const { resources } = await project.state(name);
    // The stack itself is there since the first attempt.
    expect(resources).toHaveLength((changeSummary.create ?? 0) + 1);
    expect(await everythingIn(project.world)).toHaveLength(resources.filter(isMadeByProvider).length);
  });

  it("then has nothing more to do", async () => {
    const preview = stack.preview({ ...listen, ...policyFlags(environment), expectNoChanges: true });
    const { changeSummary } = await succeeded(preview);
    expect(Object.keys(changeSummary)).toEqual(["same"]);
  });

  it("notices a change of one setting, so that having nothing to do means something", async () => {
    const setting = "bellwether:environment.prometheus.scrapeInterval";
    await project.pulumi(["config", "set", "--stack", name, "--path", setting, "40s"]);
    const { changeSummary } = await succeeded(stack.preview(listen));
    expect(changeSummary.update).toBeGreaterThan(0);
    await project.pulumi(["config", "rm", "--stack", name, "--path", setting]);
  });

  it("names a provider for every resource: none comes from the machine that runs it", async () => {
    const { resources } = await project.state(name);
    for (const { urn, provider } of resources.filter(isMadeByProvider)) {
      expect(provider, urn).toMatch(/^urn:pulumi:/);
      expect(provider, urn).not.toContain("::default");
    }
    for (const { inputs } of resources.filter(({ type }) => type === "pulumi:providers:aws")) {
      expect(inputs?.["region"]).toBe(environment.aws?.region);
      expect(inputs?.["allowedAccountIds"]).toBe(JSON.stringify([environment.aws?.accountId]));
    }
  });

  it("shows no secret, neither in what it keeps nor in what it says", async () => {
    const exported = await project.pulumi(["stack", "export", "--stack", name]);
    expect(exported.code).toBe(0);
    const outputs = await project.pulumi(["stack", "output", "--json", "--stack", name]);
    const places: readonly (readonly [place: string, text: string])[] = [
      ["pulumi stack export", exported.stdout],
      ["pulumi stack output", outputs.stdout],
      ["what the engine said", said.join("\n")],
      ...(await filesIn(project.folder)),
    ];
    for (const [secret, value] of secrets)
      for (const [place, text] of places)
        for (const form of formsOf(value)) expect(text.includes(form), `${secret} in ${place}`).toBe(false);

    // They are there, encrypted: the search was for something that exists.
    const revealed = await project.pulumi(["stack", "export", "--show-secrets", "--stack", name]);
    for (const [secret, value] of secrets)
      expect(revealed.stdout.includes(value), `${secret} reaches a resource`).toBe(true);
  });

  it("is destroyed as far as its tier allows", async () => {
    const before = await project.state(name);
    const isProtected = before.resources.filter(({ protect }) => protect === true).map(({ urn }) => urn);
    if (environment.tier !== "production") {
      expect(isProtected).toEqual([]);
      await succeeded(stack.destroy(listen));
      expect((await project.state(name)).resources).toEqual([]);
      expect(await everythingIn(project.world)).toEqual([]);
      return;
    }

    // As people run it, after a preview: that fails, and so nothing is deleted. It stops at the first protected resources that
    // nothing else rests on, and names those.
    const worldBefore = await everythingIn(project.world);
    const refused = await project.pulumi(["destroy", "--yes", "--stack", name]);
    expect(refused.code).not.toBe(0);
    const named = [...refused.stdout.matchAll(/error: .*resource "(urn:[^"]+)" cannot be deleted/g)];
    expect(named).not.toEqual([]);
    for (const [, urn] of named) expect(isProtected).toContain(urn);
    expect(await everythingIn(project.world)).toEqual(worldBefore);

    const kept = keptByProtection(before);
    expect(kept.size).toBeLessThan(before.resources.length);
    await succeeded(stack.destroy({ ...listen, excludeProtected: true }));
    const after = (await project.state(name)).resources;
    expect(after.map(({ urn }) => urn).sort()).toEqual([...kept].sort());
    expect(await everythingIn(project.world)).toHaveLength(after.filter(isMadeByProvider).length);
  });
});

function isMadeByProvider({ custom, type }: StateResource): boolean {
  return custom && !type.startsWith("pulumi:providers:");
}

/**
 * Pulumi's own SDK tells the engine every answer in full, secrets too, at the level that only `--debug` prints. It is nothing that
 * a program can change; docs/how-to/deploy.md says not to use the flag.
 */
function isDebugging({ diagnosticEvent }: EngineEvent): boolean {
  return diagnosticEvent?.prefix?.startsWith("debug:") === true;
}

/** The ways in which a value could be written down. */
function formsOf(value: string): string[] {
  return [value, Buffer.from(value).toString("base64").replace(/=+$/, "")];
}

/** Every file below a folder, by path. */
async function filesIn(folder: string): Promise<[path: string, text: string][]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    paths.map(async (path): Promise<[string, string]> => [path, await readFile(path, "utf8")]),
  );
}
