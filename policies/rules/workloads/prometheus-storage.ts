import { BYTE_QUANTITY_PATTERN, bytes } from "../../../components/core/quantity.ts";
import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import type { Value } from "../value.ts";
import { judge } from "../violation.ts";

/** The write-ahead log, the head's chunks and a compaction under way need what retentionSize does not count. */
const LARGEST_SHARE = 0.9;

export const prometheusStorage: ResourcePolicy = {
  id: "prometheus-storage",
  area: "workloads",
  scope: "resource",
  title:
    "Prometheus keeps its samples on a volume, for a stated time, and deletes before the volume is full.",
  why: "Without a volume history ends with the pod; without retentionSize a full volume ends all scraping, and alerting with it.",
  fix: "set spec.storage.volumeClaimTemplate, spec.retention, and spec.retentionSize to at most 90% of the volume",
  severity: "critical",
  levels: ALWAYS,
  types: [TYPES.prometheus],
  check: (resource) => {
    const spec = resource.properties.at("spec");
    return [
      ...judge(() => (volume(spec).exists ? undefined : "its samples are on no persistent volume")),
      ...judge(() => (spec.at("retention").exists ? undefined : "it states no retention")),
      ...judge(() => sizeVerdict(spec)),
      ...judge(() =>
        spec.at("persistentVolumeClaimRetentionPolicy", "whenDeleted").is("Delete")
          ? "its volumes are deleted with it"
          : undefined,
      ),
    ];
  },
};

function volume(spec: Value): Value {
  return spec.at("storage", "volumeClaimTemplate", "spec", "resources", "requests", "storage");
}

function sizeVerdict(spec: Value): string | undefined {
  const size = spec.at("retentionSize").text();
  if (size === undefined) return "it has no retentionSize, so the volume fills up";
  const capacity = volume(spec).text();
  // Prometheus writes its units with a B, Kubernetes without, and both count in powers of two.
  const quantity = size.replace(/i?B$/, "i");
  if (
    capacity === undefined ||
    !BYTE_QUANTITY_PATTERN.test(quantity) ||
    !BYTE_QUANTITY_PATTERN.test(capacity)
  )
    return undefined;
  if (bytes(quantity) <= LARGEST_SHARE * bytes(capacity)) return undefined;
  return `its retentionSize of ${size} leaves no room on a volume of ${capacity}`;
}
