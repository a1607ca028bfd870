import type { ByteQuantity } from "../components/core/quantity.ts";
import { retentionSize } from "../components/prometheus/capacity.ts";
import type { VolumeOwnerName } from "../components/workloads/volumes.ts";
import type { Environment } from "../stacks/environment.ts";

/** The size that an environment states for the volumes of one program. */
export interface StatedVolumes {
  readonly owner: VolumeOwnerName;
  /** The field of the environment that states it. */
  readonly path: string;
  readonly size: ByteQuantity;
  /** Number of volumes, one for each pod. */
  readonly count: number;
  /** What Prometheus may fill of such a volume; only Prometheus has it. */
  readonly retentionSize?: string;
}

/** The volumes that an environment states. A Grafana outside the cluster has none. */
export function statedVolumes({
  prometheus,
  alertmanager,
  grafana,
}: Pick<Environment, "prometheus" | "alertmanager" | "grafana">): readonly StatedVolumes[] {
  return [
    {
      owner: "prometheus",
      path: "environment.prometheus.volume",
      size: prometheus.volume,
      count: prometheus.replicas * prometheus.shards,
      retentionSize: retentionSize(prometheus.volume),
    },
    {
      owner: "alertmanager",
      path: "environment.alertmanager.volume",
      size: alertmanager.volume,
      count: alertmanager.replicas,
    },
    ...(grafana.kind === "in-cluster"
      ? [{ owner: "grafana", path: "environment.grafana.volume", size: grafana.volume, count: 1 } as const]
      : []),
  ];
}

/** The command that gives existing volumes the sizes that an environment states. */
export function growVolumesCommand(environment: string): string {
  return `npx bellwether grow-volumes ${environment}`;
}
