import { mkdirSync, writeFileSync } from "node:fs";
import { referencePages } from "./reference.ts";

// Writes docs/reference: `npm run reference`.

const ROOT = new URL("../../", import.meta.url);
mkdirSync(new URL("docs/reference", ROOT), { recursive: true });
for (const [path, text] of Object.entries(referencePages())) {
  writeFileSync(new URL(path, ROOT), text);
  console.log(path);
}
