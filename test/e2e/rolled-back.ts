import type { Deployment } from "@pulumi/pulumi/automation/index.js";
import { addOnVersions } from "../../components/cluster/eks-versions.ts";

/** Cluster, nodes and kube-proxy as they were before the upgrade from 1.34 to 1.35, in the form that the state has them. */
export function rolledBack(deployment: Deployment): Deployment {
  const proxy = (version: string) => addOnVersions(version)["kube-proxy"];
  const text = JSON.stringify(deployment.deployment)
    .replaceAll('"version":"1.35"', '"version":"1.34"')
    .replaceAll(`"addonVersion":"${proxy("1.35")}"`, `"addonVersion":"${proxy("1.34")}"`);
  return { ...deployment, deployment: JSON.parse(text) };
}
