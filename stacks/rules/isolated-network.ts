import { regionOfTopic } from "../../components/alertmanager/model.ts";
import { type Problem, shown } from "../../components/core/problems.ts";
import { awsHeartbeat } from "../../components/heartbeat/model.ts";
import { type ImageSettings, upstreamRegistries } from "../../components/images/model.ts";
import { type EndpointService, isIsolated } from "../../components/network/model.ts";
import type { Environment } from "../environment.ts";
import { type EnvironmentRule, ROOT } from "./rule.ts";

// What a VPC without a way to the Internet needs (network.natGateways: none). From the EKS user guide, "Deploy private clusters with limited internet
// access", and the endpoints that each part of the platform asks for; S3 always has one.

/** Why an endpoint is needed, by service. Nodes and add-ons of EKS ask for the first four. */
function neededEndpoints(environment: Environment): ReadonlyMap<EndpointService, string> {
  const { prometheus, alertmanager, grafana } = environment;
  const topics = Object.values(alertmanager.receivers).some(({ type }) => type === "sns");
  const readsCloudWatch = grafana.kind === "in-cluster" && grafana.alerting?.cloudWatch !== undefined;
  return new Map<EndpointService, string>([
    ["ec2", "the CNI and the driver of volumes"],
    ["ecr.api", "pulling the images of EKS' add-ons"],
    ["ecr.dkr", "pulling the images of EKS' add-ons"],
    ["eks", "nodes that join"],
    ["eks-auth", "credentials of pods"],
    ["sts", "credentials of nodes and pods"],
    ...(prometheus.store.kind === "amp" ? [["aps-workspaces", "prometheus.store of kind amp"] as const] : []),
    ...(topics ? [["sns", "receivers of type sns"] as const] : []),
    ...(readsCloudWatch ? [["monitoring", "grafana.alerting.cloudWatch"] as const] : []),
  ]);
}

const endpointsAreThere: EnvironmentRule = {
  id: "isolated-network-has-its-endpoints",
  reads: ["network", "prometheus", "alertmanager", "grafana"],
  check: (environment) => {
    const { network } = environment;
    if (network === undefined || !isIsolated(network)) return [];
    const missing = [...neededEndpoints(environment)].filter(
      ([service]) => !network.interfaceEndpoints.includes(service),
    );
    if (missing.length === 0) return [];
    return [
      {
        path: `${ROOT}.network.interfaceEndpoints`,
        found: `no ${missing.map(([service, why]) => `${service} (${why})`).join(", no ")}`,
        allowed: "an endpoint for every service of AWS that the cluster asks for, as natGateways is none",
        fix: `add ${missing.map(([service]) => service).join(", ")}`,
      },
    ];
  },
};

const imagesComeFromAMirror: EnvironmentRule = {
  id: "isolated-network-has-a-mirror",
  reads: ["aws", "network", "images"],
  check: ({ aws, network, images }) => {
    if (network === undefined || !isIsolated(network)) return [];
    const upstream = upstreamRegistries(images ?? {});
    if (upstream.length > 0)
      return [
        {
          path: `${ROOT}.images.registry`,
          found: `nothing, and images of ${upstream.join(", ")}`,
          allowed: "a registry that nodes reach without the Internet, as natGateways is none",
          fix: "set registry to a mirror, such as one in Amazon ECR of this region (docs/how-to/networks.md)",
        },
      ];
    return [...mirrorsOf(images ?? {})].flatMap(([field, registry]) => {
      const region = /\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com/.exec(registry)?.[1];
      return region === undefined || region === aws?.region
        ? []
        : [
            {
              path: `${ROOT}.images.${field}`,
              found: shown(registry),
              allowed: `a registry in ${aws?.region ?? "the region"}: the endpoint of ECR serves that of its own region alone`,
              fix: "replicate the repositories into this region",
            },
          ];
    });
  },
};

