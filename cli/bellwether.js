#!/usr/bin/env node
// `npx bellwether`: in this repository the platform's own commands, from their TypeScript; in the npm package, which holds compiled
// JavaScript and no stacks, what teams need in a repository of their own.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { optimizeLater } from "./optimize-later.js";

optimizeLater();
const source = new URL("./main.ts", import.meta.url);
if (existsSync(source)) await fromSources();
else await import(new URL("../dist/cli/team/main.js", import.meta.url).href);

/** As one file, which starts in half the time. Where that cannot be made, file by file, which says what is wrong with one of them. */
async function fromSources() {
  const { loadBundle, placesOf, programOf } = createRequire(import.meta.url)("../policies/packs/bundle.cjs");
  const [entry, root, cache] = ["program.ts", "../", "../.cache/bundles"].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  const program = await programOf(entry, root, cache);
  if (program !== undefined) return loadBundle(program, entry).main(placesOf(program));
  const { register } = await import("tsx/esm/api");
  register();
  await import(source.href);
}
