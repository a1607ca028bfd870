// What the programs would expose that cannot run here: healthy numbers, and those of a fault where one is injected. The names and
// labels are those of test/expositions.

/** A program that is played, and where it runs. */
export interface StandIn {
  readonly program:
    | "storefront"
    | "node-exporter"
    | "kubelet"
    | "cadvisor"
    | "coredns"
    | "aws-node"
    | "blackbox-exporter"
    | "config-reloader"
    | "grafana"
    | "probe"
    | "service";
  /** The node of a program that runs on each; else the pod. */
  readonly place: string;
}

/** What can go wrong with them. */
export type Fault =
  | "storefront fails every request"
  | "no pod gets an address"
  | "a volume is full"
  | "a kubelet's certificate runs out"
  | "memory is used up"
  | "a file system is full"
  | "inodes are used up"
  | "a container is throttled"
  | "a reloader fails";

/** Requests a second of one pod of the storefront. */
export const REQUESTS = 100;

/** The place that a fault of one machine hits. */
export const STRICKEN_NODE = "ip-10-40-1-10";
const GIB = 2 ** 30;

export class StandIns {
  private readonly faults = new Map<Fault, number>();
  /** Unix seconds from which on counters count. */
  private readonly since: number;

  constructor(since: number) {
    this.since = since;
  }

  inject(fault: Fault): void {
    this.faults.set(fault, Date.now() / 1000);
  }

  clear(fault: Fault): void {
    const injected = this.faults.get(fault);
    this.faults.delete(fault);
    if (fault === "storefront fails every request" && injected !== undefined)
      this.failed += REQUESTS * (Date.now() / 1000 - injected);
  }

  /** Requests that failed in outages that are over. */
  private failed = 0;

  expose(standIn: StandIn): string {
    const lines = this.series(standIn).map(([series, value]) => `${series} ${value}`);
    return `${lines.join("\n")}\n`;
  }

  private has(fault: Fault, place?: string): boolean {
    return this.faults.has(fault) && (place === undefined || place === STRICKEN_NODE);
  }

  private series({ program, place }: StandIn): readonly (readonly [series: string, value: number])[] {
    const now = Date.now() / 1000;
    const elapsed = now - this.since;
    switch (program) {
      case "storefront": {
        const outage = this.faults.get("storefront fails every request");
        const failed = Math.round(this.failed + (outage === undefined ? 0 : REQUESTS * (now - outage)));
        return [
          ['http_requests_total{code="200"}', Math.round(REQUESTS * elapsed) - failed],
          ['http_requests_total{code="500"}', failed],
        ];
      }
      case "node-exporter": {
        const disk = '{device="/dev/nvme0n1p1",fstype="xfs",mountpoint="/"}';
        return [
          ['node_cpu_seconds_total{cpu="0",mode="idle"}', 0.8 * elapsed],
          ['node_cpu_seconds_total{cpu="0",mode="user"}', 0.2 * elapsed],
          ["node_memory_MemTotal_bytes", 32 * GIB],
          ["node_memory_MemAvailable_bytes", (this.has("memory is used up", place) ? 1 : 20) * GIB],
          [`node_filesystem_size_bytes${disk}`, 100 * GIB],
          [`node_filesystem_avail_bytes${disk}`, (this.has("a file system is full", place) ? 1 : 80) * GIB],
          [`node_filesystem_files${disk}`, 1e6],
          [`node_filesystem_files_free${disk}`, this.has("inodes are used up", place) ? 1e3 : 9e5],
          [`node_filesystem_readonly${disk}`, 0],
        ];
      }
      case "kubelet": {
        const claim = '{namespace="shop",persistentvolumeclaim="data-queue-0"}';
        return [
          [`kubelet_volume_stats_available_bytes${claim}`, this.has("a volume is full") ? 1 : 800],
          [`kubelet_volume_stats_capacity_bytes${claim}`, 1000],
          [`kubelet_volume_stats_used_bytes${claim}`, this.has("a volume is full") ? 999 : 200],
          [`kubelet_volume_stats_inodes${claim}`, 1000],
          [`kubelet_volume_stats_inodes_free${claim}`, 900],
          [
            "kubelet_certificate_manager_server_ttl_seconds",
            this.has("a kubelet's certificate runs out") ? 3600 : 2.3e7,
          ],
        ];
      }
      case "cadvisor": {
        const container =
          '{container="main",namespace="shop",pod="storefront-1",id="/pod",image="i",name="n"}';
        return [
          [`container_cpu_cfs_periods_total${container}`, 10 * elapsed],
          [
            `container_cpu_cfs_throttled_periods_total${container}`,
            (this.has("a container is throttled") ? 9 : 0) * elapsed,
          ],
        ];
      }
      case "coredns":
        return [
          [
            'coredns_dns_responses_total{plugin="kubernetes",rcode="NOERROR",server="dns://:53",view="",zone="."}',
            50 * elapsed,
          ],
        ];
      case "aws-node": {
        const exhausted = this.faults.get("no pod gets an address");
        const refused = exhausted === undefined || place !== STRICKEN_NODE ? 0 : 5 * (now - exhausted);
        return [
          ["awscni_ip_max", 58],
          ["awscni_total_ip_addresses", 58],
          ["awscni_assigned_ip_addresses", 21],
          ["awscni_no_available_ip_addresses", Math.round(refused)],
        ];
      }
      case "blackbox-exporter":
        return [["blackbox_exporter_config_last_reload_successful", 1]];
      case "probe":
        return [
          ["probe_success", 1],
          ["probe_duration_seconds", 0.2],
          ["probe_ssl_earliest_cert_expiry", Math.round(now) + 90 * 86_400],
        ];
      case "service":
        return [["process_start_time_seconds", this.since]];
      case "grafana":
        return [["grafana_stat_totals_dashboard", 2]];
      case "config-reloader":
        return [
          [
            "reloader_last_reload_successful",
            this.has("a reloader fails") && place.startsWith("alertmanager") ? 0 : 1,
          ],
        ];
    }
  }
}
