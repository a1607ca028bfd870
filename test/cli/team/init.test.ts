import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { writeAll } from "../../../cli/team/init.ts";
import { RELEASE } from "../../../components/definitions.ts";
import { PROGRAM, pinned } from "../../package/project.ts";
import { runHere } from "../surroundings.ts";

// What `bellwether init` writes; test/e2e/engine/own-repository.test.ts installs, previews and deploys it.

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "bellwether-init-")), "Shop monitoring");
  mkdirSync(folder);
});
afterEach(() => rmSync(join(folder, ".."), { recursive: true, force: true }));

const ARGS = [
  "init",
  "checkout",
  ...["--platform", "acme/bellwether/prod", "--owner", "shop", "--tier", "critical", "--namespace", "shop"],
  ...["--description", "Takes orders and payments", "--set", "port=http", "--set", "metrics=otel"],
];

const init = (...more: readonly string[]) => runHere([...ARGS, ...more], { place: "package", folder });
const read = (file: string) => readFileSync(join(folder, file), "utf8");

describe("bellwether init", () => {
  it("writes the program of docs/how-to/own-repository.md, for the stack of the platform's name", async () => {
    const { code, out, error } = await init();
    expect({ code, error }).toEqual({ code: 0, error: "" });
    expect(readdirSync(folder).sort()).toEqual([
      ".gitignore",
      "Pulumi.prod.yaml",
      "Pulumi.yaml",
      "index.ts",
      "package.json",
      "test.ts",
      "tsconfig.json",
    ]);
    // The same code, but for blanks.
    const words = (text: string) => text.replaceAll(/\s+/g, " ");
    expect(words(read("index.ts"))).toBe(words(PROGRAM));
    for (const line of ["npm install", "platforms/acme.bellwether.prod.json", "npx bellwether preview"])
      expect(out).toContain(line);
  });

  it("has Pulumi run TypeScript through tsx, since it fails on a module of its own", async () => {
    await init();
    expect(parse(read("Pulumi.yaml"))).toEqual({
      name: "shop-monitoring",
      main: "index.ts",
      runtime: { name: "nodejs", options: { typescript: false, nodeargs: "--import tsx" } },
    });
  });

  it("asks for this release, and for the versions that it is tested with", async () => {
    await init();
    const { name, dependencies, devDependencies } = JSON.parse(read("package.json")) as {
      readonly name: string;
      readonly dependencies: Readonly<Record<string, string>>;
      readonly devDependencies: Readonly<Record<string, string>>;
    };
    expect(name).toBe("shop-monitoring");
    const { bellwether, ...others } = dependencies;
    expect(bellwether).toBe(RELEASE);
    for (const [each, version] of Object.entries({ ...others, ...devDependencies }))
      expect(`${each}@${version}`).toBe(pinned(each));
    expect(Object.keys(others).sort()).toEqual(["@pulumi/kubernetes", "@pulumi/pulumi", "tsx"]);
  });

  it("names the cluster in the stack's config if a context is given", async () => {
    await init("--context", "arn:aws:eks:eu-central-1:111122223333:cluster/prod");
    expect(parse(read("Pulumi.prod.yaml"))).toEqual({
      config: { "kubernetes:context": "arn:aws:eks:eu-central-1:111122223333:cluster/prod" },
    });
  });

  it("lists every file that is there already with every wrong answer, and writes nothing", async () => {
    for (const file of ["index.ts", "Pulumi.yaml"]) writeFileSync(join(folder, file), "mine");
    const { code, out, error } = await init("--set", "nosuch=1");
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(error).toMatch(/^init: 3 problems\n/);
    for (const file of ["index.ts", "Pulumi.yaml"]) {
      expect(error).toContain(`  ${file}\n    found    a file that exists already\n`);
      expect(read(file)).toBe("mine");
    }
    expect(error).toContain("nosuch");
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it("refuses what is no stack of a platform and no context", async () => {
    const { code, error } = await runHere(
      [...ARGS.map((word) => word.replace("acme/bellwether/prod", "prod")), "--context", "a b"],
      { place: "package", folder },
    );
    expect(code).toBe(2);
    expect(error).toContain("--platform");
    expect(error).toContain("--context");
    expect(readdirSync(folder)).toEqual([]);
  });

  it("leaves no file behind if one cannot be written", () => {
    const files = new Map([
      ["a", "1"],
      ["b/c", "2"],
      ["a/d", "3"],
    ]);
    expect(() => writeAll(folder, files)).toThrow(/a file where a folder must be/);
    expect(readdirSync(folder)).toEqual(["b"]);
  });
});
