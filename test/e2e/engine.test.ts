import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { EngineEvent, Stack } from "@pulumi/pulumi/automation/index.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import program from "../../infra/index.ts";
import type { Environment } from "../../stacks/environment.ts";
import { keptByProtection } from "./closure.ts";
import { environmentOf, policyFlags, secretValues } from "./environment.ts";
import { createProject, type TemporaryProject, TODAY } from "./project.ts";
import { everythingIn } from "./providers/simulator.ts";

// The program runs in this process: with the CLI alone, the Automation API's inline programs are what the engine can run.
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
    onOutput: (text: string) => said.push(text),
    onError: (text: string) => said.push(text),
    onEvent: (event: EngineEvent) => said.push(JSON.stringify(event)),
  } as const;

  beforeAll(async () => {
    environment = await environmentOf(name);
    secrets = secretValues(environment);
    project = await createProject();
    stack = await project.createStack(name, program);
  });
  afterAll(() => project?.remove());

  it("stops before it creates anything while secrets are not set, and says how to set each", async () => {
    const message = await failureOf(stack.up(listen));
    expect(secrets.size).toBeGreaterThan(0);
    for (const secret of secrets.keys())
      expect(message).toContain(`pulumi config set --secret bellwether:${secret} --stack ${name}`);
    // The reason, not the place in the program.
    expect(message).not.toMatch(/^\s+at .*\.ts:\d+/m);
    expect(await everythingIn(project.world)).toEqual([]);
  });

  it("takes the secrets from the very commands that it named", async () => {
    const message = await failureOf(stack.preview(listen));
    const commands = [...message.matchAll(/pulumi (config set --secret bellwether:(\S+) --stack \S+)/g)];
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
    const { changeSummary } = await stack.preview({ ...listen, ...flags });
    expect(await everythingIn(project.world)).toEqual([]);

    const { summary } = await stack.up({ ...listen, ...flags });
    expect(summary.result).toBe("succeeded");
    const { resources } = await project.state(name);
    expect(resources.length).toBe(changeSummary.create);
    const made = resources.filter(({ custom, type }) => custom && !type.startsWith("pulumi:providers:"));
    expect(await everythingIn(project.world)).toHaveLength(made.length);
  });

  it("then has nothing more to do", async () => {
    const { changeSummary } = await stack.preview({ ...listen, expectNoChanges: true });
    expect(Object.keys(changeSummary)).toEqual(["same"]);
  });

  it("notices a change of one setting, so that having nothing to do means something", async () => {
    await project.pulumi([
      ...["config", "set", "--stack", name, "--path"],
      ...["bellwether:environment.prometheus.scrapeInterval", "47s"],
    ]);
    const { changeSummary } = await stack.preview(listen);
    expect(changeSummary.update).toBeGreaterThan(0);
    await project.pulumi([
      ...["config", "rm", "--stack", name, "--path"],
      "bellwether:environment.prometheus.scrapeInterval",
    ]);
    await stack.preview({ ...listen, expectNoChanges: true });
  });

  it("names a provider for every resource: none comes from the machine that runs it", async () => {
    const { resources } = await project.state(name);
    for (const { urn, custom, type, provider } of resources) {
      if (!custom || type.startsWith("pulumi:providers:")) continue;
      expect(provider, urn).toMatch(/^urn:pulumi:/);
      expect(provider, urn).not.toMatch(/::default(_|::)/);
    }
    for (const { inputs } of resources.filter(({ type }) => type === "pulumi:providers:aws")) {
      expect(inputs?.["region"]).toBe(environment.aws?.region);
      expect(inputs?.["allowedAccountIds"]).toBe(JSON.stringify([environment.aws?.accountId]));
    }
  });

  it("shows no secret, neither in what it keeps nor in what it says", async () => {
    const exported = await project.pulumi(["stack", "export", "--stack", name]);
    expect(exported.code).toBe(0);
    const places = new Map([
      ["pulumi stack export", exported.stdout],
      ["pulumi stack output", (await project.pulumi(["stack", "output", "--json", "--stack", name])).stdout],
      ["what the engine said", said.join("\n")],
      ...(await filesIn(project.folder)),
    ]);
    for (const [secret, value] of secrets) {
      // Found in the state, encrypted, or the test would look for what was never there.
      const forms = [
        value,
        Buffer.from(value).toString("base64").replace(/=+$/, ""),
        encodeURIComponent(value),
      ];
      for (const [place, text] of places)
        for (const form of forms) expect(text.includes(form), `${secret} in ${place}`).toBe(false);
    }
    const revealed = await project.pulumi(["stack", "export", "--show-secrets", "--stack", name]);
    for (const [secret, value] of secrets)
      expect(revealed.stdout.includes(value), `${secret} reaches a resource`).toBe(true);
  });

  it("is destroyed as far as its tier allows", async () => {
    const before = await project.state(name);
    const worldBefore = await everythingIn(project.world);
    const isProtected = before.resources.filter(({ protect }) => protect === true);
    if (environment.tier !== "production") {
      expect(isProtected).toEqual([]);
      await stack.destroy(listen);
      expect((await project.state(name)).resources).toEqual([]);
      expect(await everythingIn(project.world)).toEqual([]);
      return;
    }

    // With its preview, as people run it: that fails, and so nothing is deleted.
    expect(isProtected.length).toBeGreaterThan(0);
    const refused = await project.pulumi(["destroy", "--yes", "--stack", name]);
    expect(refused.code).not.toBe(0);
    for (const { urn } of isProtected) expect(refused.stdout + refused.stderr).toContain(urn);
    expect(await everythingIn(project.world)).toEqual(worldBefore);

    const kept = keptByProtection(before);
    expect(kept.size).toBeLessThan(before.resources.length);
    await stack.destroy({ ...listen, excludeProtected: true });
    const after = (await project.state(name)).resources;
    expect(after.map(({ urn }) => urn).sort()).toEqual([...kept].sort());
    const stillThere = after.filter(({ custom, type }) => custom && !type.startsWith("pulumi:providers:"));
    expect(await everythingIn(project.world)).toHaveLength(stillThere.length);
  });
});

/** What an operation that must fail says. */
async function failureOf(operation: Promise<unknown>): Promise<string> {
  try {
    await operation;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error("the operation succeeded");
}

/** Every file below a folder, by path. The executables are left out. */
async function filesIn(folder: string): Promise<[path: string, text: string][]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(paths.map(async (path) => [path, await readFile(path, "utf8")] as [string, string]));
}
