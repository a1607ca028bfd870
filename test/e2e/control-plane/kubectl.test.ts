import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject } from "vitest";
import { PROGRAM_LABEL } from "../../../components/usage/model.ts";
import { commandsOf } from "../../docs/commands.ts";
import { cordon } from "../../support/control-plane/evictions.ts";
import { keepLogsOfFailures } from "../../support/control-plane/failure.ts";
import { NODES } from "../../support/control-plane/nodes.ts";
import { MONITORING, type Platform, startPlatform } from "../../support/control-plane/platform.ts";
import { simulateSnapshots } from "../../support/control-plane/snapshotting.ts";
import { findProgram, withInstalled } from "../../support/installed.ts";
import { type Finished, run } from "../../support/process.ts";
import { until } from "../../support/servers.ts";

// The commands of kubectl that the how-tos for the day after the first `up` show, as they are on the pages, against a real API server
// with `local` deployed. In order: the last ones delete.

const PAGES = [
  "deploy",
  "find-drift",
  "grow-volumes",
  "restart-a-rollout",
  "drain-a-node",
  "rotate-secrets",
  "recover",
  "reach-the-cluster",
];
const missing = ["kubectl", "jq"].filter((program) => findProgram(program) === undefined);

/** The lines of the pages with kubectl, whole, with what is behind a pipe. */
const LINES = PAGES.flatMap(commandsOf).filter(({ program }) => program === "kubectl");

let platform: Platform;
let kubeconfig: string;
const ran = new Set<string>();

/** The one command of a page that contains a text, with what it is piped to. */
function line(page: string, part: string): string {
  const found = LINES.filter((each) => each.page === page && each.text.includes(part));
  expect(
    found.map(({ text }) => text),
    `${page}: ${part}`,
  ).toHaveLength(1);
  const [only] = found;
  for (const { text } of found) ran.add(text);
  return only?.line ?? "";
}

function shell(script: string): Promise<Finished> {
  return run("bash", ["-euo", "pipefail", "-c", script], {
    env: { ...process.env, KUBECONFIG: kubeconfig, NO_COLOR: "1" },
    timeout: 120_000,
  });
}

/** What a command prints that succeeds. */
async function printed(script: string): Promise<string> {
  const { code, stdout, stderr } = await shell(script);
  expect(code, `${script}\n${stdout}${stderr}`).toBe(0);
  return stdout;
}

/** The rows of a table of kubectl, without its head. */
const rowsOf = (table: string) =>
  table
    .trim()
    .split("\n")
    .slice(1)
    .map((row) => row.trim().split(/ {2,}/));

