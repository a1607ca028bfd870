import { appendFile, readFile, writeFile } from "node:fs/promises";
import type { KubernetesObject, Reference } from "./api.ts";
import type { Fault } from "./fault.ts";
import type { Platform } from "./platform.ts";
import { reportSuccess } from "./sales-report.ts";
import type { MonitoringServers } from "./servers.ts";

/** Something that goes wrong, the alert that tells of it, and whom. */
export interface Incident {
  readonly alert: string;
  /** What tells this one from others of the same alert: a text in the notification. */
  readonly about?: string;
  /** The receiver that is promised; `nobody` where another alert says it already, or where only a dashboard does. */
  readonly receiver: string;
  readonly inject: (stage: Stage) => Promise<void>;
  readonly clear: (stage: Stage) => Promise<void>;
}

export interface Stage {
  readonly platform: Platform;
  readonly monitoring: MonitoringServers;
}

/** A fault of a program that is played. */
function played(fault: Fault): Pick<Incident, "inject" | "clear"> {
  return {
    inject: async ({ monitoring }) => monitoring.standIns.inject(fault),
    clear: async ({ monitoring }) => monitoring.standIns.clear(fault),
  };
}

/** An object that must not be: it is made, and removed again. */
function present(object: KubernetesObject, references?: Reference): Pick<Incident, "inject" | "clear"> {
  const { apiVersion, kind, metadata } = object;
  const { name, namespace } = metadata;
  const reference = references ?? {
    apiVersion,
    kind,
    name,
    ...(namespace === undefined ? {} : { namespace }),
  };
  return {
    inject: async ({ platform }) => {
      await platform.plane.api.apply(object, "incident");
    },
    clear: async ({ platform }) => platform.plane.api.remove(reference),
  };
}

const nothing: Pick<Incident, "inject" | "clear"> = { inject: async () => {}, clear: async () => {} };

const pod = (name: string): Reference => ({ apiVersion: "v1", kind: "Pod", name, namespace: "shop" });

/** An incident of an objective, which the page is about. */
export interface Outage extends Incident {
  readonly service: string;
  readonly objective: string;
}

function outage(service: string, objective: string, fault: Pick<Incident, "inject" | "clear">): Outage {
  return {
    service,
    objective,
    alert: "SLOErrorBudgetBurnFast",
    about: `service=${service} severity=critical slo=${objective} `,
    receiver: "shop-pager",
    ...fault,
  };
}

/** Hours after which the sales report's objective takes it for too old: more than 26. */
const TOO_OLD = 48;

/** Every event of an objective goes wrong, one objective of each service. */
export const OUTAGES: readonly Outage[] = [
  outage("storefront", "availability", played("storefront fails every request")),
  outage("pricing", "availability", played("pricing fails every call")),
  outage("invoices", "success", played("invoices cannot be written")),
  outage("help-pages", "probes", played("the help pages are down")),
];

/** Of an objective so low that its page takes 43 minutes. */
export const SLOW_OUTAGE: Outage = outage("sales-report", "freshness", {
  inject: ({ platform }) => reportSuccess(platform.plane.api, TOO_OLD),
  clear: ({ platform }) => reportSuccess(platform.plane.api, 0),
});

/** The other objectives of those services. Pages of one service are one group, so that these come after the first are over. */
export const LATER_OUTAGES: readonly Outage[] = [
  outage("pricing", "latency", played("pricing is slow")),
  outage("invoices", "freshness", played("invoices pile up")),
];

