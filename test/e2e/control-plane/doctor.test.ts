import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { connect, PATCH, Refused } from "../../../cli/cluster/client.ts";
import { deployedBy } from "../../../cli/doctor/deployed.ts";
import { examine } from "../../../cli/doctor/doctor.ts";
import type { Finding } from "../../../cli/doctor/finding.ts";
import { runsIn } from "../../../cli/doctor/programs.ts";
import { type ReadyStack, readStacks } from "../../../cli/environments.ts";
import { loadPlatform } from "../../../cli/platform.ts";
import { findContext } from "../../../components/cluster/kubeconfig.ts";
import { STACKS_FOLDER } from "../../../stacks/names.ts";
import { type ControlPlane, startControlPlane } from "../../support/control-plane/control-plane.ts";
import { applyAll, deploymentOf } from "../../support/control-plane/deployment.ts";
import { KIND_STORAGE } from "../../support/control-plane/workloads.ts";
import { TODAY } from "../project.ts";

// `bellwether doctor local`, its checks in the cluster, against a real API server: before the platform is there, with CRDs of somebody
// else, without permissions, without a way to the server.

const CONTEXT = "kind-bellwether";
const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

let plane: ControlPlane;
let stack: ReadyStack;

beforeAll(async () => {
  plane = await startControlPlane();
  const platform = await loadPlatform(TODAY);
  const ready = readStacks(STACKS_FOLDER, ["local"], platform).get("local");
  if (ready?.ok !== true) throw new Error("local has mistakes");
  stack = ready;
});
afterAll(() => plane?.stop());

interface Entries {
  readonly contexts: { name: string }[];
  readonly clusters: { cluster: Record<string, unknown> }[];
  readonly users: { user: Record<string, unknown> }[];
}

/** The control plane's kubeconfig with the context that `local` names, changed. */
async function kubeconfig(
  name: string,
  change: (entries: Entries) => void = () => undefined,
): Promise<string> {
  const entries = JSON.parse(await readFile(plane.kubeconfig, "utf8")) as Entries;
  for (const context of entries.contexts) context.name = CONTEXT;
  change(entries);
  const file = join(plane.folder, `${name}.kubeconfig`);
  await writeFile(file, JSON.stringify(entries));
  return file;
}

async function findings(
  KUBECONFIG: string,
  crds: "chart" | "external" = "chart",
): Promise<ReadonlyMap<string, Finding>> {
  const platform = await loadPlatform(TODAY);
  const env = { PATH: "/usr/bin:/bin", KUBECONFIG };
  const { environment } = stack;
  const found = await examine({
    stack: { ...stack, environment: { ...environment, prometheus: { ...environment.prometheus, crds } } },
    deployed: () => deployedBy(platform, stack, TODAY),
    env,
    run: runsIn(plane.folder, env),
    reach: async () => undefined,
    modules: new URL("../../../node_modules/", import.meta.url),
    progress: { step: () => undefined },
  });
  return new Map(found.map((finding) => [finding.check, finding]));
}

