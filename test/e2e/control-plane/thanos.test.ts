import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { runHere } from "../../cli/surroundings.ts";
import { SIDECAR_ARGUMENTS, UPLOADING_ARGUMENTS } from "../../engines/thanos-servers.ts";
import { keepLogsOfFailures } from "../../support/control-plane/failure.ts";
import {
  MONITORING,
  type Platform,
  readGenerated,
  startPlatform,
} from "../../support/control-plane/platform.ts";

// A store of kind thanos: what the real operator makes of it. test/engines runs Prometheus and the sidecar with these arguments.

const STACKS = fileURLToPath(new URL("../../../stacks", import.meta.url));

interface StatefulSet {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containers: readonly { readonly name: string; readonly args?: readonly string[] }[];
      };
    };
  };
}

const folder = mkdtempSync(join(tmpdir(), "bellwether-thanos-operator-"));
let platform: Platform;

beforeAll(async () => {
  const stacks = join(folder, "stacks");
  mkdirSync(stacks);
  const file = parse(readFileSync(join(STACKS, "Pulumi.local.yaml"), "utf8")) as {
    config: Record<string, { prometheus?: object }>;
  };
  cpSync(join(STACKS, "Pulumi.local.yaml"), join(stacks, "Pulumi.local.yaml"));
  const environment = file.config["bellwether:environment"] ?? {};
  const bucket = {
    kind: "secret",
    configSecret: "objectStorage",
    endpoint: "https://storage.googleapis.com",
  };
  environment.prometheus = { ...environment.prometheus, store: { kind: "thanos", bucket } };
  writeFileSync(join(stacks, "Pulumi.local.yaml"), stringify(file));
  const { code, error } = await runHere([
    "preview",
    "local",
    "--stacks",
    stacks,
    "--out",
    join(folder, "out"),
  ]);
  expect(code, error).toBe(0);
  // The provider generates the name of the Secret, and the preview does not know it.
  const manifests = join(folder, "out/local/manifests");
  for (const name of readdirSync(manifests).filter((each) =>
    /^(?:prometheus|statefulset)-.*(?:prometheus|thanos)/.test(each),
  )) {
    const text = readFileSync(join(manifests, name), "utf8");
    writeFileSync(join(manifests, name), text.replaceAll(/"?\[unknown\]"?/g, "monitoring-object-storage"));
  }
  platform = await startPlatform(join(folder, "out/local"), (_, key) => `first ${key}`);
});
keepLogsOfFailures(() => platform?.plane);
afterAll(async () => {
  await platform?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function argumentsOf(container: string): Promise<readonly string[]> {
  const set = (await platform.plane.api.get({
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    name: "prometheus-prometheus",
    namespace: MONITORING,
  })) as unknown as StatefulSet;
  return set.spec.template.spec.containers.find(({ name }) => name === container)?.args ?? [];
}

describe("Prometheus with an uploading sidecar", () => {
  it("writes blocks of two hours and merges none", async () => {
    expect(await argumentsOf("prometheus")).toEqual(expect.arrayContaining([...UPLOADING_ARGUMENTS]));
    expect((await argumentsOf("prometheus")).join(" ")).not.toContain("delay-compact-file");
  });

  it("has a sidecar with the arguments that the engines' tests run it with", async () => {
    const names = (await argumentsOf("thanos-sidecar")).map((argument) => argument.split("=")[0] ?? "");
    // The client's file has no settings, and the object storage is a variable in the place of a file.
    const own = ["--prometheus.http-client-file", "--objstore.config"];
    expect(names.filter((name) => !own.includes(name)).sort()).toEqual([...SIDECAR_ARGUMENTS].sort());
    expect(names).toContain("--objstore.config");
  });

  it("says which replica it is in the label that Thanos Query removes", async () => {
    const { prometheus } = await readGenerated(platform.plane.api);
    const { global } = parse(prometheus) as { global: { external_labels: Record<string, string> } };
    expect(Object.keys(global.external_labels).sort()).toEqual([
      "cluster",
      "environment",
      "prometheus_replica",
    ]);
  });
});
