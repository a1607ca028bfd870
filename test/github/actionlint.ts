import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../support/process.ts";
import { tool } from "../support/tools.ts";

const GITHUB = fileURLToPath(new URL("../../.github", import.meta.url));

/** What actionlint says of a workflow. */
export interface Remark {
  readonly message: string;
  readonly filepath: string;
  readonly line: number;
  readonly kind: string;
}

/**
 * What actionlint finds in workflows, each a name and a text, in a repository with these workflows and the actions of this one.
 * `labels` are those of runners of one's own, beside GitHub's. shellcheck and pyflakes, which it runs if they are installed, are left out: what is found is the same on every machine.
 */
export async function actionlint(
  workflows: readonly (readonly [name: string, text: string])[],
  labels: readonly string[] = [],
): Promise<readonly Remark[]> {
  const folder = mkdtempSync(join(tmpdir(), "bellwether-actionlint-"));
  try {
    mkdirSync(join(folder, ".git"));
    mkdirSync(join(folder, ".github/workflows"), { recursive: true });
    cpSync(join(GITHUB, "actions"), join(folder, ".github/actions"), { recursive: true });
    const config = { "self-hosted-runner": { labels } };
    writeFileSync(join(folder, ".github/actionlint.yaml"), JSON.stringify(config));
    const files = workflows.map(([name, text]) => {
      const file = join(folder, ".github/workflows", basename(name));
      writeFileSync(file, text);
      return file;
    });
    const args = ["-shellcheck=", "-pyflakes=", "-format", "{{json .}}", ...files];
    const { code, stdout, stderr } = await run(await tool("actionlint"), args, { cwd: folder });
    if (code > 1) throw new Error(`actionlint ended with ${code}\n${stderr}`);
    return JSON.parse(stdout) as readonly Remark[];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
