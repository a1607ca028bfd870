import { describe, expect, it } from "vitest";
import { rolloutProblems } from "../../../cli/rollout/problems.ts";
import type { Workload } from "../../../cli/rollout/state.ts";
import {
  budget,
  deployment,
  deploymentWith,
  NOW,
  OPERATED,
  podObject,
  setWith,
  statefulSet,
  threePods,
} from "./samples.ts";

describe("a workload, read from its objects", () => {
  it("has the pods of the ReplicaSets of a Deployment, each with its revision, and of no other", () => {
    const { members } = deploymentWith(deployment({}));
    expect(members.map(({ name, newest }) => [name, newest])).toEqual([
      ["web-2-0", true],
      ["web-2-1", true],
      ["web-1-2", false],
    ]);
    const others = [podObject("other", { owner: { kind: "StatefulSet", uid: "another" } })];
    expect(setWith(statefulSet(), others).members).toEqual([]);
  });

  it.each([
    ["Deployment", { strategy: { rollingUpdate: { maxUnavailable: "34%" } } }, 1],
    ["Deployment", { strategy: { rollingUpdate: { maxUnavailable: "25%" } } }, 0],
    ["Deployment", { strategy: { rollingUpdate: { maxUnavailable: 2 } } }, 2],
    ["Deployment", { strategy: { type: "Recreate" } }, 3],
    ["StatefulSet", { updateStrategy: { rollingUpdate: { maxUnavailable: "34%" } } }, 2],
    ["StatefulSet", { updateStrategy: { rollingUpdate: {} } }, 1],
  ] as const)("of kind %s with %j has at most %d pods away", (kind, spec, away) => {
    const workload =
      kind === "Deployment" ? deploymentWith(deployment(spec)) : setWith(statefulSet({ spec }));
    expect(workload.awayAtMost).toBe(away);
  });

  it("is restarted by evictions where its template belongs to an operator, or its controller leaves pods alone", () => {
    expect(setWith().replacement).toBe("by its controller");
    expect(setWith(statefulSet(OPERATED))).toMatchObject({
      replacement: "by eviction",
      owner: "Prometheus prometheus",
    });
    const onDelete = statefulSet({ spec: { updateStrategy: { type: "OnDelete" } } });
    expect(setWith(onDelete).replacement).toBe("by eviction");
  });

  it("was begun to restart only where the field manager of the command has set the annotation", () => {
    const annotations = { "kubectl.kubernetes.io/restartedAt": "2026-11-30T11:55:00.000Z" };
    const fieldsV1 = {
      "f:spec": {
        "f:template": {
          "f:metadata": { "f:annotations": { "f:kubectl.kubernetes.io/restartedAt": {} } },
        },
      },
    };
    const restartedBy = (manager: string) =>
      setWith(
        statefulSet({
          spec: { template: { metadata: { annotations } } },
          metadata: { managedFields: [{ manager, fieldsV1 }] },
        }),
      ).begun;
    expect(restartedBy("bellwether-restart-rollout")).toEqual({ at: NOW - 300_000 });
    expect(restartedBy("kubectl-rollout")).toBeUndefined();
  });
});

describe("a restart is refused", () => {
  const found = (workload: Workload) => rolloutProblems(workload).map((problem) => problem.found);

  it("where the controller would take away more pods than a budget lets be away, since no controller asks it", () => {
    const recreate = deploymentWith(deployment({ strategy: { type: "Recreate" } }));
    expect(rolloutProblems(recreate)).toEqual([
      {
        path: "PodDisruptionBudget shop/web",
        found: "a rollout that takes away up to 3 of 3 pods, where the budget lets 1 be away",
        allowed: "a rollout that stays within the budget: no controller asks it",
        fix: "set maxUnavailable of the rollout to 1, or change the budget",
      },
    ]);
    expect(found(setWith())).toEqual([]);
    expect(found(setWith(statefulSet(), threePods(), [budget(0, { desired: 3 })]))).toHaveLength(1);
    const surging = deployment({ strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } } });
    expect(found(deploymentWith(surging, [budget(0, { desired: 3 })]))).toEqual([]);
  });

  it("where evictions would never be let go, or a pod has two budgets", () => {
    const operated = (budgets: Parameters<typeof setWith>[2]) =>
      found(setWith(statefulSet(OPERATED), threePods(), budgets));
    expect(operated([budget(0, { desired: 3 })])).toEqual(["3 of 3 pods that must be healthy at any time"]);
    expect(operated([budget(1), budget(1, { name: "second" })])).toEqual(["pods in 2 budgets: web, second"]);
    // A pod that is not ready is deleted first, and then the budget lets others go.
    expect(operated([budget(0, { healthy: 2 })])).toEqual([]);
  });

  it("where it would not reach every pod: paused, staged by a partition, or without pods", () => {
    expect(found(deploymentWith(deployment({ paused: true })))).toEqual(["spec.paused: true"]);
    const staged = statefulSet({ spec: { updateStrategy: { rollingUpdate: { partition: 2 } } } });
    expect(found(setWith(staged))[0]).toContain("a partition");
    expect(found(setWith(statefulSet({ spec: { replicas: 0 } }), []))).toEqual([
      "no pod, and none that should be",
    ]);
  });
});
