import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, inject, it } from "vitest";
import { parse } from "yaml";
import { actionlint } from "../../github/actionlint.ts";
import { run } from "../../support/process.ts";
import { filesIn, read } from "../../support/repository.ts";
import { blocksOf, howTo } from "../page.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string | number>>;
}

interface Job {
  readonly needs?: string;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly strategy?: {
    readonly "max-parallel"?: number;
    readonly matrix: { readonly include: readonly Readonly<Record<string, string>>[] };
  };
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** The workflows that the how-tos show, by the file that they are for. */
const shown = ["run-in-ci", "find-drift"]
  .flatMap((page) => blocksOf(howTo(page)))
  .flatMap(({ file, text }) => (file?.startsWith(".github/workflows/") ? [[file, text] as const] : []));
const workflow = (name: string) =>
  parse(shown.find(([file]) => file === `.github/workflows/${name}.yml`)?.[1] ?? "") as Workflow;

function environmentIn(name: string) {
  const { config } = parse(readFileSync(join(ROOT, `stacks/Pulumi.${name}.yaml`), "utf8")) as {
    readonly config: {
      readonly "bellwether:environment": {
        readonly tier: string;
        readonly aws?: { readonly accountId: string };
      };
    };
  };
  return config["bellwether:environment"];
}

describe("the workflows that the how-tos show", () => {
  it("are three, and actionlint finds nothing in them", async () => {
    expect(shown.map(([file]) => file.split("/").at(-1))).toEqual(["preview.yml", "deploy.yml", "drift.yml"]);
    // The runners of each environment have its name as label.
    expect(await actionlint(shown, ["dev", "staging", "prod"])).toEqual([]);
  });

  it("use each action of one commit, which is that of this repository's workflows where these use it", () => {
    const own = new Map(
      filesIn(".github", ".yml")
        .flatMap((file) => [...read(file).matchAll(/uses: ([^@\s]+)@(.+)$/gm)])
        .map(([, action = "", pin]) => [action, pin]),
    );
    const uses = shown.flatMap(([, text]) => [...text.matchAll(/uses: ([^@\s]+)@(.+)$/gm)]);
    expect(uses.length).toBeGreaterThan(12);
    const pins = new Map<string, string>();
    for (const [, action = "", pin = ""] of uses) {
      expect(pin, action).toMatch(/^[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
      expect(pin, action).toBe(own.get(action) ?? pins.get(action) ?? pin);
      pins.set(action, pin);
    }
    expect([...pins.keys()].filter((action) => !own.has(action)).sort()).toEqual([
      "aws-actions/configure-aws-credentials",
      "pulumi/actions",
    ]);
  });

  it("may only read, but for the identity that AWS asks for", () => {
    for (const [file, text] of shown) {
      const { permissions, jobs } = parse(text) as Workflow;
      expect(permissions, file).toEqual({ contents: "read" });
      for (const job of Object.values(jobs))
        expect([undefined, { contents: "read", "id-token": "write" }], file).toContainEqual(job.permissions);
      expect(text).not.toContain("secrets.");
    }
    expect(workflow("preview").jobs["preview"]?.permissions).toBeUndefined();
  });
});

describe("preview.yml", () => {
  const folder = mkdtempSync(join(tmpdir(), "bellwether-ci-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("puts all reports into the summary, which has room for them", async () => {
    // The dependencies are installed, and these tests begin with the same preview of all environments.
    symlinkSync(inject("previews"), join(folder, "out"));
    const summary = join(folder, "summary.md");
    const commands = workflow("preview").jobs["preview"]?.steps.flatMap((step) => step.run ?? []) ?? [];
    expect(commands.slice(0, 2)).toEqual(["npm ci", "npm run preview"]);
    for (const command of commands.slice(2)) {
      const env = { PATH: process.env["PATH"], GITHUB_STEP_SUMMARY: summary };
      const { code, stderr } = await run("bash", ["--noprofile", "--norc", "-e", "-c", command], {
        cwd: folder,
        env,
      });
      expect(code, stderr).toBe(0);
    }
    const reports = readdirSync(join(folder, "out")).map((name) =>
      readFileSync(join(folder, "out", name, "report.md"), "utf8"),
    );
    expect(reports.length).toBeGreaterThan(1);
    expect(readFileSync(summary, "utf8")).toBe(reports.join(""));
    // What the page says about the sizes.
    expect(Math.max(...reports.map(({ length }) => length))).toBeLessThan(60_000);
    expect(Buffer.byteLength(reports.join(""))).toBeLessThan(1_048_576);
  });
});

describe("deploy.yml", () => {
  const { jobs } = workflow("deploy");
  const { plan, deploy } = jobs;
  const step = (job: Job | undefined, name: string) =>
    job?.steps.find((each) => each.name === name)?.run ?? "";

  it("plans and deploys environments that exist, with their account and the policies of their tier", () => {
    const included = deploy?.strategy?.matrix.include ?? [];
    expect(plan?.strategy?.matrix.include).toEqual(included);
    expect(included.map(({ environment }) => environment)).toEqual(["dev", "staging", "prod"]);
    for (const { environment = "", tier, account } of included) {
      const { tier: actual, aws } = environmentIn(environment);
      expect({ tier, account }, environment).toEqual({ tier: actual, account: aws?.accountId });
      expect(existsSync(join(ROOT, `policies/packs/bellwether/config/${tier}.json`))).toBe(true);
    }
  });

  it("deploys one environment at a time, each behind the rules of its GitHub environment, by the plan that the other job saved", () => {
    expect(deploy?.strategy?.["max-parallel"]).toBe(1);
    expect([plan?.environment, deploy?.needs]).toEqual([undefined, "plan"]);
    expect(deploy?.environment).toContain("{ matrix.environment }");
    const saved = /--save-plan (\S+)/.exec(step(plan, "Plan the update"))?.[1];
    expect(saved).toBe("plan/update.json");
    expect(step(deploy, "Deploy what was planned")).toContain(`--yes --skip-preview --plan ${saved} `);
    const artifact = (job: Job | undefined, action: string) =>
      job?.steps.find(({ uses }) => uses?.startsWith(action))?.with;
    const kept = artifact(plan, "actions/upload-artifact@");
    const taken = artifact(deploy, "actions/download-artifact@");
    expect(kept).toMatchObject({ name: taken?.["name"], path: "plan/" });
    expect(taken?.["path"]).toBe("plan");
  });

  it("plans and deploys with the same policies, programs and versions", () => {
    const packs = (text: string) =>
      / --policy-pack .*$/m
        .exec(text.replaceAll(/\s+\\\n\s*/g, " "))?.[0]
        .replace(/ > .*/, "")
        .replace(/ \\$/, "");
    expect(packs(step(plan, "Plan the update").replace(/ \\\n\s+>/, " >"))).toBe(
      packs(step(deploy, "Deploy what was planned")),
    );
    const setUp = (job: Job | undefined) =>
      job?.steps
        .slice(0, 5)
        .map(({ with: inputs, ...rest }) => ({ ...rest, inputs: { ...inputs, "role-to-assume": "" } }));
    expect(setUp(plan)).toEqual(setUp(deploy));
  });

  it("shows in the summary what the update will do, also after a policy that is violated", async () => {
    const folder = mkdtempSync(join(tmpdir(), "bellwether-plan-"));
    try {
      const env = {
        PATH: process.env["PATH"],
        STACK: "prod",
        GITHUB_STEP_SUMMARY: join(folder, "summary.md"),
      };
      const script = step(plan, "Show what the update will do");
      const ran = () => run("bash", ["--noprofile", "--norc", "-e", "-c", script], { cwd: folder, env });
      expect(await ran()).toEqual({ code: 0, stdout: "", stderr: "" });
      expect(existsSync(env.GITHUB_STEP_SUMMARY)).toBe(false);
      await run("mkdir", [join(folder, "plan")]);
      writeFileSync(join(folder, "plan/changes.txt"), "+ a rule\n```\n");
      await ran();
      expect(readFileSync(env.GITHUB_STEP_SUMMARY, "utf8")).toBe(
        "## prod\n~~~~diff\n+ a rule\n```\n\n~~~~\n",
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("shows the output of the deployment, but of a violated plan only the names of the resources", async () => {
    const folder = mkdtempSync(join(tmpdir(), "bellwether-deploy-"));
    try {
      const script = step(deploy, "Deploy what was planned");
      const ran = async (code: number, said: string) => {
        writeFileSync(join(folder, "said"), said);
        const fake = `pulumi() { cat said; return ${code}; }\n`;
        const args = ["--noprofile", "--norc", "-e", "-c", `${fake}${script}`];
        return await run("bash", args, {
          cwd: folder,
          env: { PATH: process.env["PATH"], STACK: "prod", TIER: "production" },
        });
      };
      expect(await ran(0, "+ 3 created\n")).toEqual({ code: 0, stdout: "+ 3 created\n", stderr: "" });
      expect(await ran(255, "error: no cluster\n")).toEqual({
        code: 1,
        stdout: "error: no cluster\n",
        stderr: "",
      });
      const urn = "urn:pulumi:prod::bellwether::kubernetes:core/v1:Secret::grafana-secret-key";
      const violated = `    error: resource ${urn} violates plan: properties changed: =~stringData[{&{{map[key:{hunter2\nhunter3}]}}}]\n`;
      expect(await ran(255, violated)).toEqual({ code: 1, stdout: `${urn} violates plan\n`, stderr: "" });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
