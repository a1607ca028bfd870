import { type Problem, shown } from "../../components/core/problems.ts";
import { hostOf, type Served } from "../../components/ingress/model.ts";
import { cidrContains } from "../../components/network/cidr.ts";
import { hasIngressSubnets } from "../../components/network/model.ts";
import type { Environment } from "../environment.ts";
import { type EnvironmentRule, ROOT } from "./rule.ts";

const AT = `${ROOT}.prometheus.ingress`;

function albOf({ prometheus: { ingress } }: Pick<Environment, "prometheus">) {
  return ingress?.kind === "alb" ? ingress : undefined;
}

const loadBalancersHaveTheirPlace: EnvironmentRule = {
  id: "load-balancers-have-their-place",
  reads: ["aws", "network", "cluster", "prometheus"],
  check: ({ network, cluster, prometheus }) => {
    const alb = albOf({ prometheus });
    if (alb === undefined) return [];
    if (cluster.kind !== "eks" || network === undefined)
      return [
        {
          path: `${AT}.kind`,
          found: "alb, and the cluster is none that this program makes",
          allowed: "an ingress that exists, or a cluster of kind eks with its network",
          fix: "name the namespace of the ingress controller: kind: namespace",
        },
      ];
    const { existing } = network;
    const count = Object.keys(alb.subnets ?? {}).length;
    const problems: Problem[] = [];
    if (existing === undefined && alb.subnets !== undefined)
      problems.push({
        path: `${AT}.subnets`,
        found: "subnets, and a VPC that is made here",
        allowed: "nothing: the VPC gets subnets for the load balancer",
        fix: "remove subnets",
      });
    if (existing !== undefined && count < 2)
      problems.push({
        path: `${AT}.subnets`,
        found: `${count} subnets, and network.existing`,
        allowed: "subnets in two zones or more, in which nothing but load balancers is",
        fix: "add subnets: a map from the id of each to its CIDR block",
      });
    for (const [id, block] of Object.entries(alb.subnets ?? {}))
      if (existing !== undefined && !cidrContains(network.cidr, block))
        problems.push({
          path: `${AT}.subnets.${id}`,
          found: `${shown(block)}, outside the VPC`,
          allowed: `a block inside network.cidr, ${network.cidr}`,
          fix: "write the block of the subnet",
        });
    if (existing !== undefined && alb.scheme === "internet-facing")
      problems.push({
        path: `${AT}.scheme`,
        found: "internet-facing, and network.existing",
        allowed: "internal: nothing is known of the public subnets of a VPC that exists",
        fix: "set scheme to internal",
      });
    if (alb.scheme === "internal" && !hasIngressSubnets(network))
      problems.push({
        path: `${AT}.kind`,
        found: "alb, and no subnets of a /27 or more for it",
        allowed: "a VPC of /18 or more, or network.subnets.ingress",
        fix:
          network.subnets === undefined ? "choose a larger network.cidr" : "add ingress to network.subnets",
      });
    return problems;
  },
};

/** Programs and links lead to what the load balancer serves: nothing else is let in. */
const addressesAreServed: EnvironmentRule = {
  id: "addresses-are-served",
  reads: ["prometheus", "alertmanager", "grafana"],
  check: ({ prometheus, alertmanager, grafana }) => {
    const alb = albOf({ prometheus });
    if (alb === undefined) return [];
    const elsewhere = (path: string, url: string | undefined, served: Served): Problem[] => {
      const wanted = `https://${hostOf(alb, served)}`;
      if (url === undefined || url === wanted) return [];
      return [
        {
          path: `${ROOT}.${path}`,
          found: `${shown(url)}, which the load balancer does not serve`,
          allowed: wanted,
          fix: `write ${wanted}, or change prometheus.ingress.domain`,
        },
      ];
    };
    const asks = grafana.kind === "in-cluster" ? [] : [grafana.prometheusUrl, grafana.alertmanagerUrl];
    const unsigned =
      alb.programs.length === 0 && asks.some((url) => url !== undefined)
        ? [
            {
              path: `${AT}.programs`,
              found: "nothing, and a Grafana outside the cluster asks Prometheus",
              allowed: "the CIDR blocks from which it connects: a program cannot sign in",
              fix: "add the addresses of Grafana to programs",
            },
          ]
        : [];
    return [
      ...elsewhere("alertmanager.externalUrl", alertmanager.externalUrl, "alertmanager"),
      ...(grafana.kind === "in-cluster"
        ? elsewhere("grafana.externalUrl", grafana.externalUrl, "grafana")
        : [
            ...elsewhere("grafana.prometheusUrl", grafana.prometheusUrl, "prometheus"),
            ...elsewhere("grafana.alertmanagerUrl", grafana.alertmanagerUrl, "alertmanager"),
          ]),
      ...unsigned,
    ];
  },
};

const certificatesAreOfThePlace: EnvironmentRule = {
  id: "certificates-are-of-the-place",
  reads: ["aws", "prometheus"],
  check: ({ aws, prometheus }) => {
    const certificate = albOf({ prometheus })?.certificate;
    if (certificate?.kind !== "existing" || aws === undefined) return [];
    const [, , , region, account] = certificate.arn.split(":");
    if (region === aws.region && account === aws.accountId) return [];
    return [
      {
        path: `${AT}.certificate.arn`,
        found: `a certificate of ${region} in ${account}`,
        allowed: `one of ${aws.region} in ${aws.accountId}: a load balancer takes no other`,
        fix: "import or request the certificate there",
      },
    ];
  },
};

/** The rules of a load balancer of the environment's own. */
export const INGRESS_RULES: readonly EnvironmentRule[] = [
  loadBalancersHaveTheirPlace,
  addressesAreServed,
  certificatesAreOfThePlace,
];
