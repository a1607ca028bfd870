import { existsSync, readFileSync } from "node:fs";
import { describe, expect, inject, it } from "vitest";
import { COMMAND, generatedFiles } from "./files.ts";

const ROOT = new URL("../../", import.meta.url);

describe("each generated file is what the code generates", () => {
  it.each(Object.entries(generatedFiles(inject("previews"))))(
    `%s: run ${COMMAND} after a change`,
    (path, text) => {
      const file = new URL(path, ROOT);
      expect(existsSync(file), `run ${COMMAND}: it writes ${path}`).toBe(true);
      expect(readFileSync(file, "utf8"), `run ${COMMAND}: ${path} differs from what the code generates`).toBe(
        text,
      );
    },
  );
});
