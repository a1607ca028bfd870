import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

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

function build(): void {
  rmSync(DIST, { recursive: true, force: true });
  declareTypes();
  bundle();
  keepReachableTypes();
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
function bundle(): void {
  const { files } = JSON.parse(readFileSync(join(ROOT, "tsconfig.build.json"), "utf8")) as Project;
  const { outputFiles } = buildSync({
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
    write: false,
  });
  for (const { path, contents } of outputFiles) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents);
  }
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).map((path) => join(folder, path));
}

/** Follows the types from the package's entry points, and removes the others. */
function keepReachableTypes(): void {
  const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Manifest;
  const installed = new Set(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }));
  const entryPoints = Object.values(manifest.exports).flatMap((entryPoint) =>
    typeof entryPoint === "string" ? [] : [join(ROOT, entryPoint.types)],
  );
  const reached = new Set<string>();
  const waiting = [...entryPoints];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (reached.has(file)) continue;
    reached.add(file);
    waiting.push(...importsOf(file, installed));
  }
  for (const file of filesBelow(DIST)) if (file.endsWith(DECLARATION) && !reached.has(file)) rmSync(file);
}

/** The declarations that one imports, which it then names by the files that are there. Throws for a package that users do not get. */
function importsOf(file: string, installed: ReadonlySet<string>): string[] {
  const text = readFileSync(file, "utf8");
  const found: string[] = [];
  const named = text.replace(
    // A line of a comment may show an import, and means none.
    /(?<!^ *\/?\*.*)(\bfrom |\bimport\(|^import )"([^"]+)"/gm,
    (whole: string, before: string, to: string) => {
      if (to.startsWith(".")) {
        found.push(join(dirname(file), to.replace(/\.ts$/, DECLARATION)));
        return `${before}"${to.replace(/\.ts$/, ".js")}"`;
      }
      const name = to.split("/", to.startsWith("@") ? 2 : 1).join("/");
      if (!to.startsWith("node:") && !installed.has(name))
        throw new Error(
          `${relative(DIST, file)} shows a type of ${name}, which users of the package do not have`,
        );
      return whole;
    },
  );
  // Indented, the declarations are a fiftieth of the package larger, and an editor indents what it shows by itself.
  writeFileSync(file, named.replace(/^ +/gm, ""));
  return found;
}

/** The folder of each pack, as Pulumi reads it, and what all of them start with. */
function copyPolicyPacks(): void {
  const packs = readdirSync(join(ROOT, PACKS), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  for (const name of [...packs.map((entry) => entry.name), "serve.cjs"])
    cpSync(join(ROOT, PACKS, name), join(DIST, PACKS, name), { recursive: true });
  // For the first line of a project's own waivers.yaml.
  cpSync(join(ROOT, "stacks/waivers.schema.json"), join(DIST, "waivers.schema.json"));
}

build();
