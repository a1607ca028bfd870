import { podCredentials } from "../../components/cluster/model.ts";
import { type Problem, shown } from "../../components/core/problems.ts";
import { addressRange, cidrContains, cidrsOverlap, SHARED_BLOCK } from "../../components/network/cidr.ts";
import type { NetworkSettings } from "../../components/network/model.ts";
import { type EnvironmentRule, ROOT } from "./rule.ts";

const nameIsTheStacks: EnvironmentRule = {
  id: "name-is-the-stacks",
  reads: ["name"],
  check: ({ name }, { stack }) =>
    name === stack
      ? []
      : [
          {
            path: `${ROOT}.name`,
            found: shown(name),
            allowed: `the stack's name, ${stack}`,
            fix: `write ${stack}`,
          },
        ],
};

const eksNeedsItsSurroundings: EnvironmentRule = {
  id: "eks-needs-aws-and-network",
  reads: ["aws", "network", "cluster", "grafana"],
  check: ({ aws, network, cluster, grafana }) => {
    const sections = { aws, network };
    // A workspace of Amazon Managed Grafana and an EKS cluster by name need the account.
    const isUsed = {
      aws: grafana.kind === "amazon-managed" || (cluster.kind === "existing" && cluster.eks !== undefined),
      network: false,
    };
    return (["aws", "network"] as const).flatMap((section): Problem[] => {
      const path = `${ROOT}.${section}`;
      const isThere = sections[section] !== undefined;
      if (cluster.kind === "eks" && !isThere)
        return [
          { path, found: "nothing", allowed: "settings: cluster.kind eks needs them", fix: `add ${section}` },
        ];
      if (cluster.kind !== "existing" || isThere === isUsed[section]) return [];
      if (isThere)
        return [
          {
            path,
            found: "settings, but cluster.kind is existing",
            allowed:
              section === "aws"
                ? "nothing, unless cluster.eks names the EKS cluster or grafana.kind is amazon-managed"
                : "nothing: the cluster has its network already",
            fix: `remove ${section}, or set cluster.kind to eks${section === "aws" ? ", or add cluster.eks" : ""}`,
          },
        ];
      return section === "aws" && cluster.eks !== undefined
        ? [
            {
              path,
              found: "nothing, but cluster.eks names a cluster",
              allowed: "the account and the region of that cluster",
              fix: "add aws with accountId and region",
            },
          ]
        : [];
    });
  },
};

const managedGrafanaHasItsPlace: EnvironmentRule = {
  id: "managed-grafana-has-its-place",
  reads: ["aws", "network", "cluster", "grafana"],
  check: ({ aws, network, grafana }) => {
    if (grafana.kind !== "amazon-managed") return [];
    const problems: Problem[] = [];
    if (aws === undefined)
      problems.push({
        path: `${ROOT}.aws`,
        found: "nothing",
        allowed: "an account: grafana.kind amazon-managed needs one",
        fix: "add aws, or choose another kind of Grafana",
      });
    if (grafana.insideVpc && network === undefined)
      problems.push({
        path: `${ROOT}.grafana.insideVpc`,
        found: "true, and no network",
        allowed: "false where the environment has no VPC of its own",
        fix: "remove insideVpc, or add network",
      });
    return problems;
  },
};

const samplesAreSentFromEks: EnvironmentRule = {
  id: "samples-are-sent-from-eks",
  reads: ["cluster", "prometheus"],
  check: ({ cluster, prometheus }) =>
    prometheus.store.kind !== "amp" || podCredentials(cluster) !== undefined
      ? []
      : [
          {
            path: `${ROOT}.prometheus.store.kind`,
            found: "amp, but cluster.kind is existing and cluster.eks is missing",
            allowed:
              "none: writing to the workspace needs AWS credentials in pods, and only EKS gives them: with EKS Pod Identity or IRSA",
            fix: "remove store, send to another store with kind endpoint, or add cluster.eks with the name of the EKS cluster",
          },
        ],
};

const dashboardsHaveTheirSamples: EnvironmentRule = {
  id: "dashboards-have-their-samples",
  reads: ["prometheus", "grafana"],
  check: ({ prometheus: { store }, grafana }) => {
    if (grafana.kind !== "amazon-managed" || grafana.prometheusUrl !== undefined) return [];
    if (store.kind === "amp" && store.series === "all") return [];
    return [
      {
        path: `${ROOT}.grafana.prometheusUrl`,
        found: `nothing, and prometheus.store ${store.kind === "amp" ? "sends only records" : `is ${store.kind}`}`,
        allowed: "the URL of Prometheus for the workspace, unless prometheus.store sends all samples to amp",
        fix: "add prometheusUrl, or set prometheus.store to kind amp and series all",
      },
    ];
  },
};

