import { JOBS } from "../../signals/jobs.ts";
import { CLUSTER_SIGNALS } from "../../signals/platform.ts";
import { type AlertDefinition, rangeOf, type Threshold } from "../definition.ts";
import { awsNode } from "../exporters.ts";
import { beyond, counting, fires, secondScrape, silent, steady } from "../situations.ts";

const NODE = "ip-10-40-11-23";

const RESERVE: Threshold = {
  default: 1,
  min: 1,
  max: 50,
  unit: "count",
  comparison: "below",
  means: "free pod addresses that a node keeps for new pods",
};

/** The maximum number of addresses of the node's instance type. */
const ROOM = 58;
const HELD = 54;

/** A node that holds `held` addresses, of which `reserve` are not assigned to a pod. */
function pool(reserve: number, held = HELD) {
  return [
    steady(awsNode("awscni_ip_max", NODE), ROOM),
    steady(awsNode("awscni_total_ip_addresses", NODE), held),
    steady(awsNode("awscni_assigned_ip_addresses", NODE), held - reserve),
  ];
}

/** Alerts about the IP addresses that the VPC CNI plugin of EKS assigns to pods. */
export const ADDRESS_ALERTS: readonly AlertDefinition[] = [
  {
    name: "KubeCniAddressesLow",
    summary: "Node {{ $labels.node }} has too few free IP addresses for new pods",
    description: ({ threshold, for: held }) =>
      `The VPC CNI plugin of node {{ $labels.node }} has {{ $value }} free pod addresses. It has had less than ${threshold} for at least ${held}. The instance type allows more addresses, but the plugin does not get them from EC2.`,
    impact:
      "The subnet is running out of IP addresses. New pods on nodes in this subnet will soon stay in ContainerCreating.",
    expr: ({ threshold }) =>
      `(${CLUSTER_SIGNALS.cniAddressesLeft.query("")} < ${threshold}) and on (node)` +
      ` (max by (node) (awscni_total_ip_addresses{job="${JOBS.awsNode}"}) < max by (node) (awscni_ip_max{job="${JOBS.awsNode}"}))`,
    threshold: RESERVE,
    for: "15m",
    severity: "warning",
    signal: CLUSTER_SIGNALS.cniAddressesLeft,
    jobs: [JOBS.awsNode],
    mutedBy: [{ alert: "KubeCniAddressesExhausted", equal: ["node"] }],
    cases: [
      fires("fewer addresses are free than the limit, and the instance type allows more", (parameters) => ({
        series: pool(beyond(RESERVE, parameters)),
        alerts: [{ labels: { node: NODE }, value: String(beyond(RESERVE, parameters)) }],
      })),
      silent("as many addresses are free as the limit", (parameters) => ({
        series: pool(parameters.threshold),
      })),
      silent("the node already holds all addresses that its instance type allows", (parameters) => ({
        series: pool(beyond(RESERVE, parameters), ROOM),
      })),
    ],
  },
  {
    name: "KubeCniAddressesExhausted",
    summary: "New pods on node {{ $labels.node }} do not get an IP address",
    description: ({ for: held }) =>
      `For at least ${held}, the VPC CNI plugin of node {{ $labels.node }} has failed to assign IP addresses to new pods.`,
    impact:
      "These pods stay in ContainerCreating. Rollouts, autoscaling and the replacement of lost pods stop on this node.",
    expr: (parameters) => `${CLUSTER_SIGNALS.cniFailures.query(rangeOf(parameters, "10m"))} > 0`,
    for: "10m",
    lookback: { range: "10m", samples: 2 },
    severity: "critical",
    signal: CLUSTER_SIGNALS.cniFailures,
    jobs: [JOBS.awsNode],
    cases: [
      fires("requests for a pod address keep failing", (parameters) => ({
        series: [counting(awsNode("awscni_no_available_ip_addresses", NODE), 0.05, parameters)],
        holdsFrom: secondScrape(parameters),
        alerts: [{ labels: { node: NODE } }],
      })),
      silent("no request for a pod address has failed recently", () => ({
        series: [steady(awsNode("awscni_no_available_ip_addresses", NODE), 17)],
      })),
    ],
  },
];
