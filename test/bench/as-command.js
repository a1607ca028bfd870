import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { optimizeLater } from "../../cli/optimize-later.js";

// `node test/bench/as-command.js <entry> […]`: runs a file of the bench as cli/bellwether.js runs the command line, compiled to one file of which V8's
// code is kept, so that what is measured is the command and not the loader of TypeScript.

optimizeLater();
const { loadBundle, programOf } = createRequire(import.meta.url)("../../policies/packs/bundle.cjs");
const root = fileURLToPath(new URL("../../", import.meta.url));
const entry = resolve(process.argv[2] ?? "");
process.argv.splice(1, 2, entry);
const program = await programOf(
  entry,
  root,
  resolve(dirname(fileURLToPath(import.meta.url)), "../../.cache/bundles"),
);
if (program === undefined) throw new Error(`${entry} cannot be compiled`);
await loadBundle(program, entry).main();
