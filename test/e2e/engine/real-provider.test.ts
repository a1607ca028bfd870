import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { expect } from "vitest";
import program from "../../../infra/index.ts";
import { environmentOf, policyFlags, secretValues } from "../environment.ts";
import { withMovingImages } from "../moving-images.ts";
import { OLDER, withOlderVersions } from "../older-versions.ts";
import { failureOf, succeeded } from "../project.ts";
import { type Stage, withRealProvider } from "../real-provider.ts";
import { stepListener } from "../steps.ts";

// The first days of `local` on a real API server, in order: each test goes on from the one before.

const NAMESPACE = "monitoring";

withRealProvider("local from the first up to destroy", (test) => {
  let stack: Stack;

  const grafana = async ({ plane }: Stage) =>
    await plane.api.get<{
      readonly spec: { readonly template: object };
      readonly status?: { readonly readyReplicas?: number };
    }>({ apiVersion: "apps/v1", kind: "StatefulSet", name: "grafana", namespace: NAMESPACE });
  const podOfGrafana = async ({ plane }: Stage) =>
    (await plane.api.get({ apiVersion: "v1", kind: "Pod", name: "grafana-0", namespace: NAMESPACE }))
      ?.metadata["uid"];

  test("a policy that is broken stops the first up before it creates anything", async ({
    plane,
    project,
  }) => {
    const environment = await environmentOf("local");
    stack = await project.createStack("local", withMovingImages);
    for (const [secret, value] of secretValues(environment))
      await stack.setConfig(`bellwether:${secret}`, { value, secret: true });
    const failure = await failureOf(stack.up({ ...policyFlags(environment), color: "never" }));
    expect(failure).toMatch(/\[mandatory\].* pinned-image /);
    expect(
      await plane.api.get({
        apiVersion: "apps/v1",
        kind: "StatefulSet",
        name: "grafana",
        namespace: NAMESPACE,
      }),
    ).toBeUndefined();
  });

  test("it comes up in one go, Grafana and its dashboards with it, and then has nothing more to do", async (stage) => {
    stack.workspace.program = withOlderVersions;
    await succeeded(stack.up({ color: "never" }));
    expect((await grafana(stage))?.status?.readyReplicas).toBe(1);
    const maps = await stage.plane.api.list({ apiVersion: "v1", kind: "ConfigMap", namespace: NAMESPACE });
    expect(
      maps.filter(({ metadata }) => metadata.name.startsWith("grafana-dashboard-")).length,
    ).toBeGreaterThan(0);
    await succeeded(stack.preview({ color: "never", expectNoChanges: true }));
  });

  test("an upgrade of five images and the CRDs replaces nothing, and leaves nothing to do", async () => {
    stack.workspace.program = program;
    const done = stepListener();
    await succeeded(stack.up(done.options));
    expect(done.steps().filter((step) => !step.startsWith("update "))).toEqual([]);
    expect(done.steps().length).toBe(Object.keys(OLDER).length + 1);
    await succeeded(stack.preview({ color: "never", expectNoChanges: true }));
  });

  test("a new password of Grafana's admin changes its Secret and restarts nothing", async (stage) => {
    const pod = await podOfGrafana(stage);
    expect(pod).toBeDefined();
    await stack.setConfig("bellwether:grafanaAdminPassword", { value: "another password", secret: true });
    const done = stepListener();
    await succeeded(stack.up(done.options));
    expect(done.steps()).toEqual(["update Secret grafana-admin"]);
    expect(await podOfGrafana(stage)).toBe(pod);
  });

  test("a new key of Grafana's database is another Secret, and Grafana restarts with it", async (stage) => {
    const pod = await podOfGrafana(stage);
    await stack.setConfig("bellwether:grafanaSecretKey", { value: "another key", secret: true });
    const previewed = stepListener();
    await succeeded(stack.preview(previewed.options));
    const done = stepListener();
    await succeeded(stack.up(done.options));
    expect(done.steps()).toEqual(["replace Secret grafana-secret-key", "update StatefulSet grafana"]);
    expect(previewed.steps()).toEqual(done.steps());
    expect(await podOfGrafana(stage)).not.toBe(pod);
    const secrets = await stage.plane.api.list({ apiVersion: "v1", kind: "Secret", namespace: NAMESPACE });
    const keys = secrets
      .map(({ metadata }) => metadata.name)
      .filter((name) => name.startsWith("grafana-secret-key-"));
    expect(keys).toHaveLength(1);
    expect(JSON.stringify((await grafana(stage))?.spec.template)).toContain(JSON.stringify(keys[0]));
    await succeeded(stack.preview({ color: "never", expectNoChanges: true }));
  });

  test("destroy takes everything away that the stack had", async ({ project }) => {
    await succeeded(stack.destroy({ color: "never" }));
    expect((await project.state("local")).resources).toEqual([]);
  });
});
