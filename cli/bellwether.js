#!/usr/bin/env node
// `npx bellwether`: in this repository the platform's own commands, from their TypeScript; in the npm package, which holds compiled
// JavaScript and no stacks, what teams need in a repository of their own.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";

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

/**
 * V8 optimizes a function once it has run for a while, which pays in a server that goes on for days. A command ends after seconds: most of what a
 * preview's functions are optimized for is never run again, and compiling them took half of its CPU. The thresholds are some four to eight times
 * V8's own, so that what runs in every loop is still optimized. Measured with Node 20, 22, 24 and 25; a flag that a later V8 does not know would
 * be named on the console and do nothing else.
 */
function optimizeLater() {
  const [major] = process.versions.v8.split(".");
  const flags =
    Number(major) < 12
      ? ["--interrupt-budget=500000"]
      : ["--invocation-count-for-turbofan=22000", "--invocation-count-for-osr=5600"];
  for (const flag of flags) setFlagsFromString(flag);
}
