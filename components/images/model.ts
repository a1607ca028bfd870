import { z } from "zod";
import { list, named, text } from "../core/schema.ts";
import { VERSIONS } from "../core/versions.ts";

/** The image of every container that the platform runs, and where its project publishes it. */
export const IMAGES = {
  prometheus: `quay.io/prometheus/prometheus:v${VERSIONS.prometheus}`,
  alertmanager: `quay.io/prometheus/alertmanager:v${VERSIONS.alertmanager}`,
  prometheusOperator: `quay.io/prometheus-operator/prometheus-operator:v${VERSIONS.prometheusOperator}`,
  configReloader: `quay.io/prometheus-operator/prometheus-config-reloader:v${VERSIONS.prometheusOperator}`,
  nodeExporter: `quay.io/prometheus/node-exporter:v${VERSIONS.nodeExporter}`,
  blackboxExporter: `quay.io/prometheus/blackbox-exporter:v${VERSIONS.blackboxExporter}`,
  kubeStateMetrics: `registry.k8s.io/kube-state-metrics/kube-state-metrics:v${VERSIONS.kubeStateMetrics}`,
  thanos: `quay.io/thanos/thanos:v${VERSIONS.thanos}`,
  grafana: `docker.io/grafana/grafana:${VERSIONS.grafana}`,
  k8sSidecar: `quay.io/kiwigrid/k8s-sidecar:${VERSIONS.k8sSidecar}`,
  loadBalancerController: `public.ecr.aws/eks/aws-load-balancer-controller:v${VERSIONS.loadBalancerController}`,
  karpenter: `public.ecr.aws/karpenter/controller:${VERSIONS.karpenter}`,
} as const;

export type ImageName = keyof typeof IMAGES;

const REGISTRIES = [...new Set(Object.values(IMAGES).map((image) => image.split("/")[0] ?? ""))].sort();

const registry = () =>
  text(
    /^(?=.{1,200}$)[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*$/,
    "a registry, and a path in it if there is one, such as registry.example.com/mirror",
  );

/** Where the images of the platform are pulled from. */
export const imageSettings = z.strictObject({
  registry: registry().optional().meta({
    description:
      "Registry that replaces those of the projects; the rest of each image's name stays: quay.io/prometheus/prometheus becomes <registry>/prometheus/prometheus.",
  }),
  registries: z
    .strictObject(Object.fromEntries(REGISTRIES.map((name) => [name, registry().optional()])))
    .optional()
    .meta({
      description:
        "A registry for the images of one of the projects' registries, where a company has a mirror for each. Takes precedence over registry.",
    }),
  pullSecrets: list(
    text(/^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/, "the name of a Secret such as registry-credentials"),
    1,
    5,
  )
    .optional()
    .meta({
      description:
        "Secrets of type kubernetes.io/dockerconfigjson in both namespaces of the platform, which something else creates. Every service account of the platform names them.",
    }),
  digests: named(
    text(new RegExp(`^(?:${Object.keys(IMAGES).join("|")})$`), `one of ${Object.keys(IMAGES).join(", ")}`),
    text(/^sha256:[0-9a-f]{64}$/, "a digest: sha256: and 64 hexadecimal digits"),
  )
    .optional()
    .meta({
      description:
        "Digests by image. The runtime then refuses any other content under the tag. Default: only the tag.",
    }),
});

export type ImageSettings = z.output<typeof imageSettings>;

/** The registries of the projects that images still come from. */
export function upstreamRegistries({ registry: mirror, registries }: ImageSettings): readonly string[] {
  return REGISTRIES.filter((name) => (registries?.[name] ?? mirror ?? name) === name);
}

/** The image that is pulled in the place of one of {@link IMAGES}. */
export function pulledImage(name: ImageName, settings: ImageSettings): string {
  const [upstream = "", ...path] = IMAGES[name].split("/");
  const host = settings.registries?.[upstream] ?? settings.registry ?? upstream;
  const digest = settings.digests?.[name];
  return `${[host, ...path].join("/")}${digest === undefined ? "" : `@${digest}`}`;
}
