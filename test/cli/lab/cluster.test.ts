import { describe, expect, it } from "vitest";
import { CLUSTER_METRICS, LabCluster } from "../../../cli/lab/cluster.ts";

const services = [{ name: "checkout", namespace: "shop" }];

/** The series of a metric that are not 0, after so many seconds of production's time. */
function shown(cluster: LabCluster, metric: string, seconds: number): readonly string[] {
  return cluster
    .exposition(seconds * 1000)
    .split("\n")
    .filter((line) => line.startsWith(`${metric}{`) && !line.endsWith(" 0"));
}

describe("the cluster of a lab", () => {
  it("has nodes that are ready and three pods of each service without a fault", () => {
    const cluster = new LabCluster(services, 1);
    expect(
      shown(cluster, "kube_node_status_condition", 60).filter((line) =>
        line.includes('"Ready",status="true"'),
      ),
    ).toHaveLength(6);
    expect(shown(cluster, "kube_deployment_status_replicas_available", 60)).toEqual([
      'kube_deployment_status_replicas_available{namespace="shop",deployment="checkout"} 3',
    ]);
  });

  it("exposes the metrics that its alerts are chosen by, and no others", () => {
    const cluster = new LabCluster(services, 1);
    cluster.switchPods("checkout", "crashing", 0);
    const names = cluster
      .exposition(0)
      .split("\n")
      .flatMap((line) => /^\w+/.exec(line)?.[0] ?? []);
    expect([...new Set(names)].sort()).toEqual([...CLUSTER_METRICS].sort());
  });

  it("takes the nodes of a zone for lost after 50 seconds, and has replaced their pods five minutes later", () => {
    const cluster = new LabCluster(services, 1);
    cluster.switchNodes("zone", 0);
    const lost = (seconds: number) =>
      shown(cluster, "kube_node_status_condition", seconds).filter((line) =>
        line.includes('"Ready",status="unknown"'),
      ).length;
    const available = (seconds: number) =>
      shown(cluster, "kube_deployment_status_replicas_available", seconds)[0]?.split(" ")[1];
    expect([lost(49), available(49)]).toEqual([0, "3"]);
    expect([lost(51), available(51)]).toEqual([2, "2"]);
    expect([lost(351), available(351)]).toEqual([2, "3"]);
    cluster.switchNodes(undefined, 400_000);
    expect(lost(400)).toBe(0);
  });

  it("loses one node alone if asked to", () => {
    const cluster = new LabCluster(services, 1);
    cluster.switchNodes("node", 0);
    expect(
      shown(cluster, "kube_node_status_condition", 60).filter((line) => line.includes('status="unknown"')),
    ).toHaveLength(1);
  });

  it("says of a pod that crashes that it waits, restarts every five minutes, and holds its rollout up after ten", () => {
    const cluster = new LabCluster(services, 60);
    cluster.switchPods("checkout", "crashing", 0);
    expect(shown(cluster, "kube_pod_container_status_waiting_reason", 1)).toEqual([
      'kube_pod_container_status_waiting_reason{namespace="shop",pod="checkout-2",container="checkout",reason="CrashLoopBackOff"} 1',
    ]);
    const restarts = (seconds: number) =>
      shown(cluster, "kube_pod_container_status_restarts_total", seconds)[0]?.split(" ")[1];
    expect([restarts(1), restarts(5), restarts(10)]).toEqual(["1", "2", "3"]);
    const stuck = (seconds: number) =>
      shown(cluster, "kube_deployment_status_condition", seconds).some((line) =>
        line.includes('"Progressing",status="false"'),
      );
    expect([stuck(10), stuck(11)]).toEqual([false, true]);
  });

  it("has no pod available of a service that fits nowhere", () => {
    const cluster = new LabCluster(services, 1);
    cluster.switchPods("checkout", "unplaceable", 0);
    expect(shown(cluster, "kube_deployment_status_replicas_available", 1)).toEqual([]);
    expect(
      shown(cluster, "kube_pod_status_phase", 1).filter((line) => line.includes('"Pending"')),
    ).toHaveLength(3);
  });
});
