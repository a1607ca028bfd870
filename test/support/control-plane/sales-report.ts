import type { ApiClient, KubernetesObject } from "./api.ts";

/** The batch job of the team `shop`: its objective looks at what kube-state-metrics says of the CronJob's status. */
export const SALES_REPORT = "sales-report";

/** Suspended: KWOK would end its pods at once, and what the status says is what the tests are about. */
export const SALES_REPORT_JOB: KubernetesObject = {
  apiVersion: "batch/v1",
  kind: "CronJob",
  metadata: { name: SALES_REPORT, namespace: "shop" },
  spec: {
    schedule: "0 2 * * *",
    suspend: true,
    jobTemplate: {
      spec: {
        template: {
          spec: {
            restartPolicy: "Never",
            containers: [{ name: "main", image: "example.com/stand-in:1" }],
          },
        },
      },
    },
  },
};

/** Says when the report was last written, as the controller does when a job succeeds. */
export async function reportSuccess(api: ApiClient, hoursAgo: number): Promise<void> {
  const at = new Date(Math.floor(Date.now() / 1000 - hoursAgo * 3600) * 1000);
  const time = at.toISOString().replace(".000Z", "Z");
  const { apiVersion, kind } = SALES_REPORT_JOB;
  const status = { lastScheduleTime: time, lastSuccessfulTime: time };
  await api.merge({ apiVersion, kind, name: SALES_REPORT, namespace: "shop" }, { status }, "/status");
}
