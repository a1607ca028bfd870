import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { RecordedResource, Recording } from "../../cli/recording/monitor.ts";
import { record } from "../../cli/recording/recorder.ts";
import { deployWith } from "../../infra/deploy.ts";
import { services } from "../../stacks/services/index.ts";

// What `pulumi up` does when a volume's size or storage class is changed in an environment's file: nothing that a volume, a pod or a
// retention notices. The engine leaves the paths of `ignoreChanges` as they are.

interface Settings {
  readonly [field: string]: unknown;
}

async function recordingOf(stack: string, change: Readonly<Record<string, Settings>>): Promise<Recording> {
  const url = new URL(`../../stacks/Pulumi.${stack}.yaml`, import.meta.url);
  const { config } = parse(readFileSync(url, "utf8")) as {
    readonly config: Readonly<Record<string, Readonly<Record<string, Settings>>>>;
  };
  const environment = config["bellwether:environment"] ?? {};
  const changed = Object.fromEntries(
    Object.entries(change).map(([section, fields]) => [section, { ...environment[section], ...fields }]),
  );
  const secretKeys = [
    "grafanaAdminPassword",
    "grafanaSecretKey",
    "heartbeatUrl",
    "platformSlackUrl",
    "shopSlackUrl",
  ].map((name) => `bellwether:${name}`);
  return await record(
    () => deployWith(services),
    {
      project: "bellwether",
      stack,
      config: {
        "bellwether:environment": JSON.stringify({ ...environment, ...changed }),
        ...Object.fromEntries(secretKeys.map((key) => [key, "a value"])),
      },
      secretKeys,
    },
    { today: "2026-11-23" },
  );
}

/** A resource's inputs without what the engine does not look at. */
function considered({ inputs, ignoreChanges }: RecordedResource): unknown {
  const copy = structuredClone(inputs) as Record<string, unknown>;
  for (const path of ignoreChanges) {
    const keys = path.split(".");
    const last = keys.pop() ?? "";
    const parent = keys.reduce<unknown>((value, key) => (value as Record<string, unknown>)?.[key], copy);
    if (parent !== undefined) delete (parent as Record<string, unknown>)[last];
  }
  return copy;
}

const LARGER = Object.fromEntries(
  ["prometheus", "alertmanager", "grafana"].map((section) => [section, { volume: "150Gi" }]),
);

describe.each([
  ["staging", LARGER],
  ["local", { ...LARGER, cluster: { storageClass: "other" } }],
])("larger volumes in the file of %s", (stack, change) => {
  it("are in the rendered resources, of which a deployment changes none", async () => {
    const before = await recordingOf(stack, {});
    const after = await recordingOf(stack, change);
    const differing = (view: (resource: RecordedResource) => unknown) =>
      after.resources.filter((resource) => {
        const old = before.resources.find(({ urn }) => urn === resource.urn);
        return old === undefined || JSON.stringify(view(old)) !== JSON.stringify(view(resource));
      });
    expect(
      differing(({ inputs }) => inputs)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(["alertmanager", "grafana", "monitoring"]);
    expect(differing(considered).map(({ name }) => name)).toEqual([]);
    expect(after.resources.length).toBe(before.resources.length);
  });

  it("are in the stack's outputs, with the command that grows those that exist", async () => {
    const { outputs } = await recordingOf(stack, change);
    const text = `150Gi when it is created; to grow one that exists: npx bellwether grow-volumes ${stack}`;
    expect(outputs["volumes"]).toEqual({ prometheus: text, alertmanager: text, grafana: text });
  });
});
