import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it, vi } from "vitest";
import { artefactsOf } from "../../cli/artefacts/artefacts.ts";
import { readStacks } from "../../cli/environments.ts";
import { loadPlatform } from "../../cli/platform.ts";
import { record } from "../../cli/recording/recorder.ts";
import { previewConfig } from "../../cli/secrets.ts";
import { STACKS_FOLDER } from "../../stacks/names.ts";

// Two people with different shells preview the same bytes, whichever variables the SDKs of the providers read.

const TODAY = "2026-11-23";
const MODULES = fileURLToPath(new URL("../../node_modules/@pulumi/", import.meta.url));
const SDKS = ["aws", "grafana", "kubernetes"];

/** Every variable that an SDK reads for the inputs of a provider, out of its own sources. */
const variables = SDKS.flatMap((sdk) =>
  ["provider.js", "types/input.js"].flatMap((file) => [
    ...readFileSync(join(MODULES, sdk, file), "utf8").matchAll(/utilities\.getEnv\w*\(([^)]*)\)/g),
  ]),
).flatMap(([, names = ""]) => [...names.matchAll(/"(\w+)"/g)].map(([, name = ""]) => name));

const VALUE = "9007199254740881";

/** What stands in the files of environments, by `environment/file`. */
async function previews(environments: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const platform = await loadPlatform(TODAY);
  const program = await platform.program();
  const stacks = readStacks(STACKS_FOLDER, environments, platform);
  const written = new Map<string, string>();
  for (const environment of environments) {
    const stack = stacks.get(environment);
    if (stack?.ok !== true) throw new Error(`${environment} has mistakes`);
    const config = previewConfig(stack.file, stack.secrets);
    const context = { project: platform.project, stack: environment, ...config };
    const recording = await record(program, context, { today: TODAY });
    const { files } = artefactsOf(recording, environment, TODAY, []);
    for (const [file, text] of files) written.set(`${environment}/${file}`, text);
  }
  return written;
}

/** The files that are not the same in both. */
function differing(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): readonly string[] {
  return [...new Set([...a.keys(), ...b.keys()])].filter((file) => a.get(file) !== b.get(file));
}

afterEach(() => void vi.unstubAllEnvs());

describe("a preview", () => {
  it("has the same bytes with no variable set and with every one set", async () => {
    expect(variables).toEqual(
      expect.arrayContaining([
        "KUBECONFIG",
        "GRAFANA_AUTH",
        "AWS_REGION",
        "PULUMI_K8S_UPSERT_EXISTING_OBJECTS",
      ]),
    );
    for (const name of variables) vi.stubEnv(name, undefined);
    // An existing cluster; EKS with the API of a Grafana. Together they have every provider.
    const bare = await previews(["local", "prod"]);
    expect(bare.size).toBeGreaterThan(100);
    for (const name of variables)
      vi.stubEnv(name, /ENABLE|SKIP|SUPPRESS|UPSERT|DELETE|STORE/.test(name) ? "true" : VALUE);
    const full = await previews(["local", "prod"]);
    expect(differing(bare, full)).toEqual([]);
    expect([...full].filter(([, text]) => text.includes(VALUE)).map(([file]) => file)).toEqual([]);
  }, 300_000);

  it("reads no kubeconfig: one without the context, and one that is none, change nothing", async () => {
    const bare = await previews(["local"]);
    vi.stubEnv("KUBECONFIG", join(MODULES, "pulumi", "package.json"));
    expect(differing(bare, await previews(["local"]))).toEqual([]);
    vi.stubEnv("KUBECONFIG", MODULES);
    expect(differing(bare, await previews(["local"]))).toEqual([]);
  }, 300_000);
});
