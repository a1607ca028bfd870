import { join } from "node:path";
import { until } from "../../servers.ts";
import { MONITORING } from "../platform.ts";
import {
  changed,
  crashes,
  logFrom,
  mayNot,
  type PageFault,
  type PageStage,
  podsOf,
  removePods,
  undone,
  untilReady,
} from "./page-fault.ts";

// Faults of the control plane, and of what Prometheus knows it by.

const etcdAway = undone(async ({ platform: { plane } }) => {
  await plane.parts.etcd.stop();
  return async () => {
    await plane.parts.etcd.start();
    await until(
      async () => (await plane.api.ask("GET", "/readyz").catch(() => undefined))?.status === 200,
      60,
    );
  };
});

const ksmRole = "bellwether-kube-state-metrics";

const restartKsm = async ({ platform: { kubeStateMetrics } }: PageStage) => {
  await kubeStateMetrics.stop();
  await kubeStateMetrics.start();
};

/** kube-state-metrics without a permission. */
function ksmMayNot(verbs: readonly string[]) {
  return undone(async (stage) => {
    const undo = await mayNot(stage.platform.plane.api, ksmRole, verbs);
    const written = await logFrom(stage, "kube-state-metrics");
    await restartKsm(stage);
    await written(/forbidden/i);
    return async () => {
      await undo();
      await restartKsm(stage);
    };
  });
}

const READYZ_WITHOUT_ETCD = /\[-\]etcd failed/;

export const CONTROL_PLANE_FAULTS: readonly PageFault[] = [
  {
    alert: "KubeletDown",
    fault: "the operator may not list nodes, and the Service of the kubelets has no endpoints",
    ...undone(async (stage) => {
      const { api } = stage.platform.plane;
      const undo = await mayNot(api, "bellwether-prometheus-operator", ["list", "watch", "get"]);
      const slices = await api.list({
        apiVersion: "discovery.k8s.io/v1",
        kind: "EndpointSlice",
        namespace: "kube-system",
      });
      for (const { metadata } of slices.filter((slice) => slice.metadata.name.startsWith("kubelet")))
        await changed(
          api,
          {
            apiVersion: "discovery.k8s.io/v1",
            kind: "EndpointSlice",
            name: metadata.name,
            namespace: "kube-system",
          },
          () => ({ endpoints: [] }),
        );
      const written = await logFrom(stage, "prometheus-operator");
      await stage.platform.operator.stop();
      await stage.platform.operator.start();
      await written(/nodes.*forbidden|forbidden.*nodes/i);
      return async () => {
        await undo();
        await stage.platform.operator.stop();
        await stage.platform.operator.start();
      };
    }),
    shows: [/^kubelet\S* .*<unset>/m, /forbidden|cannot list/i, /ip-10-40-0-10 +Ready /],
  },
  { alert: "KubeAPIDown", fault: "etcd is away", ...etcdAway, shows: [READYZ_WITHOUT_ETCD] },
  {
    alert: "KubeAPIDown",
    fault: "Prometheus may not read the metrics of the API server",
    ...undone(async ({ platform: { plane } }) => mayNot(plane.api, "bellwether-prometheus", "all")),
    shows: [/readyz check passed/, /kubernetes .* 192\.0\.2\.10 /],
  },
  {
    alert: "KubeAPIErrorBudgetBurn",
    fault: "an aggregated API is away",
    ...undone(async ({ platform: { plane } }) => {
      const name = "v1.nowhere.example.com";
      await plane.api.apply({
        apiVersion: "apiregistration.k8s.io/v1",
        kind: "APIService",
        metadata: { name },
        spec: {
          group: "nowhere.example.com",
          version: "v1",
          groupPriorityMinimum: 100,
          versionPriority: 100,
          insecureSkipTLSVerify: true,
          service: { name: "nowhere", namespace: "shop", port: 443 },
        },
      });
      return () => plane.api.remove({ apiVersion: "apiregistration.k8s.io/v1", kind: "APIService", name });
    }),
    shows: [/v1\.nowhere\.example\.com +shop\/nowhere +False \(ServiceNotFound\)/],
  },
  {
    alert: "KubeAPIErrorBudgetBurn",
    fault: "etcd is away",
    ...etcdAway,
    shows: [undefined, READYZ_WITHOUT_ETCD],
  },
  { alert: "EksApiServerSilent", fault: "etcd is away", ...etcdAway, shows: [READYZ_WITHOUT_ETCD] },
  {
    alert: "KubeStateMetricsDown",
    fault: "kube-state-metrics is ended again and again",
    ...undone(async (stage) => {
      const { plane, kubeStateMetrics } = stage.platform;
      await kubeStateMetrics.kill();
      const [pod] = await podsOf(plane.api, MONITORING, "kube-state-metrics-");
      const name = pod?.metadata.name ?? "";
      await crashes(plane.api, name, "kube-state-metrics");
      const file = join(plane.logs, "kube-state-metrics.log");
      stage.streams.logs.set(`${MONITORING}/${name}/kube-state-metrics`, { current: file, previous: file });
      return async () => {
        await kubeStateMetrics.start();
        await removePods(plane.api, MONITORING, "kube-state-metrics-");
        await untilReady(plane.api, MONITORING, "kube-state-metrics-");
      };
    }),
    shows: [/kube-state-metrics-\S+ +0\/1 +CrashLoopBackOff +7 /, /Start/i],
  },
  {
    alert: "KubeStateMetricsListErrors",
    fault: "kube-state-metrics may neither list nor watch nodes",
    ...ksmMayNot(["list", "watch"]),
    shows: [/nodes is forbidden/, /^no\n/],
  },
  {
    alert: "KubeStateMetricsWatchErrors",
    fault: "kube-state-metrics may not watch nodes",
    ...ksmMayNot(["watch"]),
    shows: [/watch.*nodes|nodes.*watch/i, /^no\n/],
  },
];
