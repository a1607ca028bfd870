import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RELEASE } from "../../components/definitions.ts";
import { sbomOf } from "../../packaging/sbom.ts";
import { run } from "../support/process.ts";
import {
  copyPackages,
  IN_PROCESS,
  install,
  PROGRAM,
  pack,
  pinned,
  platformOutputs,
  ROOT,
  type TeamFolder,
  teamFolder,
} from "./project.ts";
import { onRunningPlatform } from "./running.ts";

const MINUTES = 60_000;

let team: TeamFolder;
let tarball: string;

beforeAll(async () => {
  team = teamFolder();
  team.write({ "package.json": '{"name":"shop","private":true,"type":"module"}' });
  tarball = await pack(team.folder);
  await install(team.folder, [tarball, pinned("tsx"), pinned("@pulumi/policy")]);
  team.write({
    "Pulumi.yaml": "name: shop\nruntime: nodejs\n",
    "index.ts": PROGRAM,
    "platforms/acme.bellwether.prod.json": JSON.stringify(platformOutputs("prod")),
  });
}, 5 * MINUTES);

afterAll(() => team?.remove());

describe("the npm package", () => {
  it("is at most 400 kB packed", () => {
    expect(statSync(tarball).size).toBeLessThanOrEqual(400_000);
  });

  it("holds JavaScript and types, and none of the repository's sources, stacks or tests", () => {
    const files = readdirSync(join(team.folder, "node_modules", "bellwether"), {
      recursive: true,
      encoding: "utf8",
    });
    expect(files.filter((file) => /(?<!\.d)\.ts$/.test(file))).toEqual([]);
    expect(files.filter((file) => /^(dist\/)?(infra|test|docs|stacks)\b/.test(file))).toEqual([]);
    const outside = files.filter((file) => !file.startsWith("dist"));
    expect(outside.sort()).toEqual([
      "LICENSE",
      "README.md",
      "cli",
      "cli/bellwether.js",
      "cli/optimize-later.js",
      "package.json",
    ]);
  });

  it("says in its code the release that package.json says", () => {
    expect(
      (JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string }).version,
    ).toBe(RELEASE);
  });

  it(
    "has a bill of materials that lists its dependencies and what they need",
    () => {
      const installed = JSON.parse(
        readFileSync(join(team.folder, "node_modules/.package-lock.json"), "utf8"),
      ) as {
        packages: Record<string, { version: string; peer?: boolean; dev?: boolean }>;
      };
      const { metadata, components } = sbomOf(tarball);
      expect([metadata.component.name, metadata.component.version]).toEqual(["bellwether", RELEASE]);
      const listed = new Set(components.map(({ name, version }) => `${name}@${version}`));
      const own = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
        dependencies: Record<string, string>;
      };
      for (const [name, version] of Object.entries(own.dependencies))
        expect(listed).toContain(`${name}@${version}`);
      // What Grafana's SDK needs: lost if the list is made on the repository.
      const name = "tslib";
      expect(listed).toContain(`${name}@${installed.packages[`node_modules/${name}`]?.version}`);
      expect(JSON.stringify(components)).not.toContain("file:");
    },
    2 * MINUTES,
  );

  it("brings no SDK of a cloud and none of Grafana with it", () => {
    for (const name of ["@pulumi/aws", "@pulumi/grafana"])
      expect(existsSync(join(team.folder, "node_modules", name)), name).toBe(false);
  });
});

