import { alertmanagerProblems, alertmanagerSecrets } from "../components/alertmanager/model.ts";
import { alertsProblems } from "../components/alerts/model.ts";
import { type ClusterTraits, clusterProblems, clusterTraits } from "../components/cluster/model.ts";
import { seconds } from "../components/core/duration.ts";
import { type Problem, shown } from "../components/core/problems.ts";
import { nearest } from "../components/core/validation.ts";
import {
  alertingProblems,
  alertingReceivers,
  grafanaProblems,
  grafanaSecrets,
  grafanaTeams,
} from "../components/grafana/model.ts";
import { cidrsOverlap } from "../components/network/cidr.ts";
import { networkProblems } from "../components/network/model.ts";
import { prometheusProblems } from "../components/prometheus/model.ts";
import {
  duplicateServices,
  runsIn,
  type Service,
  serviceProblems,
  slosOf,
} from "../components/service/model.ts";
import { keptFor, periodText } from "../components/slo/model.ts";
import type { Environment } from "./environment.ts";

/** What a rule may know beside the environment itself. */
export interface RuleContext {
  /** The stack whose file this is. */
  readonly stack: string;
  /** The day that support calendars are read at, as YYYY-MM-DD. */
  readonly today: string;
  /** What the teams run in it. */
  readonly services: readonly Service[];
}

type Section = keyof Environment;

/** Values of several fields that must agree. A rule runs when the sections it reads have the right shape. */
export interface EnvironmentRule {
  readonly id: string;
  readonly reads: readonly Section[];
  readonly check: (environment: Environment, context: RuleContext) => readonly Problem[];
}

