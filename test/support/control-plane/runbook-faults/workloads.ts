import { mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../../servers.ts";
import type { ApiClient, Reference } from "../api.ts";
import { isReady } from "../evictions.ts";
import { NODES, POWER } from "../nodes.ts";
import { MONITORING } from "../platform.ts";
import { changed, kubeletEvent, type PageFault, podsOf, undone, untilReady } from "./page-fault.ts";

// Faults of nodes, of volumes and of what runs on the cluster.

const [DARK = NODES[0], DARK_TOO = NODES[1]] = NODES;
const NODE = DARK?.name ?? "";

interface Template {
  readonly spec: { readonly containers: readonly { readonly [field: string]: unknown }[] };
}

interface DeploymentSpec {
  readonly replicas: number;
  readonly template: Template;
}

/** Every pod of a Deployment ends, and none of the new ones fits on a node. */
function fitsNowhere(namespace: string, name: string) {
  const reference: Reference = { apiVersion: "apps/v1", kind: "Deployment", name, namespace };
  return undone(async ({ platform: { plane } }) => {
    const undo = await changed(plane.api, reference, (object) => {
      const spec = object["spec"] as DeploymentSpec;
      const { template } = spec;
      const resources = { requests: { memory: "64Gi" } };
      const containers = template.spec.containers.map((container) => ({ ...container, resources }));
      return {
        spec: {
          ...spec,
          strategy: { type: "Recreate" },
          template: { ...template, spec: { ...template.spec, containers } },
        },
      };
    });
    await until(async () => {
      const pods = await podsOf(plane.api, namespace, `${name}-`);
      return pods.length > 0 && !pods.some((pod) => isReady(pod));
    }, 60);
    await untilSaid(plane.api, namespace, "FailedScheduling", `${name}-`);
    return async () => {
      await undo();
      await untilReady(plane.api, namespace, `${name}-`);
    };
  });
}

interface Event {
  readonly reason: string;
  readonly involvedObject: { readonly name: string };
}

async function untilSaid(api: ApiClient, namespace: string, reason: string, prefix: string): Promise<void> {
  await until(async () => {
    const events = await api.list<Event>({ apiVersion: "v1", kind: "Event", namespace });
    return events.some((each) => each.reason === reason && each.involvedObject.name.startsWith(prefix));
  }, 60);
}

async function power(api: ApiClient, node: string, state: "on" | null): Promise<void> {
  await api.merge(
    { apiVersion: "v1", kind: "Node", name: node },
    { metadata: { labels: { [POWER]: state } } },
  );
}

/** Nodes without power, once the control plane has noticed. */
function darkNodes(nodes: readonly string[]) {
  return undone(async ({ platform: { plane } }) => {
    for (const node of nodes) await power(plane.api, node, null);
    await until(async () => (await unready(plane.api)).length === nodes.length, 60);
    return async () => {
      for (const node of nodes) await power(plane.api, node, "on");
      await until(async () => (await unready(plane.api)).length === 0, 60);
    };
  });
}

async function unready(api: ApiClient): Promise<readonly unknown[]> {
  const nodes = await api.list<Parameters<typeof isReady>[0]>({ apiVersion: "v1", kind: "Node" });
  return nodes.filter((node) => !isReady(node));
}

/** A volume as the pod sees it: commands in pods run on this machine. */
const MOUNT = join(tmpdir(), `bellwether-inodes-${process.pid}`);

/** A pod on one node that its kubelet does not start. */
function waiting(name: string) {
  return undone(async ({ platform: { plane } }) => {
    const { api } = plane;
    await power(api, NODE, null);
    const pod = { name, namespace: "shop", node: NODE };
    await api.apply({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace: "shop" },
      spec: { nodeName: NODE, containers: [{ name: "main", image: "example.com/stand-in:1" }] },
    });
    const undo = await kubeletEvent(api, pod, {
      reason: "FailedCreatePodSandBox",
      message: 'plugin type="aws-cni" failed: failed to assign an IP address to container',
    });
    return async () => {
      await undo();
      await api.remove({ apiVersion: "v1", kind: "Pod", name, namespace: "shop" });
      await power(api, NODE, "on");
      await until(async () => (await unready(api)).length === 0, 60);
    };
  });
}

