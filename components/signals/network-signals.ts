import { signalsOf } from "./platform-signal.ts";
import { CNI, DNS, NODE, POD_NETWORKS } from "./selectors.ts";

/** Addresses, names and traffic. */
export const NETWORK_SIGNALS = signalsOf("network", {
  cniAddressesLeft: {
    id: "cni-addresses-left",
    row: "Addresses",
    title: "Pod addresses in reserve",
    unit: "short",
    description:
      "Addresses that each node holds for pods and no pod has yet. EKS's network plug-in keeps some ahead; 0 on a node that may hold more means that its subnet has none left. Empty on other clusters.",
    legend: "{{node}}",
    query: () =>
      `max by (node) (awscni_total_ip_addresses{${CNI}}) - max by (node) (awscni_assigned_ip_addresses{${CNI}})`,
    threshold: 1,
  },
  cniFailures: {
    id: "cni-failures",
    row: "Addresses",
    title: "Pods that got no address",
    unit: "short",
    description:
      "Attempts to give a pod an address that failed for want of one, by node. Anything but 0 is bad. Empty on clusters other than EKS.",
    legend: "{{node}}",
    query: (range) => `sum by (node) (round(increase(awscni_no_available_ip_addresses{${CNI}}[${range}])))`,
    threshold: 1,
  },
  dnsRequests: {
    id: "dns-requests",
    row: "CoreDNS",
    title: "Questions",
    unit: "reqps",
    description: "Questions per second that CoreDNS answers, by the type of record that is asked for.",
    legend: "{{type}}",
    query: (range) => `sum by (type) (rate(coredns_dns_requests_total{${DNS}}[${range}]))`,
  },
  dnsErrors: {
    id: "dns-errors",
    row: "CoreDNS",
    title: "Failed DNS answers",
    unit: "percentunit",
    description: "Share of CoreDNS's answers that say SERVFAIL: names that should resolve and do not.",
    legend: "failed",
    query: (range) =>
      `(sum(rate(coredns_dns_responses_total{${DNS}, rcode="SERVFAIL"}[${range}])) or vector(0))` +
      ` / (sum(rate(coredns_dns_responses_total{${DNS}}[${range}])) > 0)`,
    threshold: 0.03,
  },
  dnsLatency: {
    id: "dns-latency",
    row: "CoreDNS",
    title: "Time to answer",
    unit: "s",
    description: "Time within which CoreDNS answers half, and 99%, of all questions.",
    legend: "{{quantile}}",
    query: (range) =>
      ["0.5", "0.99"]
        .map(
          (quantile) =>
            `label_replace(histogram_quantile(${quantile}, sum by (le) (rate(coredns_dns_request_duration_seconds_bucket{${DNS}}[${range}]))), "quantile", "${quantile}", "", "")`,
        )
        .join(" or "),
  },
  dnsCache: {
    id: "dns-cache",
    row: "CoreDNS",
    title: "Answers from the cache",
    unit: "percentunit",
    description:
      "Share of questions that CoreDNS answers from its cache. When it falls, the servers behind it get more to do.",
    legend: "from the cache",
    query: (range) =>
      `sum(rate(coredns_cache_hits_total{${DNS}}[${range}]))` +
      ` / (sum(rate(coredns_cache_requests_total{${DNS}}[${range}])) > 0)`,
  },
  namespaceReceived: {
    id: "namespace-received",
    row: "Traffic",
    title: "Received by pods, by namespace",
    unit: "Bps",
    description:
      "Bytes per second that the pods of each namespace receive: the ten namespaces with the most.",
    legend: "{{namespace}}",
    query: (range) =>
      `sum by (namespace) (rate(container_network_receive_bytes_total{${POD_NETWORKS}}[${range}]))`,
    drawn: (measured) => `topk(10, ${measured})`,
  },
  namespaceSent: {
    id: "namespace-sent",
    row: "Traffic",
    title: "Sent by pods, by namespace",
    unit: "Bps",
    description: "Bytes per second that the pods of each namespace send: the ten namespaces with the most.",
    legend: "{{namespace}}",
    query: (range) =>
      `sum by (namespace) (rate(container_network_transmit_bytes_total{${POD_NETWORKS}}[${range}]))`,
    drawn: (measured) => `topk(10, ${measured})`,
  },
  namespacePacketsLost: {
    id: "namespace-packets-lost",
    row: "Traffic",
    title: "Packets lost by pods",
    unit: "pps",
    description:
      "Packets per second that were dropped on their way to or from the pods of each namespace. Ought to be 0.",
    legend: "{{namespace}}",
    query: (range) =>
      ["receive", "transmit"]
        .map(
          (direction) =>
            `sum by (namespace) (rate(container_network_${direction}_packets_dropped_total{${POD_NETWORKS}}[${range}]))`,
        )
        .join(" + "),
  },
  connectionTable: {
    id: "connection-table",
    row: "Traffic",
    title: "Connection tables in use",
    unit: "percentunit",
    description:
      "Connections that each node's kernel tracks, as a share of how many it can. At 100% new ones are dropped.",
    legend: "{{node}}",
    query: () =>
      `max by (node) (node_nf_conntrack_entries{${NODE}}) / max by (node) (node_nf_conntrack_entries_limit{${NODE}})`,
  },
  probedCertificates: {
    id: "probed-certificates",
    row: "Certificates",
    title: "Life of the certificates that are probed",
    unit: "s",
    description:
      "Time left to the first certificate to expire of the chain that each probed address shows. Empty where nothing is probed.",
    legend: "{{instance}}",
    // No job: every probe has its own, and whoever adds one is told without asking.
    query: () => "min by (job, instance) (probe_ssl_earliest_cert_expiry) - time()",
    threshold: 1_209_600,
    bad: "below",
  },
});
