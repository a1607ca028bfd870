import type { EngineEvent, OpType, Stack } from "@pulumi/pulumi/automation/index.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import program from "../../../infra/index.ts";
import { createProject, failureOf, succeeded, type TemporaryProject } from "../project.ts";
import { type WorkspaceToken, workspaceTokens } from "../providers/aws/simulator.ts";
import { worldIn } from "../providers/simulator.ts";

const NAME = "workspace";
const DAY_ZERO = Date.parse("2026-11-23T00:00:00Z");

/** What the engine says of the preview of a resource whose provider is not known yet. */
const UNKNOWN_PROVIDER = "inputs that are not known during preview";

function day(number: number): string {
  return new Date(DAY_ZERO + number * 86_400_000).toISOString().slice(0, 10);
}

describe("Amazon Managed Grafana, on the real engine, day by day", () => {
  let project: TemporaryProject;
  let stack: Stack;

  beforeAll(async () => {
    project = await createProject();
    stack = await project.createStack(NAME, program, "test/e2e/stacks");
  });
  afterAll(() => project?.remove());

  /** Lets it be a day, for the program and for the clouds alike. */
  function itIs(date: string, world = date): void {
    process.env["BELLWETHER_TODAY"] = date;
    stack.workspace.envVars["BELLWETHER_TODAY"] = world;
  }

  /** Previews and deploys; says what was done to which resource, and what the preview could not know. */
  async function deploy() {
    const previewed = listener();
    await succeeded(stack.preview({ ...previewed.options, color: "never" }));
    const done = listener();
    await succeeded(stack.up({ ...done.options, color: "never" }));
    return {
      changed: done.changed(),
      isForeseen: previewed.said().every((text) => !text.includes(UNKNOWN_PROVIDER)),
    };
  }

  /** The token that the provider of Grafana is configured with in the state, as AWS knows it. */
  async function tokenInUse(): Promise<WorkspaceToken | undefined> {
    const { stdout } = await project.pulumi(["stack", "export", "--show-secrets", "--stack", NAME]);
    const { resources } = (JSON.parse(stdout) as { deployment: { resources: StateProvider[] } }).deployment;
    const provider = resources.find(({ type }) => type === "pulumi:providers:grafana");
    const auth = JSON.parse(provider?.inputs?.auth?.plaintext ?? "null") as string | null;
    return (await workspaceTokens(worldIn(project.world))).find(({ key }) => key === auth);
  }

  /** What a turn changes: the token in one slot of each account, and the provider, which takes up the other. */
  const turn = (slot: "even" | "odd") => [
    `replace grafana-account-pictures-${slot}`,
    `replace grafana-automation-${slot}`,
    "update grafana-api",
  ];

  it.each([
    { at: 0, changed: undefined, isForeseen: true, made: 0 },
    { at: 15, changed: turn("even"), isForeseen: true, made: 0 },
    { at: 29, changed: turn("odd"), isForeseen: true, made: 15 },
    { at: 31, changed: turn("even"), isForeseen: true, made: 29 },
    { at: 32, changed: [], isForeseen: true, made: 29 },
    {
      at: 60,
      changed: [...turn("even").slice(0, 2), ...turn("odd")].toSorted(),
      isForeseen: false,
      made: 60,
    },
  ])("goes up on day $at with a living token, and changes no more than it must", async (expected) => {
    itIs(day(expected.at));
    const { changed, isForeseen } = await deploy();
    if (expected.changed !== undefined) expect(changed).toEqual(expected.changed);
    expect(isForeseen).toBe(expected.isForeseen);

    const token = await tokenInUse();
    expect(token?.expiresAt.slice(0, 10)).toBe(day(expected.made + 30));
    expect(await workspaceTokens(worldIn(project.world))).toHaveLength(4);
  });

  it("would fail with a token that is not replaced: the stand-in for Grafana knows the day", async () => {
    // The program believes that it is day 60 for ever, as with BELLWETHER_TODAY set for good.
    itIs(day(60), day(95));
    const setting = "bellwether:environment.prometheus.scrapeInterval";
    await project.pulumi(["config", "set", "--stack", NAME, "--path", setting, "40s"]);
    expect(await failureOf(stack.up({ color: "never" }))).toMatch(/401 Unauthorized: the API key .* expired/);
    itIs(day(95));
    await succeeded(stack.up());
    expect((await tokenInUse())?.expiresAt.slice(0, 10)).toBe(day(125));
  });

  it("replaces a token that was lost, and all it takes is the next generation", async () => {
    const setting = "bellwether:environment.grafana.tokenGeneration";
    const lost = await tokenInUse();
    await project.pulumi(["config", "set", "--stack", NAME, "--path", setting, "2"]);
    const { changed } = await deploy();
    expect(changed).toEqual([
      "replace grafana-automation-even",
      "replace grafana-automation-odd",
      "update grafana-api",
    ]);
    const tokens = await workspaceTokens(worldIn(project.world));
    expect(tokens.map(({ key }) => key)).not.toContain(lost?.key);
  });

  it("hands out the key of a program's account as a secret output, and shows it to who asks for it alone", async () => {
    const outputs = async (...flags: string[]) => {
      const { stdout } = await project.pulumi(["stack", "output", "--json", "--stack", NAME, ...flags]);
      return JSON.parse(stdout) as { readonly grafanaTokens: unknown; readonly grafanaUrl: string };
    };
    const shown = await outputs();
    expect(shown.grafanaUrl).toMatch(/^https:\/\/g-[0-9a-f]{10}\.grafana-workspace\./);
    expect(JSON.stringify(shown)).not.toContain("glsa_");
    const { grafanaTokens } = await outputs("--show-secrets");
    const keys = (await workspaceTokens(worldIn(project.world))).map(({ key }) => key);
    expect(keys).toContain((grafanaTokens as { readonly pictures: string }).pictures);
  });

  it("is destroyed whole", async () => {
    await succeeded(stack.destroy());
    expect(await workspaceTokens(worldIn(project.world))).toEqual([]);
  });
});

interface StateProvider {
  readonly type: string;
  readonly inputs?: { readonly auth?: { readonly plaintext?: string } };
}

const CHANGES: ReadonlySet<OpType> = new Set<OpType>(["create", "update", "delete", "replace"]);

function listener() {
  const changes: string[] = [];
  const texts: string[] = [];
  const onEvent = ({ resourcePreEvent, diagnosticEvent }: EngineEvent) => {
    if (diagnosticEvent !== undefined) texts.push(diagnosticEvent.message);
    const { op, urn, type } = resourcePreEvent?.metadata ?? {};
    if (op !== undefined && urn !== undefined && type !== "pulumi:pulumi:Stack" && CHANGES.has(op))
      changes.push(`${op} ${urn.split("::").at(-1)}`);
  };
  return { options: { onEvent }, changed: () => changes.toSorted(), said: () => texts };
}