withInstalled(
  { title: "the how-tos' commands of kubectl", what: "kubectl", missing },
  (test, isInstalled) => {
    beforeAll(async () => {
      if (!isInstalled) return;
      platform = await startPlatform(join(inject("previews"), "local"), (_, key) => `stand-in for ${key}`);
      // The contexts that the pages name, of the one cluster that there is.
      const config = JSON.parse(await readFile(platform.plane.kubeconfig, "utf8"));
      const [{ context }] = config.contexts;
      const names = ["bellwether", "kind-bellwether", "prod"];
      kubeconfig = join(platform.plane.folder, "how-tos.kubeconfig");
      await writeFile(
        kubeconfig,
        JSON.stringify({ ...config, contexts: names.map((name) => ({ name, context })) }),
      );
    });
    keepLogsOfFailures(() => platform?.plane);
    afterAll(() => platform?.stop());

    test("reach the cluster: its contexts are listed, and an administrator may do everything", async () => {
      const contexts = await printed(line("reach-the-cluster", "config get-contexts"));
      for (const name of ["kind-bellwether", "prod"]) expect(contexts).toContain(name);
      expect((await printed(line("reach-the-cluster", "auth can-i"))).trim()).toBe("yes");
    });

    test("list the programs of teams, and are refused the namespace while there is one", async () => {
      const { api } = platform.plane;
      const rule = {
        apiVersion: "monitoring.coreos.com/v1",
        kind: "PrometheusRule",
        metadata: {
          name: "service-checkout",
          namespace: MONITORING,
          labels: { [PROGRAM_LABEL]: "shop.prod" },
        },
        spec: { groups: [] },
      };
      expect(await printed(line("deploy", "prometheusrules,servicemonitors,probes"))).not.toContain(
        "shop.prod",
      );
      await api.apply(rule, "pulumi-kubernetes");
      const listed = rowsOf(await printed(line("deploy", "prometheusrules,servicemonitors,probes")));
      expect(listed.map((row) => row.at(-1))).toEqual(["shop.prod"]);
      const deletion = line("deploy", "delete namespace");
      await until(async () => (await shell(`${deletion} --dry-run=server`)).code !== 0, 30);
      const { code, stderr } = await shell(deletion);
      expect(code).not.toBe(0);
      expect(stderr).toContain("this platform is in use: the program shop.prod");
      await api.remove({ ...rule, name: "service-checkout", namespace: MONITORING });
    });

    test("show who owns which field: the program, a person with kubectl, and a team by its own name", async () => {
      const shown = async () =>
        (await printed(line("find-drift", "--show-managed-fields")))
          .trim()
          .split("\n")
          .map((row) => row.split("\t"));
      const patch = `kubectl patch servicemonitor service-storefront -n ${MONITORING} --type merge`;
      await printed(`${patch} --patch '{"spec":{"sampleLimit":12345}}'`);
      await printed(
        line("find-drift", "annotate").replace("<team>", "shop").replace("<key>=<value>", "note=ours"),
      );
      const rows = await shown();
      for (const [time = ""] of rows) expect(Date.parse(time)).toBeGreaterThan(0);
      const fieldsOf = (manager: string, operation: string) =>
        rows.find((row) => row[1] === manager && row[2] === operation)?.[3];
      expect(fieldsOf("bellwether", "Apply")).toContain('"f:endpoints"');
      expect(fieldsOf("kubectl-patch", "Update")).toContain('"f:sampleLimit"');
      expect(fieldsOf("shop", "Update")).toContain('"f:note"');
    });

    test("reach the programs in the pods: the API server finds pod and container, and asks the pod's node", async () => {
      const commands = LINES.filter(({ page, text }) => page === "rotate-secrets" && text.includes(" exec "));
      expect(commands.length).toBeGreaterThanOrEqual(3);
      for (const { text } of commands) {
        ran.add(text);
        const [, pod = "", container = ""] = /exec (\S+) --container (\S+) -- /.exec(text) ?? [];
        // The nodes are simulated: what stands behind the two dashes is run by no test but that of amtool.
        const { stderr } = await shell(text);
        expect(stderr, text).toMatch(
          new RegExp(`:10250/exec/${MONITORING}/${pod}/${container}\\?|error dialing backend`),
        );
        const { stderr: wrong } = await shell(text.replace(`--container ${container}`, "--container other"));
        expect(wrong, text).toMatch(new RegExp(`container other (is not valid for|not found in) pod ${pod}`));
      }
    });

    test("list the Secrets, and remove Helm's record of the CRDs alone", async () => {
      const { api } = platform.plane;
      const secrets = async () =>
        (await api.list({ apiVersion: "v1", kind: "Secret", namespace: MONITORING })).length;
      const before = await secrets();
      // As Helm keeps a release that did not get ready (helm.sh/helm/v3, pkg/storage/driver/secrets.go).
      const labels = {
        owner: "helm",
        name: "prometheus-operator-crds",
        status: "pending-install",
        version: "1",
      };
      await api.apply({
        apiVersion: "v1",
        kind: "Secret",
        type: "helm.sh/release.v1",
        metadata: { name: "sh.helm.release.v1.prometheus-operator-crds.v1", namespace: MONITORING, labels },
      });
      const listed = rowsOf(await printed(line("recover", "get secrets")));
      expect(listed).toHaveLength(before + 1);
      expect(await printed(line("recover", "owner=helm"))).toMatch(
        /^secret "sh\.helm\.release\.v1\.\S+" deleted/,
      );
      expect(await secrets()).toBe(before);
    });

    test("list the CRDs and the volumes that stay after a deletion", async () => {
      const { api } = platform.plane;
      const definitions = (await printed(line("deploy", "get crd"))).trim().split("\n");
      expect(definitions.length).toBeGreaterThanOrEqual(10);
      // What is listed can be deleted as it is listed, which deletes the objects of every team.
      for (const name of definitions)
        await printed(`${line("deploy", "kubectl delete <name>").replace("<name>", name)} --dry-run=server`);
      const volumes = rowsOf(await printed(line("deploy", "get pv --output")));
      const claims = await api.list({
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        namespace: MONITORING,
      });
      expect(volumes.map(([, claim]) => claim).sort()).toEqual(
        claims.map(({ metadata }) => metadata.name).sort(),
      );
      for (const [name = "", , namespace, phase] of volumes) {
        expect({ namespace, phase }).toEqual({ namespace: MONITORING, phase: "Bound" });
        await printed(`${line("deploy", "kubectl delete pv").replace("<name>", name)} --dry-run=server`);
      }
    });

    test("list the snapshots that the actions take, and let pods start on a drained node again", async () => {
      const { api } = platform.plane;
      const stop = await simulateSnapshots(api);
      await api.apply({
        apiVersion: "snapshot.storage.k8s.io/v1",
        kind: "VolumeSnapshot",
        metadata: {
          name: "data-0-of-today",
          namespace: MONITORING,
          labels: { "app.kubernetes.io/managed-by": "bellwether" },
        },
        spec: { source: { persistentVolumeClaimName: "data-0" } },
      });
      const listed = rowsOf(await printed(line("restart-a-rollout", "get volumesnapshots")));
      await stop();
      expect(listed.map(([namespace, name]) => [namespace, name])).toEqual([[MONITORING, "data-0-of-today"]]);
      const [{ name = "" } = {}] = NODES;
      await cordon(api, name, true);
      expect(await printed(line("drain-a-node", "uncordon").replace(/ip-\S+/, name))).toBe(
        `node/${name} uncordoned\n`,
      );
      const node = await api.get({ apiVersion: "v1", kind: "Node", name });
      expect(node?.["spec"]).not.toHaveProperty("unschedulable");
    });

    test("delete Prometheus with its volumes and nothing of the others, and the next deployment has new ones", async () => {
      const { api } = platform.plane;
      const claims = async () => {
        const all = await api.list({
          apiVersion: "v1",
          kind: "PersistentVolumeClaim",
          namespace: MONITORING,
        });
        return new Map(all.map(({ metadata }) => [metadata.name, String(metadata["uid"])]));
      };
      const before = await claims();
      await printed(line("grow-volumes", "delete prometheus"));
      await printed(line("grow-volumes", "delete pvc"));
      const isOfPrometheus = (name: string) => name.startsWith("prometheus-prometheus-db-");
      const left = [...before.keys()].filter((name) => !isOfPrometheus(name));
      expect([...(await claims()).keys()].sort()).toEqual(left.sort());
      const prometheus = platform.steps
        .flatMap(({ objects }) => objects)
        .find(({ kind }) => kind === "Prometheus");
      if (prometheus === undefined) throw new Error("local has no Prometheus");
      await api.apply(prometheus);
      await until(async () => [...(await claims()).keys()].some(isOfPrometheus), 90);
      for (const [name, uid] of await claims()) expect(uid === before.get(name)).toBe(!isOfPrometheus(name));
    });

    test("are all run here", async () => {
      const others = LINES.filter(({ text }) => !ran.has(text)).map(({ text }) => text);
      // Names of commands that a sentence says something about, such as not to do it by hand.
      expect(
        others.filter((text) => !/^kubectl (drain|edit|exec|patch|rollout restart)$/.test(text)),
      ).toEqual([]);
    });
  },
);
