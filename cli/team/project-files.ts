import { stringify } from "yaml";

/** What the files of a team's project are made of. */
export interface ProjectContent {
  readonly project: string;
  readonly platform: string;
  readonly context: string | undefined;
  /** Of packages, by name. */
  readonly versions: Readonly<Record<string, string>>;
  /** TypeScript. */
  readonly program: string;
}

const DEPENDENCIES = ["@pulumi/kubernetes", "@pulumi/pulumi", "bellwether", "tsx"];
const DEVELOPMENT = ["@pulumi/policy", "@types/node", "typescript"];

/** The files of a project, by path. */
export function projectFiles({
  project,
  platform,
  context,
  versions,
  program,
}: ProjectContent): ReadonlyMap<string, string> {
  const stack = platform.split("/").at(-1) ?? "";
  const pinned = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, versions[name] ?? "latest"]));
  return new Map([
    [
      "package.json",
      json({
        name: project,
        private: true,
        type: "module",
        scripts: { types: "tsc", preview: "bellwether preview", test: "tsc && node --import tsx test.ts" },
        dependencies: pinned(DEPENDENCIES),
        devDependencies: pinned(DEVELOPMENT),
      }),
    ],
    [
      "tsconfig.json",
      json({
        compilerOptions: {
          target: "es2023",
          module: "nodenext",
          types: ["node"],
          strict: true,
          allowImportingTsExtensions: true,
          skipLibCheck: true,
          noEmit: true,
        },
        include: ["*.ts", "services"],
      }),
    ],
    ["Pulumi.yaml", PULUMI(project)],
    [`Pulumi.${stack}.yaml`, stackFile(context)],
    ["index.ts", program],
    ["test.ts", test(platform, stack)],
    [".gitignore", "node_modules/\nout/\n"],
  ]);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

const PULUMI = (project: string) => `name: ${project}
main: index.ts
runtime:
  name: nodejs
  # Without these two, Pulumi compiles the program by itself and fails with: Unknown file extension ".ts".
  options:
    typescript: false
    nodeargs: "--import tsx"
`;

/** The provider of the program is Pulumi's default one, and the stack's config says which cluster it is for. */
function stackFile(context: string | undefined): string {
  if (context !== undefined) return stringify({ config: { "kubernetes:context": context } });
  return `# The cluster is that of the current context. Better name it: pulumi config set kubernetes:context <context>
config: {}
`;
}

const test = (platform: string, stack: string) => `import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { preview } from "bellwether/preview";

const outputs = JSON.parse(readFileSync("platforms/${platform.replaceAll("/", ".")}.json", "utf8"));
const { alerts, passes } = await preview({
  program: () => import("./index.ts"),
  platforms: { "${platform}": outputs },
  stack: "${stack}",
});
assert.ok(passes, "a policy is violated or an alert has no receiver: see npx bellwether preview");
assert.ok(alerts.some(({ severity, receivers }) => severity === "critical" && receivers.length > 0));
`;
