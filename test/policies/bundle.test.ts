import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type MapPlace, placesIn } from "../../components/core/call-site.ts";

const require = createRequire(import.meta.url);
const BUNDLE = "../../policies/packs/bundle.cjs";
const { bundleOf, loadBundle, placesOf, programOf } = require(BUNDLE) as {
  bundleOf: (entry: string, root: string, cache: string) => string | undefined;
  programOf: (entry: string, root: string, cache: string) => Promise<string | undefined>;
  placesOf: (bundle: string) => MapPlace;
  loadBundle: (bundle: string, entry: string) => unknown;
};

let root: string;
let cache: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "bellwether-bundle-"));
  cache = join(root, ".cache/bundles");
  mkdirSync(join(root, "rules"));
  write("pack.ts", `import { level } from "./rules/level.ts";\nexport const pack: string = level + "!";\n`);
  write("rules/level.ts", `export const level: string = "mandatory";\n`);
  write("tsconfig.json", "{}");
  write("package.json", `{"type":"module"}`);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(file: string, text: string): void {
  writeFileSync(join(root, file), text);
}
const bundle = () => bundleOf(join(root, "pack.ts"), root, cache);
/** What the bundle exports. */
function loaded(): unknown {
  const file = bundle();
  return file === undefined
    ? undefined
    : (loadBundle(file, join(root, "pack.ts")) as { readonly pack: unknown }).pack;
}

