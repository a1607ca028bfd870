import { VERSIONS } from "../../components/core/versions.ts";
import type { NetworkSettings } from "../../components/network/model.ts";
import { VOLUME_OWNERS } from "../../components/workloads/volumes.ts";
import { growVolumesCommand, statedVolumes } from "../../infra/volumes.ts";
import type { Environment } from "../../stacks/environment.ts";
import type { Estimate } from "../estimate/estimate.ts";
import type { DashboardPicture } from "../pictures/picture.ts";
import { messageParts, type PolicyResult, VERDICTS, type Verdict, verdictOf } from "../policy/verdict.ts";
import type { RoutedAlert } from "../routing.ts";
import type { AlertRow } from "./alerts.ts";
import type { ComponentGroup } from "./components.ts";
import type { Costs } from "./costs.ts";
import type { Difference } from "./differences.ts";
import { count } from "./numbers.ts";
import type { PromiseRow } from "./promises.ts";
import type { RouteComparison, RouteRow } from "./routes.ts";

/** Everything that a report says, without its layout. */
export interface Report {
  readonly environment: string;
  readonly tier: string;
  readonly today: string;
  readonly outcome: Outcome;
  /** What this environment is, as terms and their values. */
  readonly facts: readonly Fact[];
  /** The sizes of its volumes, and how existing ones get them, as sentences without their last full stop. */
  readonly volumes: string;
  readonly components: readonly ComponentGroup[];
  readonly alerts: readonly AlertRow[];
  /** The receivers of the alerts by severity and team. */
  readonly routes: readonly RouteRow[];
  readonly promises: readonly PromiseRow[];
  readonly costs: Costs;
  /** Undefined without resources in AWS. */
  readonly estimate: Estimate | undefined;
  readonly policies: readonly PolicyGroup[];
  /** The number of policies that checked the resources. */
  readonly policiesAsked: number;
  readonly secrets: readonly SecretRow[];
  /** What prevents no deployment and that the reader should change or know: sentences. */
  readonly notices: readonly string[];
  readonly dashboards: readonly DashboardRow[];
  /** Where the data of their pictures comes from, as a sentence without its full stop. */
  readonly picturesFrom: string;
  /** The environments that are compared, in order; fewer than two where the others cannot be read. */
  readonly compared: readonly string[];
  readonly differences: readonly Difference[];
  readonly routeComparison: readonly RouteComparison[];
}

/** What a reader must know first. */
export interface Outcome {
  readonly violations: number;
  readonly advice: number;
  readonly waived: number;
  readonly undecided: number;
  readonly routing: readonly string[];
  readonly secretsToSet: number;
}

export interface Fact {
  readonly term: string;
  readonly value: string;
}

/** What one policy found, with one verdict and one fix. */
export interface PolicyGroup {
  readonly verdict: Verdict;
  readonly policy: string;
  readonly fix: string | undefined;
  readonly findings: readonly PolicyFinding[];
}

export interface PolicyFinding {
  /** The logical name of the resource, where the finding is about one. */
  readonly resource: string | undefined;
  /** As a sentence without its full stop. */
  readonly what: string;
  /** Whether it is waived or snoozed, until when, by whom and why. */
  readonly waived: string | undefined;
}

export interface SecretRow {
  readonly name: string;
  /** The field of the environment that names it. */
  readonly path: string;
  readonly set: boolean;
  readonly command: string;
}

export interface DashboardRow {
  readonly title: string;
  readonly file: string;
  readonly panels: number;
  /** Undefined for one of so many that not all are drawn. */
  readonly picture: DashboardPicture | undefined;
}

/** A report passes if no policy stops `pulumi up` and every critical and warning alert has a receiver. */
export function passes({ outcome }: Pick<Report, "outcome">): boolean {
  return outcome.violations === 0 && outcome.routing.length === 0;
}

const NAT_GATEWAYS: Readonly<Record<NetworkSettings["natGateways"], string>> = {
  "per-zone": "a NAT gateway in each",
  single: "one NAT gateway",
  none: "no way to the Internet",
};

