import type { IStorageClass } from "kubernetes-models/storage.k8s.io/v1";
import { componentLabels } from "../core/labels.ts";
import { EKS_STORAGE_CLASS } from "./model.ts";

/** The drivers of EBS volumes: that of the add-on, and that of EKS Auto Mode, which takes no volume of the other. */
const PROVISIONERS = {
  "add-on": "ebs.csi.aws.com",
  "auto-mode": "ebs.csi.eks.amazonaws.com",
} as const;

/**
 * The default storage class of our own clusters. A volume is made only when its pod has a node, because an EBS volume lives in
 * one zone; it outlives its claim, because a Prometheus that is deleted by mistake must find its data again. EKS's own class,
 * gp2, is left as it is: it is no default.
 */
export function renderStorage(driver: keyof typeof PROVISIONERS = "add-on"): {
  readonly "storage-class": IStorageClass;
} {
  return {
    "storage-class": {
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: {
        name: EKS_STORAGE_CLASS,
        labels: { ...componentLabels("aws-ebs-csi-driver", EKS_STORAGE_CLASS, "storage") },
        annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
      },
      provisioner: PROVISIONERS[driver],
      parameters: { type: "gp3", encrypted: "true", "csi.storage.k8s.io/fstype": "ext4" },
      volumeBindingMode: "WaitForFirstConsumer",
      reclaimPolicy: "Retain",
      allowVolumeExpansion: true,
    },
  };
}