describe("the sources of a pack as one file", () => {
  it("do what they do one by one, and are kept", () => {
    expect(loaded()).toBe("mandatory!");
    const made = statSync(bundle() ?? "").mtimeMs;
    expect(bundle()).toBe(bundle());
    expect(statSync(bundle() ?? "").mtimeMs).toBe(made);
  });

  it("are made anew when any of them changes, and when it is as before, too", () => {
    const before = readFileSync(join(root, "rules/level.ts"), "utf8");
    expect(loaded()).toBe("mandatory!");
    write("rules/level.ts", before.replace("mandatory", "advisory"));
    expect(loaded()).toBe("advisory!");
    write("rules/level.ts", before);
    expect(loaded()).toBe("mandatory!");
    write("rules/other.ts", before.replace("mandatory", "disabled"));
    write("pack.ts", readFileSync(join(root, "pack.ts"), "utf8").replace("level.ts", "other.ts"));
    expect(loaded()).toBe("disabled!");
  });

  it.each(["tsconfig.json", "package.json"])("are made anew when %s changes", (file) => {
    bundle();
    const [manifest = ""] = readdirSync(cache).filter((name) => name.endsWith(".json"));
    const before = readFileSync(join(cache, manifest), "utf8");
    write(file, `{"type":"module","compilerOptions":{"target":"es2022"}}`);
    bundle();
    expect(readFileSync(join(cache, manifest), "utf8")).not.toBe(before);
  });

  it("are made anew when what is kept cannot be read", () => {
    bundle();
    writeFileSync(join(cache, "pack.ts.json"), "{");
    expect(loaded()).toBe("mandatory!");
  });

  it.each(["compiler", "file"])("are made anew when the kept %s is another", (field) => {
    bundle();
    const manifest = join(cache, "pack.ts.json");
    const kept = readFileSync(manifest, "utf8");
    writeFileSync(manifest, JSON.stringify({ ...(JSON.parse(kept) as object), [field]: "0.0.0" }));
    expect(loaded()).toBe("mandatory!");
    expect(readFileSync(manifest, "utf8")).toBe(kept);
  });

  it("find packages where the sources are, if the cache is a link to elsewhere", () => {
    const elsewhere = mkdtempSync(join(tmpdir(), "bellwether-bundle-cache-"));
    try {
      mkdirSync(join(root, "node_modules/levels"), { recursive: true });
      write("node_modules/levels/package.json", `{"name":"levels","main":"index.js"}`);
      write("node_modules/levels/index.js", `exports.level = "remediate";\n`);
      write("rules/level.ts", `import levels from "levels";\nexport const level: string = levels.level;\n`);
      symlinkSync(elsewhere, join(root, ".cache"));
      expect(loaded()).toBe("remediate!");
      expect(readdirSync(join(elsewhere, "bundles"))).toContain("pack.ts.json");
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });

  it("are compiled once, and again where what was compiled cannot be used", () => {
    const file = bundle() ?? "";
    const compiled = `${file}.code`;
    // V8 keeps what a process has compiled: each time another one.
    const load = () => {
      const script = "require(process.argv[1]).loadBundle(process.argv[2], process.argv[3])";
      const args = ["-e", script, require.resolve(BUNDLE), file, join(root, "pack.ts")];
      return spawnSync(process.execPath, args).status;
    };
    expect(load()).toBe(0);
    const { length } = readFileSync(compiled);
    const made = statSync(compiled).mtimeMs;
    expect(load()).toBe(0);
    expect(statSync(compiled).mtimeMs).toBe(made);
    writeFileSync(compiled, readFileSync(compiled).subarray(0, 40));
    expect(load()).toBe(0);
    expect(readFileSync(compiled)).toHaveLength(length);
  });

  it("leave no file that is out of use for an hour", () => {
    const first = bundle() ?? "";
    const before = Date.now() / 1000 - 61 * 60;
    utimesSync(first, before, before);
    write("rules/level.ts", `export const level = "advisory";\n`);
    const second = bundle() ?? "";
    expect(
      readdirSync(cache)
        .map((name) => join(cache, name))
        .sort(),
    ).toEqual([second, join(cache, "pack.ts.json")].sort());
  });

  it("are not bundled where they do not compile or the folder cannot be made, so that they are loaded one by one", () => {
    write("rules/level.ts", "export const level = ;\n");
    expect(bundle()).toBeUndefined();
    write("rules/level.ts", `export const level = "advisory";\n`);
    write(".cache", "a file");
    expect(bundle()).toBeUndefined();
  });
});

describe("the sources of a program as one file", () => {
  const program = () => programOf(join(root, "pack.ts"), root, cache);
  /** What the program exports, once loaded from its bundle. */
  async function exported<T>(): Promise<T> {
    return loadBundle((await program()) ?? "", join(root, "pack.ts")) as T;
  }
  beforeEach(() => write("pack.ts", `import { at } from "./rules/level.ts";\nexport { at };\n`));

  it("know where each of them stands, also in another checkout with the same cache", async () => {
    const source = "export const at: string = import.meta.url;\n";
    write("rules/level.ts", source);
    write("pack.ts", `export { at } from "./rules/level.ts";\nexport const url: string = import.meta.url;\n`);
    const place = (folder: string) => pathToFileURL(join(folder, "rules/level.ts")).href;
    expect(await exported()).toMatchObject({
      at: place(root),
      url: pathToFileURL(join(root, "pack.ts")).href,
    });
    const first = root;
    root = mkdtempSync(join(tmpdir(), "bellwether-bundle-"));
    try {
      mkdirSync(join(root, "rules"));
      write("pack.ts", readFileSync(join(first, "pack.ts"), "utf8"));
      write("rules/level.ts", source);
      write("tsconfig.json", "{}");
      write("package.json", `{"type":"module"}`);
      expect(await exported()).toMatchObject({ at: place(root) });
    } finally {
      rmSync(root, { recursive: true });
      root = first;
    }
  });

  it("are made anew when one of them changes", async () => {
    write("rules/level.ts", `export const at: string = "mandatory";\n`);
    expect(await exported()).toMatchObject({ at: "mandatory" });
    write("rules/level.ts", `export const at: string = "advisory";\n`);
    expect(await exported()).toMatchObject({ at: "advisory" });
  });

  it("load a package that is a module when they need it, from kept code too", () => {
    mkdirSync(join(root, "node_modules/levels"), { recursive: true });
    write("node_modules/levels/package.json", `{"name":"levels","type":"module","exports":"./index.js"}`);
    write("node_modules/levels/index.js", `export const level = "remediate";\n`);
    write("rules/level.ts", `export const at = async () => (await import("levels")).level;\n`);
    const script = `const { loadBundle, programOf } = require(process.argv[1]);
      const [entry, root, cache] = process.argv.slice(2);
      programOf(entry, root, cache).then((file) => loadBundle(file, entry).at()).then(console.log);`;
    const args = ["-e", script, require.resolve(BUNDLE), join(root, "pack.ts"), root, cache];
    // The second process finds the code of the first.
    for (const _ of [1, 2]) {
      const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
      expect(stdout).toBe("remediate\n");
      expect(stderr).toBe("");
    }
  });

  it("tell line and column of the source for a place in the file, and leave every other place", async () => {
    write("rules/level.ts", `\ninterface Level {}\nexport const at: Error = new Error("here");\n`);
    const { at } = await exported<{ readonly at: Error }>();
    const places = placesOf((await program()) ?? "");
    const [first] = placesIn(at);
    expect(first).toBeDefined();
    if (first === undefined) return;
    expect(places(first)).toEqual({ file: join(root, "rules/level.ts"), line: 3, column: 26 });
    const other = { file: "/elsewhere.ts", line: 3, column: 1 };
    expect(places(other)).toBe(other);
    rmSync(`${await program()}.map`);
    expect(placesOf((await program()) ?? "")(first)).toBe(first);
  });

  it.each([
    ["do not compile", "export const at = ;\n"],
    ["do not export what is imported", "export const level = 1;\n"],
    ["ask for more of where they stand", "export const at = import.meta.dirname;\n"],
    ["import what is not there", `export { at } from "./nowhere.ts";\n`],
  ])("are loaded one by one where they %s", async (_, text) => {
    write("rules/level.ts", text);
    expect(await program()).toBeUndefined();
  });
});
