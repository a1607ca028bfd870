import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import program from "../../../infra/index.ts";
import type { Environment } from "../../../stacks/environment.ts";
import { secretsOf } from "../../../stacks/rules.ts";
import { blocksOf, howTo } from "../../docs/page.ts";
import { grafanaTable, mainTable } from "../../docs/rotation-page.ts";
import { environmentIn, secretValues } from "../environment.ts";
import { createProject, ROOT, succeeded, type TemporaryProject, TODAY } from "../project.ts";
import { stepListener } from "../steps.ts";

// What docs/how-to/rotate-secrets.md says that `pulumi up` changes for each secret, on the real engine with simulated providers: every
// secret of environments with each kind of Grafana gets a new value, by the commands of the page.

process.env["BELLWETHER_TODAY"] = TODAY;

const page = howTo("rotate-secrets");
const [, setCommand = ""] = blocksOf(page)[0]?.text.match(/^pulumi (.*)$/m) ?? [];

interface Case {
  readonly stack: string;
  readonly folder?: string;
  /** What the stack's file says instead. */
  readonly edits?: Readonly<Record<string, string>>;
}

const CASES: readonly Case[] = [
  { stack: "local" },
  { stack: "staging" },
  { stack: "prod" },
  {
    stack: "workspace",
    folder: "test/e2e/stacks",
    edits: {
      "type: local-webhook\n          url: http://host.docker.internal:9095/alerts":
        'type: slack\n          webhookUrlSecret: platformSlackUrl\n          channel: "#alerts"',
      "      kind: amazon-managed\n": "      kind: amazon-managed\n      alerting: {}\n",
    },
  },
];

/** What the page says of a secret, in an environment that names it. */
function promised(secret: string, environment: Environment) {
  const { alertmanager, grafana, owner } = environment;
  const fields = secretsOf(environment)
    .filter(({ name }) => name === secret)
    .map(({ path }) => path.replace(/^environment\./, "").replace(/(\.receivers)\.[^.]+\./, "$1.<name>."));
  const rows = mainTable(page).filter(({ field }) => fields.includes(field));
  const severities = (["critical", "warning"] as const).filter((severity) =>
    alertmanager.teams[owner]?.[severity].some((receiver) =>
      JSON.stringify(alertmanager.receivers[receiver]).includes(JSON.stringify(secret)),
    ),
  );
  const notified = grafana.alerting === undefined || severities.length === 0 ? undefined : grafana.kind;
  const also = notified === undefined ? undefined : grafanaTable(page).get(notified);
  expect(rows.length).toBe(new Set(fields).size);
  const steps = [...rows.flatMap((row) => row.steps), ...(also?.steps ?? [])].flatMap((step) =>
    step.includes("<severity>") ? severities.map((severity) => step.replace("<severity>", severity)) : [step],
  );
  return {
    steps: [...new Set(steps)].sort(),
    restartsGrafana: [...rows, also].some((row) => row?.restarts === "Grafana"),
  };
}

/** The content of a stack's file, edited. */
function fileOf({ stack, folder = "stacks", edits = {} }: Case): string {
  const text = readFileSync(join(ROOT, folder, `Pulumi.${stack}.yaml`), "utf8");
  return Object.entries(edits).reduce((edited, [from, to]) => {
    if (!edited.includes(from)) throw new Error(`${stack} has no ${from}`);
    return edited.replace(from, to);
  }, text);
}

describe.each(CASES)("a new value of a secret of $stack", (one) => {
  const { stack: name, folder } = one;
  const environment = environmentIn(parse(fileOf(one)), name);
  const values = secretValues(environment);
  let project: TemporaryProject;
  let stack: Stack;

  beforeAll(async () => {
    project = await createProject();
    stack = await project.createStack(name, program, folder);
    await writeFile(join(project.folder, "stacks", `Pulumi.${name}.yaml`), fileOf(one));
    for (const [secret, value] of values) await set(secret, value);
    await succeeded(stack.up({ color: "never" }));
  });
  afterAll(() => project?.remove());

  /** As the page sets a secret. */
  async function set(secret: string, value: string): Promise<void> {
    const command = setCommand.replace("shopPagerdutyKey", secret).replace("--stack prod", `--stack ${name}`);
    const { code, stderr } = await project.pulumi(command.split(" "), value);
    expect(code, stderr).toBe(0);
  }

  async function revealedState(): Promise<string> {
    return (await project.pulumi(["stack", "export", "--show-secrets", "--stack", name])).stdout;
  }

  /** What restarts the pod of a Grafana in the cluster when it changes; undefined where there is none. */
  async function podOfGrafana(): Promise<object | undefined> {
    const { resources } = await project.state(name);
    const set = resources.find(({ urn }) => urn.endsWith(":StatefulSet::grafana"));
    return (set?.inputs?.["spec"] as { readonly template: object } | undefined)?.template;
  }

  it.each([...values])(
    "changes what the page says, as the preview showed, and the old value is gone: %s",
    async (secret, old) => {
      const expected = promised(secret, environment);
      const pod = JSON.stringify(await podOfGrafana());
      await set(secret, `${old}-rotated`);
      const previewed = stepListener();
      await succeeded(stack.preview(previewed.options));
      const done = stepListener();
      await succeeded(stack.up(done.options));
      expect(done.steps()).toEqual(expected.steps);
      expect(previewed.steps()).toEqual(expected.steps);
      expect(JSON.stringify(await podOfGrafana()) !== pod).toBe(expected.restartsGrafana);
      const state = await revealedState();
      expect(state).toContain(`${old}-rotated`);
      expect(state.replaceAll(`${old}-rotated`, "")).not.toContain(old);
    },
  );

  it("is nothing that the next deployment changes again", async () => {
    await succeeded(stack.preview({ color: "never", expectNoChanges: true }));
  });

  it("leaves one Secret of each name, and the pod of Grafana names those that are there", async () => {
    const { resources } = await project.state(name);
    const secrets = resources.filter(({ type }) => type === "kubernetes:core/v1:Secret");
    const ids = secrets.map(({ id }) => id?.split("/")[1] ?? "");
    expect(new Set(ids).size).toBe(new Set(secrets.map(({ urn }) => urn)).size);
    const mounted = [
      ...JSON.stringify((await podOfGrafana()) ?? {}).matchAll(/"(?:secretName|secret":\{"name)":"([^"]+)"/g),
    ].map(([, secret]) => secret);
    expect(mounted.length).toBe(environment.grafana.kind === "in-cluster" ? (name === "local" ? 2 : 3) : 0);
    for (const secret of mounted) expect(ids).toContain(secret);
  });
});
