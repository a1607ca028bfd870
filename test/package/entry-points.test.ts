import { dirname, join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { filesIn, read } from "../support/repository.ts";

// knip takes the entry points of the package as used. What they export must be used as well: by the program, a test or a how-to.

const ENTRY_POINTS = [
  "components/index.ts",
  "components/definitions.ts",
  "components/parts.ts",
  "cli/team/preview.ts",
  "cli/team/policy-testing.ts",
  "policies/packs/pack.ts",
];
const USERS = ["infra", "stacks", "cli", "policies", "test", "docs/how-to"];

interface Export {
  readonly name: string;
  readonly isType: boolean;
  /** The file that declares it. */
  readonly from: string;
}

/** What a file exports by name, from itself or from another file. */
function exportsOf(path: string): readonly Export[] {
  const source = ts.createSourceFile(path, read(path), ts.ScriptTarget.ESNext, true);
  return source.statements.flatMap((statement): Export[] => {
    if (ts.isExportDeclaration(statement)) {
      const module = statement.moduleSpecifier;
      const from = module && ts.isStringLiteral(module) ? join(dirname(path), module.text) : path;
      const named = statement.exportClause;
      return named && ts.isNamedExports(named)
        ? named.elements.map(({ name, isTypeOnly }) => ({
            name: name.text,
            isType: isTypeOnly || statement.isTypeOnly,
            from,
          }))
        : [];
    }
    const isExported =
      ts.canHaveModifiers(statement) &&
      ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    if (!isExported) return [];
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.map(({ name }) => ({
        name: name.getText(),
        isType: false,
        from: path,
      }));
    const { name } = statement as ts.FunctionDeclaration;
    const isType = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
    return name === undefined ? [] : [{ name: name.text, isType, from: path }];
  });
}

const exported = ENTRY_POINTS.flatMap((path) => exportsOf(path).map((one) => ({ path, ...one })));
const users = USERS.flatMap((folder) => filesIn(folder, ".ts", ".js", ".md")).filter(
  (file) => !ENTRY_POINTS.includes(file) && !file.endsWith("entry-points.test.ts"),
);
const words = new Set(users.flatMap((file) => read(file).match(/[A-Za-z_]\w*/g) ?? []));
/** The files of the exported classes and functions, whose signatures name types. */
const declarations = [...new Set(exported.filter(({ isType }) => !isType).map(({ from }) => from))].map(read);

describe("an export of the package", () => {
  it.each(exported.map(({ path, name, isType }) => [name, path, isType] as const))(
    "%s of %s is used",
    (name, _, isType) => {
      // The declaration itself is the first mention.
      const isInSignature =
        isType && declarations.some((text) => text.split(new RegExp(`\\b${name}\\b`)).length > 2);
      expect(words.has(name) || isInSignature).toBe(true);
    },
  );

  it("is one of more than thirty", () => {
    expect(exported.length).toBeGreaterThan(30);
  });
});
