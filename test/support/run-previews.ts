import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { run } from "./process.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Folder with the previews of this repository's four environments, as `npm run preview` writes them. */
    previews: string;
  }
}

/** The day of the previews that the tests look at: support calendars and waivers move with the real one. */
export const TODAY = "2026-11-23";

/** Previews all environments into a new folder, which is returned. */
export async function previewAll(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "bellwether-previews-"));
  const args = ["cli/bellwether.js", "preview", "--today", TODAY, "--out", folder];
  const { code, stdout, stderr } = await run(process.execPath, args);
  if (code !== 0) throw new Error(`npm run preview ended with ${code}\n${stdout}\n${stderr}`);
  return folder;
}

/** Previews all environments once, for every test that looks at what a preview writes. */
export default async function runPreviews(project: TestProject): Promise<() => void> {
  const folder = await previewAll();
  project.provide("previews", folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