describe("doctor, with a real API server", () => {
  it("finds the cluster, its version, no CRDs yet, and that the storage class is missing", async () => {
    const found = await findings(await kubeconfig("admin"));
    expect(found.get("API server")).toMatchObject({ state: "ok", found: plane.url });
    expect(found.get("Kubernetes version")).toMatchObject({ state: "ok" });
    expect(found.get("Kubernetes version")?.found).toMatch(/^v1\.\d+\.\d+/);
    expect(found.get("CRDs")).toMatchObject({ state: "note" });
    expect(found.get("storage class")).toMatchObject({
      state: "wrong",
      found: "no storage class standard",
      allowed: "a storage class; the cluster has none",
    });
    expect(found.get("permissions")).toMatchObject({ state: "ok" });
  });

  it("names every CRD that is missing with crds: external, and says how to install them", async () => {
    const found = (await findings(await kubeconfig("admin"), "external")).get("CRDs");
    expect(found).toMatchObject({ state: "wrong" });
    expect(found?.found.match(/monitoring\.coreos\.com/g)).toHaveLength(10);
    expect(found?.fix).toContain("helm upgrade --install prometheus-operator-crds");
  });

  it("finds the storage class, and whether volumes can grow", async () => {
    await plane.api.apply(KIND_STORAGE, "cluster");
    const found = (await findings(await kubeconfig("admin"))).get("storage class");
    expect(found).toMatchObject({ state: "ok" });
    expect(found?.found).toMatch(/^standard: rancher\.io\/local-path, Delete, volumes cannot grow$/);
  });

  it("accepts the operator's CRDs with crds: external, refuses old ones, and foreign ones with crds: chart", async () => {
    const [definitions] = await deploymentOf(join(inject("previews"), "local"), () => "x").then((steps) =>
      steps.filter(({ objects }) => objects.some(({ kind }) => kind === "CustomResourceDefinition")),
    );
    if (definitions === undefined) throw new Error("no step has the CRDs");
    await applyAll(plane.api, [definitions]);
    const file = await kubeconfig("admin");
    // All that are there, and no more, are those that doctor asks for.
    const all = await plane.api.list({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
    });
    const external = (await findings(file, "external")).get("CRDs");
    expect(external?.found).toMatch(new RegExp(`^all ${all.length}, of operator 0\\.94\\.`));
    expect(external?.state).toBe("ok");

    const annotate = (annotations: Readonly<Record<string, string>>) =>
      plane.api.must(
        "PATCH",
        `${DEFINITIONS}/probes.monitoring.coreos.com`,
        { metadata: { annotations } },
        PATCH.merge,
      );
    await annotate({ "operator.prometheus.io/version": "0.93.0" });
    const old = (await findings(file, "external")).get("CRDs");
    expect(old).toMatchObject({ state: "wrong", found: "too old: probes.monitoring.coreos.com (0.93.0)" });

    const foreign = (await findings(file, "chart")).get("CRDs");
    expect(foreign).toMatchObject({ state: "wrong" });
    expect(foreign?.found).toMatch(/belong to something else: alertmanagerconfigs/);
  });

  it("says which permissions a user lacks, kind by kind", async () => {
    const role = {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: { name: "doctor-reader" },
      rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["get", "list", "watch", "patch"] }],
    };
    const subject = { kind: "User", name: "reader", apiGroup: "rbac.authorization.k8s.io" };
    const roleRef = { kind: "ClusterRole", name: "doctor-reader", apiGroup: "rbac.authorization.k8s.io" };
    await plane.api.apply(role, "cluster");
    await plane.api.apply(
      {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "ClusterRoleBinding",
        metadata: { name: "doctor-reader" },
        subjects: [subject],
        roleRef,
      },
      "cluster",
    );
    const file = await kubeconfig("reader", ({ users }) => {
      for (const { user } of users) user["as"] = "reader";
    });
    const found = (await findings(file)).get("permissions");
    expect(found?.state).toBe("wrong");
    expect(found?.found).toContain("create, delete prometheuses.monitoring.coreos.com in monitoring");
    expect(found?.found).toContain("create, delete secrets in monitoring");
    expect(found?.found).toContain("create, delete clusterroles.rbac.authorization.k8s.io");
    expect(found?.found).not.toMatch(/\b(?:get|list|watch|patch)\b/);
  });

  it("says that credentials are rejected, and that the server does not answer", async () => {
    const rejected = await findings(
      await kubeconfig("rejected", ({ users }) => {
        for (const entry of users) entry.user = { token: "s3cr3t" };
      }),
    );
    expect(rejected.get("API server")).toMatchObject({ state: "wrong" });
    expect(rejected.get("API server")?.found).toContain("401 Unauthorized");
    expect(rejected.get("CRDs")?.state).toBe("unchecked");
    expect(JSON.stringify([...rejected])).not.toContain("s3cr3t");

    const silent = await findings(
      await kubeconfig("silent", ({ clusters }) => {
        for (const { cluster } of clusters) cluster["server"] = "https://127.0.0.1:1";
      }),
    );
    expect(silent.get("API server")?.found).toContain("https://127.0.0.1:1, which does not answer");

    const stranger = await findings(
      await kubeconfig("stranger", ({ clusters }) => {
        for (const { cluster } of clusters) delete cluster["certificate-authority"];
      }),
    );
    expect(stranger.get("API server")?.found).toMatch(/does not answer: .*certificate/);
  });
});

describe("the client, with a real API server", () => {
  it("reads, patches and deletes, and says why the server refuses", async () => {
    const context = findContext({ context: CONTEXT }, "cluster", { KUBECONFIG: await kubeconfig("client") });
    if (!context.ok) throw new Error("no context");
    const client = await connect(context.value);
    const path = "/api/v1/namespaces/default/configmaps";
    await client.must("POST", path, { metadata: { name: "doctor" }, data: { a: "1" } });
    await client.must("PATCH", `${path}/doctor`, { data: { b: "2" } }, PATCH.merge);
    await client.must("PATCH", `${path}/doctor`, [{ op: "remove", path: "/data/a" }], PATCH.json);
    expect(await client.get(`${path}/doctor`)).toMatchObject({ data: { b: "2" } });
    const refused = await client
      .must("POST", path, { metadata: { name: "Not_A_Name" } })
      .catch((error) => error);
    expect(refused).toBeInstanceOf(Refused);
    expect((refused as Refused).message).toContain("metadata.name: Invalid value");
    await client.must("DELETE", `${path}/doctor`);
    expect(await client.get(`${path}/doctor`)).toBeUndefined();
    client.close();
  });
});
