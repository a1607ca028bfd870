import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { previewAll } from "../support/run-previews.ts";
import { generatedFiles } from "./files.ts";
import { policyFiles } from "./policy-files.ts";

// npm run generate: writes every generated file of the repository, and prints which of them changed. The recording of the report's
// pictures is not among them: `npm run record` needs a control plane.

const ROOT = new URL("../../", import.meta.url);

// The levels first: the previews pass only with those of every policy.
const levels = written(policyFiles());
const previews = await previewAll();
try {
  const files = generatedFiles(previews);
  const changed = [...levels, ...written(files)];
  for (const path of changed) console.log(path);
  console.log(`${changed.length} of ${Object.keys(files).length} generated files changed.`);
} finally {
  rmSync(previews, { recursive: true, force: true });
}

/** Writes those files that differ, and names them. */
function written(files: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(files).flatMap(([path, text]) => {
    const file = fileURLToPath(new URL(path, ROOT));
    if (existsSync(file) && readFileSync(file, "utf8") === text) return [];
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return [path];
  });
}
