import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judge } from "../violation.ts";

export const volumeLifetime: ResourcePolicy = {
  id: "volume-lifetime",
  area: "cluster",
  scope: "resource",
  title: "Volumes outlive their claims, and are made in the zone of their pod.",
  why: "A claim deleted by mistake takes its data along; a volume made before its pod is placed pins the pod to a zone that may be full.",
  fix: "set reclaimPolicy: Retain and volumeBindingMode: WaitForFirstConsumer on the storage class",
  severity: "high",
  levels: ALWAYS,
  types: [TYPES.storageClass],
  check: ({ properties }) => [
    ...judge(() =>
      properties.at("reclaimPolicy").is("Retain") ? undefined : "a volume is deleted with its claim",
    ),
    ...judge(() =>
      properties.at("volumeBindingMode").is("WaitForFirstConsumer")
        ? undefined
        : "a volume is made before its pod has a zone",
    ),
  ],
};
