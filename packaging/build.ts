import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build as esbuild, type Plugin } from "esbuild";
import { rollup } from "rollup";
import { dts } from "rollup-plugin-dts";

// Makes dist/, which is what the npm package holds: `npm run build`, which `npm pack` runs too. JavaScript without comments and
// blanks, and types with comments, which an editor shows, but only those that an entry point of the package uses.

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const DIST = join(ROOT, "dist");
const PACKS = "policies/packs";
const DECLARATION = ".d.ts";

/** What tsconfig.build.json starts from: the entry points of the package that have types. */
interface Project {
  readonly files: readonly string[];
}

interface Manifest {
  readonly exports: Readonly<Record<string, string | { readonly types: string }>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

/** The command. It has no types, and what only the repository does is loaded from it and is not in the package. */
const COMMAND = "cli/team/main.ts";

async function build(): Promise<void> {
  rmSync(DIST, { recursive: true, force: true });
  declareTypes();
  await bundle();
  await rollUpTypes();
  copyPolicyPacks();
}

function declareTypes(): void {
  const compiler = join(ROOT, "node_modules", "typescript", "bin", "tsc");
  const project = join(ROOT, "tsconfig.build.json");
  const { status } = spawnSync(process.execPath, [compiler, "-p", project], { stdio: "inherit" });
  if (status !== 0) throw new Error("the package does not compile");
}

/**
 * Bundles the JavaScript: what only one entry point uses is in its file, what several share is in separate files, so
 * that an entry point loads no SDK that it does not need. Three hundred small files, each with its list of imports, were a third of the package.
 */
async function bundle(): Promise<void> {
  const { files } = JSON.parse(readFileSync(join(ROOT, "tsconfig.build.json"), "utf8")) as Project;
  const { outputFiles } = await esbuild({
    entryPoints: [...files, COMMAND].map((file) => join(ROOT, file)),
    outdir: DIST,
    outbase: ROOT,
    // As deep as the entry points of the command line, so that the policy pack is found from there, too.
    chunkNames: "cli/shared/[hash]",
    bundle: true,
    splitting: true,
    packages: "external",
    // What only the repository does is loaded by dynamic imports, none of which runs in the package.
    external: [join(ROOT, "cli/repository/*")],
    platform: "node",
    format: "esm",
    target: "node20",
    minifyWhitespace: true,
    minifySyntax: true,
    minifyIdentifiers: true,
    legalComments: "none",
    plugins: [withoutDescriptions],
    write: false,
  });
  for (const { path, contents } of outputFiles) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents);
  }
}

/**
 * Leaves out what an environment's file says of its fields: that is for the schema that editors of the repository read, and a team has no such file.
 * Those of a service are kept, since `new-service` asks with them.
 */
const withoutDescriptions: Plugin = {
  name: "without-descriptions",
  setup({ onLoad }) {
    onLoad({ filter: /[.]ts$/ }, ({ path }) => {
      const [folder = "", module] = relative(ROOT, path).split(/[\\/]/);
      if (folder !== "components" || module === "service" || module === "slo") return undefined;
      return { contents: readFileSync(path, "utf8").replace(DESCRIPTION, ""), loader: "ts" };
    });
  },
};

const DESCRIPTION = /\.meta\(\{\s*description:\s*(?:"(?:[^"\\]|\\.)*"|`[^`$]*`),?\s*\}\)/g;

/**
 * The types of each entry point in one file, and what several share in others: of all types, only those that an entry point shows.
 * Throws for a type of a package that users do not get.
 */
async function rollUpTypes(): Promise<void> {
  const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Manifest;
  const installed = new Set(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }));
  const entryPoints = Object.values(manifest.exports).flatMap((entryPoint) =>
    typeof entryPoint === "string" ? [] : [join(ROOT, entryPoint.types)],
  );
  const bundled = await rollup({
    input: Object.fromEntries(
      entryPoints.map((file) => [relative(DIST, file).replace(DECLARATION, ""), file]),
    ),
    external: (id) => !id.startsWith(".") && !id.startsWith("/"),
    plugins: [dts()],
    onwarn: ({ message }) => {
      throw new Error(message);
    },
  });
  const { output } = await bundled.generate({
    entryFileNames: `[name]${DECLARATION}`,
    chunkFileNames: `cli/shared/[hash]${DECLARATION}`,
  });
  for (const file of filesBelow(DIST)) if (file.endsWith(DECLARATION)) rmSync(file);
  for (const { type, fileName, ...chunk } of output) {
    if (type !== "chunk" || !("code" in chunk)) throw new Error(`${fileName} is no file of types`);
    refuseOthers(fileName, [...chunk.imports, ...chunk.dynamicImports], installed);
    mkdirSync(dirname(join(DIST, fileName)), { recursive: true });
    // Indented, the declarations are a fiftieth of the package larger, and an editor indents what it shows by itself.
    writeFileSync(join(DIST, fileName), chunk.code.replace(/^ +/gm, ""));
  }
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).map((path) => join(folder, path));
}

function refuseOthers(file: string, imports: readonly string[], installed: ReadonlySet<string>): void {
  for (const to of imports) {
    const name = to.split("/", to.startsWith("@") ? 2 : 1).join("/");
    if (to.endsWith(DECLARATION) || to.startsWith("node:") || installed.has(name)) continue;
    throw new Error(`${file} shows a type of ${name}, which users of the package do not have`);
  }
}

/** The folder of each pack, as Pulumi reads it, and what all of them start with. */
function copyPolicyPacks(): void {
  const packs = readdirSync(join(ROOT, PACKS), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  for (const name of [...packs.map((entry) => entry.name), "decoded.cjs", "deferred.cjs", "serve.cjs"])
    cpSync(join(ROOT, PACKS, name), join(DIST, PACKS, name), { recursive: true });
  // For the first line of a project's own waivers.yaml.
  cpSync(join(ROOT, "stacks/waivers.schema.json"), join(DIST, "waivers.schema.json"));
}

await build();
