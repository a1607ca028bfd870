import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { PROGRAM_LABEL } from "../../../components/usage/model.ts";
import { renderDeletionGuard } from "../../../components/usage/render.ts";
import { howTo } from "../../docs/page.ts";
import { referenceTo } from "../../support/control-plane/api.ts";
import { keepLogsOfFailures } from "../../support/control-plane/failure.ts";
import { MONITORING, type Platform, startPlatform } from "../../support/control-plane/platform.ts";
import { destroy, everyObject, removed } from "../../support/control-plane/teardown.ts";
import { until } from "../../support/servers.ts";

// What is left of an environment, on a real API server and with the real operator, which makes objects of its own.

const { guard } = renderDeletionGuard(MONITORING);
const RULE = {
  apiVersion: "monitoring.coreos.com/v1",
  kind: "PrometheusRule",
  metadata: { name: "service-checkout", namespace: MONITORING, labels: { [PROGRAM_LABEL]: "shop.prod" } },
  spec: { groups: [] },
};

describe("dev, after pulumi destroy", () => {
  let platform: Platform;
  let before: readonly string[];

  beforeAll(async () => {
    platform = await startPlatform(join(inject("previews"), "dev"), (_, key) => `stand-in for ${key}`, {
      beforeDeployment: async (api) => {
        before = await everyObject(api);
      },
    });
  });
  keepLogsOfFailures(() => platform?.plane);
  afterAll(() => platform?.stop());

  it("was refused while a program of a team has rules, by the object that is deleted first, with the program's name", async () => {
    const { api } = platform.plane;
    await api.apply(RULE, "pulumi-kubernetes");
    const refused = /this platform is in use: the program shop\.prod has the PrometheusRule service-checkout/;
    // The API server learns of a rule a moment after it is there.
    await until(async () => {
      const path = await api.pathOf(referenceTo(guard), guard.metadata.name);
      const { status } = await api.ask("DELETE", `${path}?dryRun=All`);
      return status >= 400;
    }, 30);
    await expect(removed(api, referenceTo(guard))).rejects.toThrow(refused);
    const namespace = { apiVersion: "v1", kind: "Namespace", name: MONITORING };
    await expect(removed(api, namespace)).rejects.toThrow(refused);
    await removed(api, referenceTo(RULE));
  });

  it("deletes the guard before everything else of the platform", () => {
    const { steps } = platform;
    const last = steps.at(-1)?.objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(last).toEqual([`ConfigMap ${guard.metadata.name}`]);
  });

  it("leaves only what the page lists", async () => {
    const { api } = platform.plane;
    const made = (await everyObject(api)).filter((object) => !before.includes(object));
    expect(made.length).toBeGreaterThan(100);
    expect(made.join("\n")).toContain("v1 Service kube-system/kubelet");

    await destroy(platform);
    const remaining = async () => (await everyObject(api)).filter((object) => !before.includes(object));
    const listed = keptKinds();
    const unlisted = async () =>
      (await remaining()).filter((object) => !listed.has(object.split(" ")[1] ?? ""));
    // Kubernetes' own clean-up takes a moment: slices of a Service, objects of a namespace.
    await until(async () => (await unlisted()).length === 0, 60).catch(() => undefined);
    expect(await unlisted()).toEqual([]);
    const left = await remaining();
    console.log(`${made.length} objects were made, ${left.length} are left:\n  ${left.join("\n  ")}`);
    const kinds = new Set(left.map((object) => object.split(" ")[1]));
    expect([...kinds].sort()).toEqual([...listed].sort());
  });
});

/** The kinds that docs/how-to/deploy.md says are kept on EKS. */
function keptKinds(): ReadonlySet<string> {
  const [, section = ""] = howTo("deploy").split("## Delete an environment");
  const rows = [...section.matchAll(/^\| `(\w+)`/gm)];
  return new Set(rows.map(([, kind = ""]) => kind));
}
