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
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const require = createRequire(import.meta.url);
const { bundleOf, loadBundle } = require("../../policies/packs/bundle.cjs") as {
  bundleOf: (entry: string, root: string, cache: string) => string | undefined;
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
      expect(readdirSync(join(elsewhere, "bundles"))).toHaveLength(2);
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });

  it("leave no file that is out of use for a day", () => {
    const first = bundle() ?? "";
    const yesterday = Date.now() / 1000 - 25 * 3600;
    utimesSync(first, yesterday, yesterday);
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