const ROOT = "environment";

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
    // A workspace of Amazon Managed Grafana needs the account, whatever the cluster.
    const isUsed = { aws: grafana.kind === "amazon-managed", network: false };
    return (["aws", "network"] as const).flatMap((section): Problem[] => {
      const path = `${ROOT}.${section}`;
      if (isUsed[section]) return [];
      if (cluster.kind === "eks" && sections[section] === undefined)
        return [
          { path, found: "nothing", allowed: "settings, as cluster.kind is eks", fix: `add ${section}` },
        ];
      if (cluster.kind === "existing" && sections[section] !== undefined)
        return [
          {
            path,
            found: `settings, though cluster.kind is existing`,
            allowed: "nothing, as nothing is built in AWS",
            fix: `remove ${section}, or set cluster.kind to eks`,
          },
        ];
      return [];
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
        allowed: "an account, as grafana.kind is amazon-managed",
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
    prometheus.remoteWrite.kind === "none" || cluster.kind === "eks"
      ? []
      : [
          {
            path: `${ROOT}.prometheus.remoteWrite.kind`,
            found: "amp, on a cluster that somebody else runs",
            allowed: "none: the right to write comes from EKS Pod Identity on a cluster of the program's own",
            fix: "remove remoteWrite, or set cluster.kind to eks",
          },
        ],
};

const dashboardsHaveTheirSamples: EnvironmentRule = {
  id: "dashboards-have-their-samples",
  reads: ["prometheus", "grafana"],
  check: ({ prometheus: { remoteWrite }, grafana }) => {
    if (grafana.kind !== "amazon-managed" || grafana.prometheusUrl !== undefined) return [];
    if (remoteWrite.kind === "amp" && remoteWrite.series === "all") return [];
    return [
      {
        path: `${ROOT}.grafana.prometheusUrl`,
        found: `nothing, and ${remoteWrite.kind === "amp" ? "a store of records alone" : "no store of samples"}`,
        allowed:
          "where the workspace reaches Prometheus, unless prometheus.remoteWrite sends all samples to amp",
        fix: "add it, or set prometheus.remoteWrite to kind amp and series all",
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
    network !== undefined && cluster.kind === "eks" && cidrsOverlap(network.cidr, cluster.serviceCidr)
      ? [
          {
            path: `${ROOT}.cluster.serviceCidr`,
            found: shown(cluster.serviceCidr),
            allowed: `a block that does not overlap network.cidr, ${network.cidr}`,
            fix: "choose a block outside the VPC, such as 172.20.0.0/16",
          },
        ]
      : [],
};

const ownerIsATeam: EnvironmentRule = {
  id: "owner-is-a-team",
  reads: ["owner", "alertmanager"],
  check: ({ owner, alertmanager }) => unknownTeam(`${ROOT}.owner`, owner, Object.keys(alertmanager.teams)),
};

const grafanaTeamsAreTeams: EnvironmentRule = {
  id: "grafana-teams-are-teams",
  reads: ["grafana", "alertmanager"],
  check: ({ grafana, alertmanager }) =>
    Object.keys(grafanaTeams(grafana)).flatMap((team) =>
      unknownTeam(`${ROOT}.grafana.teams.${team}`, team, Object.keys(alertmanager.teams)),
    ),
};

const grafanaTellsSomebody: EnvironmentRule = {
  id: "grafana-tells-somebody",
  reads: ["owner", "cluster", "grafana", "alertmanager"],
  check: ({ owner, cluster, grafana, alertmanager }) =>
    "alerting" in grafana
      ? alertingProblems(grafana, alertingReceivers(alertmanager, owner), {
          onEks: cluster.kind === "eks",
          owner,
          path: `${ROOT}.grafana`,
        })
      : [],
};

const servicesBelongToTeams: EnvironmentRule = {
  id: "services-belong-to-teams",
  reads: ["name", "alertmanager"],
  check: ({ name, alertmanager }, { services }) =>
    services
      .filter((service) => runsIn(service, name))
      .flatMap((service) =>
        serviceProblems(service, Object.keys(alertmanager.teams), `services.${service.name}`),
      ),
};

const servicesHaveNamesOfTheirOwn: EnvironmentRule = {
  id: "services-have-names-of-their-own",
  reads: [],
  check: (_, { services }) => duplicateServices(services, "services"),
};

const periodsAreKept: EnvironmentRule = {
  id: "periods-are-kept",
  reads: ["name", "prometheus"],
  check: ({ name, prometheus: { retention } }, { services }) => {
    const longer = services
      .filter((service) => runsIn(service, name))
      .flatMap((service) => slosOf(service, name))
      .filter(({ period }) => seconds(keptFor(period)) > seconds(retention));
    if (longer.length === 0) return [];
    const longest = longer.map(({ period }) => keptFor(period)).sort((a, b) => seconds(b) - seconds(a))[0];
    const named = longer.map(({ service, name: slo, period }) => `${service} ${slo} (${periodText(period)})`);
    return [
      {
        path: `${ROOT}.prometheus.retention`,
        found: `${retention}, and objectives over a longer period: ${named.join(", ")}`,
        allowed: `${longest} or more, since a budget whose beginning is forgotten is no budget`,
        fix: `keep samples for ${longest}, or give these objectives a shorter period in ${name}`,
      },
    ];
  },
};

function unknownTeam(path: string, team: string, teams: readonly string[]): Problem[] {
  if (teams.includes(team)) return [];
  const near = nearest(team, teams);
  return [
    {
      path,
      found: shown(team),
      allowed: `a team of alertmanager.teams: ${teams.join(", ") || "there is none"}`,
      fix: near === undefined ? `add ${team} to alertmanager.teams, with its receivers` : `write ${near}`,
    },
  ];
}

// These keys of the stack's config already mean something else.
const RESERVED = ["environment"];

const secretNamesAreFree: EnvironmentRule = {
  id: "secret-names-are-free",
  reads: ["alertmanager", "grafana"],
  check: (environment) =>
    secretsOf(environment)
      .filter(({ name }) => RESERVED.includes(name))
      .map(({ path }) => ({
        path,
        found: "a name that Bellwether uses itself",
        allowed: `any other name than ${RESERVED.join(", ")}`,
        fix: "rename the secret",
      })),
};

/** The secrets that an environment names, each with the path of the field that names it. */
export function secretsOf({
  alertmanager,
  grafana,
}: Pick<Environment, "alertmanager" | "grafana">): readonly {
  readonly name: string;
  readonly path: string;
}[] {
  return [
    ...alertmanagerSecrets(alertmanager, `${ROOT}.alertmanager`),
    ...grafanaSecrets(grafana, `${ROOT}.grafana`),
  ];
}

/** Zones that pods can be spread over: the network's, or what an existing cluster says of itself. */
export function zonesOf({ network, cluster }: Pick<Environment, "network" | "cluster">): number {
  return cluster.kind === "existing" ? cluster.zones : (network?.zones.length ?? 1);
}

/** What the rest of the platform needs to know of an environment's cluster before it exists. */
export function environmentTraits(
  environment: Pick<Environment, "name" | "network" | "cluster" | "prometheus">,
): ClusterTraits {
  const { name, cluster, prometheus } = environment;
  const traits = clusterTraits(cluster, name, zonesOf(environment));
  return prometheus.remoteWrite.kind === "none" ? traits : { ...traits, sendsSamplesOn: true };
}

/** Every rule between fields, the slices' own among them. */
export const ENVIRONMENT_RULES: readonly EnvironmentRule[] = [
  nameIsTheStacks,
  eksNeedsItsSurroundings,
  managedGrafanaHasItsPlace,
  samplesAreSentFromEks,
  dashboardsHaveTheirSamples,
  zonesLieInTheRegion,
  serviceAddressesAreApart,
  ownerIsATeam,
  grafanaTeamsAreTeams,
  grafanaTellsSomebody,
  servicesBelongToTeams,
  servicesHaveNamesOfTheirOwn,
  periodsAreKept,
  secretNamesAreFree,
  {
    id: "network",
    reads: ["network"],
    check: ({ network }) => (network === undefined ? [] : networkProblems(network, `${ROOT}.network`)),
  },
  {
    id: "cluster",
    reads: ["cluster"],
    check: ({ cluster }, { today }) => clusterProblems(cluster, `${ROOT}.cluster`, today),
  },
  {
    id: "prometheus",
    reads: ["prometheus", "network", "cluster"],
    check: (environment) =>
      prometheusProblems(environment.prometheus, `${ROOT}.prometheus`, zonesOf(environment)),
  },
  {
    id: "alertmanager",
    reads: ["alertmanager", "network", "cluster"],
    check: (environment) =>
      alertmanagerProblems(environment.alertmanager, `${ROOT}.alertmanager`, zonesOf(environment)),
  },
  {
    id: "alerts",
    reads: ["alerts", "name", "network", "cluster", "prometheus"],
    check: (environment) =>
      alertsProblems(environment.alerts, `${ROOT}.alerts`, environmentTraits(environment)),
  },
  {
    id: "grafana",
    reads: ["grafana"],
    check: ({ grafana }) => grafanaProblems(grafana, `${ROOT}.grafana`),
  },
];
