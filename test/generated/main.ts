import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { previewAll } from "../support/run-previews.ts";
import { generatedFiles } from "./files.ts";

// npm run generate: writes every generated file of the repository, and prints which of them changed. The recording of the report's
// pictures is not among them: `npm run record` needs a control plane.

const ROOT = new URL("../../", import.meta.url);

const previews = await previewAll();
try {
  const files = Object.entries(generatedFiles(previews));
  const changed = files.filter(([path, text]) => {
    const file = fileURLToPath(new URL(path, ROOT));
    if (existsSync(file) && readFileSync(file, "utf8") === text) return false;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return true;
  });
  for (const [path] of changed) console.log(path);
  console.log(`${changed.length} of ${files.length} generated files changed.`);
} finally {
  rmSync(previews, { recursive: true, force: true });
}
