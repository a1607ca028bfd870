import { describe, expect, it } from "vitest";
import { CLUSTER_SIGNALS } from "../../../components/signals/platform.ts";
import { testRules } from "../alerts/promtool.ts";

// A finished pod keeps its requests in kube-state-metrics until it is deleted, and a pod with scheduling gates is not to be scheduled.

const STEPS = 20;

interface Pod {
  readonly name: string;
  /** Left out: kube-state-metrics reports no phase. */
  readonly phase?: "Running" | "Pending" | "Succeeded" | "Failed";
  readonly requests: number;
  /** Per second, for cores; the working set, for memory. */
  readonly used?: number;
  readonly gated?: true;
}

const PODS: readonly Pod[] = [
  { name: "web", phase: "Running", requests: 0.75, used: 0.5 },
  { name: "starting", phase: "Pending", requests: 0.125 },
  { name: "unknown", requests: 0.125, used: 0.4 },
  { name: "nightly", phase: "Succeeded", requests: 8 },
  { name: "evicted", phase: "Failed", requests: 1 },
  { name: "queued", phase: "Pending", requests: 4, gated: true },
];

function series({ name, phase, requests, used = 0, gated }: Pod) {
  const ksm = (metric: string, labels: string) =>
    `${metric}{job="kube-state-metrics", namespace="shop", pod="${name}", ${labels}}`;
  const container = `{job="cadvisor", namespace="shop", pod="${name}", container="app"}`;
  const steady = (of: string, value: number) => ({ series: of, values: `${value}x${STEPS}` });
  return [
    ...["cpu", "memory"].map((resource) =>
      steady(
        ksm("kube_pod_container_resource_requests", `container="app", resource="${resource}"`),
        requests,
      ),
    ),
    ...(phase === undefined
      ? []
      : ["Running", "Pending", "Succeeded", "Failed"].map((each) =>
          steady(ksm("kube_pod_status_phase", `phase="${each}"`), each === phase ? 1 : 0),
        )),
    ...(gated ? [steady(ksm("kube_pod_status_reason", 'reason="SchedulingGated"'), 1)] : []),
    ...(used > 0
      ? [
          { series: `container_cpu_usage_seconds_total${container}`, values: `0+${used * 30}x${STEPS}` },
          steady(`container_memory_working_set_bytes${container}`, used),
        ]
      : []),
  ];
}

describe("the requests of pods", () => {
  it.each([
    ["cpuOfRequests", '{namespace="shop"}', 0.9],
    ["memoryOfRequests", '{namespace="shop"}', 0.9],
    ["clusterCores", '{cores="requested"}', 1],
    ["clusterMemory", '{memory="requested"}', 1],
  ] as const)("count in %s without those of finished and gated pods", async (name, labels, value) => {
    const query = CLUSTER_SIGNALS[name].query("5m");
    const only = labels.includes("requested") ? `sum by (cores, memory) (${query}) == 1` : query;
    const { code, stdout, stderr } = await testRules({}, {
      requests: {
        evaluation_interval: "30s",
        tests: [
          {
            interval: "30s",
            input_series: PODS.flatMap(series),
            promql_expr_test: [{ expr: only, eval_time: "10m", exp_samples: [{ labels, value }] }],
          },
        ],
      },
    } as unknown as Parameters<typeof testRules>[1]);
    expect(code, stdout + stderr).toBe(0);
  });
});
