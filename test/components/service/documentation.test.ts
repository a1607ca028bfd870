import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { defineService, type Service, slosOf } from "../../../components/service/model.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const PAGE = readFileSync(`${ROOT}docs/how-to/add-a-service.md`, "utf8");

/** The definitions that the page shows, as one file of a team. */
const definitions = [...PAGE.matchAll(/```ts\n(.*?)```/gs)]
  .map(([, block = ""]) => block.replace(/^import .*\n/m, "").trim())
  .filter((block) => block.startsWith("export const"));
const FILE = `${ROOT}stacks/services/shown.ts`;
const SOURCE = `import { defineService } from "../../components/service/model.ts";\n\n${definitions.join("\n\n")}\n`;

describe("the services that the how-to shows", () => {
  it("compile as a team's file would", { timeout: 300_000 }, () => {
    const { options } = ts.parseJsonConfigFileContent(
      ts.readConfigFile(`${ROOT}tsconfig.json`, ts.sys.readFile).config,
      ts.sys,
      ROOT,
    );
    const host = ts.createCompilerHost(options);
    const { getSourceFile } = host;
    host.getSourceFile = (name, ...rest) =>
      name === FILE
        ? ts.createSourceFile(name, SOURCE, ts.ScriptTarget.ESNext)
        : getSourceFile(name, ...rest);
    const program = ts.createProgram([FILE], { ...options, noEmit: true }, host);
    const shown = program.getSourceFile(FILE);
    const problems = [...program.getSyntacticDiagnostics(shown), ...program.getSemanticDiagnostics(shown)];
    expect(problems.map(({ messageText }) => messageText)).toEqual([]);
  });

  it("are accepted, one of each kind, with the objectives that the page tells of", () => {
    const code = ts
      .transpile(SOURCE, { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext })
      .replace(/^import .*$/m, "")
      .replaceAll("export const ", "shown.");
    const shown: Record<string, Service> = {};
    new Function("shown", "defineService", code)(shown, defineService);
    const objectives = Object.values(shown).map((service) => [
      service.name,
      ...slosOf(service).map(({ name, objective }) => `${name} ${objective}`),
    ]);
    expect(objectives).toEqual([
      ["checkout", "availability 99.9"],
      ["pricing", "availability 99.95", "latency 99.5"],
      ["search", "availability 99.5", "latency 98"],
      ["thumbnails", "success 99.5", "latency 98", "backlog 98"],
      ["invoices", "success 99.9", "freshness 98", "backlog 98"],
      ["sales-report", "freshness 95"],
      ["help-pages", "probes 99.5", "latency 98"],
    ]);
  });
});
