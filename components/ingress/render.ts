import { VERSIONS } from "../core/versions.ts";
import type { KubernetesObject } from "../kubernetes/model.ts";
import { metadataOf, type Namespaces, placed, WORKLOADS } from "../workloads/model.ts";
import { type AlbSettings, hostOf, type Served, servedPort } from "./model.ts";

/** The service account of the AWS Load Balancer Controller. */
export const CONTROLLER = { name: "aws-load-balancer-controller", namespace: "kube-system" } as const;

/** The chart of the AWS Load Balancer Controller, which has its definitions, and the certificate of its webhook that Helm makes. */
export const CONTROLLER_CHART = {
  chart: "aws-load-balancer-controller",
  version: VERSIONS.loadBalancerController,
  repositoryOpts: { repo: "https://aws.github.io/eks-charts" },
} as const;

/**
 * The release of the controller. All that it does here is to register pods in the target groups of this program: it makes no load
 * balancer of any Ingress or Service, and its webhooks leave those of others alone.
 */
export function renderControllerRelease({
  clusterName,
  region,
  image,
}: {
  readonly clusterName: string;
  readonly region: string;
  /** With a registry and a tag. */
  readonly image: string;
}) {
  const colon = image.indexOf(":", image.indexOf("/"));
  return {
    name: CONTROLLER.name,
    namespace: CONTROLLER.namespace,
    ...CONTROLLER_CHART,
    values: {
      clusterName,
      // Nodes answer pods no question about themselves: the metadata service is one hop away.
      region,
      image: { repository: image.slice(0, colon), tag: image.slice(colon + 1) },
      serviceAccount: { name: CONTROLLER.name },
      replicaCount: 2,
      podDisruptionBudget: { maxUnavailable: 1 },
      resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "256Mi" } },
      podSecurityContext: { fsGroup: 65_534, seccompProfile: { type: "RuntimeDefault" } },
      createIngressClassResource: false,
      ingressClassParams: { create: false },
      webhookConfig: { disableIngressValidation: true },
      enableServiceMutatorWebhook: false,
      enableBackendSecurityGroup: false,
      enableShield: false,
      enableWaf: false,
      enableWafv2: false,
      controllerConfig: {
        featureGates: {
          EnableServiceController: false,
          ALBGatewayAPI: false,
          NLBGatewayAPI: false,
          GlobalAcceleratorController: false,
        },
      },
      // A certificate that changes with every upgrade would be a change in every preview.
      keepTLSSecret: true,
    },
    atomic: true,
  };
}

/** What keeps the ready pods of a workload in a target group. Its ARN is known once the group is there. */
export function renderBinding<Text>(
  served: Served,
  namespaces: Namespaces,
  targetGroupARN: Text,
): KubernetesObject {
  const workload = placed(WORKLOADS[served], namespaces);
  return {
    apiVersion: "elbv2.k8s.aws/v1beta1",
    kind: "TargetGroupBinding",
    metadata: metadataOf(workload),
    // Without `networking`: the program's own rules open the nodes' security group.
    spec: {
      targetGroupARN,
      targetType: "ip",
      serviceRef: { name: workload.name, port: servedPort(served) },
    },
  } as KubernetesObject;
}

/** Where a server says that it is ready. */
export function readinessOf(served: Served): string {
  return served === "grafana" ? "/api/health" : "/-/ready";
}

/** Who reaches what: programs without a sign-in, and people with one, in the order in which a listener asks. */
export function renderRules(
  settings: AlbSettings,
  served: readonly Served[],
): readonly {
  readonly key: string;
  readonly served: Served;
  readonly host: string;
  readonly sources?: string[];
}[] {
  const hosts = served.map((one) => ({ served: one, host: hostOf(settings, one) }));
  const programs = hosts
    // Grafana on the cluster signs programs in by its own tokens, and asks the servers inside the cluster.
    .filter((one) => settings.programs.length > 0 && one.served !== "grafana")
    .map((one) => ({ ...one, key: `${one.served}-programs`, sources: settings.programs }));
  return [...programs, ...hosts.map((one) => ({ ...one, key: one.served }))];
}
