import type { Fault, Scraped } from "./fault.ts";
import { type Lengths, pricing, requestsIn, type Samples, teamSeries } from "./team-programs.ts";

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

/** The place that a fault of one machine hits. */
const STRICKEN_NODE = "ip-10-40-1-10";
const GIB = 2 ** 30;

export class StandIns {
  /** When each fault began that is there, in milliseconds since 1970. */
  private readonly faults = new Map<Fault, number>();
  /** Milliseconds for which a fault was there, in times that are over. */
  private readonly past = new Map<Fault, number>();
  /** Unix seconds from which on counters count. */
  private readonly since: number;

  constructor(since: number) {
    this.since = since;
  }

  inject(fault: Fault): void {
    if (!this.faults.has(fault)) this.faults.set(fault, Date.now());
  }

  clear(fault: Fault): void {
    this.past.set(fault, this.lengthOf(fault, Date.now()));
    this.faults.delete(fault);
  }

  expose(standIn: StandIn): Scraped {
    const { program, place } = standIn;
    const now = Date.now();
    const time: Lengths = { all: now - 1000 * this.since, of: (fault) => this.lengthOf(fault, now) };
    if (program === "service" && place.startsWith("pricing-")) return pricing(time);
    const series =
      program === "service"
        ? teamSeries(place, time, (fault) => this.has(fault))
        : this.series(standIn, time);
    const lines = series.map(([name, value]) => `${name} ${value}`);
    return { contentType: "text/plain; version=0.0.4", body: `${lines.join("\n")}\n` };
  }

  /** Milliseconds for which a fault has been there in all. */
  private lengthOf(fault: Fault, now: number): number {
    return (this.past.get(fault) ?? 0) + now - (this.faults.get(fault) ?? now);
  }

  private has(fault: Fault, place?: string): boolean {
    return this.faults.has(fault) && (place === undefined || place === STRICKEN_NODE);
  }

  private series({ program, place }: StandIn, time: Lengths): Samples {
    const elapsed = time.all / 1000;
    switch (program) {
      case "storefront": {
        const refused = Math.round(time.of("storefront turns a sixth of its requests away") / 6);
        const failed = time.of("storefront fails every request") + refused;
        return [
          ['http_requests_total{code="200"}', requestsIn(time.all - failed)],
          ['http_requests_total{code="500"}', requestsIn(failed)],
        ];
      }
      case "node-exporter":
        return this.nodeExporter(place, elapsed);
      case "kubelet":
        return this.kubelet();
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
        const refused = place === STRICKEN_NODE ? time.of("no pod gets an address") / 200 : 0;
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
          ["probe_success", this.has("the help pages are down") ? 0 : 1],
          ["probe_duration_seconds", 0.2],
          ["probe_ssl_earliest_cert_expiry", Math.round(this.since + elapsed) + 90 * 86_400],
        ];
      case "service":
        return [];
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

  private nodeExporter(place: string, elapsed: number): Samples {
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

  private kubelet(): Samples {
    const claim = '{namespace="shop",persistentvolumeclaim="data-queue-0"}';
    const isFull = this.has("a volume is full");
    return [
      [`kubelet_volume_stats_available_bytes${claim}`, isFull ? 1 : 800],
      [`kubelet_volume_stats_capacity_bytes${claim}`, 1000],
      [`kubelet_volume_stats_used_bytes${claim}`, isFull ? 999 : 200],
      [`kubelet_volume_stats_inodes${claim}`, 1000],
      [`kubelet_volume_stats_inodes_free${claim}`, this.has("a volume has no inodes left") ? 1 : 900],
      [
        "kubelet_certificate_manager_server_ttl_seconds",
        this.has("a kubelet's certificate runs out") ? 3600 : 2.3e7,
      ],
    ];
  }
}
