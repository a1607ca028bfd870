import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import type { Value } from "../value.ts";
import { judge } from "../violation.ts";

/** The write-ahead log, the head's chunks and a compaction under way need what retentionSize does not count. */
const LARGEST_SHARE = 0.9;

export const prometheusStorage: ResourcePolicy = {
  id: "prometheus-storage",
  area: "workloads",
  pack: "observability",
  standards: ["NIST AU-4", "NIST AU-11"],
  scope: "resource",
  title:
    "Prometheus has a persistent volume, a retention time, and a retention size below the size of the volume.",
  why: "Without a volume the samples are lost with the pod. Without retentionSize a full volume stops ingestion, and alerting with it.",
  fix: "set spec.storage.volumeClaimTemplate, spec.retention, and spec.retentionSize to at most 90% of the volume",
  severity: "critical",
  levels: ALWAYS,
  types: [TYPES.prometheus],
  check: (resource) => {
    const spec = resource.properties.at("spec");
    return [
      ...judge(() => (volume(spec).exists ? undefined : "it has no persistent volume for its samples")),
      ...judge(() => (spec.at("retention").exists ? undefined : "it has no retention")),
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
  const stated = spec.at("retentionSize").text();
  // Prometheus takes 0 as no limit.
  if (stated === undefined || /^0\D*$/.test(stated)) return "it has no retentionSize, so the volume fills up";
  const claimed = volume(spec).text();
  if (claimed === undefined) return undefined;
  const size = sizeInBytes(stated);
  const capacity = sizeInBytes(claimed);
  if (size === undefined || capacity === undefined)
    return `its retentionSize of ${stated} cannot be compared with its volume of ${claimed}`;
  return size <= LARGEST_SHARE * capacity
    ? undefined
    : `its retentionSize of ${stated} is too large for a volume of ${claimed}`;
}

/**
 * Prometheus writes GB or GiB and means powers of two by both; Kubernetes writes Gi for them, G for powers of ten, and plain bytes with or
 * without an exponent.
 */
function sizeInBytes(text: string): number | undefined {
  const [, amount, unit = "", suffix] = /^(\d+(?:\.\d+)?(?:[eE]\d+)?)([kKMGTPE]?)(i?B|i)?$/.exec(text) ?? [];
  if (amount === undefined) return undefined;
  // No unit is found at 0.
  return Number(amount) * (suffix === undefined ? 1000 : 1024) ** " KMGTPE".indexOf(unit.toUpperCase());
}
