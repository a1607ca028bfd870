import { ALWAYS, type ResourcePolicy } from "../policy.ts";
import { TYPES } from "../resource.ts";
import { judge } from "../violation.ts";

export const volumeLifetime: ResourcePolicy = {
  id: "volume-lifetime",
  area: "cluster",
  scope: "resource",
  title: "Volumes are retained when their claim is deleted, and are created in the zone of their pod.",
  why: "Otherwise a claim that is deleted by mistake deletes its data, and a volume that is created before its pod is scheduled ties the pod to a zone that may be full.",
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
        : "a volume is created before its pod is scheduled",
    ),
  ],
};