/** Production's incidents. What follows from another incident has no injection of its own. */
export const INCIDENTS: readonly Incident[] = [
  ...OUTAGES,
  { alert: "SLOErrorBudgetBurnSlow", about: "service=storefront", receiver: "nobody", ...nothing },
  {
    alert: "CoreDNSDown",
    receiver: "platform-pager",
    inject: async ({ monitoring }) => void monitoring.network.silent.add("coredns-"),
    clear: async ({ monitoring }) => void monitoring.network.silent.delete("coredns-"),
  },
  { alert: "KubeCniAddressesExhausted", receiver: "platform-pager", ...played("no pod gets an address") },
  { alert: "KubePersistentVolumeAlmostFull", receiver: "platform-pager", ...played("a volume is full") },
  {
    alert: "KubeletCertificateExpiring",
    receiver: "platform-chat",
    ...played("a kubelet's certificate runs out"),
  },
  { alert: "NodeMemorySaturated", receiver: "platform-chat", ...played("memory is used up") },
  { alert: "NodeFilesystemAlmostFull", receiver: "platform-chat", ...played("a file system is full") },
  { alert: "NodeFilesystemInodesAlmostUsed", receiver: "platform-chat", ...played("inodes are used up") },
  { alert: "CPUThrottlingHigh", receiver: "nobody", ...played("a container is throttled") },
  {
    alert: "PrometheusConfigReloadFailed",
    receiver: "platform-pager",
    inject: async ({ monitoring }) => {
      const [, second] = monitoring.prometheus;
      if (second === undefined) return;
      await appendFile(second.configFile, "\nno_such_section: {}\n");
      await fetch(`${second.url}/-/reload`, { method: "POST" });
    },
    clear: async ({ monitoring }) => {
      const [, second] = monitoring.prometheus;
      if (second === undefined) return;
      const text = await readFile(second.configFile, "utf8");
      await writeFile(second.configFile, text.replace("\nno_such_section: {}\n", ""));
      await fetch(`${second.url}/-/reload`, { method: "POST" });
    },
  },
  {
    alert: "KubeAggregatedAPIDown",
    about: "v1.nowhere.example.com",
    receiver: "platform-chat",
    ...present({
      apiVersion: "apiregistration.k8s.io/v1",
      kind: "APIService",
      metadata: { name: "v1.nowhere.example.com" },
      spec: {
        group: "nowhere.example.com",
        version: "v1",
        groupPriorityMinimum: 100,
        versionPriority: 100,
        insecureSkipTLSVerify: true,
        service: { name: "nowhere", namespace: "shop", port: 443 },
      },
    }),
  },
  {
    alert: "PrometheusOperatorRejectedResources",
    receiver: "platform-chat",
    ...present({
      apiVersion: "monitoring.coreos.com/v1",
      kind: "PrometheusRule",
      metadata: { name: "mistaken", namespace: "shop" },
      spec: { groups: [{ name: "mistaken", rules: [{ alert: "Mistaken", expr: "sum(" }] }] },
    }),
  },
  {
    alert: "KubeQuotaExceeded",
    about: "shop",
    receiver: "platform-chat",
    ...present({
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: { name: "few", namespace: "shop" },
      // What the namespace has already, so that it is used up and stops nothing that is there.
      spec: { hard: { services: "1" } },
    }),
  },
  {
    alert: "KubeDeploymentReplicasMismatch",
    about: "nowhere-to-run",
    receiver: "platform-chat",
    ...present({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "nowhere-to-run", namespace: "shop" },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: "nowhere-to-run" } },
        template: {
          metadata: { labels: { app: "nowhere-to-run" } },
          spec: {
            nodeSelector: { "example.com/no-such-node": "true" },
            containers: [{ name: "main", image: "example.com/stand-in:1" }],
          },
        },
      },
    }),
  },
  {
    alert: "KubePodCrashLooping",
    about: "crasher",
    receiver: "platform-chat",
    inject: async ({ platform: { plane } }) => {
      await plane.api.apply({
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "crasher", namespace: "shop" },
        spec: { containers: [{ name: "main", image: "example.com/stand-in:1" }] },
      });
      await untilRunning(plane.api, pod("crasher"));
      const waiting = { reason: "CrashLoopBackOff", message: "back-off 5m0s restarting failed container" };
      await plane.api.merge(
        pod("crasher"),
        {
          status: {
            containerStatuses: [
              {
                name: "main",
                image: "example.com/stand-in:1",
                imageID: "",
                ready: false,
                restartCount: 7,
                state: { waiting },
              },
            ],
          },
        },
        "/status",
      );
    },
    clear: async ({ platform }) => platform.plane.api.remove(pod("crasher")),
  },
];

async function untilRunning(api: Platform["plane"]["api"], reference: Reference): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const found = await api.get<{ readonly status?: { readonly phase?: string } }>(reference);
    if (found?.status?.phase === "Running") return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`${reference.name} does not run`);
}
