import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PROGRAM } from "../package/project.ts";
import { run } from "../support/process.ts";

// Every TypeScript block of the pages for teams compiles, and what only defines services runs.

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const DEFINITIONS = join(ROOT, "components/definitions.ts");
const MINUTES = 60_000;

/** The pages that service teams read; what others write is checked where it is used. */
const PAGES = [
  "README.md",
  "docs/tutorial.md",
  "docs/how-to/add-a-service.md",
  "docs/how-to/own-repository.md",
];

interface Snippet {
  readonly page: string;
  readonly name: string;
  readonly source: string;
}

const snippets: readonly Snippet[] = PAGES.flatMap((page) =>
  [...readFileSync(join(ROOT, page), "utf8").matchAll(/^```ts\n(.*?)^```/gms)].map(
    ([, text = ""], index) => ({
      page,
      name: `${page.replaceAll(/[/.]/g, "-")}-${index}.ts`,
      source: complete(text),
    }),
  ),
);

/** A fragment in what it is shown without: its import, or the definition whose fields it is. */
function complete(text: string): string {
  if (/^import /m.test(text)) return text.replaceAll('"../../components/', `"${ROOT}components/`);
  const imports = `import { defineService, type ServiceDefinition } from "${DEFINITIONS}";\n`;
  if (/^(export const|new )/.test(text)) return `${imports}${text}export type Unused = ServiceDefinition;\n`;
  return `${imports}export const fields: Partial<ServiceDefinition> = {\n${text.trimEnd().replace(/,?$/, ",")}\n};
defineService({ name: "checkout", owner: "shop", tier: "critical", description: "Takes orders", namespace: "shop",
  http: { port: "http", metrics: "otel" }, ...fields });\n`;
}

describe("the snippets of the pages", () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "bellwether-snippets-"));
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
    writeFileSync(join(folder, "package.json"), '{"type":"module"}');
    for (const { name, source } of snippets) writeFileSync(join(folder, name), source);
    // The program that a snippet of a test previews.
    writeFileSync(join(folder, "index.ts"), PROGRAM);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("are there, the ten lines of a team's own program among them", () => {
    expect(snippets.length).toBeGreaterThanOrEqual(6);
    expect(snippets.map(({ source }) => source)).toContain(PROGRAM);
  });

  it("compile under strict", { timeout: 3 * MINUTES }, async () => {
    const door = (file: string) => [join(ROOT, file)];
    const compilerOptions = {
      target: "es2023",
      module: "nodenext",
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      allowImportingTsExtensions: true,
      types: ["node"],
      typeRoots: [join(ROOT, "node_modules/@types")],
      paths: {
        bellwether: door("components/index.ts"),
        "bellwether/service": door("components/definitions.ts"),
        "bellwether/preview": door("cli/team/preview.ts"),
      },
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
    const compiler = join(ROOT, "node_modules/typescript/bin/tsc");
    const { code, stdout } = await run(process.execPath, [compiler, "-p", folder], { cwd: folder });
    expect(stdout).toBe("");
    expect(code).toBe(0);
  });

  it("run, where they define services: each definition is taken", { timeout: 2 * MINUTES }, async () => {
    const pure = snippets.filter(
      ({ source }) => /defineService/.test(source) && !/from "bellwether/.test(source),
    );
    expect(pure.length).toBeGreaterThanOrEqual(4);
    writeFileSync(join(folder, "all.ts"), pure.map(({ name }) => `import "./${name}";`).join("\n"));
    const { code, stderr } = await run(process.execPath, ["--import", "tsx", "all.ts"], { cwd: folder });
    expect(stderr).toBe("");
    expect(code).toBe(0);
  });
});
