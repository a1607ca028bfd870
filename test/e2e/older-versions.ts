import * as pulumi from "@pulumi/pulumi";
import program from "../../infra/index.ts";

/** Versions that were deployed before: of five images, and of the chart with the definitions. */
export const OLDER = {
  "quay.io/prometheus-operator/prometheus-operator": "v0.93.0",
  "quay.io/prometheus/prometheus": "v3.13.1",
  "quay.io/prometheus/alertmanager": "v0.34.0",
  "registry.k8s.io/kube-state-metrics/kube-state-metrics": "v2.19.1",
  "quay.io/prometheus/node-exporter": "v1.11.0",
} as const;

export const OLDER_CHART = "31.0.0";

const RELEASE = "kubernetes:helm.sh/v3:Release";

/** The platform's program, as it was with older versions of five images and of the CRDs. */
export async function withOlderVersions(): Promise<Record<string, unknown>> {
  pulumi.runtime.registerStackTransformation(({ type, props, opts }) => {
    if (!type.startsWith("kubernetes:")) return undefined;
    if (type === RELEASE) return { props: { ...props, version: OLDER_CHART }, opts };
    return { props: older(props) as pulumi.Inputs, opts };
  });
  return await program();
}

/** A copy with older images; what is known only later stays as it is. */
function older(value: unknown): unknown {
  if (typeof value === "string") {
    const [image = "", version] = value.split(":");
    return version !== undefined && image in OLDER ? `${image}:${OLDER[image as keyof typeof OLDER]}` : value;
  }
  if (Array.isArray(value)) return value.map(older);
  if (value === null || typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, older(inner)]));
}
