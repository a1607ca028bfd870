import type { Container } from "./container.ts";
import { counted, each, LIVED, type Line } from "./grid.ts";
import { inIncident } from "./incident.ts";

// What CoreDNS and the CNI expose: simulated.

type Labels = Readonly<Record<string, string>>;

/** Where the buckets of CoreDNS end, in seconds, and the share of answers within each. */
const DNS_BUCKETS: readonly (readonly [le: string, share: number])[] = [
  ["0.00025", 0.62],
  ["0.0005", 0.81],
  ["0.001", 0.9],
  ["0.002", 0.95],
  ["0.004", 0.98],
  ["0.008", 0.993],
  ["0.016", 0.998],
  ["0.032", 1],
  ["+Inf", 1],
];

export function dnsLines(target: Labels): Line[] {
  // A pod that starts again looks up every name that it needs.
  const questions = (at: number) => (inIncident(at) ? 66 : 50);
  const server = { server: "dns://:53", zone: ".", view: "" };
  const line = (name: string, perSecond: (at: number) => number, more: Labels): Line => ({
    labels: { __name__: name, ...target, ...withoutEmpty({ ...server, ...more }) },
    values: counted(perSecond, LIVED),
  });
  return [
    ...(["A", "AAAA"] as const).map((type, index) =>
      line("coredns_dns_requests_total", (at) => questions(at) * (index === 0 ? 0.55 : 0.45), {
        family: "1",
        proto: "udp",
        type,
      }),
    ),
    line("coredns_dns_responses_total", (at) => questions(at) * 0.7, {
      plugin: "kubernetes",
      rcode: "NOERROR",
    }),
    line("coredns_dns_responses_total", (at) => questions(at) * 0.2995, {
      plugin: "kubernetes",
      rcode: "NXDOMAIN",
    }),
    line("coredns_dns_responses_total", (at) => questions(at) * 0.0005, {
      plugin: "forward",
      rcode: "SERVFAIL",
    }),
    line("coredns_cache_requests_total", questions, {}),
    line("coredns_cache_hits_total", (at) => questions(at) * 0.83, { type: "success" }),
    ...DNS_BUCKETS.map(([le, share]) =>
      line("coredns_dns_request_duration_seconds_bucket", (at) => questions(at) * share, { le }),
    ),
  ];
}

function withoutEmpty(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ""));
}

/** Addresses of a node that pods have: one for each, but for those of the host's network, of which there is one of each daemon set. */
export function addressLines(target: Labels, containers: readonly Container[]): Line[] {
  const own = containers.filter(
    ({ node, namespace }) => node === target["node"] && namespace !== "monitoring-node",
  );
  const pods = (index: number) =>
    new Set(
      own.filter(({ exists }) => exists[index] === true).map(({ namespace, pod }) => `${namespace} ${pod}`),
    );
  const line = (name: string, value: (index: number) => number): Line => ({
    labels: { __name__: name, ...target },
    values: each(value),
  });
  return [
    line("awscni_ip_max", () => 58),
    line("awscni_total_ip_addresses", () => 29),
    line("awscni_assigned_ip_addresses", (index) => pods(index).size),
    line("awscni_no_available_ip_addresses", () => 0),
  ];
}
