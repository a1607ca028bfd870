import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type EngineEvent, Stack } from "@pulumi/pulumi/automation/index.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Service } from "../../../components/service/model.ts";
import { deployWith } from "../../../infra/deploy.ts";
import { services as all } from "../../../stacks/services/index.ts";
import { environmentOf, secretValues } from "../environment.ts";
import { createProject, succeeded, type TemporaryProject, TODAY } from "../project.ts";
import { everythingIn } from "../providers/simulator.ts";

// What docs/how-to/rename.md says of the engine: what is created, deleted, updated, replaced and kept.

process.env["BELLWETHER_TODAY"] = TODAY;

/** What an operation did, by `Type name`. Components and the stack are no resources of an API. */
type Steps = Readonly<Record<string, readonly string[]>>;

describe("local, on the real engine", () => {
  let project: TemporaryProject;
  let stack: Stack;
  let services: readonly Service[] = all;
  const program = () => deployWith(services);

  beforeAll(async () => {
    const secrets = secretValues(await environmentOf("local"));
    project = await createProject();
    stack = await project.createStack("local", program);
    for (const [name, value] of secrets) await stack.setConfig(`bellwether:${name}`, { value, secret: true });
    await succeeded(stack.up({ color: "never" }));
  });
  afterAll(() => project?.remove());

  async function deploy(): Promise<Steps> {
    const steps: Record<string, string[]> = {};
    const onEvent = ({ resourcePreEvent }: EngineEvent) => {
      const { op, type, urn } = resourcePreEvent?.metadata ?? { op: "same", type: "", urn: "" };
      if (op === "same" || /^(pulumi|bellwether):/.test(type)) return;
      steps[op] = [...(steps[op] ?? []), `${type.split(":").at(-1)} ${urn.split("::").at(-1)}`].sort();
    };
    await succeeded(stack.up({ color: "never", onEvent }));
    return steps;
  }

  async function edit(from: RegExp, to: string): Promise<void> {
    const file = join(project.folder, "stacks", `Pulumi.${stack.name}.yaml`);
    const text = await readFile(file, "utf8");
    expect(text).toMatch(from);
    await writeFile(file, text.replace(from, to));
  }

  it("after the rename of a service has its objects under the new name and keeps all others", async () => {
    const before = await everythingIn(project.world);
    services = all.map((each) =>
      each.name === "storefront" ? { ...each, name: "webshop", formerly: ["storefront"] } : each,
    );
    const objects = (name: string) => [
      `ConfigMap grafana-dashboard-service-${name}`,
      `PrometheusRule ${name}-rules`,
      `ServiceMonitor ${name}`,
    ];
    expect(await deploy()).toEqual({ create: objects("webshop"), delete: objects("storefront") });
    const after = await everythingIn(project.world);
    expect(after.filter((each) => !before.includes(each)).every((each) => each.includes("webshop"))).toBe(
      true,
    );
    expect(before.filter((each) => !after.includes(each)).every((each) => each.includes("storefront"))).toBe(
      true,
    );
  });

  it("after the rename of a team has the same objects, updated", async () => {
    const before = await everythingIn(project.world);
    services = services.map((each) => ({ ...each, owner: "store" }));
    await edit(/^ {8}shop:/m, "        store:");
    const steps = await deploy();
    expect(Object.keys(steps)).toEqual(["update"]);
    expect(steps["update"]).toEqual(
      expect.arrayContaining([
        "PrometheusRule webshop-rules",
        "Secret alertmanager-config",
        "ServiceMonitor webshop",
      ]),
    );
    expect(await everythingIn(project.world)).toEqual(before);
  });

  it("after the rename of the environment has replaced the ConfigMaps of dashboards and kept all others", async () => {
    const [before, { resources }] = [await everythingIn(project.world), await project.state("local")];
    const renamed = await project.pulumi(["stack", "rename", "laptop", "--stack", "local"]);
    expect(renamed.code, renamed.stderr).toBe(0);
    stack = await Stack.select("laptop", stack.workspace);
    services = services.map(({ environments, ...each }) => ({
      ...each,
      environments: { ...environments, ...(environments["local"] ? { laptop: environments["local"] } : {}) },
    }));
    await edit(/^ {4}name: local$/m, "    name: laptop");

    const steps = await deploy();
    const replaced = resources
      .filter(({ type, urn }) => type.endsWith(":ConfigMap") && urn.includes("::grafana-dashboard-"))
      .map(({ urn }) => `ConfigMap ${urn.split("::").at(-1)}`)
      .sort();
    expect(replaced.length).toBeGreaterThan(10);
    expect(steps["replace"]).toEqual(replaced);
    expect(steps["create"] ?? []).toEqual([]);
    expect(steps["delete"] ?? []).toEqual([]);
    expect(steps["update"]).toEqual([
      "ConfigMap alertmanager-templates",
      "ConfigMap grafana-configuration",
      "Prometheus monitoring",
      "Secret alertmanager-config",
      "StatefulSet grafana",
    ]);

    const after = await everythingIn(project.world);
    const lost = before.filter((each) => !after.includes(each));
    expect(lost).toHaveLength(replaced.length);
    expect(lost.every((each) => each.includes("dashboard"))).toBe(true);
  });
});
