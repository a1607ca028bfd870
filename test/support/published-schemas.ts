import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./process.ts";

const CACHE = fileURLToPath(new URL("../../.cache/schemas/", import.meta.url));

/** SARIF 2.1.0 as the package of Microsoft's SDK has it. It is fetched once, without installing what the package depends on. */
const SARIF = {
  package: "@microsoft/jest-sarif@1.0.0-beta.0",
  integrity:
    "sha512-A1fOhPd6Ic5iDk4F9YPw1qNB4XF+7+IviR7xl8r2F6QzQkx5cpY9LsGk2rExiFIEcBbjpVnSmwWGBukASkiQ9A==",
  file: "package/lib/schemas/sarif-2.1.0-rtm.5.json",
} as const;

/** GitHub's description of its REST API, as its own npm package has it; the package is too large to be installed with every `npm ci`. */
const GITHUB = {
  package: "@octokit/openapi@23.0.2",
  integrity:
    "sha512-pV8M7L9GY23AybNvTmo2nyjmpmnt6+2sRE/tqr0ZLQcPS4lnw7u5eZGNmwRNkBC3D7gZXbFx5AHzLUVRBXGDhg==",
  file: "package/generated/api.github.com.json",
} as const;

/** The published JSON Schema of SARIF 2.1.0, for Ajv: it is of draft 4, of which it uses nothing but `id` that has another name now. */
export async function sarifSchema(): Promise<object> {
  const { $schema: _, id: $id, ...schema } = JSON.parse(await published(SARIF)) as Record<string, unknown>;
  return { $id, ...schema };
}

/** The published OpenAPI 3.0 description of api.github.com. */
export async function githubDescription(): Promise<object> {
  return JSON.parse(await published(GITHUB)) as object;
}

async function published({ package: name, integrity, file }: typeof SARIF | typeof GITHUB): Promise<string> {
  const kept = join(CACHE, name.replace(/\W+/g, "-"), file);
  if (!existsSync(kept)) {
    mkdirSync(CACHE, { recursive: true });
    const scratch = mkdtempSync(join(CACHE, "fetched-"));
    try {
      const packed = await run("npm", ["pack", name, "--silent", "--pack-destination", scratch]);
      const archive = join(scratch, packed.stdout.trim().split("\n").at(-1) ?? "");
      if (packed.code !== 0) throw new Error(`npm pack ${name} ended with ${packed.code}:\n${packed.stderr}`);
      const found = `sha512-${createHash("sha512").update(readFileSync(archive)).digest("base64")}`;
      if (found !== integrity) throw new Error(`${name} is ${found}, not ${integrity}`);
      const { code, stderr } = await run("tar", ["xzf", archive, "-C", scratch, file]);
      if (code !== 0) throw new Error(`tar ended with ${code}:\n${stderr}`);
      mkdirSync(dirname(kept), { recursive: true });
      renameSync(join(scratch, file), kept);
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  }
  return readFileSync(kept, "utf8");
}
