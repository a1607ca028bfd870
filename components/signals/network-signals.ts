import { signalsOf } from "./platform-signal.ts";
import { CNI, DNS, NODE, POD_NETWORKS } from "./selectors.ts";

/** Pod IP addresses, DNS, traffic and certificates. */
export const NETWORK_SIGNALS = signalsOf("network", {
  cniAddressesLeft: {
    id: "cni-addresses-left",
    row: "Pod IP addresses",
    title: "Unassigned pod IP addresses",
    unit: "short",
    description:
      "IP addresses that each node has reserved and not assigned to a pod. At 0 the subnet may have no free address. Only EKS has this metric.",
    legend: "{{node}}",
    query: () =>
      `max by (node) (awscni_total_ip_addresses{${CNI}}) - max by (node) (awscni_assigned_ip_addresses{${CNI}})`,
    threshold: 1,
  },
  cniFailures: {
    id: "cni-failures",
    row: "Pod IP addresses",
    title: "Pod IP address allocation failures",
    unit: "short",
    description:
      "Attempts to assign an IP address to a pod that failed because no address was free, by node. Only EKS has this metric.",
    legend: "{{node}}",
    query: (range) => `sum by (node) (round(increase(awscni_no_available_ip_addresses{${CNI}}[${range}])))`,
    threshold: 1,
  },
  dnsRequests: {
    id: "dns-requests",
    row: "CoreDNS",
    title: "DNS requests",
    unit: "reqps",
    description: "Requests per second that CoreDNS receives, by record type.",
    legend: "{{type}}",
    query: (range) => `sum by (type) (rate(coredns_dns_requests_total{${DNS}}[${range}]))`,
  },
  dnsErrors: {
    id: "dns-errors",
    row: "CoreDNS",
    title: "DNS SERVFAIL responses",
    unit: "percentunit",
    description: "Share of CoreDNS responses with the code SERVFAIL. CoreDNS cannot resolve these names.",
    legend: "failed",
    query: (range) =>
      `(sum(rate(coredns_dns_responses_total{${DNS}, rcode="SERVFAIL"}[${range}])) or vector(0))` +
      ` / (sum(rate(coredns_dns_responses_total{${DNS}}[${range}])) > 0)`,
    threshold: 0.03,
  },
  dnsLatency: {
    id: "dns-latency",
    row: "CoreDNS",
    title: "DNS request duration",
    unit: "s",
    description: "Time in which CoreDNS answers 50% and 99% of requests.",
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
    title: "DNS cache hit ratio",
    unit: "percentunit",
    description:
      "Share of requests that CoreDNS answers from its cache. A low value means more requests to the upstream servers.",
    legend: "hit ratio",
    query: (range) =>
      `sum(rate(coredns_cache_hits_total{${DNS}}[${range}]))` +
      ` / (sum(rate(coredns_cache_requests_total{${DNS}}[${range}])) > 0)`,
  },
  namespaceReceived: {
    id: "namespace-received",
    row: "Traffic",
    title: "Receive bandwidth by namespace",
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
    title: "Transmit bandwidth by namespace",
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
    title: "Packets dropped by namespace",
    unit: "pps",
    description:
      "Packets per second that were dropped on the way to or from the pods of each namespace. Normally 0.",
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
    title: "Conntrack table usage",
    unit: "percentunit",
    description:
      "Connections that the kernel of each node tracks, as a share of its limit. At 100% it drops new connections.",
    legend: "{{node}}",
    query: () =>
      `max by (node) (node_nf_conntrack_entries{${NODE}}) / max by (node) (node_nf_conntrack_entries_limit{${NODE}})`,
  },
  probedCertificates: {
    id: "probed-certificates",
    row: "Certificates",
    title: "TLS certificate expiry of probed targets",
    unit: "s",
    description:
      "Time until the first certificate in the chain of each probed target expires. Empty without probes.",
    legend: "{{instance}}",
    // No job: every probe has its own, and new probes are included.
    query: () => "min by (job, instance) (probe_ssl_earliest_cert_expiry) - time()",
    threshold: 1_209_600,
    bad: "below",
  },
});
