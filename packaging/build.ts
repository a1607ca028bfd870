import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";

// Makes dist/, which is what the npm package holds: `npm run build`, which `npm pack` runs too. JavaScript without comments, and
// types with them, but only those that a door of the package leads to.

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const DIST = join(ROOT, "dist");
const PACK = "policies/packs/reliability";
const DECLARATION = ".d.ts";

interface Manifest {
  readonly exports: Readonly<Record<string, string | { readonly types: string }>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

function build(): void {
  rmSync(DIST, { recursive: true, force: true });
  compile();
  squeeze();
  keepReachableTypes();
  copyPolicyPack();
}

function compile(): void {
  const compiler = join(ROOT, "node_modules", "typescript", "bin", "tsc");
  const project = join(ROOT, "tsconfig.build.json");
  const { status } = spawnSync(process.execPath, [compiler, "-p", project], { stdio: "inherit" });
  if (status !== 0) throw new Error("the package does not compile");
}

/** The JavaScript in its shortest syntax, without comments and blanks, which are a tenth of the package; in the types, comments are what an editor shows. */
function squeeze(): void {
  for (const path of filesBelow(DIST).filter((file) => file.endsWith(".js"))) {
    const { code } = transformSync(readFileSync(path, "utf8"), {
      format: "esm",
      target: "node20",
      minifyWhitespace: true,
      minifySyntax: true,
      legalComments: "none",
    });
    writeFileSync(path, code);
  }
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).map((path) => join(folder, path));
}

/** Follows the types from the package's doors, and removes the others. */
function keepReachableTypes(): void {
  const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Manifest;
  const installed = new Set(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }));
  const doors = Object.values(manifest.exports).flatMap((door) =>
    typeof door === "string" ? [] : [join(ROOT, door.types)],
  );
  const reached = new Set<string>();
  const waiting = [...doors];
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
  writeFileSync(file, named);
  return found;
}

/** What Pulumi reads of a pack beside its code. */
function copyPolicyPack(): void {
  const to = join(DIST, PACK);
  mkdirSync(to, { recursive: true });
  for (const entry of ["PulumiPolicy.yaml", "package.json", "index.js", "config"])
    cpSync(join(ROOT, PACK, entry), join(to, entry), { recursive: true });
}

build();
