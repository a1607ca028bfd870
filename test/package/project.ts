import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import type { Service } from "../../components/service/model.ts";
import { handoverArgs } from "../../infra/args.ts";
import { stackNames } from "../../stacks/names.ts";
import { resolveEnvironment } from "../../stacks/resolve.ts";
import { services } from "../../stacks/services/index.ts";
import { type Finished, run } from "../support/process.ts";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

const TODAY = "2026-11-23";

/** Ten lines: what docs/how-to/own-repository.md starts with. */
export const PROGRAM = `import { defineService, Platform, ServiceMonitoring } from "bellwether";

const platform = await Platform.fromStack("acme/bellwether/prod");
const service = defineService({
  name: "checkout",
  owner: "shop",
  tier: "critical",
  description: "Takes orders and payments",
  namespace: "shop",
  http: { port: "http", metrics: "otel" },
});
new ServiceMonitoring("checkout", { service, platform });
`;

/** Asserts within the project, through the door that a team's own tests would use. */
export const IN_PROCESS = `
import { readFileSync } from "node:fs";
import { preview } from "bellwether/preview";

const outputs = JSON.parse(readFileSync("platforms/acme.bellwether.prod.json", "utf8"));
const { alerts, passes, policies, policiesAsked, resources, services } = await preview({
  program: () => import("./index.ts"),
  platforms: { "acme/bellwether/prod": outputs },
  stack: "prod",
});
const told = alerts.map(({ name, receivers }) => [name, receivers]);
const kinds = resources.map(({ type }) => type.split(":").at(-1));
console.log(JSON.stringify({ told, passes, policies, policiesAsked, kinds, services: services.length }));
`;

/** A project of a team in an empty folder outside the repository. */
export interface TeamFolder {
  readonly folder: string;
  readonly write: (files: Readonly<Record<string, string>>) => void;
  readonly node: (args: readonly string[]) => Promise<Finished>;
  readonly remove: () => void;
}

export function teamFolder(): TeamFolder {
  const folder = mkdtempSync(join(tmpdir(), "bellwether-team-"));
  return {
    folder,
    write(files) {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
    },
    node: (args) =>
      run(process.execPath, args, { cwd: folder, env: { ...process.env, BELLWETHER_TODAY: TODAY } }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Packs the package as it would be published, into the folder; returns the tarball's path. */
export async function pack(folder: string): Promise<string> {
  const { code, stdout, stderr } = await run("npm", ["pack", "--pack-destination", folder], { cwd: ROOT });
  const name = stdout.trim().split("\n").at(-1);
  if (code !== 0 || name === undefined) throw new Error(`npm pack ended with ${code}\n${stdout}${stderr}`);
  return join(folder, name);
}

/** Installs packages into the folder with npm itself; none of their scripts is run. */
export async function install(folder: string, packages: readonly string[]): Promise<void> {
  const flags = ["--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline"];
  const { code, stdout, stderr } = await run("npm", ["install", ...flags, ...packages], { cwd: folder });
  if (code !== 0) throw new Error(`npm install ended with ${code}\n${stdout}${stderr}`);
}

/** A package of this repository with the version that it is pinned to. */
export function pinned(name: string): string {
  const { devDependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    readonly devDependencies: Readonly<Record<string, string>>;
  };
  return `${name}@${devDependencies[name]}`;
}

/** Copies packages of this repository, which must need no others. */
export function copyPackages(folder: string, names: readonly string[]): void {
  for (const name of names)
    cpSync(join(ROOT, "node_modules", name), join(folder, "node_modules", name), { recursive: true });
}

/** What the stack of an environment of this repository would export. */
export function platformOutputs(
  stack: string,
  taken: readonly Service[] = services,
): { bellwether: unknown } {
  const file = parse(readFileSync(join(ROOT, "stacks", `Pulumi.${stack}.yaml`), "utf8")) as {
    readonly config: Readonly<Record<string, unknown>>;
  };
  const context = { stack, today: TODAY, environments: stackNames(), services: taken };
  const resolved = resolveEnvironment(file.config["bellwether:environment"], context);
  if (!resolved.ok) throw new Error(JSON.stringify(resolved.problems));
  return { bellwether: { ...handoverArgs(resolved.value, taken), clusterName: stack } };
}
