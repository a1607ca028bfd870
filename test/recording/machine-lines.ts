import type { Container } from "./container.ts";
import type { StoredSeries } from "./control-plane-hour.ts";
import { counted, each, LIVED, type Line, summed } from "./grid.ts";
import { inIncident } from "./incident.ts";
import { addressLines, dnsLines } from "./network-lines.ts";

// What needs machines: node-exporter, the kubelet with cAdvisor, the CNI and CoreDNS. Simulated for the pods and nodes that the control
// plane had, with a load that follows them.

type Labels = Readonly<Record<string, string>>;

const GIB = 2 ** 30;
const MIB = 2 ** 20;

/** Everything that machines would expose, with the labels of the targets that the control plane's Prometheus found. */
export function machineLines(series: readonly StoredSeries[], containers: readonly Container[]): Line[] {
  const targets = (job: string) =>
    series
      .filter(({ labels }) => labels["__name__"] === "up" && labels["job"] === job)
      .map(({ labels: { __name__: _, ...labels } }) => labels);
  const nodes = targets("node-exporter").map((labels, index) => ({
    labels,
    index,
    own: containers.filter(({ node }) => node === labels["node"]),
  }));
  return [
    ...nodes.flatMap(nodeLines),
    ...targets("cadvisor").flatMap((labels) =>
      containers
        .filter(({ node }) => node === labels["node"])
        .flatMap((container) => containerLines(labels, container)),
    ),
    ...targets("kubelet").flatMap((labels, index) => kubeletLines(labels, index, series)),
    ...targets("coredns").flatMap(dnsLines),
    ...targets("aws-node").flatMap((labels) => addressLines(labels, containers)),
  ];
}

const second = (index: number) => LIVED[index] ?? 0;

/** No two pods are alike: within a tenth of the usual, by the name. */
function ownShare({ pod, container }: Container): number {
  let sum = 0;
  for (const char of `${pod}/${container}`) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 1009;
  return 0.9 + sum / 5045;
}

/** Cores that a container keeps busy. The pods of the service that are left have half as much again to do; one that crashes is idle. */
function coresOf(one: Container, index: number): number {
  const { request = 0.3, namespace, pod, runs } = one;
  if (runs[index] !== true) return 0;
  const isLeft = namespace === "shop" && pod.startsWith("storefront-") && inIncident(second(index));
  return request * (isLeft ? 0.62 : 0.42) * ownShare(one);
}

interface Node {
  readonly labels: Labels;
  readonly index: number;
  readonly own: readonly Container[];
}

const CORES = 8;

function nodeLines({ labels, index: number, own }: Node): Line[] {
  const line = (name: string, values: Line["values"], more: Labels = {}): Line => ({
    labels: { __name__: name, ...labels, ...more },
    values,
  });
  const user = (index: number) => 0.9 + 0.15 * number + sum(own.map((each) => coresOf(each, index)));
  const perMode = { user, system: () => 0.4, iowait: () => 0.05 };
  const busy = (index: number) => user(index) + 0.45;
  const scrapeOf = (at: number) => Math.max(0, LIVED.indexOf(at));
  const disk = { device: "/dev/nvme0n1p1", fstype: "xfs", mountpoint: "/" };
  const network = (direction: string) => `node_network_${direction}`;
  return [
    ...Object.entries(perMode).flatMap(([mode, cores]) =>
      perCore((core) =>
        line(
          "node_cpu_seconds_total",
          summed((at) => cores(scrapeOf(at)) / CORES, LIVED),
          { cpu: core, mode },
        ),
      ),
    ),
    ...perCore((core) =>
      line(
        "node_cpu_seconds_total",
        summed((at) => 1 - busy(scrapeOf(at)) / CORES, LIVED),
        { cpu: core, mode: "idle" },
      ),
    ),
    line(
      "node_load5",
      each((index) => Number((busy(index) * 1.1).toFixed(2))),
    ),
    line(
      "node_memory_MemTotal_bytes",
      each(() => 32 * GIB),
    ),
    line(
      "node_memory_MemAvailable_bytes",
      each((index) => Math.round(27 * GIB - number * GIB - sum(own.map((one) => memoryOf(one, index))))),
    ),
    ...["cpu", "memory", "io"].map((what, place) =>
      line(
        `node_pressure_${what}_waiting_seconds_total`,
        summed((at) => [0.004 * busy(scrapeOf(at)), 0, 0.003][place] ?? 0, LIVED),
      ),
    ),
    line(
      "node_filesystem_size_bytes",
      each(() => 100 * GIB),
      disk,
    ),
    line(
      "node_filesystem_avail_bytes",
      each(() => (70 - 3 * number) * GIB),
      disk,
    ),
    line(
      "node_filesystem_files",
      each(() => 52_428_800),
      disk,
    ),
    line(
      "node_filesystem_files_free",
      each(() => 51_900_000 - 90_000 * number),
      disk,
    ),
    line(
      "node_filesystem_readonly",
      each(() => 0),
      disk,
    ),
    line(
      "node_disk_io_time_seconds_total",
      summed(() => 0.03 + 0.004 * number, LIVED),
      { device: "nvme0n1" },
    ),
    ...["receive", "transmit"].map((direction) =>
      line(
        `${network(direction)}_bytes_total`,
        counted((at) => 2 * MIB * busy(scrapeOf(at)), LIVED),
        { device: "eth0" },
      ),
    ),
    ...["receive", "transmit"].flatMap((direction) =>
      ["drop", "errs"].map((what) =>
        line(
          `${network(direction)}_${what}_total`,
          each(() => 0),
          { device: "eth0" },
        ),
      ),
    ),
    line(
      "node_nf_conntrack_entries",
      each(() => 9000),
    ),
    line(
      "node_nf_conntrack_entries_limit",
      each(() => 262_144),
    ),
  ];
}

