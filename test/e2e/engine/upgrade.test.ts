import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import program from "../../../infra/index.ts";
import { environmentOf, policyFlags, secretValues } from "../environment.ts";
import { OLDER, OLDER_CHART, withOlderVersions } from "../older-versions.ts";
import { createProject, succeeded, type TemporaryProject, TODAY } from "../project.ts";
import { stepListener } from "../steps.ts";

// The deployment after `npm run pins` moved five images and the CRDs, on the real engine with simulated providers.

process.env["BELLWETHER_TODAY"] = TODAY;

/** What runs one of the five images, and the release of the definitions. */
const UPGRADED = [
  "update Alertmanager alertmanager",
  "update DaemonSet monitoring-node-exporter",
  "update Deployment monitoring-kube-state-metrics",
  "update Deployment monitoring-operator",
  "update Prometheus monitoring",
  "update Release monitoring-definitions",
];

describe("an upgrade of five images and the CRDs of local", () => {
  let project: TemporaryProject;
  let stack: Stack;
  let order: readonly string[] = [];

  beforeAll(async () => {
    project = await createProject();
    stack = await project.createStack("local", withOlderVersions);
    for (const [secret, value] of secretValues(await environmentOf("local")))
      await stack.setConfig(`bellwether:${secret}`, { value, secret: true });
    await succeeded(stack.up({ color: "never" }));
  });
  afterAll(() => project?.remove());

  const state = async () =>
    JSON.stringify((await project.state("local")).resources.map(({ inputs }) => inputs));

  it("starts from a deployment that has the older versions, each of them", async () => {
    const deployed = await state();
    for (const [image, version] of Object.entries(OLDER)) expect(deployed).toContain(`${image}:${version}"`);
    expect(deployed).toContain(OLDER_CHART);
  });

  it("updates what runs them, replaces nothing, and is previewed as it is done", async () => {
    stack.workspace.program = program;
    const flags = policyFlags(await environmentOf("local"));
    const previewed = stepListener();
    await succeeded(stack.preview({ ...previewed.options, ...flags }));
    expect(previewed.steps()).toEqual(UPGRADED);
    const done = stepListener();
    await succeeded(stack.up({ ...done.options, ...flags }));
    expect(done.steps()).toEqual(UPGRADED);
    order = done.order();
    const deployed = await state();
    for (const [image, version] of Object.entries(OLDER))
      expect(deployed).not.toContain(`${image}:${version}"`);
  });

  it.each([
    ["update Release monitoring-definitions", "update Deployment monitoring-operator"],
    ["update Deployment monitoring-operator", "update Prometheus monitoring"],
    ["update Deployment monitoring-operator", "update Alertmanager alertmanager"],
  ])("ends with '%s' before '%s' begins", (first, second) => {
    const [ended, began] = [order.indexOf(`end ${first}`), order.indexOf(`begin ${second}`)];
    expect(ended).toBeGreaterThanOrEqual(0);
    expect(began).toBeGreaterThan(ended);
  });

  it("leaves nothing to do", async () => {
    await succeeded(stack.preview({ color: "never", expectNoChanges: true }));
  });
});
