import { readFileSync } from "node:fs";

/** What a JSON file holds, or why it cannot be had, as the rest of a sentence: `cannot be read (ENOENT)`. No content is in it. */
export type JsonFile = { readonly content: unknown; readonly why?: undefined } | { readonly why: string };

/** Reads a JSON file that a user names. */
export function readJsonFile(file: string): JsonFile {
  try {
    return { content: JSON.parse(readFileSync(file, "utf8")) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { why: code === undefined ? "is no JSON" : `cannot be read (${code})` };
  }
}