/** What this environment is, in the words of its settings. */
export function factsOf(environment: Environment, today: string): readonly Fact[] {
  const { tier, owner, aws, network, cluster, prometheus, alertmanager, grafana } = environment;
  const facts: (Fact | undefined)[] = [
    { term: "Tier", value: `${tier}, owned by ${owner}` },
    aws && { term: "AWS account", value: `${aws.accountId}, ${aws.region}` },
    cluster.kind === "eks"
      ? { term: "Cluster", value: `EKS ${cluster.version}, ${cluster.endpoint.access} endpoint` }
      : { term: "Cluster", value: `${cluster.name}, an existing cluster` },
    network && {
      term: "Network",
      value: network.existing
        ? `${network.cidr}, ${network.zones.length} zones, an existing VPC`
        : `${network.cidr}, ${network.zones.length} zones, ${NAT_GATEWAYS[network.natGateways]}${network.podBlocks.map((block) => `, pods also in ${block}`).join("")}`,
    },
    {
      term: "Prometheus",
      value: `${VERSIONS.prometheus}, ${count(prometheus.replicas, "replica")}${prometheus.shards === 1 ? "" : ` of each of ${prometheus.shards} shards`}, ${prometheus.retention} on ${prometheus.volume}`,
    },
    { term: "Alertmanager", value: `${VERSIONS.alertmanager}, ${count(alertmanager.replicas, "replica")}` },
    { term: "Grafana", value: grafanaInWords(grafana) },
    { term: "Operator", value: `prometheus-operator ${VERSIONS.prometheusOperator}` },
    { term: "As of", value: today },
  ];
  return facts.filter((fact) => fact !== undefined);
}

/** The stated sizes. A preview does not know which volumes exist, so that it always says what becomes of those. */
export function volumesInWords(environment: Environment): string {
  const sizes = statedVolumes(environment).map(
    ({ owner, size, count: volumes }) => `${VOLUME_OWNERS[owner].title} ${volumes} × ${size}`,
  );
  return `${sizes.join(", ")}. pulumi up does not resize existing volumes: after it, run ${growVolumesCommand(environment.name)}`;
}

function grafanaInWords(grafana: Environment["grafana"]): string {
  switch (grafana.kind) {
    case "in-cluster":
      return "on the cluster";
    case "existing":
      return grafana.url;
    case "amazon-managed":
      return `Amazon Managed Grafana ${grafana.version}`;
  }
}

/** Policy results by policy, what stops a deployment first. */
export function policyGroups(results: readonly PolicyResult[]): readonly PolicyGroup[] {
  const groups = new Map<string, PolicyGroup & { readonly findings: PolicyFinding[] }>();
  for (const result of results) {
    const { what, fix } = messageParts(result);
    const verdict = verdictOf(result);
    const key = [VERDICTS.indexOf(verdict), result.policy, fix ?? ""].join("\u0000");
    const group = groups.get(key) ?? { verdict, policy: result.policy, fix, findings: [] };
    const { waived, snoozed } = result;
    const answered = waived ?? snoozed;
    group.findings.push({
      resource: result.urn?.split("::").slice(3).join("::"),
      what,
      waived:
        answered &&
        `${waived ? "waived" : "snoozed"} until ${answered.expires} by ${answered.owner}: ${answered.reason}`,
    });
    groups.set(key, group);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

/** The numbers that a reader must know first. */
export function outcomeOf(
  results: readonly PolicyResult[],
  routed: readonly RoutedAlert[],
  secrets: readonly SecretRow[],
): Outcome {
  const verdicts = results.map(verdictOf);
  const countOf = (verdict: Verdict) => verdicts.filter((each) => each === verdict).length;
  return {
    violations: countOf("violation"),
    advice: countOf("advice"),
    waived: countOf("waived"),
    undecided: countOf("undecided"),
    routing: routed.flatMap(({ problem }) => problem ?? []),
    secretsToSet: secrets.filter(({ set }) => !set).length,
  };
}