function mirrorsOf({ registry, registries = {} }: ImageSettings): ReadonlyMap<string, string> {
  return new Map([
    ...(registry === undefined ? [] : [["registry", registry] as const]),
    ...Object.entries(registries).flatMap(([name, mirror]) =>
      mirror === undefined ? [] : [[`registries["${name}"]`, mirror] as const],
    ),
  ]);
}

const nothingAsksTheInternet: EnvironmentRule = {
  id: "isolated-network-asks-no-internet",
  reads: ["network", "cluster", "prometheus"],
  check: ({ network, cluster, prometheus }) => {
    if (network === undefined || !isIsolated(network)) return [];
    const problems: Problem[] = [];
    if (cluster.kind === "eks" && cluster.autoscaler.kind === "karpenter")
      problems.push({
        path: `${ROOT}.cluster.autoscaler.kind`,
        found: "karpenter, and natGateways: none",
        allowed:
          "none or auto-mode: Karpenter makes instance profiles in IAM, which has no endpoint in a VPC of most regions",
        fix: "choose auto-mode, whose controller is outside the VPC, or none",
      });
    if (prometheus.ingress?.kind === "alb")
      problems.push({
        path: `${ROOT}.prometheus.ingress.kind`,
        found: "alb, and natGateways: none",
        allowed:
          "namespace, blocks or nothing: the load balancer asks the identity provider over the Internet to sign people in",
        fix: "put a proxy of your own in front, as docs/how-to/ingress.md describes, and name its namespace",
      });
    return problems;
  },
};

const notificationsGetOut: EnvironmentRule = {
  id: "isolated-network-notifies",
  reads: ["aws", "network", "prometheus", "alertmanager"],
  check: (environment) => {
    const { network } = environment;
    if (network === undefined || !isIsolated(network)) return [];
    return [...inOtherRegions(environment), ...withoutProxy(environment)];
  },
};

/** An endpoint leads to a service in the region of the VPC. */
function inOtherRegions({ aws, alertmanager }: Environment): Problem[] {
  const region = aws?.region ?? "the region";
  return Object.entries(alertmanager.receivers).flatMap(([name, receiver]): Problem[] => {
    const path = `${ROOT}.alertmanager.receivers.${name}`;
    if (receiver === awsHeartbeat(alertmanager))
      return [
        {
          path: `${path}.type`,
          found: "aws-heartbeat, and natGateways: none",
          allowed: "a webhook: the topic is in another region, which no endpoint of this VPC leads to",
          fix: "use a heartbeat service that alertmanager.proxyUrl or your network reaches",
        },
      ];
    if (receiver.type !== "sns" || regionOfTopic(receiver.topicArn) === aws?.region) return [];
    return [
      {
        path: `${path}.topicArn`,
        found: shown(receiver.topicArn),
        allowed: `a topic in ${region}, as natGateways is none`,
        fix: "use a topic of this region",
      },
    ];
  });
}

function withoutProxy({ prometheus, alertmanager: { receivers, proxyUrl } }: Environment): Problem[] {
  // There the alert manager of the workspace notifies, which is outside the VPC.
  const isOutside = prometheus.rules === "store" && prometheus.store.kind === "amp";
  if (isOutside || proxyUrl !== undefined) return [];
  const onInternet = Object.entries(receivers).filter(
    ([, { type }]) => type === "pagerduty" || type === "slack",
  );
  if (onInternet.length === 0) return [];
  return [
    {
      path: `${ROOT}.alertmanager.proxyUrl`,
      found: `nothing, and ${onInternet.map(([name, { type }]) => `${name} of type ${type}`).join(", ")}`,
      allowed: "the URL of a proxy that leads to the Internet, as natGateways is none",
      fix: "set proxyUrl, or notify through sns and an endpoint of it",
    },
  ];
}

/** The rules of a network without a way to the Internet. */
export const ISOLATED_NETWORK_RULES: readonly EnvironmentRule[] = [
  endpointsAreThere,
  imagesComeFromAMirror,
  nothingAsksTheInternet,
  notificationsGetOut,
];
