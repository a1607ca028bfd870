import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** What a simulated target exposes. */
export interface Exposed {
  /** Series that are there at every scrape. */
  readonly series: number;
  /** Series that are replaced by others from one scrape to the next. */
  readonly replaced: number;
  /** Histograms of twenty buckets, which Prometheus stores as native ones. */
  readonly histograms: number;
}

/** Series of one pod: a rollout replaces them together. */
const OF_A_POD = 100;
const BUCKETS = Array.from({ length: 20 }, (_, index) => 0.001 * 2 ** index);

/**
 * Two targets on loopback: `/metrics` has counters, gauges with noise and constants as exporters have them, with seven labels each; and
 * `/histograms` has histograms. Every scrape is one step of time.
 */
export class Exposition {
  readonly #exposed: Exposed;
  readonly #server: Server;
  readonly #heads: string[] = [];
  readonly #values: number[] = [];
  #step = 0;
  #pods = 0;
  #owed = 0;
  #next = 0;

  constructor(exposed: Exposed) {
    this.#exposed = exposed;
    for (let index = 0; index < exposed.series; index++) this.#values.push(Math.floor(Math.random() * 1e6));
    for (let first = 0; first < exposed.series; first += OF_A_POD) this.#rollOut(first);
    this.#server = createServer(({ url }, response) => {
      response.writeHead(200, { "content-type": "text/plain; version=0.0.4" });
      response.end(url === "/histograms" ? this.#histograms() : this.#series());
    });
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Gives the series from `first` on to a pod that was not there before. */
  #rollOut(first: number): void {
    const pod = `workload-${first / OF_A_POD}-${(this.#pods++).toString(36).padStart(8, "0")}`;
    for (let index = first; index < Math.min(first + OF_A_POD, this.#exposed.series); index++) {
      const metric = `application_metric_${index % OF_A_POD}_total`;
      const namespace = `team-${Math.floor(index / 2000)}`;
      this.#heads[index] =
        `${metric}{namespace="${namespace}",pod="${pod}",container="server",service="workload-${Math.floor(index / 1000)}",endpoint="http"} `;
    }
  }

  #series(): string {
    this.#step++;
    this.#owed += this.#exposed.replaced;
    for (; this.#owed >= OF_A_POD; this.#owed -= OF_A_POD) {
      this.#rollOut(this.#next);
      this.#next = (this.#next + OF_A_POD) % (Math.floor(this.#exposed.series / OF_A_POD) * OF_A_POD);
    }
    const lines: string[] = [];
    for (const [index, head] of this.#heads.entries()) {
      const kind = index % 10;
      // Of ten series two count with noise, one is a gauge with noise, and seven hardly change: a sample takes about what one of node exporter does.
      if (kind < 2) this.#values[index] = (this.#values[index] ?? 0) + Math.floor(Math.random() * 50);
      else if (kind === 2) this.#values[index] = Math.round(1e6 + Math.random() * 1e5) / 1000;
      lines.push(`${head}${this.#values[index]}\n`);
    }
    return lines.join("");
  }

  #histograms(): string {
    const lines = ["# TYPE request_duration_seconds histogram\n"];
    for (let index = 0; index < this.#exposed.histograms; index++) {
      const labels = `namespace="team-${index % 10}",pod="server-${index}",path="/${index % 50}"`;
      let sum = 0;
      for (const [bucket, le] of BUCKETS.entries()) {
        sum += this.#step * (1 + ((index + bucket) % 5));
        lines.push(`request_duration_seconds_bucket{${labels},le="${le}"} ${sum}\n`);
      }
      lines.push(`request_duration_seconds_bucket{${labels},le="+Inf"} ${sum}\n`);
      lines.push(
        `request_duration_seconds_sum{${labels}} ${sum * 0.1}\n`,
        `request_duration_seconds_count{${labels}} ${sum}\n`,
      );
    }
    return lines.join("");
  }
}