const zonesLieInTheRegion: EnvironmentRule = {
  id: "zones-lie-in-the-region",
  reads: ["aws", "network"],
  check: ({ aws, network }) =>
    (network?.zones ?? []).flatMap((zone, index) =>
      aws === undefined || zone.slice(0, -1) === aws.region
        ? []
        : [
            {
              path: `${ROOT}.network.zones[${index}]`,
              found: shown(zone),
              allowed: `a zone of aws.region, such as ${aws.region}a`,
              fix: "name a zone of that region, or change aws.region",
            },
          ],
    ),
};

const serviceAddressesAreApart: EnvironmentRule = {
  id: "service-addresses-are-apart",
  reads: ["network", "cluster"],
  check: ({ network, cluster }) =>
    network === undefined || cluster.kind !== "eks"
      ? []
      : Object.entries(blocksOf(network))
          .filter(([, block]) => cidrsOverlap(block, cluster.serviceCidr))
          .map(([field, block]) => ({
            path: `${ROOT}.cluster.serviceCidr`,
            found: shown(cluster.serviceCidr),
            allowed: `a block that does not overlap ${field}, ${block}`,
            fix: "choose a block outside the VPC, such as 172.20.0.0/16",
          })),
};

/** The blocks of a VPC, by field. */
function blocksOf({ cidr, podBlocks }: NetworkSettings): Readonly<Record<string, string>> {
  return {
    "network.cidr": cidr,
    ...Object.fromEntries(podBlocks.map((block, index) => [`network.podBlocks[${index}]`, block])),
  };
}

const networksAreApart: EnvironmentRule = {
  id: "networks-are-apart",
  reads: ["network"],
  check: ({ name, network }, { blocks = {} }) =>
    network === undefined
      ? []
      : Object.entries(blocksOf(network)).flatMap(([field, own]) =>
          Object.entries(blocks)
            .filter(([other]) => other !== name)
            .flatMap(([other, theirs]) => theirs.map((block) => ({ other, block })))
            .filter(({ block }) => isBlock(block) && cidrsOverlap(own, block) && !areShared(own, block))
            .map(({ other, block }) => ({
              path: `${ROOT}.${field}`,
              found: `${shown(own)}, which overlaps that of ${other}, ${block}`,
              allowed: "a block that no other environment has: networks that overlap can never be connected",
              fix: `choose another block, in stacks/Pulumi.${name}.yaml or in stacks/Pulumi.${other}.yaml`,
            })),
        ),
};

/** Blocks that are meant to be in several networks: outside of its VPC a pod there has the address of its node. */
function areShared(...blocks: readonly string[]): boolean {
  return blocks.every((block) => cidrContains(SHARED_BLOCK, block));
}

/** Another environment's block may itself be a mistake, which its own file is told. */
function isBlock(text: string): boolean {
  try {
    addressRange(text);
    return true;
  } catch {
    return false;
  }
}

const connectedNetworksAreApart: EnvironmentRule = {
  id: "connected-networks-are-apart",
  reads: ["network", "cluster"],
  check: ({ network, cluster }) => {
    if (network === undefined || cluster.kind !== "eks") return [];
    const own = { ...blocksOf(network), "cluster.serviceCidr": cluster.serviceCidr };
    return cluster.endpoint.networks.flatMap((block, index) =>
      Object.entries(own)
        .filter(([, theirs]) => cidrsOverlap(block, theirs))
        .map(([field, theirs]) => ({
          path: `${ROOT}.cluster.endpoint.networks[${index}]`,
          found: `${shown(block)}, which overlaps ${field}, ${theirs}`,
          allowed: "blocks of other networks: the VPC itself is allowed already",
          fix: "write the block of the connected network alone, or remove it",
        })),
    );
  },
};

/** The rules between the cluster and what is around it: the stack, the AWS account, the VPC, Grafana. */
export const SURROUNDINGS_RULES: readonly EnvironmentRule[] = [
  nameIsTheStacks,
  eksNeedsItsSurroundings,
  managedGrafanaHasItsPlace,
  samplesAreSentFromEks,
  dashboardsHaveTheirSamples,
  zonesLieInTheRegion,
  serviceAddressesAreApart,
  networksAreApart,
  connectedNetworksAreApart,
];
