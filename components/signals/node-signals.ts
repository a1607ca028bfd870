import { signalsOf } from "./platform-signal.ts";
import { DISKS, KSM, NODE } from "./selectors.ts";

/** Selects network interfaces without the loopback. */
const INTERFACES = `${NODE}, device!="lo"`;

/** The used share of a file system, per disk; a disk that is mounted twice counts once. */
function used(metric: string, total: string): string {
  const writable = `(node_filesystem_readonly{${DISKS}} == 0)`;
  return `max by (node, device) ((1 - ${metric}{${DISKS}} / ${total}{${DISKS}}) and ${writable})`;
}

/** Utilisation, saturation and errors of each node's resources: Brendan Gregg's USE method. */
export const NODE_SIGNALS = signalsOf("nodes", {
  nodeReadiness: {
    id: "node-readiness",
    row: "State",
    title: "Nodes not ready",
    unit: "short",
    description:
      "1 for each node that is not ready or whose kubelet sends no status. Cordoned nodes are left out.",
    legend: "{{node}}",
    query: () =>
      `max by (node) (kube_node_status_condition{${KSM}, condition="Ready", status=~"false|unknown"})` +
      ` unless on (node) max by (node) (kube_node_spec_unschedulable{${KSM}}) == 1`,
    threshold: 1,
  },
  nodePressure: {
    id: "node-pressure",
    row: "State",
    title: "Node pressure conditions",
    unit: "short",
    description:
      "1 while a node has MemoryPressure, DiskPressure or PIDPressure. The kubelet then evicts pods.",
    legend: "{{node}} {{condition}}",
    query: () =>
      `max by (node, condition) (kube_node_status_condition{${KSM}, condition=~"MemoryPressure|DiskPressure|PIDPressure", status="true"})`,
    threshold: 1,
  },
  nodePods: {
    id: "node-pods",
    row: "State",
    title: "Pod capacity usage",
    unit: "percentunit",
    description:
      "Pods on each node as a share of the number that it can run. On EKS this limit is often the number of IP addresses. Nodes for a single pod (Fargate) are left out.",
    legend: "{{node}}",
    query: () =>
      `count by (node) ((max by (namespace, pod) (kube_pod_status_phase{${KSM}, phase=~"Pending|Running"}) == 1)` +
      ` * on (namespace, pod) group_left (node) max by (namespace, pod, node) (kube_pod_info{${KSM}}))` +
      ` / (max by (node) (kube_node_status_allocatable{${KSM}, resource="pods"}) > 0)` +
      // A Fargate node runs one pod by design.
      ` unless on (node) max by (node) (kube_node_status_allocatable{${KSM}, resource="pods"}) == 1`,
    threshold: 0.95,
  },
  nodeCpu: {
    id: "node-cpu",
    row: "CPU",
    title: "CPU usage",
    unit: "percentunit",
    description: "Share of each node's CPU time in use: neither idle nor waiting for I/O.",
    legend: "{{node}}",
    // Divided by the total rate instead of the number of cores: for a new node the range has few samples, so the extrapolated rate of
    // idle time is too small, and the total rate is too small by the same factor.
    query: (range) =>
      `1 - sum by (node) (rate(node_cpu_seconds_total{${NODE}, mode=~"idle|iowait"}[${range}]))` +
      ` / sum by (node) (rate(node_cpu_seconds_total{${NODE}}[${range}]))`,
    threshold: 0.9,
  },
  nodeLoad: {
    id: "node-load",
    row: "CPU",
    title: "Load average (5 min) per core",
    unit: "short",
    description:
      "Processes that run or wait, averaged over 5 minutes, per CPU core. Above 1, processes wait for a core.",
    legend: "{{node}}",
    query: (range) =>
      `max by (node) (node_load5{${NODE}})` +
      ` / count by (node) (rate(node_cpu_seconds_total{${NODE}, mode="idle"}[${range}]))`,
  },
  nodeCpuPressure: {
    id: "node-cpu-pressure",
    row: "CPU",
    title: "CPU pressure (PSI)",
    unit: "percentunit",
    description: "Share of time in which at least one process on the node waited for a CPU core.",
    legend: "{{node}}",
    query: (range) => `sum by (node) (rate(node_pressure_cpu_waiting_seconds_total{${NODE}}[${range}]))`,
  },
  nodeMemory: {
    id: "node-memory",
    row: "Memory",
    title: "Memory usage",
    unit: "percentunit",
    description: "Share of each node's memory that is not available for new processes.",
    legend: "{{node}}",
    query: () =>
      `1 - max by (node) (node_memory_MemAvailable_bytes{${NODE}}) / max by (node) (node_memory_MemTotal_bytes{${NODE}})`,
    threshold: 0.9,
  },
  nodeMemoryPressure: {
    id: "node-memory-pressure",
    row: "Memory",
    title: "Memory pressure (PSI)",
    unit: "percentunit",
    description: "Share of time in which at least one process on the node waited for memory.",
    legend: "{{node}}",
    query: (range) => `sum by (node) (rate(node_pressure_memory_waiting_seconds_total{${NODE}}[${range}]))`,
  },
  nodeDisk: {
    id: "node-disk",
    row: "Disks",
    title: "Disk space usage",
    unit: "percentunit",
    description:
      "Used share of each writable file system. From 85% the kubelet deletes images and evicts pods.",
    legend: "{{node}} {{device}}",
    query: () => used("node_filesystem_avail_bytes", "node_filesystem_size_bytes"),
    threshold: 0.85,
  },
  nodeInodes: {
    id: "node-inodes",
    row: "Disks",
    title: "Inode usage",
    unit: "percentunit",
    description: "Used share of the inodes of each writable file system. At 100% no file can be created.",
    legend: "{{node}} {{device}}",
    query: () => used("node_filesystem_files_free", "node_filesystem_files"),
    threshold: 0.95,
  },
  nodeDiskBusy: {
    id: "node-disk-busy",
    row: "Disks",
    title: "Disk I/O utilisation",
    unit: "percentunit",
    description: "Share of time in which each disk processed a read or a write.",
    legend: "{{node}} {{device}}",
    query: (range) => `sum by (node, device) (rate(node_disk_io_time_seconds_total{${NODE}}[${range}]))`,
  },
  nodeDiskPressure: {
    id: "node-disk-pressure",
    row: "Disks",
    title: "I/O pressure (PSI)",
    unit: "percentunit",
    description: "Share of time in which at least one process on the node waited for I/O.",
    legend: "{{node}}",
    query: (range) => `sum by (node) (rate(node_pressure_io_waiting_seconds_total{${NODE}}[${range}]))`,
  },
  nodeReceived: {
    id: "node-received",
    row: "Network",
    title: "Network receive bandwidth",
    unit: "Bps",
    description: "Bytes per second that each node receives, without the loopback interface.",
    legend: "{{node}}",
    query: (range) => `sum by (node) (rate(node_network_receive_bytes_total{${INTERFACES}}[${range}]))`,
  },
  nodeSent: {
    id: "node-sent",
    row: "Network",
    title: "Network transmit bandwidth",
    unit: "Bps",
    description: "Bytes per second that each node sends, without the loopback interface.",
    legend: "{{node}}",
    query: (range) => `sum by (node) (rate(node_network_transmit_bytes_total{${INTERFACES}}[${range}]))`,
  },
  nodePacketsLost: {
    id: "node-packets-lost",
    row: "Network",
    title: "Network drops and errors",
    unit: "pps",
    description:
      "Packets per second that each node dropped or that had errors, in both directions. Normally 0.",
    legend: "{{node}}",
    query: (range) =>
      ["receive_drop", "receive_errs", "transmit_drop", "transmit_errs"]
        .map((kind) => `sum by (node) (rate(node_network_${kind}_total{${INTERFACES}}[${range}]))`)
        .join(" + "),
  },
});
