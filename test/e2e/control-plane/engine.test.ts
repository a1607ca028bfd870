import { access, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import program from "../../../infra/index.ts";
import { type ControlPlane, startControlPlane } from "../../support/control-plane/control-plane.ts";
import { KIND_STORAGE } from "../../support/control-plane/workloads.ts";
import { environmentOf, policyFlags, secretValues } from "../environment.ts";
import { createProject, succeeded, type TemporaryProject, TODAY } from "../project.ts";

// The real engine with the real Kubernetes provider. Its plugin cannot be built from a Go module, so that it is used where it is there.

const PLUGIN = "pulumi-resource-kubernetes";

/** The plugin on PATH, or the one that `pulumi plugin install` put where Pulumi looks. */
async function findPlugin(): Promise<string | undefined> {
  const { devDependencies } = JSON.parse(await readFile("package.json", "utf8")) as {
    readonly devDependencies: Readonly<Record<string, string>>;
  };
  const installed = `resource-kubernetes-v${devDependencies["@pulumi/kubernetes"]}`;
  const home = process.env["PULUMI_HOME"] ?? join(homedir(), ".pulumi");
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), join(home, "plugins", installed)];
  for (const folder of folders) {
    const file = join(folder, PLUGIN);
    if (
      await access(file).then(
        () => true,
        () => false,
      )
    )
      return file;
  }
  return undefined;
}

const plugin = await findPlugin();
if (plugin === undefined)
  console.warn(
    `LEFT OUT: pulumi up -s local against the control plane, because there is no ${PLUGIN} on this machine. ` +
      "`pulumi plugin install resource kubernetes` brings it.",
  );

describe.skipIf(plugin === undefined)("pulumi up -s local, with the real Kubernetes provider", () => {
  let plane: ControlPlane;
  let project: TemporaryProject;
  const before = process.env["KUBECONFIG"];

  beforeAll(async () => {
    process.env["BELLWETHER_TODAY"] = TODAY;
    plane = await startControlPlane();
    await plane.api.apply(KIND_STORAGE, "cluster");
    const environment = await environmentOf("local");
    const context = environment.cluster.kind === "existing" ? environment.cluster.context : undefined;
    const kubeconfig = join(plane.folder, "local.kubeconfig");
    const named = (await readFile(plane.kubeconfig, "utf8")).replaceAll(
      '"bellwether"',
      JSON.stringify(context),
    );
    await writeFile(kubeconfig, named);
    project = await createProject({ kubeconfig });
    const place = join(project.folder, "bin", PLUGIN);
    await rm(place);
    await symlink(plugin ?? "", place);
  });
  afterAll(async () => {
    if (before === undefined) delete process.env["KUBECONFIG"];
    else process.env["KUBECONFIG"] = before;
    await project?.remove();
    await plane?.stop();
  });

  it("comes up in one go, Grafana and its dashboards with it, and then has nothing more to do", async () => {
    const environment = await environmentOf("local");
    const stack = await project.createStack("local", program);
    for (const [secret, value] of secretValues(environment))
      await stack.setConfig(`bellwether:${secret}`, { value, secret: true });
    await succeeded(stack.up(policyFlags(environment)));

    const grafana = await plane.api.get<{ readonly status?: { readonly readyReplicas?: number } }>({
      apiVersion: "apps/v1",
      kind: "StatefulSet",
      name: "grafana",
      namespace: "monitoring",
    });
    expect(grafana?.status?.readyReplicas).toBe(1);
    const maps = await plane.api.list({ apiVersion: "v1", kind: "ConfigMap", namespace: "monitoring" });
    expect(
      maps.filter(({ metadata }) => metadata.name.startsWith("grafana-dashboard-")).length,
    ).toBeGreaterThan(0);
    await succeeded(stack.preview({ expectNoChanges: true }));
  });
});