describe("a program of ten lines in an empty project", () => {
  it("is typed: strict, with the package's own types checked too", { timeout: 3 * MINUTES }, async () => {
    copyPackages(team.folder, ["@types/node", "undici-types"]);
    const compilerOptions = {
      target: "es2023",
      module: "nodenext",
      strict: true,
      skipLibCheck: false,
      noEmit: true,
      types: ["node"],
    };
    const wrong = PROGRAM.replace('tier: "critical"', 'tier: "vital"').replace("platform });", "});");
    team.write({ "tsconfig.json": JSON.stringify({ compilerOptions, files: ["index.ts"] }) });
    const compile = () => team.node([join(ROOT, "node_modules/typescript/bin/tsc"), "-p", "."]);
    expect(await compile()).toMatchObject({ code: 0, stdout: "" });

    team.write({ "index.ts": wrong });
    const { stdout } = await compile();
    team.write({ "index.ts": PROGRAM });
    expect(stdout).toMatch(/index\.ts\(7,3\).*"vital"/s);
    expect(stdout).toMatch(/index\.ts\(12,.*platform/s);
  });

  it("is previewed in process and judged by the policy pack", { timeout: 2 * MINUTES }, async () => {
    team.write({ "assert.ts": IN_PROCESS });
    const { code, stdout, stderr } = await team.node(["--import", "tsx", "assert.ts"]);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    const found = JSON.parse(stdout) as { told: unknown; policiesAsked: number; kinds: readonly string[] };
    expect(found).toMatchObject({ passes: true, policies: [], services: 1 });
    expect(found.policiesAsked).toBeGreaterThan(20);
    expect(found.kinds).toEqual(
      expect.arrayContaining(["ServiceMonitoring", "ServiceMonitor", "PrometheusRule"]),
    );
    expect(found.told).toContainEqual(["SLOErrorBudgetBurnFast", ["shop-pager"]]);
    expect(found.told).toContainEqual(["SLOErrorBudgetBurnSlow", ["shop-chat"]]);
  });

  it("is previewed by npx bellwether preview, which writes what other tools read", {
    timeout: 2 * MINUTES,
  }, async () => {
    const { code, stdout, stderr } = await run("npx", ["--no-install", "bellwether", "preview"], {
      cwd: team.folder,
    });
    expect(stderr.replace(/^npm warn.*$/gm, "").trim()).toBe("");
    expect(code).toBe(0);
    expect(stdout).toMatch(/: ready to deploy/);
    for (const file of [
      "report.md",
      "policies.json",
      "manifests/servicemonitor-monitoring-service-checkout.yaml",
      "prometheus/rules/service-checkout.availability.yaml",
      "prometheus/tests/service-checkout.availability.yaml",
    ])
      expect(existsSync(join(team.folder, "out/preview", file)), file).toBe(true);
  });

  it("is explained by npx bellwether explain: what is watched, promised and told to whom", {
    timeout: MINUTES,
  }, async () => {
    const { code, stdout, stderr } = await team.node(["node_modules/.bin/bellwether", "explain", "checkout"]);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout).toContain("checkout: Takes orders and payments");
    expect(stdout).toContain("ServiceMonitor service-checkout");
    expect(stdout).toMatch(/SLOErrorBudgetBurnFast +critical +pages shop-pager/);
    expect(stdout).toContain(
      "Objectives: https://grafana.example.com/d/bellwether-objectives-prod?var-service=checkout\n",
    );
    const unknown = await team.node(["node_modules/.bin/bellwether", "explain", "chekout"]);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toMatch(/"chekout"[\s\S]*checkout/);
  });

  it("gets a service more by npx bellwether new-service, which passes the preview as it was written", {
    timeout: 2 * MINUTES,
  }, async () => {
    const answers =
      "--owner shop --tier standard --namespace shop --kind worker --set port=metrics --set metrics=otel";
    const args = ["new-service", "mailer", ...answers.split(" "), "--description", "Sends mails"];
    const { code, stdout, stderr } = await team.node(["node_modules/.bin/bellwether", ...args]);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    const [imported = "", created = ""] = stdout.split("\n").filter((line) => /^(?:import|new) /.test(line));
    team.write({ "index.ts": `${imported}\n${PROGRAM}${created}\n` });
    const previewed = await team.node(["node_modules/.bin/bellwether", "preview", "--out", "more"]);
    team.write({ "index.ts": PROGRAM });
    expect(previewed).toMatchObject({ code: 0, stderr: "" });
    expect(existsSync(join(team.folder, "more/preview/prometheus/rules/service-mailer.success.yaml"))).toBe(
      true,
    );
    const taken = await team.node(["node_modules/.bin/bellwether", ...args]);
    expect(taken.code).toBe(2);
    expect(taken.stderr).toContain("services/mailer.ts");
  });

  it("is refused by the policy pack for what no policy would let pass", {
    timeout: 2 * MINUTES,
  }, async () => {
    const secret = `import * as kubernetes from "@pulumi/kubernetes";
new kubernetes.core.v1.ConfigMap("settings", { metadata: { namespace: "default" }, data: { a: "b" } });
`;
    team.write({ "index.ts": PROGRAM + secret });
    const { code, stdout } = await team.node(["node_modules/.bin/bellwether", "preview", "--out", "refused"]);
    team.write({ "index.ts": PROGRAM });
    expect(code).toBe(1);
    expect(stdout).toContain("not ready to deploy");
    expect(stdout).toMatch(/no-default-namespace \| violation/);
  });

  it.each([
    ["a definition with a wrong value", 'owner: "shop"', 'owner: "shopp"', /, in index\.ts:4:17$/m],
    [
      "a definition of a wrong shape",
      'tier: "critical"',
      'tier: "vital"',
      /^defineService in index\.ts:4:17: 1 p/,
    ],
    [
      "a comma that is missing",
      'tier: "critical",',
      'tier: "critical"',
      /^ {2}index\.ts:8:3\n.*Expected "}"/m,
    ],
    [
      "a package that is not installed",
      'from "bellwether"',
      'from "bellwethr"',
      /^ {2}index\.ts:1:\d+\n.*bellwethr, which does/m,
    ],
  ])(
    "names file and line for %s, and removes the old preview",
    { timeout: MINUTES },
    async (_, from, to, said) => {
      team.write({ "index.ts": PROGRAM.replace(from, to), "out/preview/graph.json": "old" });
      const { code, stdout, stderr } = await team.node(["node_modules/.bin/bellwether", "preview"]);
      const explained = await team.node(["node_modules/.bin/bellwether", "explain", "checkout"]);
      team.write({ "index.ts": PROGRAM });
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toMatch(said);
      expect(stderr).not.toMatch(/\n\s+at .+:\d+/);
      expect(existsSync(join(team.folder, "out/preview"))).toBe(false);
      expect(explained).toMatchObject({ code: 2, stdout: "", stderr });
    },
  );

  it("shows the stack trace of a program that fails, for preview and explain, and is no defect", {
    timeout: MINUTES,
  }, async () => {
    team.write({ "index.ts": `${PROGRAM}\nundefined.x;\n` });
    for (const line of [["preview"], ["explain", "checkout"]]) {
      const { code, stderr } = await team.node(["node_modules/.bin/bellwether", ...line]);
      expect(code, stderr).toBe(2);
      expect(stderr).toMatch(/^preview: the program failed:\nTypeError: .*\n +at .*index\.ts:14:11/);
    }
    team.write({ "index.ts": PROGRAM });
  });

  it("says which command brings the platform's outputs where they are missing", {
    timeout: MINUTES,
  }, async () => {
    team.write({ "index.ts": PROGRAM.replace("bellwether/prod", "bellwether/qa") });
    const { code, stderr } = await team.node(["node_modules/.bin/bellwether", "preview"]);
    team.write({ "index.ts": PROGRAM });
    expect(code).toBe(2);
    expect(stderr).toContain(
      "pulumi stack output --json --stack acme/bellwether/qa > platforms/acme.bellwether.qa.json",
    );
    expect(existsSync(join(team.folder, "out/preview"))).toBe(false);
  });
});

onRunningPlatform(() => team);

describe("the door of definitions", () => {
  it("needs what reads and checks data and queries, and no line of Pulumi", async () => {
    const bare = teamFolder();
    try {
      bare.write({
        "package.json": '{"type":"module"}',
        "index.js": `import { defineService } from "bellwether/service";
const { name } = defineService({ name: "checkout", owner: "shop", tier: "critical", description: "Takes orders",
  namespace: "shop", http: { port: "http", metrics: "otel" } });
console.log(name);`,
      });
      copyPackages(bare.folder, ["zod", "yaml", "@prometheus-io/lezer-promql", "@lezer"]);
      await run("cp", [
        "-r",
        join(team.folder, "node_modules/bellwether"),
        join(bare.folder, "node_modules/"),
      ]);
      expect(await bare.node(["index.js"])).toMatchObject({ code: 0, stdout: "checkout\n", stderr: "" });
    } finally {
      bare.remove();
    }
  });
});