function perCore(line: (core: string) => Line): Line[] {
  return Array.from({ length: CORES }, (_, core) => line(String(core)));
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

function memoryOf(one: Container, index: number): number {
  const { limit = 384 * MIB, runs } = one;
  return runs[index] === true ? Math.round(limit * 0.46 * ownShare(one)) : 0;
}

function containerLines(target: Labels, one: Container): Line[] {
  const { namespace, pod, container, exists } = one;
  const scrapeOf = (at: number) => Math.max(0, LIVED.indexOf(at));
  const line = (name: string, values: readonly number[], more: Labels): Line => ({
    labels: { __name__: name, ...target, namespace, pod, ...more },
    values: values.map((value, index) => (exists[index] === true ? value : null)),
  });
  const own = { container, id: `/kubepods/${pod}/${container}`, image: "i", name: `${pod}-${container}` };
  const sandbox = { id: `/kubepods/${pod}`, image: "pause", name: pod, interface: "eth0" };
  const bytes = (at: number) => 400_000 * coresOf(one, scrapeOf(at));
  return [
    line(
      "container_cpu_usage_seconds_total",
      summed((at) => coresOf(one, scrapeOf(at)), LIVED),
      own,
    ),
    line(
      "container_memory_working_set_bytes",
      each((index) => memoryOf(one, index)),
      own,
    ),
    line(
      "container_cpu_cfs_periods_total",
      counted(() => 10, LIVED),
      own,
    ),
    line(
      "container_cpu_cfs_throttled_periods_total",
      counted((at) => (coresOf(one, scrapeOf(at)) > 0.3 ? 0.6 : 0.05), LIVED),
      own,
    ),
    ...["receive", "transmit"].flatMap((direction) => [
      line(`container_network_${direction}_bytes_total`, counted(bytes, LIVED), sandbox),
      line(
        `container_network_${direction}_packets_dropped_total`,
        each(() => 0),
        sandbox,
      ),
    ]),
  ];
}

function kubeletLines(target: Labels, number: number, series: readonly StoredSeries[]): Line[] {
  const claims = series.filter(
    ({ labels, values }) =>
      labels["__name__"] === "kube_persistentvolumeclaim_status_phase" &&
      labels["phase"] === "Bound" &&
      values.some((value) => value === 1),
  );
  const line = (name: string, value: number, more: Labels = {}): Line => ({
    labels: { __name__: name, ...target, ...more },
    values: each(() => value),
  });
  return [
    line("kubelet_certificate_manager_server_ttl_seconds", 23_000_000 + 500_000 * number),
    // Each claim is mounted on one node.
    ...claims
      .filter((_, index) => index % 6 === number)
      .flatMap(({ labels: { namespace = "", persistentvolumeclaim = "" } }) => {
        const capacity = persistentvolumeclaim.startsWith("prometheus") ? 200 * GIB : 10 * GIB;
        const claim = { namespace, persistentvolumeclaim };
        const free = persistentvolumeclaim.startsWith("prometheus") ? 0.58 : 0.93;
        return [
          line("kubelet_volume_stats_capacity_bytes", capacity, claim),
          line("kubelet_volume_stats_available_bytes", capacity * free, claim),
          line("kubelet_volume_stats_used_bytes", capacity * (1 - free), claim),
          line("kubelet_volume_stats_inodes", 6_500_000, claim),
          line("kubelet_volume_stats_inodes_free", 6_499_000, claim),
        ];
      }),
  ];
}
