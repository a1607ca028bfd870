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
  means: "addresses that a node must hold in reserve for the next pods",
};

/** The most addresses that the node's machine type has room for. */
const ROOM = 58;
const HELD = 54;

/** A node that holds so many of the addresses that it has room for, and has the given number in reserve. */
function pool(reserve: number, held = HELD) {
  return [
    steady(awsNode("awscni_ip_max", NODE), ROOM),
    steady(awsNode("awscni_total_ip_addresses", NODE), held),
    steady(awsNode("awscni_assigned_ip_addresses", NODE), held - reserve),
  ];
}

/** Alerts about the addresses that EKS's network plug-in gives to pods. */
export const ADDRESS_ALERTS: readonly AlertDefinition[] = [
  {
    name: "KubeCniAddressesLow",
    summary: "Node {{ $labels.node }} has no pod addresses in reserve",
    description: ({ for: held }) =>
      `The network plug-in of {{ $labels.node }} has had {{ $value }} addresses in reserve for ${held}, although the machine has room for more: it asks EC2 and gets none.`,
    impact: "The subnet is running out. Soon pods on the zone's nodes stay in ContainerCreating.",
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
      fires("fewer addresses are in reserve than the limit, and there is room", (parameters) => ({
        series: pool(beyond(RESERVE, parameters)),
        alerts: [{ labels: { node: NODE }, value: String(beyond(RESERVE, parameters)) }],
      })),
      silent("just enough addresses are in reserve", (parameters) => ({
        series: pool(parameters.threshold),
      })),
      silent("the machine is full, which has an alert of its own", (parameters) => ({
        series: pool(beyond(RESERVE, parameters), ROOM),
      })),
    ],
  },
  {
    name: "KubeCniAddressesExhausted",
    summary: "Pods on node {{ $labels.node }} get no address",
    description: ({ for: held }) =>
      `For ${held} the network plug-in of {{ $labels.node }} has had no address to give to pods that start there.`,
    impact:
      "These pods stay in ContainerCreating: rollouts, autoscaling and the replacement of lost pods stop.",
    expr: (parameters) => `${CLUSTER_SIGNALS.cniFailures.query(rangeOf(parameters, "10m"))} > 0`,
    for: "10m",
    lookback: { range: "10m", samples: 2 },
    severity: "critical",
    signal: CLUSTER_SIGNALS.cniFailures,
    jobs: [JOBS.awsNode],
    cases: [
      fires("a pod asks in vain at every try", (parameters) => ({
        series: [counting(awsNode("awscni_no_available_ip_addresses", NODE), 0.05, parameters)],
        holdsFrom: secondScrape(parameters),
        alerts: [{ labels: { node: NODE } }],
      })),
      silent("no pod has asked in vain for a long time", () => ({
        series: [steady(awsNode("awscni_no_available_ip_addresses", NODE), 17)],
      })),
    ],
  },
];