export const WORKLOAD_FAULTS: readonly PageFault[] = [
  {
    alert: "KubeNodesNotReady",
    fault: "a zone has lost its power",
    ...darkNodes([NODE, DARK_TOO?.name ?? ""]),
    shows: [
      new RegExp(
        `${NODE} +NotReady .* ${DARK?.zone} [\\s\\S]*${DARK_TOO?.name} +NotReady .* ${DARK_TOO?.zone} `,
      ),
    ],
  },
  {
    alert: "KubeCniAddressesExhausted",
    fault: "a pod gets no address",
    labels: { node: NODE },
    ...waiting("without-address"),
    shows: [
      /shop +without-address .* Pending /,
      /shop .* FailedCreatePodSandBox +pod\/without-address .*IP address/,
    ],
  },
  {
    alert: "NodeFilesystemSpaceFillingUpFast",
    fault: "a pod writes outside of its volumes",
    labels: { node: NODE },
    ...undone(async ({ platform: { plane }, streams }) => {
      const pod: Reference = { apiVersion: "v1", kind: "Pod", name: "writes-much", namespace: "shop" };
      await plane.api.apply({
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: pod.name, namespace: "shop" },
        spec: { nodeName: NODE, containers: [{ name: "main", image: "example.com/stand-in:1" }] },
      });
      await untilReady(plane.api, "shop", pod.name);
      const used = (name: string, namespace: string, usedBytes: number) => ({
        podRef: { name, namespace },
        "ephemeral-storage": { usedBytes },
      });
      streams.stats.set(NODE, {
        node: { nodeName: NODE },
        pods: [used("aws-node-x", "kube-system", 4096), used(pod.name, "shop", 96_000_000_000)],
      });
      return async () => {
        streams.stats.clear();
        await plane.api.remove(pod);
      };
    }),
    shows: [/^shop\twrites-much\t96000000000\n/, /shop +writes-much [^\n]*\n$/],
  },
  {
    alert: "KubePersistentVolumeAlmostFull",
    fault: "the volume of a Prometheus is almost full",
    labels: {
      namespace: MONITORING,
      persistentvolumeclaim: "prometheus-prometheus-db-prometheus-prometheus-0",
    },
    inject: async () => {},
    clear: async () => {},
    shows: [/Used By: +prometheus-prometheus-0\n/, /^\S+\n$/],
  },
  {
    alert: "KubePersistentVolumeInodesAlmostUsed",
    fault: "a folder of the volume has thousands of files",
    labels: { namespace: MONITORING, pod: "prometheus-prometheus-1", mountpoint: MOUNT },
    ...undone(async () => {
      for (const [folder, files] of [
        ["few", 3],
        ["many", 400],
      ] as const) {
        await mkdir(join(MOUNT, folder), { recursive: true });
        for (let file = 0; file < files; file++) await writeFile(join(MOUNT, folder, `${file}`), "");
      }
      return () => rm(MOUNT, { recursive: true });
    }),
    shows: [/\b4 \S+\/few\n401 \S+\/many\n$/],
  },
  {
    alert: "CoreDNSDown",
    fault: "no pod of CoreDNS fits on a node",
    ...fitsNowhere("kube-system", "coredns"),
    shows: [/coredns-\S+ +0\/1 +Pending /, /FailedScheduling +Pod\/coredns-.*Insufficient memory/],
  },
  {
    alert: "NodeVolumeStalled",
    fault: "a volume of an instance does not answer",
    inject: async () => {},
    clear: async () => {},
    shows: [new RegExp(`^${NODE} +aws:///.*/i-`)],
  },
  {
    alert: "SLOErrorBudgetBurnFast",
    fault: "a new version fails its requests",
    labels: { namespace: "shop", service: "storefront", slo: "availability" },
    ...undone(async ({ platform: { plane } }) => {
      const reference: Reference = {
        apiVersion: "apps/v1",
        kind: "Deployment",
        name: "storefront",
        namespace: "shop",
      };
      const undo = await changed(plane.api, reference, (object) => {
        const spec = object["spec"] as DeploymentSpec;
        const containers = spec.template.spec.containers.map((each) => ({
          ...each,
          image: "example.com/stand-in:2",
        }));
        return {
          spec: { ...spec, template: { ...spec.template, spec: { ...spec.template.spec, containers } } },
        };
      });
      await untilSaid(plane.api, "shop", "ScalingReplicaSet", "storefront");
      await untilReady(plane.api, "shop", "storefront-");
      return undo;
    }),
    shows: [/^1 [\s\S]*^2 /m, /ScalingReplicaSet +Deployment\/storefront +Scaled up replica set storefront-/],
  },
  {
    alert: "ServiceHasNoAvailablePods",
    fault: "no pod of the service fits on a node",
    labels: { namespace: "shop", service: "storefront" },
    ...fitsNowhere("shop", "storefront"),
    shows: [
      /deployment\.apps\/storefront +0\/3 [\s\S]*pod\/storefront-\S+ +0\/1 +Pending /,
      /FailedScheduling +Pod\/storefront-.*Insufficient memory/,
      /^\d+ /m,
    ],
  },
];
