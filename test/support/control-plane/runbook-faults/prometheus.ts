import { appendFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { until } from "../../servers.ts";
import type { KubernetesObject, Reference } from "../api.ts";
import { cordon } from "../evictions.ts";
import { NODES } from "../nodes.ts";
import { MONITORING } from "../platform.ts";
import {
  changed,
  crashes,
  logFrom,
  mayNot,
  misconfigured,
  type PageFault,
  removePods,
  undone,
  untilReady,
} from "./page-fault.ts";

// Faults of Prometheus. Its servers and the operator run for real, and write the logs.

const rule = (name: string, expr: string): KubernetesObject => ({
  apiVersion: "monitoring.coreos.com/v1",
  kind: "PrometheusRule",
  metadata: { name, namespace: MONITORING },
  spec: { groups: [{ name, rules: [{ record: `mistaken:${name.replaceAll("-", "_")}`, expr }] }] },
});

const ruleNamed = (name: string): Reference => ({
  apiVersion: "monitoring.coreos.com/v1",
  kind: "PrometheusRule",
  name,
  namespace: MONITORING,
});

export const PROMETHEUS_FAULTS: readonly PageFault[] = [
  {
    alert: "PrometheusConfigReloadFailed",
    fault: "a section that Prometheus does not know",
    ...undone(async ({ monitoring: { prometheus } }) => {
      const [, second] = prometheus;
      if (second === undefined) throw new Error("there is no second Prometheus");
      const undo = await misconfigured(second);
      await second.reload();
      return async () => {
        await undo();
        await second.reload();
      };
    }),
    shows: [/no_such_section/],
  },
  {
    alert: "PrometheusRuleFailures",
    fault: "a rule matches several series with several",
    ...undone(async (stage) => {
      const { platform, monitoring } = stage;
      const written = await logFrom(stage, "pages-prometheus-prometheus-0");
      await platform.plane.api.apply(rule("many-to-many", "up * on () up"));
      await until(async () => {
        await monitoring.refresh();
        const answer = await (await fetch(`${monitoring.prometheus[0]?.url}/api/v1/rules`)).text();
        return answer.includes("many-to-many");
      }, 60);
      await written(/Evaluating rule failed/i);
      return async () => {
        await platform.plane.api.remove(ruleNamed("many-to-many"));
        await monitoring.refresh();
      };
    }),
    shows: [/many-to-many/, /mistaken:many_to_many\t.*many-to-many/],
  },
  {
    alert: "PrometheusNotIngestingSamples",
    fault: "Prometheus may not discover its targets",
    ...undone(async (stage) => {
      const undo = await mayNot(stage.platform.plane.api, "bellwether-prometheus", "all");
      const [first] = stage.monitoring.prometheus;
      const written = await logFrom(stage, "pages-prometheus-prometheus-0");
      await first?.stop();
      await first?.start();
      await written(/forbidden/i);
      return async () => {
        await undo();
        await first?.stop();
        await first?.start();
      };
    }),
    shows: [/forbidden/, /^[1-9]\d\n$/],
  },
  {
    alert: "PrometheusNotConnectedToAlertmanagers",
    fault: "the Service of Alertmanager selects no pod",
    ...undone(async ({ platform: { plane } }) => {
      const undo = await changed(
        plane.api,
        { apiVersion: "v1", kind: "Service", name: "alertmanager", namespace: MONITORING },
        ({ spec }) => ({ spec: { ...(spec as object), selector: { app: "another" } } }),
      );
      await until(async () => {
        const slices = await plane.api.list<
          KubernetesObject & { readonly endpoints?: readonly unknown[] | null }
        >({ apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice", namespace: MONITORING });
        return slices.some(
          ({ metadata, endpoints }) =>
            metadata.name.startsWith("alertmanager-") && (endpoints ?? []).length === 0,
        );
      }, 60);
      return undo;
    }),
    shows: [/alertmanager-\S+ .*<unset>/, /"name":"alertmanager"/, /alertmanager/i],
  },
  {
    alert: "PrometheusAlertsUndelivered",
    fault: "no Alertmanager runs",
    ...undone(async (stage) => {
      const { platform, monitoring } = stage;
      const written = await logFrom(stage, "pages-prometheus-prometheus-0");
      for (const each of monitoring.alertmanagers) {
        await each.kill();
        await crashes(platform.plane.api, each.pod, "alertmanager");
      }
      await written(/sending alert/i);
      return async () => {
        await Promise.all(monitoring.alertmanagers.map((each) => each.start()));
        await removePods(platform.plane.api, MONITORING, "alertmanager-main-");
        await untilReady(platform.plane.api, MONITORING, "alertmanager-main-");
      };
    }),
    shows: [
      /sending alerts.*(502 Bad Gateway|connection refused)/i,
      /alertmanager-main-0 +1\/2 +CrashLoopBackOff /,
    ],
  },
  {
    alert: "PrometheusUnreachable",
    fault: "one Prometheus fits on no node, the other ends again and again",
    ...undone(async ({ platform: { plane } }) => {
      const { api } = plane;
      await crashes(api, "prometheus-prometheus-1", "prometheus");
      for (const { name } of NODES) await cordon(api, name, true);
      await removePods(api, MONITORING, "prometheus-prometheus-0");
      await until(async () => {
        const events = await api.list<
          KubernetesObject & { readonly reason: string; readonly involvedObject: { readonly name: string } }
        >({ apiVersion: "v1", kind: "Event", namespace: MONITORING });
        return events.some(
          ({ reason, involvedObject }) =>
            reason === "FailedScheduling" && involvedObject.name === "prometheus-prometheus-0",
        );
      }, 60);
      return async () => {
        for (const { name } of NODES) await cordon(api, name, false);
        await removePods(api, MONITORING, "prometheus-prometheus-1");
        await untilReady(api, MONITORING, "prometheus-prometheus-");
      };
    }),
    shows: [
      /^ok$/,
      /prometheus-prometheus-0 .* Pending [\s\S]*prometheus-prometheus-1 .* CrashLoopBackOff /,
      /level=/,
      /FailedScheduling +Pod\/prometheus-prometheus-0 .*unschedulable/,
    ],
  },
  {
    alert: "WatchdogMissing",
    fault: "Prometheus and the operator refuse rules",
    ...undone(async (stage) => {
      const { platform, monitoring } = stage;
      const written = await logFrom(stage, "prometheus-operator");
      await platform.plane.api.apply(rule("not-a-query", "sum("));
      await written(/not-a-query/);
      const [first] = monitoring.prometheus;
      const folder = join(platform.plane.folder, "pages", "rules");
      const [file = ""] = await readdir(folder);
      await appendFile(join(folder, file), "\nno_such_section: {}\n");
      await first?.reload();
      return async () => {
        await platform.plane.api.remove(ruleNamed("not-a-query"));
        await monitoring.refresh();
      };
    }),
    shows: [/^not-a-query /m, /loading groups failed|no_such_section/, /not-a-query/],
  },
];
